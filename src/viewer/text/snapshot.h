// The published state: what the DOM mirror reads out and what browser tests assert on. A function of the
// state alone.
#pragma once

#include "base/json.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// What the page did so far to be seen.
struct Drawn {
  long long frames = 0;
  long long pixels = 0;        // device pixels that frames changed and so drew again
  long long film_uploads = 0;  // how often a film's pixels were sent to the graphics device
};

Json snapshot(const State& state, const Drawn& drawn);

}  // namespace chestlight::viewer
