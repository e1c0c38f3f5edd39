// See operating_points.h.
#include "viewer/state/operating_points.h"

#include <algorithm>

#include "viewer/state/explanations.h"

namespace chestlight::viewer {
namespace {

const OperatingPoint* find_point(const State& state, const std::string& id) {
  for (const OperatingPoint* point : operating_points(state))
    if (point->id == id) return point;
  return nullptr;
}

void analyse_all_anew(State& state, std::vector<Effect>& effects) {
  for (FilmEntry& film : state.films)
    if (film.analysis || film.stage == FilmStage::kAnalysing) analyse_anew(film, effects);
}

}  // namespace

std::vector<const OperatingPoint*> operating_points(const State& state) {
  std::vector<const OperatingPoint*> points;
  if (state.site) points.push_back(&state.site->told.point);
  for (const OperatingPoint& point : state.model.operating_points) points.push_back(&point);
  return points;
}

const OperatingPoint* operating_point_in_use(const State& state) {
  if (state.site && state.site->thresholds) return &state.site->told.point;
  const OperatingPoint* chosen = find_point(state, state.settings.operating_point);
  return chosen ? chosen : find_point(state, state.model.default_operating_point);
}

std::string operating_point_id(const State& state) {
  const OperatingPoint* point = operating_point_in_use(state);
  return point ? point->id : "";
}

bool follows_operating_point(const State& state, const Analysis& analysis) {
  const OperatingPoint* wanted = operating_point_in_use(state);
  if (analysis.site_profile != site_profile_name(state)) return false;
  return !wanted || analysis.operating_point.id.empty() || analysis.operating_point.id == wanted->id;
}

bool has_operating_points(const State& state) { return operating_points(state).size() > 1; }

void choose_operating_point(State& state, const std::string& id, std::vector<Effect>& effects) {
  if (!find_point(state, id) || id == operating_point_id(state)) return;
  const bool of_site = state.site && state.site->told.point.id == id;
  if (state.site) state.site->thresholds = of_site;
  if (!of_site) state.settings.operating_point = id;
  analyse_all_anew(state, effects);
}

void step_operating_point(State& state, std::vector<Effect>& effects) {
  const OperatingPoint* now = operating_point_in_use(state);
  if (!now) return;
  const auto points = operating_points(state);
  const auto at = std::find(points.begin(), points.end(), now) - points.begin();
  choose_operating_point(state, points[(static_cast<std::size_t>(at) + 1) % points.size()]->id, effects);
}

void profile_changed(State& state, const ProfileChanged& told, std::vector<Effect>& effects) {
  const std::string before = site_profile_name(state), now = told.profile ? told.profile->name : "";
  if (told.error) state.notice = told.error->sentence();
  else if (now != before)
    state.notice = now.empty() ? before + " is no longer used." : now + " gives zones and thresholds from now on.";
  if (now == before) return;
  state.site.reset();
  if (told.profile) state.site = SiteProfileInUse{*told.profile};
  state.evaluation.stale = true;
  analyse_all_anew(state, effects);
}

std::string site_profile_name(const State& state) { return state.site ? state.site->told.name : ""; }

}  // namespace chestlight::viewer
