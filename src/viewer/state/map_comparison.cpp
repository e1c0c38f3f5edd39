// See map_comparison.h.
#include "viewer/state/map_comparison.h"

#include <algorithm>
#include <optional>

#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"
#include "viewer/text/explanation_snapshot.h"

namespace chestlight::viewer {
namespace {

std::optional<ExplanationKey> pinned_key(const State& state) {
  const Finding* finding = pinned_finding(state);
  if (!finding) return std::nullopt;
  return ExplanationKey{finding->id, chosen_method(*selected_film(state), finding->id)};
}

std::string name_of(const State& state, const Finding* finding, const ExplanationKey& key) {
  const MethodInfo* method = find_method(state, key.choice.method);
  std::string name = (finding ? finding->name : key.finding) + ", " + (method ? method->name : key.choice.method);
  if (!key.choice.layer.empty()) name += ", " + layer_in_words(key.choice.layer);
  return name;
}

/// Why another method's map is not there.
std::string why_missing(const ExplanationEntry* entry, const std::string& method) {
  if (!entry || entry->work.request == 0) return "Not yet run on this film.";
  if (entry->work.stage == WorkStage::kRunning) return "Being computed.";
  return missing_map(entry->work, method).message;
}

}  // namespace

KeptMap kept_map(const State& state, const FilmEntry& film, const ExplanationKey& key) {
  KeptMap kept;
  kept.finding = find_finding(film, key.finding);
  kept.name = name_of(state, kept.finding, key);
  if (!kept.finding) {
    kept.note = "This model has no such finding.";
    return kept;
  }
  const bool visible = state.settings.overlay.visible && !state.original_held;
  if (key.choice.method == kEvidenceMethod) {
    kept.drawn = visible && film.analysis->map;
    return kept;
  }
  const ExplanationEntry* entry = find_entry(film, key);
  kept.explanation = entry ? entry->explanation.get() : nullptr;
  kept.drawn = visible && kept.explanation;
  if (kept.explanation) return kept;
  const MethodInfo* method = find_method(state, key.choice.method);
  kept.note = why_missing(entry, method ? method->name : key.choice.method);
  const bool running = entry && entry->work.request != 0 && entry->work.stage == WorkStage::kRunning;
  kept.can_run = method && !running && state.engine == EnginePhase::kReady;
  return kept;
}

bool can_keep(const State& state) {
  const std::optional<ExplanationKey> key = pinned_key(state);
  if (!key || second_film(state)) return false;
  const bool kept = std::find(state.kept.begin(), state.kept.end(), *key) != state.kept.end();
  return kept || static_cast<int>(state.kept.size()) < kMostKept;
}

void keep_map(State& state) {
  const std::optional<ExplanationKey> key = pinned_key(state);
  if (!key || !can_keep(state)) return;
  if (std::erase(state.kept, *key) > 0) return;
  state.kept.push_back(*key);
  state.settings.overlay.visible = true;
  state.notice = "Kept beside: " + name_of(state, pinned_finding(state), *key) + ". Now choose another finding or method.";
}

void close_kept(State& state, int index) {
  if (index >= 0 && index < static_cast<int>(state.kept.size())) state.kept.erase(state.kept.begin() + index);
}

void run_kept(State& state, int index, std::vector<Effect>& effects) {
  const FilmEntry* film = selected_film(state);
  if (!film || index < 0 || index >= static_cast<int>(state.kept.size())) return;
  const ExplanationKey key = state.kept[static_cast<std::size_t>(index)];
  if (kept_map(state, *film, key).can_run) request_explanation(state, key, effects);
}

Json kept_json(const State& state) {
  Json list = Json::array();
  const FilmEntry* film = selected_film(state);
  if (!film || !film->analysis || second_film(state)) return list;
  for (const ExplanationKey& key : state.kept) {
    const KeptMap kept = kept_map(state, *film, key);
    list.push_back({{"finding", key.finding},
                    {"name", kept.name},
                    {"method", key.choice.method},
                    {"layer", key.choice.layer},
                    {"drawn", kept.drawn},
                    {"note", kept.note},
                    {"can_run", kept.can_run}});
  }
  return list;
}

}  // namespace chestlight::viewer
