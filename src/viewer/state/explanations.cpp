// See explanations.h.
#include "viewer/state/explanations.h"

#include <algorithm>

#include "render/picture_look.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/stability.h"

namespace chestlight::viewer {
namespace {

Work new_work(State& state) {
  Work work;
  work.request = ++state.last_request;
  return work;
}

void stop(Work& work, std::vector<Effect>& effects) {
  if (work.stage != WorkStage::kRunning) return;
  effects.push_back(CancelExplanation{work.request});
  work.stage = WorkStage::kCancelled;
}

struct Found {
  ExplanationEntry* entry = nullptr;
  Work* work = nullptr;
};
Found find_work(State& state, int request) {
  for (FilmEntry& film : state.films)
    for (auto& [key, entry] : film.explanations.entries) {
      if (entry.work.request == request) return {&entry, &entry.work};
      if (entry.check && entry.check->request == request) return {&entry, &*entry.check};
    }
  return {};
}

bool waits(const Found& found) { return found.work && found.work->stage == WorkStage::kRunning; }

}  // namespace

ExplanationQuestion question(const State& state, int request, const FilmEntry& film, const ExplanationKey& key) {
  return {request,
          film.id,
          key.finding,
          key.choice.method,
          key.choice.layer,
          asked_correction(film.request),
          film.request.anyway,
          operating_point_id(state)};
}

const MethodInfo* find_method(const State& state, const std::string& id) {
  auto found = std::find_if(state.methods.begin(), state.methods.end(), [&](const MethodInfo& m) { return m.id == id; });
  return found == state.methods.end() ? nullptr : &*found;
}

MethodChoice chosen_method(const FilmEntry& film, const std::string& finding) {
  auto found = film.explanations.chosen.find(finding);
  return found == film.explanations.chosen.end() ? MethodChoice{} : found->second;
}

const ExplanationEntry* chosen_entry(const FilmEntry& film, const std::string& finding) {
  return find_entry(film, {finding, chosen_method(film, finding)});
}

const ExplanationEntry* find_entry(const FilmEntry& film, const ExplanationKey& key) {
  auto found = film.explanations.entries.find(key);
  return found == film.explanations.entries.end() ? nullptr : &found->second;
}

std::shared_ptr<const DrawnExplanation> explanation_of(const FilmEntry& film, const ExplanationKey& key) {
  if (key.choice.method == kEvidenceMethod) return nullptr;
  const ExplanationEntry* entry = find_entry(film, key);
  return entry ? entry->explanation : nullptr;
}

const DrawnExplanation* overlaid_explanation(const State& state) {
  const Finding* finding = overlaid_finding(state);
  const FilmEntry* film = selected_film(state);
  return finding && film ? explanation_of(*film, {finding->id, chosen_method(*film, finding->id)}).get() : nullptr;
}

std::vector<std::shared_ptr<const DrawnExplanation>> drawn_explanations(const State& state) {
  std::vector<std::shared_ptr<const DrawnExplanation>> drawn;
  const FilmEntry* film = selected_film(state);
  if (!film || !film->analysis) return drawn;
  std::vector<ExplanationKey> keys = state.kept;
  if (const Finding* finding = overlaid_finding(state)) keys.push_back({finding->id, chosen_method(*film, finding->id)});
  for (const ExplanationKey& key : keys)
    if (auto explanation = explanation_of(*film, key)) drawn.push_back(std::move(explanation));
  return drawn;
}

const Finding* pinned_finding(const State& state) {
  const FilmEntry* film = selected_film(state);
  return film ? find_finding(*film, state.pinned) : nullptr;
}

void choose_method(State& state, const std::string& id, const std::string& layer, std::vector<Effect>& effects) {
  const Finding* finding = pinned_finding(state);
  const MethodInfo* method = find_method(state, id);
  if (!finding || !method || !method->unavailable.empty()) return;
  MethodChoice choice{id, method->layers.empty() ? "" : layer.empty() ? method->default_layer : layer};
  FilmEntry& film = *find_film(state, state.selected);
  film.explanations.chosen[finding->id] = choice;
  state.settings.overlay.visible = true;
  request_explanation(state, {finding->id, choice}, effects);
}

void request_explanation(State& state, const ExplanationKey& key, std::vector<Effect>& effects) {
  FilmEntry* selected = find_film(state, state.selected);
  if (key.choice.method == kEvidenceMethod || !selected || !selected->analysis) return;
  FilmEntry& film = *selected;
  ExplanationEntry& entry = film.explanations.entries[key];
  const bool known = entry.work.request != 0 && (entry.work.stage == WorkStage::kRunning || entry.work.stage == WorkStage::kDone);
  if (known) return;
  entry.work = new_work(state);
  effects.push_back(Explain{question(state, entry.work.request, film, key)});
}

void step_method(State& state, int step, std::vector<Effect>& effects) {
  const Finding* finding = pinned_finding(state);
  if (!finding || state.methods.empty()) return;
  const std::string now = chosen_method(*selected_film(state), finding->id).method;
  const int count = static_cast<int>(state.methods.size());
  int at = 0;
  while (at < count && state.methods[static_cast<std::size_t>(at)].id != now) ++at;
  const MethodInfo* next = nullptr;
  for (int i = 0; i < count && (!next || !next->unavailable.empty()); ++i)
    next = &state.methods[static_cast<std::size_t>(at = (at + step + count) % count)];
  choose_method(state, next->id, "", effects);
}

bool can_check_map(const State& state) {
  const Finding* finding = pinned_finding(state);
  return state.engine == EnginePhase::kReady && finding &&
         find_method(state, chosen_method(*selected_film(state), finding->id).method);
}

void check_map(State& state, std::vector<Effect>& effects) {
  if (!can_check_map(state)) return;
  FilmEntry& film = *find_film(state, state.selected);
  const std::string& finding = pinned_finding(state)->id;
  ExplanationKey key{finding, chosen_method(film, finding)};
  ExplanationEntry& entry = film.explanations.entries[key];
  if (entry.trust || (entry.check && entry.check->stage == WorkStage::kRunning)) return;
  entry.check = new_work(state);
  effects.push_back(CheckTrust{question(state, entry.check->request, film, key)});
}

void export_map(const State& state, std::vector<Effect>& effects) {
  const Finding* finding = pinned_finding(state);
  if (!finding) return;
  const FilmEntry& film = *selected_film(state);
  const chestlight::PictureLook look{film.window, film.inverted, film.view.orientation, state.settings.overlay.look()};
  effects.push_back(ExportMap{question(state, 0, film, {finding->id, chosen_method(film, finding->id)}), to_contract(look)});
}

void cancel_explanations(State& state, std::vector<Effect>& effects) {
  for (FilmEntry& film : state.films) stop_explanations(film, effects);
}

bool explaining(const State& state) { return running_work(state).has_value(); }

void stop_explanations(FilmEntry& film, std::vector<Effect>& effects) {
  for (auto& [key, entry] : film.explanations.entries) {
    if (entry.work.request) stop(entry.work, effects);
    if (entry.check) stop(*entry.check, effects);
  }
}

void forget_explanations(FilmEntry& film, std::vector<Effect>& effects) {
  stop_explanations(film, effects);
  film.explanations = {};
}

void analyse_anew(FilmEntry& film, std::vector<Effect>& effects) {
  forget_explanations(film, effects);
  film.analysis.reset();
  forget_stability(film);
  film.stage = FilmStage::kWaiting;
}

void explanation_progressed(State& state, int request, int done, int total, bool loading_graph) {
  Found found = find_work(state, request);
  if (!waits(found)) return;
  Work& work = *found.work;
  if (done > 0 && work.done_since == 0) {
    work.since = state.now;
    work.done_since = done;
  }
  work.done = done;
  work.total = total;
  work.loading_graph = loading_graph;
}

void explanation_arrived(State& state, int request, std::shared_ptr<const DrawnExplanation> explanation) {
  Found found = find_work(state, request);
  if (!waits(found)) return;
  found.entry->explanation = std::move(explanation);
  found.work->stage = WorkStage::kDone;
}

void trust_arrived(State& state, int request, const TrustReport& trust) {
  Found found = find_work(state, request);
  if (!waits(found)) return;
  found.entry->trust = trust;
  found.work->stage = WorkStage::kDone;
}

void explanation_ended(State& state, int request, WorkStage how, const std::optional<Failure>& failure) {
  Found found = find_work(state, request);
  if (!waits(found)) return;
  found.work->stage = how;
  found.work->failure = failure;
}

std::optional<RunningWork> running_work(const State& state) {
  std::optional<RunningWork> first;
  auto consider = [&](const FilmEntry& film, const ExplanationKey& key, const Work& work, bool is_check) {
    if (work.request == 0 || work.stage != WorkStage::kRunning) return;
    if (!first || work.request < first->work->request) first = RunningWork{&film, &key, &work, is_check};
  };
  for (const FilmEntry& film : state.films)
    for (const auto& [key, entry] : film.explanations.entries) {
      consider(film, key, entry.work, false);
      if (entry.check) consider(film, key, *entry.check, true);
    }
  return first;
}

}  // namespace chestlight::viewer
