// The published state: what the DOM mirror reads out and what browser tests assert on. A function of the
// state alone.
#pragma once

#include "app/state.h"
#include "base/json.h"

namespace chestlight::app {

/// How many frames were drawn so far, and how often a film's pixels were sent to the graphics device.
struct Drawn {
  long long frames = 0;
  long long film_uploads = 0;
};

Json snapshot(const State& state, const Drawn& drawn);

}  // namespace chestlight::app
