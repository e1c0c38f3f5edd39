// The published state: what the DOM mirror reads out and what browser tests assert on. A function of the
// state alone.
#pragma once

#include "app/state.h"
#include "base/json.h"

namespace chestlight::app {

/// `frames`: how many frames were drawn so far.
Json snapshot(const State& state, long long frames);

}  // namespace chestlight::app
