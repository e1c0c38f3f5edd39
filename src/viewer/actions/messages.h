// The messages that cross between the page (JavaScript) and the screen, both ways: contract/messages.h with the buffers that go
// with them, and reader's actions. Strict: what is missing, of the wrong type or of the wrong length is refused by its place.
#pragma once

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "viewer/actions/action.h"

namespace chestlight::viewer {

/// An Event, or a reader's action as {"type": "action", "action": {…}}. `blob` holds what the contract marks @buffer; it is only
/// read during the call. An explanation that cannot be drawn comes as ExplanationFailed: the screen waits for an answer.
Result<Action> parse_message(const Json& message, Bytes blob);

/// What the text of the page and the tests may ask for.
Result<Action> parse_action(const Json& action);

Json effect_to_json(const Effect& effect);

}  // namespace chestlight::viewer
