// See operating_points.h.
#include "viewer/state/operating_points.h"

#include <algorithm>

#include "viewer/state/explanations.h"

namespace chestlight::viewer {
namespace {

const OperatingPoint* find_point(const ModelInfo& model, const std::string& id) {
  auto found = std::find_if(model.operating_points.begin(), model.operating_points.end(),
                            [&](const OperatingPoint& point) { return point.id == id; });
  return found == model.operating_points.end() ? nullptr : &*found;
}

}  // namespace

const OperatingPoint* operating_point_in_use(const State& state) {
  const OperatingPoint* chosen = find_point(state.model, state.settings.operating_point);
  return chosen ? chosen : find_point(state.model, state.model.default_operating_point);
}

std::string operating_point_id(const State& state) {
  const OperatingPoint* point = operating_point_in_use(state);
  return point ? point->id : "";
}

bool follows_operating_point(const State& state, const Analysis& analysis) {
  const OperatingPoint* wanted = operating_point_in_use(state);
  return !wanted || analysis.operating_point.id.empty() || analysis.operating_point.id == wanted->id;
}

bool has_operating_points(const State& state) { return state.model.operating_points.size() > 1; }

void choose_operating_point(State& state, const std::string& id, std::vector<Effect>& effects) {
  if (!find_point(state.model, id) || id == operating_point_id(state)) return;
  state.settings.operating_point = id;
  for (FilmEntry& film : state.films)
    if (film.analysis || film.stage == FilmStage::kAnalysing) analyse_anew(film, effects);
}

void step_operating_point(State& state, std::vector<Effect>& effects) {
  const OperatingPoint* now = operating_point_in_use(state);
  if (!now) return;
  const auto& points = state.model.operating_points;
  choose_operating_point(state, points[(static_cast<std::size_t>(now - points.data()) + 1) % points.size()].id, effects);
}

}  // namespace chestlight::viewer
