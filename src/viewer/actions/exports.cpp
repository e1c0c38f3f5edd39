// See exports.h.
#include "viewer/actions/exports.h"

#include <algorithm>

#include "viewer/measuring/film_scale.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/explanations.h"
#include "viewer/state/reader_study.h"

namespace chestlight::viewer {
namespace {

bool is_reportable(const FilmEntry& film) { return film.analysis || (film.stage == FilmStage::kUnreadable && film.can_retry); }

std::vector<const FilmEntry*> reportable(const State& state) {
  std::vector<const FilmEntry*> films;
  for (const FilmEntry& film : state.films)
    if (is_reportable(film)) films.push_back(&film);
  return films;
}

void report(State& state, const std::vector<const FilmEntry*>& films, bool print, std::vector<Effect>& effects) {
  const int number = ++state.reports, pages = static_cast<int>(films.size());
  for (int page = 1; page <= pages; ++page) {
    const FilmEntry& film = *films[static_cast<std::size_t>(page - 1)];
    const std::string finding = film.id == state.selected && find_finding(film, state.pinned) ? state.pinned : "";
    ExportReport asked{question(state, 0, film, {finding, chosen_method(film, finding)})};
    if (film.decoded())
      asked.look =
          to_contract(chestlight::PictureLook{film.window, film.inverted, film.view.orientation, state.settings.overlay.look()});
    asked.own_thresholds = state.settings.thresholds;
    asked.report = number;
    asked.page = page;
    asked.pages = pages;
    asked.print = print;
    effects.push_back(std::move(asked));
  }
}

}  // namespace

std::vector<MeasurementRecord> measurements_of(const FilmEntry& film) {
  std::vector<MeasurementRecord> records;
  for (const Measurement& one : film.measurements) {
    if (!one.complete() || one.role != MeasurementRole::kNone) continue;
    MeasurementRecord& record = records.emplace_back();
    record.kind = to_json(one.kind).get<std::string>();
    record.text = measurement_in_words(film.info, one);
    for (const SourcePx& point : one.points) record.points.push_back({point.x, point.y});
  }
  return records;
}

bool can_report(const State& state) {
  const FilmEntry* film = selected_film(state);
  return film && is_reportable(*film) && !study_is_running(state);
}

bool can_report_all(const State& state) { return !study_is_running(state) && std::ranges::any_of(state.films, is_reportable); }

void print_report(State& state, std::vector<Effect>& effects) {
  if (can_report(state)) report(state, {selected_film(state)}, true, effects);
}

void report_all(State& state, bool print, std::vector<Effect>& effects) {
  if (can_report_all(state)) report(state, reportable(state), print, effects);
}

}  // namespace chestlight::viewer
