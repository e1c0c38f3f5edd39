// See side_by_side.h.
#include "viewer/state/side_by_side.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "findings/zone_statement.h"
#include "viewer/actions/film_commands.h"
#include "viewer/state/score_changes.h"
#include "viewer/state/window_presets.h"
#include "viewer/text/film_description.h"
#include "viewer/text/formatting.h"
#include "viewer/worklist/studies.h"

namespace chestlight::viewer {
namespace {

constexpr double kMinutesOfADay = 24 * 60, kDaysOfAYear = 365.25;

double range_of(const FilmEntry& film) { return std::max(1, film.info.high - film.info.low); }

/// The window of this name; a window that the film has not leaves its own.
void follow_preset(const FilmEntry& film, FilmEntry& other) {
  const std::vector<WindowPreset> own = window_presets(film), its = window_presets(other);
  const auto chosen = std::ranges::find(own, film.preset, &WindowPreset::id);
  if (chosen == own.end()) return;
  const bool of_file = chosen->id.starts_with("file-");  // numbered by each file for itself
  const auto same =
      of_file ? std::ranges::find(its, chosen->name, &WindowPreset::name) : std::ranges::find(its, chosen->id, &WindowPreset::id);
  if (same != its.end()) choose_preset(other, same->id);
}

void follow_window(const SecondFilm::Followed& before, const FilmEntry& film, FilmEntry& other) {
  if (before.film != film.id || (before.window == film.window && before.preset == film.preset)) return;
  if (!film.preset.empty()) return follow_preset(film, other);
  const double share = range_of(other) / range_of(film);
  set_window(other, {other.window.centre + (film.window.centre - before.window.centre) * share,
                     other.window.width + (film.window.width - before.window.width) * share});
}

/// The same finding of the other film, where both have maps of it.
const Finding* shared_finding(const FilmEntry* other, const std::string& id) {
  return other && other->analysis && other->analysis->has_maps() ? find_finding(*other, id) : nullptr;
}

Json change_json(const ScoreChange& change) {
  return {{"id", change.first->id},
          {"name", change.first->name},
          {"first", change.first->calibrated},
          {"last", change.last->calibrated},
          {"first_text", score_in_figures(change.first->calibrated)},
          {"last_text", score_in_figures(change.last->calibrated)},
          {"first_zone", zone_in_words(change.first->zone)},
          {"last_zone", zone_in_words(change.last->zone)},
          {"difference", change.difference},
          {"difference_text", change_in_figures(change.difference)},
          {"zone_changed", change.zone_changed},
          {"within_bands", change.within_bands ? Json(*change.within_bands) : Json(nullptr)},
          {"text", change.text}};
}

Json second_view_json(const State& state, const FilmEntry& film) {
  const FilmSize size = film_size(film);
  const ScreenRect& area = state.second.area;
  const FilmView view = resolved(film.view, size, area);
  const SourceToScreen map = source_to_screen(film.view, size, area);
  return {{"zoom", view.zoom},
          {"fitted", film.view.fitted},
          {"window", {{"centre", film.window.centre}, {"width", film.window.width}}},
          {"window_in_words", window_in_words(film)},
          {"preset", film.preset},
          {"inverted", film.inverted},
          {"area", {{"x", area.x}, {"y", area.y}, {"width", area.width}, {"height", area.height}}},
          {"source_to_screen", {map.a, map.b, map.c, map.d, map.e, map.f}}};
}

}  // namespace

const FilmEntry* second_film(const State& state) {
  const bool seen = state.second.id != 0 && state.second.id != state.selected && selected_film(state);
  return seen ? find_film(state, state.second.id) : nullptr;
}

FilmPair film_pair(const State& state) {
  const FilmEntry *film = selected_film(state), *second = second_film(state);
  if (!second) return {};
  FilmPair pair{film, second};
  if (film > second) std::swap(pair.first, pair.last);  // both stand in State::films
  if (ages_known(pair) && *pair.last->info.taken < *pair.first->info.taken) std::swap(pair.first, pair.last);
  return pair;
}

bool ages_known(const FilmPair& pair) {
  return pair.first->info.taken && pair.last->info.taken && *pair.first->info.taken != *pair.last->info.taken;
}

const PixelBuffer* held_pixels(const State& state, const FilmEntry& film) {
  for (const auto* held : {&state.pixels, &state.second.pixels})
    if (*held && (*held)->film == film.id) return held->get();
  return nullptr;
}

void compare_with(State& state, int id) {
  const FilmEntry* film = find_film(state, id);
  if (state.second.id == id || !film) return end_comparison(state);
  state.second.id = id;
  state.second.followed = {};
  if (id == state.selected) state.notice = text("Kept beside: ", short_name(*film), ". Now choose another film.");
}

void compare_with_neighbour(State& state, int step) {
  const FilmEntry* film = selected_film(state);
  if (!film) return;
  if (const int id = film_to_compare(state, *film, step)) return compare_with(state, id);
  if (second_film(state)) return end_comparison(state);
  state.notice =
      step < 0 ? "There is no film before this one to compare it with." : "There is no later film to compare this one with.";
}

void swap_films(State& state) {
  if (!second_film(state)) return;
  std::swap(state.selected, state.second.id);
  std::swap(state.film_area, state.second.area);
}

void end_comparison(State& state) { state.second = {}; }

void settle_second(State& state) {
  SecondFilm& second = state.second;
  if (second.id != 0 && !find_film(state, second.id)) end_comparison(state);
  const FilmEntry* film = selected_film(state);
  FilmEntry* other = second_film(state) ? find_film(state, second.id) : nullptr;
  if (!other || !other->decoded() || !film->decoded()) {
    second.followed = {};
    return;
  }
  if (second.linked) {
    follow_window(second.followed, *film, *other);
    other->view = same_part(film->view, film_size(*film), state.film_area, other->view, film_size(*other), second.area);
  }
  second.followed = {film->id, film->window, film->preset};
}

const Finding* second_finding(const State& state) {
  const Finding* finding = overlaid_finding(state);
  return finding ? shared_finding(second_film(state), finding->id) : nullptr;
}

MapFacts drawn_facts(const State& state, const FilmEntry& film, const Finding& finding) {
  MapFacts facts = evidence_facts(*film.analysis, finding);
  const FilmPair pair = film_pair(state);
  const FilmEntry* other = pair.first == &film ? pair.last : pair.last == &film ? pair.first : nullptr;
  if (const Finding* same = shared_finding(other, finding.id)) {
    const MapFacts its = evidence_facts(*other->analysis, *same);
    facts.scale.top = std::max(facts.scale.top, its.scale.top);
    facts.signed_scale.top = std::max(facts.signed_scale.top, its.signed_scale.top);
  }
  return facts;
}

std::string interval_in_words(const FilmEntry& a, const FilmEntry& b) {
  if (!a.info.taken || !b.info.taken) return "";
  const double days = std::abs(std::floor(*a.info.taken / kMinutesOfADay) - std::floor(*b.info.taken / kMinutesOfADay));
  if (days == 0) return "the same day";
  if (days == 1) return "1 day apart";
  const std::string years = days < 2 * kDaysOfAYear ? "" : text(" (", fixed(days / kDaysOfAYear, 1), " years)");
  return text(fixed(days, 0), " days", years, " apart");
}

std::string pair_in_words(const State& state) {
  const FilmPair pair = film_pair(state);
  if (!pair.first) return "";
  const std::string interval = interval_in_words(*pair.first, *pair.last);
  const std::string names = text(short_name(*pair.first), ages_known(pair) ? ", then " : " and ", short_name(*pair.last));
  if (interval.empty()) return text(names, ", in the order in which they came: not both files state a date.");
  return text(names, ", ", interval, ".");
}

std::string link_in_words(const State& state) {
  return state.second.linked ? "Zoom, place (as a fraction of the picture) and window are linked."
                             : "Zoom, place and window are each film’s own.";
}

Json side_by_side_json(const State& state) {
  const FilmEntry* second = second_film(state);
  if (!second) return nullptr;
  const FilmPair pair = film_pair(state);
  const ScoreChanges changes = score_changes(state);
  const Finding* finding = second_finding(state);
  Json rows = Json::array();
  for (const ScoreChange& change : changes.rows) rows.push_back(change_json(change));
  return {{"film", second->id},
          {"name", second->name},
          {"headline", headline(*second)},
          {"first", {{"id", pair.first->id}, {"name", pair.first->name}}},
          {"last", {{"id", pair.last->id}, {"name", pair.last->name}}},
          {"dated", ages_known(pair)},
          {"interval", interval_in_words(*pair.first, *pair.last)},
          {"text", pair_in_words(state)},
          {"linked", state.second.linked},
          {"link_text", link_in_words(state)},
          {"pixels", held_pixels(state, *second) != nullptr},
          {"finding", finding ? Json(finding->id) : Json(nullptr)},
          {"view", second->decoded() ? second_view_json(state, *second) : Json(nullptr)},
          {"scores", state.second.scores},
          {"note", changes.note},
          {"changes", std::move(rows)}};
}

}  // namespace chestlight::viewer
