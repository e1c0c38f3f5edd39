// The messages that cross between the page (JavaScript) and the UI, both ways. JSON for facts, one buffer for
// pixels. Parsing is strict about what it needs and lenient about what it does not know. Nothing here keeps a
// buffer's memory.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "viewer/actions/action.h"
#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// A message of the engine worker or the page as an action; nothing for types that mean nothing to the state
/// ("font" and "shader" are for the platform). `blob` holds little-endian values as the type says:
///   film      uint8 thumbnail      pixels  uint16 row-major, then its display tables
///   model-input  uint8 grey          analysis  float32 findings × height × width
///   explanation  float32 height × width
Result<std::optional<Action>> parse_message(const Json& message, Bytes blob);

/// {type:"…", …} of a {type:"action"} message: what the DOM mirror and the tests may ask for.
Result<Action> parse_action(const Json& action);

Json effect_to_json(const Effect& effect);

}  // namespace chestlight::viewer
