// See state.h.
#include "viewer/state/state.h"

#include <algorithm>
#include <numeric>

#include "findings/zone.h"
#include "viewer/worklist/worklist.h"

namespace chestlight::viewer {

FilmEntry* find_film(State& state, int id) {
  auto found = std::find_if(state.films.begin(), state.films.end(), [&](const FilmEntry& f) { return f.id == id; });
  return found == state.films.end() ? nullptr : &*found;
}
const FilmEntry* find_film(const State& state, int id) { return find_film(const_cast<State&>(state), id); }
const FilmEntry* selected_film(const State& state) { return find_film(state, state.selected); }

const Finding* find_finding(const FilmEntry& film, const std::string& id) {
  if (!film.analysis) return nullptr;
  for (const Finding& finding : film.analysis->findings)
    if (finding.id == id) return &finding;
  return nullptr;
}

std::vector<int> displayed_order(const State& state, const FilmEntry& film) {
  if (!film.analysis) return {};
  const auto& findings = film.analysis->findings;
  std::vector<int> order(findings.size());
  std::iota(order.begin(), order.end(), 0);
  if (state.settings.order == FindingsOrder::kZone)
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return chestlight::stands_before(findings[a], findings[b]); });
  return order;
}

const Finding* current_finding(const State& state) {
  const FilmEntry* film = selected_film(state);
  if (!film) return nullptr;
  if (const Finding* hovered = find_finding(*film, state.hovered)) return hovered;
  if (const Finding* pinned = find_finding(*film, state.pinned); pinned || state.finding_chosen) return pinned;
  if (state.measuring.tool != Tool::kNone) return nullptr;
  const Finding* first = film->analysis ? highest_finding(*film->analysis) : nullptr;
  return first && first->zone == Zone::kLikely ? first : nullptr;
}

const Finding* overlaid_finding(const State& state) {
  if (!state.settings.overlay.visible || state.original_held) return nullptr;
  return current_finding(state);
}

MapFacts evidence_facts(const Analysis& analysis, const Finding& finding) {
  if (!analysis.has_maps()) return {};
  const auto cells = static_cast<std::size_t>(analysis.map->width) * static_cast<std::size_t>(analysis.map->height);
  const auto first = cells * static_cast<std::size_t>(&finding - analysis.findings.data());
  if (cells == 0 || first + cells > analysis.maps.size()) return {};
  const GridView<const float> map{analysis.maps.data() + first, analysis.map->width, analysis.map->height};
  return chestlight::evidence_facts(map, analysis.maps, finding.cutoff);
}

bool can_load_again(const State& state) {
  if (state.engine != EnginePhase::kFailed || !state.engine_failure) return false;
  return state.engine_failure->code != "worker-not-started";  // that needs the page to be loaded again
}

int halvings_for_display(const State& state, const FilmEntry& film) {
  int halvings = 0;
  if (state.largest_texture > 0)
    while (std::max(film.info.width, film.info.height) >> halvings > state.largest_texture) ++halvings;
  return halvings;
}

int films_in_work(const State& state) {
  int count = 0;
  for (const FilmEntry& film : state.films)
    count += film.stage == FilmStage::kQueued || film.stage == FilmStage::kWaiting || film.stage == FilmStage::kAnalysing;
  return count;
}

}  // namespace chestlight::viewer
