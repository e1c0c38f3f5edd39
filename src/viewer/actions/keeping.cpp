// See keeping.h.
#include "viewer/actions/keeping.h"

#include <algorithm>

#include "base/text.h"
#include "imaging/correction.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/model_request.h"
#include "viewer/text/film_description.h"

namespace chestlight::viewer {
namespace {

std::string films_in_words(int films) { return films == 1 ? "1 film" : text(films, " films"); }

bool has_own_measurements(const FilmEntry& film) {
  return std::ranges::any_of(film.measurements, [](const Measurement& one) { return one.role == MeasurementRole::kNone; });
}

/// Those of a kind and with points that this version knows.
void measure_again(State& state, FilmEntry& film, const std::vector<MeasurementRecord>& records) {
  for (const MeasurementRecord& record : records) {
    const Json kind = record.kind;
    Measurement one{state.measuring.last_id + 1};
    if (!from_json(JsonReader(kind, "kind", ErrorCode::kInvalidRequest), one.kind)) continue;
    for (const auto& [x, y] : record.points) one.points.push_back({x, y});
    if (!one.complete()) continue;
    state.measuring.last_id = one.id;
    film.measurements.push_back(std::move(one));
  }
}

void move_lines_again(State& state, FilmEntry& film, const MovedLines& moved) {
  for (const WidthLine* line : {&moved.heart_line, &moved.chest_line})
    for (const auto& end : {line->from, line->to}) film.moved_lines.push_back({end[0], end[1]});
  set_lines(state, film);
}

/// Whether it is another than before.
bool ask_as_before(FilmEntry& film, const ReadingCameBack& back) {
  const ModelRequest request{back.correction.value_or(Correction{}), back.anyway};
  if (film.request.any() || !request.any()) return false;
  if (!check_correction(request.correction, film.info.width, film.info.height)) return false;
  const FilmStage stage = film.stage;
  ask_again(film, request);
  if (!film.analysis_wanted) film.stage = stage;  // it was cancelled before it was open
  return true;
}

void tell_what_came_back(State& state, const FilmEntry& film) {
  std::vector<int>& back = state.on_device.came_back;
  if (std::ranges::find(back, film.id) == back.end()) back.push_back(film.id);
  state.notice = text("What you said of ", back.size() == 1 ? short_name(film) : films_in_words(static_cast<int>(back.size())),
                      " came back");
}

}  // namespace

void switch_keeping(State& state) {
  state.settings.keep_readings = !state.settings.keep_readings;
  state.on_device.error.reset();
  if (state.settings.keep_readings)
    state.notice = "What you say of films is kept on this device from now on, and nowhere else. Pixels are not.";
  else if (state.on_device.films == 0) state.notice = "Nothing is kept on this device from now on";
  else
    state.notice = text("Nothing more is kept from now on. What is kept of ", films_in_words(state.on_device.films),
                        " stays until you forget it.");
}

void forget_readings(State& state, std::vector<Effect>& effects) {
  state.settings.keep_readings = false;
  state.on_device.error.reset();
  state.on_device.forgetting = state.on_device.films;
  for (FilmEntry& film : state.films) film.reading_kept = false;
  effects.push_back(ForgetReadings{});
}

void reading_came_back(State& state, const ReadingCameBack& back) {
  FilmEntry* film = find_film(state, back.id);
  if (!film) return;
  film->came_back = back;
  if (film->decoded()) take_back_reading(state, *film);
}

void take_back_reading(State& state, FilmEntry& film) {
  if (!film.came_back) return;
  const ReadingCameBack back = *std::exchange(film.came_back, std::nullopt);
  bool changed = false;
  if (film.readings_asked == 0 && !(film.reading == back.reading)) {
    film.reading = back.reading;
    changed = true;
  }
  if (!has_own_measurements(film) && !back.reading.measurements.empty()) {
    measure_again(state, film, back.reading.measurements);
    changed = true;
  }
  if (film.moved_lines.empty() && back.reading.moved_lines) {
    move_lines_again(state, film, *back.reading.moved_lines);
    changed = true;
  }
  if (ask_as_before(film, back)) changed = true;
  if (!changed) return;
  // Nobody measured it now: it is how things are from here on.
  if (state.measuring.settled_film == film.id) state.measuring.settled_film = 0;
  film.reading_kept = true;
  state.unexported = true;
  tell_what_came_back(state, film);
}

void keeping_known(State& state, const KeepingKnown& known) {
  KeptOnDevice& kept = state.on_device;
  kept.films = known.films;
  kept.error = known.error;
  const int forgotten = std::exchange(kept.forgetting, 0);
  if (known.error) state.notice = known.error->sentence();
  else if (forgotten > 0) state.notice = text("Forgot what was kept of ", films_in_words(forgotten));
}

std::string keeping_in_words(const State& state) {
  const KeptOnDevice& kept = state.on_device;
  if (kept.error) return kept.error->sentence();
  const std::string there = text("in this browser, of ", films_in_words(kept.films));
  if (state.settings.keep_readings)
    return text("What you say of films is kept on this device, ", there,
                ": verdicts, notes, measurements, corrections and results, with the file’s name and hash. No pixels.");
  if (kept.films > 0) return text("Nothing more is kept. What was kept on this device, ", there, ", is still there.");
  return "What you say of films is not kept: it goes with this page.";
}

std::string keep_in_words(const State& state) {
  return state.settings.keep_readings ? "Keep no more" : "Keep what I say of films";
}

std::string forget_in_words(const State& state) { return text("Forget what is kept of ", films_in_words(state.on_device.films)); }

}  // namespace chestlight::viewer
