// See undo.h.
#include "viewer/actions/undo.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "viewer/actions/exports.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/explanations.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/side_by_side.h"
#include "viewer/text/film_description.h"
#include "viewer/worklist/worklist.h"

namespace chestlight::viewer {
namespace {

void add_ids(const FilmEntry& film, std::vector<int>& ids) {
  ids.push_back(film.id);
  for (const FilmCopy& copy : film.copies) ids.push_back(copy.id);
}

/// What cannot be undone any more: its films are closed.
void forget(const Deed& deed, std::vector<Effect>& effects) {
  const auto* removed = std::get_if<RemovedFilms>(&deed.what);
  if (!removed) return;
  for (const auto& [place, film] : removed->films) {
    std::vector<int> ids;
    add_ids(film, ids);
    for (int id : ids) effects.push_back(CloseFilm{id});
  }
}

/// Where the selection goes when these films are taken away: the next one in the order shown, else the one before.
int neighbour(const State& state, const std::vector<int>& films) {
  const auto goes = [&](int id) { return std::find(films.begin(), films.end(), id) != films.end(); };
  if (!goes(state.selected)) return state.selected;
  const std::vector<int> order = shown_order(state);
  const auto at = std::find(order.begin(), order.end(), state.selected);
  if (auto next = std::find_if_not(at, order.end(), goes); next != order.end()) return *next;
  if (auto before = std::find_if_not(std::make_reverse_iterator(at), order.rend(), goes); before != order.rend()) return *before;
  auto any = std::find_if_not(state.films.begin(), state.films.end(), [&](const FilmEntry& film) { return goes(film.id); });
  return any == state.films.end() ? 0 : any->id;
}

RemovedFilms remove(State& state, const std::vector<int>& films, std::vector<Effect>& effects) {
  const int next = neighbour(state, films);
  RemovedFilms removed{{}, text(state.model.sha256, " ", state.model.version)};
  SetAsideFilms aside;
  std::vector<FilmEntry> rest;
  for (std::size_t i = 0; i < state.films.size(); ++i) {
    FilmEntry& film = state.films[i];
    if (std::find(films.begin(), films.end(), film.id) == films.end()) {
      rest.push_back(std::move(film));
      continue;
    }
    stop_explanations(film, effects);
    film.checks_stability = false;  // the case drops it
    add_ids(film, aside.ids);
    removed.films.emplace_back(i, std::move(film));
  }
  // Either of two films side by side.
  if (state.second.id != 0)
    for (int id : {state.selected, state.second.id})
      if (std::find(films.begin(), films.end(), id) != films.end()) end_comparison(state);
  state.films = std::move(rest);
  state.selected = next;
  if (state.pixels && state.pixels->film != next) state.pixels.reset();
  effects.push_back(std::move(aside));
  return removed;
}

/// What was under way when the film went is asked for again.
void resume(State& state, FilmEntry& film, bool same_model, std::vector<Effect>& effects) {
  if (film.stage == FilmStage::kQueued) effects.push_back(ReopenFilm{film.id});
  if (film.stage == FilmStage::kAnalysing) film.stage = FilmStage::kWaiting;
  if (film.beside && !is_compared_with(state, film.beside->model)) film.beside.reset();
  const bool stands = same_model && (!film.analysis || follows_operating_point(state, *film.analysis));
  if (film.decoded() && film.analysis && !stands) analyse_anew(film, effects);
}

/// What the reader measured; not what is under way, and not the lines of the cardiothoracic ratio.
std::vector<Measurement> complete_ones(const FilmEntry& film) {
  std::vector<Measurement> all = film.measurements;
  std::erase_if(all, [](const Measurement& one) { return !one.complete() || one.role != MeasurementRole::kNone; });
  return all;
}

/// Undoes a deed; returns what undoes that, or nothing where its film is gone.
struct Reversal {
  State& s;
  std::vector<Effect>& effects;

  std::optional<decltype(Deed::what)> operator()(RemovedFilms& removed) const {
    BroughtBackFilms back;
    BringBackFilms ids;
    for (auto& [place, film] : removed.films) {
      back.films.push_back(film.id);
      add_ids(film, ids.ids);
    }
    effects.push_back(std::move(ids));
    for (auto& [place, film] : removed.films) {
      resume(s, film, removed.model == text(s.model.sha256, " ", s.model.version), effects);
      s.films.insert(s.films.begin() + static_cast<std::ptrdiff_t>(std::min(place, s.films.size())), std::move(film));
    }
    if (!back.films.empty()) s.selected = back.films.front();
    return back;
  }
  std::optional<decltype(Deed::what)> operator()(const BroughtBackFilms& back) const {
    if (std::none_of(back.films.begin(), back.films.end(), [&](int id) { return find_film(s, id); })) return std::nullopt;
    return remove(s, back.films, effects);
  }
  std::optional<decltype(Deed::what)> operator()(const ChangedRequest& changed) const {
    FilmEntry* film = find_film(s, changed.film);
    if (!film) return std::nullopt;
    s.selected = film->id;
    ChangedRequest redo{film->id, film->request};
    ask_again(*film, changed.before);
    return redo;
  }
  std::optional<decltype(Deed::what)> operator()(const ChangedMeasurements& changed) const {
    FilmEntry* film = find_film(s, changed.film);
    if (!film) return std::nullopt;
    s.selected = film->id;
    ChangedMeasurements redo{film->id, complete_ones(*film)};
    std::erase_if(film->measurements, [](const Measurement& one) { return one.role == MeasurementRole::kNone; });
    film->measurements.insert(film->measurements.begin(), changed.before.begin(), changed.before.end());
    s.measuring.selected = 0;
    s.measuring.held = -1;
    keep_measurements(s, *film, effects);
    return redo;
  }
  std::optional<decltype(Deed::what)> operator()(const MovedWidthLines& changed) const {
    FilmEntry* film = find_film(s, changed.film);
    if (!film || frame_of(film->info) != changed.frame) return std::nullopt;
    s.selected = film->id;
    MovedWidthLines redo{film->id, changed.frame, film->moved_lines};
    film->moved_lines = changed.before;
    s.measuring.selected = 0;
    s.measuring.held = -1;
    set_lines(s, *film);
    tell(*film, lines_to_tell(*film));
    s.unexported = true;
    return redo;
  }
  std::optional<decltype(Deed::what)> operator()(const ChangedReading& changed) const {
    FilmEntry* film = find_film(s, changed.film);
    if (!film) return std::nullopt;
    s.selected = film->id;
    const FilmReading now = film->reading;
    ChangedReading redo{film->id, now};
    for (const FilmReading* reading : {&now, &changed.before})
      for (const Verdict& verdict : reading->verdicts) {
        const Verdict wanted = verdict_on(changed.before, verdict.finding).value_or(Verdict{verdict.finding});
        if (verdict_on(film->reading, verdict.finding).value_or(Verdict{verdict.finding}) == wanted) continue;
        set_verdict(film->reading, wanted);
        tell(*film, GiveVerdict{film->id, wanted});
      }
    if (film->reading.read != changed.before.read) {
      film->reading.read = changed.before.read;
      tell(*film, MarkRead{film->id, film->reading.read});
    }
    s.unexported = true;
    return redo;
  }

  void tell(FilmEntry& film, Effect effect) const {
    film.readings_asked += 1;
    film.reading_kept = false;
    effects.push_back(std::move(effect));
  }
  static void keep_measurements(State& state, FilmEntry& film, std::vector<Effect>& effects) {
    KeepMeasurements keep{film.id, measurements_of(film)};
    film.reading.measurements = keep.measurements;
    film.readings_asked += 1;
    film.reading_kept = false;
    effects.push_back(std::move(keep));
    state.unexported = true;
    state.measuring.settled = complete_ones(film);
    state.measuring.settled_film = film.id;
  }
};

void step(State& state, std::vector<Deed>& from, std::vector<Deed>& to, const char* how, std::vector<Effect>& effects) {
  state.undo.offered_until = 0;
  while (!from.empty()) {
    Deed deed = std::move(from.back());
    from.pop_back();
    auto reversed = std::visit(Reversal{state, effects}, deed.what);
    if (!reversed) continue;
    state.notice = how + deed.words;
    to.push_back({std::move(*reversed), deed.words});
    return;
  }
}

}  // namespace

void remember(State& state, Deed deed, std::vector<Effect>& effects) {
  UndoHistory& history = state.undo;
  history.undone.clear();
  history.offered_until = std::holds_alternative<RemovedFilms>(deed.what) ? state.now + kUndoOffered : 0;
  history.done.push_back(std::move(deed));
  if (history.done.size() <= kMostDeeds) return;
  forget(history.done.front(), effects);
  history.done.erase(history.done.begin());
}

void undo(State& state, std::vector<Effect>& effects) { step(state, state.undo.done, state.undo.undone, "Undone: ", effects); }

void redo(State& state, std::vector<Effect>& effects) {
  step(state, state.undo.undone, state.undo.done, "Done again: ", effects);
}

std::string undo_offer(const State& state) {
  if (state.undo.done.empty() || state.now >= state.undo.offered_until) return "";
  std::string words = state.undo.done.back().words;
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] += 'A' - 'a';
  return words;
}

void take_away(State& state, const std::vector<int>& films, const std::string& words, std::vector<Effect>& effects) {
  if (films.empty()) return;
  remember(state, {remove(state, films, effects), words}, effects);
  state.notice = undo_offer(state);
}

void change_request(State& state, FilmEntry& film, const ModelRequest& request, std::vector<Effect>& effects) {
  if (request == film.request) return;
  remember(state, {ChangedRequest{film.id, film.request}, "correction of " + short_name(film)}, effects);
  ask_again(film, request);
}

void give_verdict(State& state, int id, const Verdict& verdict, std::vector<Effect>& effects) {
  FilmEntry* film = find_film(state, id);
  if (!film) return;
  const FilmReading before = film->reading;
  set_verdict(film->reading, verdict);
  if (film->reading == before) return;
  const Finding* finding = find_finding(*film, verdict.finding);
  const std::string& name = finding ? finding->name : verdict.finding;
  remember(state, {ChangedReading{id, before}, text("verdict on ", name, " of ", short_name(*film))}, effects);
  state.unexported = true;
  Reversal{state, effects}.tell(*film,
                                GiveVerdict{id, verdict_on(film->reading, verdict.finding).value_or(Verdict{verdict.finding})});
}

void mark_read(State& state, int id, bool read, std::vector<Effect>& effects) {
  FilmEntry* film = find_film(state, id);
  if (!film || film->reading.read == read) return;
  remember(state, {ChangedReading{id, film->reading}, text(read ? "read: " : "not read: ", short_name(*film))}, effects);
  film->reading.read = read;
  Reversal{state, effects}.tell(*film, MarkRead{id, read});
}

void settle_measurements(State& state, std::vector<Effect>& effects) {
  Measuring& m = state.measuring;
  FilmEntry* film = find_film(state, state.selected);
  if (!film) return;
  if (auto moved = lines_moved(state, *film)) {
    const MovedWidthLines before{film->id, frame_of(film->info), film->moved_lines};
    remember(state, {before, "cardiothoracic ratio of " + short_name(*film)}, effects);
    film->moved_lines = std::move(*moved);
    state.unexported = true;
    Reversal{state, effects}.tell(*film, lines_to_tell(*film));
  }
  if (m.settled_film != film->id) {
    m.settled = complete_ones(*film);
    m.settled_film = film->id;
  }
  if (m.held >= 0 || begun_measurement(*film) || m.settled == complete_ones(*film)) return;
  remember(state, {ChangedMeasurements{film->id, m.settled}, "measurement on " + short_name(*film)}, effects);
  Reversal::keep_measurements(state, *film, effects);
}

void put_back_lines(FilmEntry& film, std::vector<Effect>& effects) {
  if (film.moved_lines.empty()) return;
  film.moved_lines.clear();
  film.readings_asked += 1;
  effects.push_back(lines_to_tell(film));
}

bool is_unsaved(const State& state) {
  return state.unexported && std::any_of(state.films.begin(), state.films.end(), [](const FilmEntry& film) {
           const bool said = !film.reading.verdicts.empty() || !film.reading.measurements.empty() || !film.moved_lines.empty();
           return said && !film.reading_kept;
         });
}

}  // namespace chestlight::viewer
