// Which set of thresholds is used: one for all films; of the model's, remembered from visit to visit by its id. Another set asks
// for new analyses: state, sentence and map of a finding all follow from its threshold. So does a site profile, which brings its
// own set and zones, and is forgotten with the page.
#pragma once

#include <string>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// Of the site profile in use, if any, and of the model.
std::vector<const OperatingPoint*> operating_points(const State& state);
/// The site profile's, unless the reader chose another since it came; else what they chose where the model in use has it, else
/// the model's own choice; null before there is a model.
const OperatingPoint* operating_point_in_use(const State& state);
/// Its id as the engine wants it; empty before there is a model: the engine then takes the model's own.
std::string operating_point_id(const State& state);

/// Whether an analysis was made with it, and with the zones in use; one that comes late may not be.
bool follows_operating_point(const State& state, const Analysis& analysis);

/// Nothing where the model has no set of that id, or uses it already.
void choose_operating_point(State& state, const std::string& id, std::vector<Effect>& effects);
void step_operating_point(State& state, std::vector<Effect>& effects);
bool has_operating_points(const State& state);

/// What the case reports: another site profile, or none, asks for new analyses of all films.
void profile_changed(State& state, const ProfileChanged& told, std::vector<Effect>& effects);
/// Empty without one.
std::string site_profile_name(const State& state);

}  // namespace chestlight::viewer
