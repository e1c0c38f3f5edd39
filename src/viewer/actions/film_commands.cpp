// See film_commands.h.
#include "viewer/actions/film_commands.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "viewer/actions/undo.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/text/film_description.h"

namespace chestlight::viewer {

constexpr double kDragForFullRange = 400;  // ScreenPx that change the window by the film's used range

void step_film(State& state, int step) {
  const std::vector<int> order = shown_order(state);
  if (order.empty()) return;
  auto at = std::find(order.begin(), order.end(), state.selected);
  int index = at == order.end() ? (step > 0 ? -1 : static_cast<int>(order.size())) : static_cast<int>(at - order.begin());
  index = std::clamp(index + step, 0, static_cast<int>(order.size()) - 1);
  state.selected = order[static_cast<std::size_t>(index)];
}

void show_end(State& state, bool last) {
  const std::vector<int> order = shown_order(state);
  if (!order.empty()) state.selected = last ? order.back() : order.front();
}

void read_and_go_on(State& state, std::vector<Effect>& effects) {
  const std::vector<int> order = shown_order(state);  // as it was when the reader looked at it
  mark_read(state, state.selected, true, effects);
  auto at = std::find(order.begin(), order.end(), state.selected);
  const auto unread = [&](int id) { return !find_film(state, id)->reading.read; };
  auto next = std::find_if(at == order.end() ? order.begin() : at, order.end(), unread);
  if (next != order.end()) state.selected = *next;
  else state.notice = "No unread film follows in this list";
}

void toggle_worklist(State& state) {
  Settings& settings = state.settings;
  if (worklist_shown(state)) {
    settings.worklist = WorklistPanel::kClosed;
    return;
  }
  settings.films_open = true;
  settings.worklist = state.films.size() >= kWorklistFrom ? WorklistPanel::kAuto : WorklistPanel::kOpen;
}

void give_opinion(State& state, const std::string& id, Opinion opinion, std::vector<Effect>& effects) {
  const FilmEntry* film = selected_film(state);
  if (!film || !find_finding(*film, id)) return;
  Verdict verdict = verdict_on(film->reading, id).value_or(Verdict{id});
  verdict.opinion = verdict.opinion == opinion ? Opinion::kNone : opinion;
  give_verdict(state, film->id, verdict, effects);
}

void begin_text(State& state, const std::string& field, const std::string& finding, std::vector<Effect>& effects) {
  const FilmEntry* film = selected_film(state);
  if (field == "note" ? !film || !find_finding(*film, finding) : field != "search" && field != "reader") return;
  if (field == "search" && !worklist_shown(state)) toggle_worklist(state);
  state.editing = TextEdit{field, state.selected, field == "note" ? finding : "", {}};
  ask_for_text(state, effects);
}

void end_text(State& state, std::vector<Effect>& effects) {
  if (!state.editing) return;
  state.editing.reset();
  effects.push_back(EndText{});
}

void ask_for_text(const State& state, std::vector<Effect>& effects) {
  const TextEdit& edit = *state.editing;
  EditText ask{edit.field, "Search films by name", state.worklist.search, 100};
  if (edit.field == "note") {
    const FilmEntry* film = find_film(state, edit.film);
    if (!film) return;
    const Finding* finding = find_finding(*film, edit.finding);
    ask.label = "Note on " + (finding ? finding->name : edit.finding);
    ask.text = verdict_on(film->reading, edit.finding).value_or(Verdict{}).note;
    ask.longest = 200;
  }
  if (edit.field == "reader") ask = EditText{edit.field, "Your name or number as a reader", state.study.reader, 40};
  ask.x = edit.place.x;
  ask.y = edit.place.y;
  ask.width = edit.place.width;
  ask.height = edit.place.height;
  effects.push_back(ask);
}

void show_frame(State& state, int frame, bool chosen, std::vector<Effect>& effects) {
  FilmEntry* film = find_film(state, state.selected);
  if (!film || film->frames() < 2 || frame < 1 || frame > film->frames()) return;
  film->frame_wanted = frame;
  film->stage = FilmStage::kQueued;
  film->analysis_wanted = true;
  film->analysis.reset();
  forget_stability(*film);
  film->failure.reset();
  film->moved_lines.clear();  // the case drops them with the frame
  forget_anatomy(*film);
  effects.push_back(OpenFrame{film->id, frame, chosen});
}

void step_frame(State& state, int step, std::vector<Effect>& effects) {
  const FilmEntry* film = selected_film(state);
  if (!film || film->frames() < 2) return;
  int from = film->frame_wanted ? film->frame_wanted : film->info.dicom->frame;
  int to = std::clamp(from + step, 1, film->frames());
  if (to != from) show_frame(state, to, false, effects);
}

void remove_film(State& state, int id, std::vector<Effect>& effects) {
  const FilmEntry* film = find_film(state, id);
  if (!film) return;
  const std::string copies = film->copies.empty() ? "" : text(", ", film->copies.size() + 1, " copies");
  take_away(state, {id}, text("removed ", short_name(*film), copies), effects);
}

void clear_films(State& state, std::vector<Effect>& effects) {
  std::vector<int> all;
  for (const FilmEntry& film : state.films) all.push_back(film.id);
  take_away(state, all, text("removed ", all.size(), all.size() == 1 ? " film" : " films"), effects);
}

void retry_film(State& state, int id, std::vector<Effect>& effects) {
  FilmEntry* film = find_film(state, id);
  if (!film || film->stage != FilmStage::kUnreadable || !film->can_retry) return;
  film->stage = FilmStage::kQueued;
  film->failure.reset();
  effects.push_back(ReopenFilm{id});
}

void cancel_work(State& state, std::vector<Effect>& effects) {
  if (state.own.importing) {
    if (!state.own.importing->cancelling) effects.push_back(CancelImport{});
    state.own.importing->cancelling = true;
    return;
  }
  if (state.engine == EnginePhase::kLoading) {
    if (!state.loading.cancelling) effects.push_back(CancelLoading{});
    state.loading.cancelling = true;
    return;
  }
  cancel_explanations(state, effects);
  cancel_stability_checks(state, effects);
  for (FilmEntry& film : state.films) {
    if (film.stage == FilmStage::kAnalysing) effects.push_back(CancelAnalysis{film.id});
    if (film.stage == FilmStage::kQueued) film.analysis_wanted = false;  // it can still be looked at
    else if (film.cancellable()) film.stage = FilmStage::kCancelled;
  }
}

void load_model(State& state, const std::string& id, std::vector<Effect>& effects) {
  if (state.engine_failure)
    for (FilmEntry& film : state.films)
      if (film.stage == FilmStage::kAnalysisFailed && film.failure && film.failure->code == state.engine_failure->code) {
        film.stage = FilmStage::kWaiting;
        film.failure.reset();
      }
  state.engine = EnginePhase::kLoading;
  state.engine_failure.reset();
  state.loading = {};
  effects.push_back(LoadModel{id});
}

void compare_model(State& state, const std::string& id, std::vector<Effect>& effects) {
  OwnModels& own = state.own;
  const std::string used = model_in_use(state);
  if (id.empty() || id == used || used.empty()) {
    own.beside.clear(), own.beside_name.clear();
    for (FilmEntry& film : state.films) film.beside.reset();
    return;
  }
  own.beside = used;
  own.beside_name = state.model.name;
  for (FilmEntry& film : state.films) film.beside = film.analysis && film.analysis->analysed ? film.analysis : nullptr;
  load_model(state, id, effects);
}

void describe_model(State& state, const std::string& id, std::vector<Effect>& effects) {
  const auto model = find_model(state, id);
  if (!model || !is_own(*model) || !model->problem.empty()) return;
  state.popup = Popup::kModelForm;
  state.own.refused.reset();
  if (!is_in_use(state, *model)) load_model(state, id, effects);
}

void pin_finding(State& state, const std::string& id) {
  state.pinned = state.pinned == id ? std::string() : id;
  state.finding_chosen = true;
  state.checks_open = state.trust_details_open = false;
}

void pin_displayed(State& state, int row) {
  const FilmEntry* film = selected_film(state);
  if (!film) return;
  std::vector<int> order = displayed_order(state, *film);
  if (row >= 0 && row < static_cast<int>(order.size()))
    pin_finding(state, film->analysis->findings[static_cast<std::size_t>(order[static_cast<std::size_t>(row)])].id);
}

void step_finding(State& state, int step) {
  const FilmEntry* film = selected_film(state);
  if (!film) return;
  std::vector<int> order = displayed_order(state, *film);
  if (order.empty()) return;
  auto id_at = [&](int row) -> const std::string& {
    return film->analysis->findings[static_cast<std::size_t>(order[static_cast<std::size_t>(row)])].id;
  };
  int count = static_cast<int>(order.size()), at = -1;
  for (int row = 0; row < count; ++row)
    if (id_at(row) == state.pinned) at = row;
  int next = at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
  if (id_at(next) != state.pinned) pin_finding(state, id_at(next));
}

void clear_one(State& state, std::vector<Effect>& effects) {
  if (state.popup != Popup::kNone) state.popup = Popup::kNone;
  else if (state.cropping) state.cropping = false;
  else if (give_up_point(state)) return;
  else if (state.measuring.tool != Tool::kNone) choose_tool(state, Tool::kNone);
  else if (state.original_held) state.original_held = false;
  else if (state.second.id != 0) end_comparison(state);
  else if (!state.kept.empty()) state.kept.pop_back();
  else if (!state.pinned.empty()) pin_finding(state, state.pinned);
  else if (worklist_shown(state) && is_filtered(state.worklist)) state.worklist.filter = {}, state.worklist.search.clear();
  else if (state.engine == EnginePhase::kLoading) cancel_work(state, effects);
}

void show_contour(State& state, bool visible) {
  state.settings.overlay.contour = visible;
  if (!visible) state.settings.overlay.contour_level = 0;
}

void change_opacity(State& state, double by) {
  double opacity = std::round((state.settings.overlay.opacity + by) * 10) / 10;
  state.settings.overlay.opacity = std::clamp(opacity, 0.0, 1.0);
}

void reset_film(FilmEntry& film) {
  film.view = FilmView{};
  film.window = film.info.window;
  film.preset = "opened";
  film.inverted = false;
}

void set_window(FilmEntry& film, Window window) {
  double full = std::max(1, film.info.full_scale);
  film.preset.clear();
  film.window.width = std::clamp(window.width, std::max(1.0, full / 512), 2 * full);
  film.window.centre = std::clamp(window.centre, -0.5 * full, 1.5 * full);
}

void drag_window(State& state, double dx, double dy) {
  FilmEntry* film = find_film(state, state.selected);
  if (!film || !film->decoded()) return;
  double range = std::max(1, film->info.high - film->info.low);
  double per_pixel = range / kDragForFullRange;
  set_window(*film, {film->window.centre + dy * per_pixel, film->window.width + dx * per_pixel});
}

void pan_film(State& state, double dx, double dy) {
  change_view(state,
              [&](const FilmView& view, FilmSize film, const State& s) { return panned(view, dx, dy, film, s.film_area); });
}

void turn(State& state, Orientation (Orientation::*how)() const) {
  change_view(state, [&](const FilmView& any, FilmSize film, const State& s) {
    FilmView view = resolved(any, film, s.film_area);
    view.fitted = any.fitted;
    view.orientation = (any.orientation.*how)();
    return view;
  });
}

}  // namespace chestlight::viewer
