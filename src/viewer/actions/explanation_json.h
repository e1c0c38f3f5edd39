// The messages about explanations: methods, progress, maps and checks in; questions out. The engine's own JSON is that of
// src/engine/explanation_json.h.
#pragma once

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "viewer/actions/action.h"
#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// "methods" of a message; empty where there are none.
std::vector<MethodInfo> methods_from_json(const Json& message);

/// A finished explanation and its map, float32 row-major. One whose film the gate refused is an error that says why.
Result<Explanation> explanation_from_json(const JsonReader& explanation, Bytes map);

/// `type`: "explaining", "explanation", "trust" or "explanation-cancelled". What cannot be read becomes a failed
/// explanation, so that nobody waits for it for ever.
Action parse_explanation_message(const JsonReader& message, const std::string& type, int request, Bytes blob);

Json question_json(const char* type, const ExplanationQuestion& question);

}  // namespace chestlight::viewer
