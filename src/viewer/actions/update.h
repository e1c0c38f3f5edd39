// update(): the one place where the state changes. What the outside world must do about it comes back as
// values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "render/film_picture.h"
#include "viewer/actions/action.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

std::vector<Effect> update(State& state, const Action& action);

}  // namespace chestlight::viewer
