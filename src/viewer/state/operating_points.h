// Which of the model's sets of thresholds is used: one for all films, remembered from visit to visit by its id. Another
// set asks for new analyses: state, sentence and map of a finding all follow from its threshold.
#pragma once

#include <string>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// What the reader chose where the model in use has it, else the model's own choice; null before there is a model.
const OperatingPoint* operating_point_in_use(const State& state);
/// Its id as the engine wants it; empty before there is a model: the engine then takes the model's own.
std::string operating_point_id(const State& state);

/// Whether an analysis was made with it; one that comes late may not be.
bool follows_operating_point(const State& state, const Analysis& analysis);

/// Nothing where the model has no set of that id, or uses it already.
void choose_operating_point(State& state, const std::string& id, std::vector<Effect>& effects);
void step_operating_point(State& state, std::vector<Effect>& effects);
bool has_operating_points(const State& state);

}  // namespace chestlight::viewer
