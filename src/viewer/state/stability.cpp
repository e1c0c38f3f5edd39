// See stability.h.
#include "viewer/state/stability.h"

#include <algorithm>

#include "base/text.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {
namespace {

bool is_of(const ScoreStability& stability, const Analysis& analysis) {
  return stability.model.sha256 == analysis.model.sha256 && stability.model.version == analysis.model.version;
}

}  // namespace

bool can_check_stability(const State& state) {
  const FilmEntry* film = selected_film(state);
  return film && state.engine == EnginePhase::kReady && film->stage == FilmStage::kAnalysed && film->analysis &&
         !film->analysis->findings.empty();
}

void check_stability(State& state, std::vector<Effect>& effects) {
  if (!can_check_stability(state)) return;
  FilmEntry& film = *find_film(state, state.selected);
  if (film.stability || film.checks_stability) return;
  film.checks_stability = true;
  effects.push_back(CheckStability{film.id, asked_correction(film.request), film.request.anyway});
}

bool checking_stability(const State& state) {
  return std::ranges::any_of(state.films, [](const FilmEntry& film) { return film.checks_stability; });
}

void cancel_stability_checks(State& state, std::vector<Effect>& effects) {
  for (FilmEntry& film : state.films)
    if (film.checks_stability) {
      film.checks_stability = false;
      effects.push_back(CancelAnalysis{film.id});
    }
}

void take_stability(State& state, const StabilityArrived& arrived) {
  FilmEntry* film = find_film(state, arrived.id);
  if (!film || arrived.correction.value_or(Correction{}) != film->request.correction) return;
  film->checks_stability = false;
  if (film->analysis && is_of(arrived.stability, *film->analysis))
    film->stability = std::make_shared<ScoreStability>(arrived.stability);
}

void stability_failed(State& state, const StabilityFailed& failed) {
  FilmEntry* film = find_film(state, failed.id);
  if (!film || !film->checks_stability) return;
  film->checks_stability = false;
  if (failed.error.code != "cancelled") state.notice = failed.error.sentence();
}

void forget_stability(FilmEntry& film) {
  film.stability.reset();
  film.checks_stability = false;
}

const FindingStability* stability_of(const FilmEntry& film, const std::string& finding) {
  if (!film.stability) return nullptr;
  const auto& all = film.stability->findings;
  auto found = std::ranges::find(all, finding, &FindingStability::finding);
  return found == all.end() ? nullptr : &*found;
}

std::string stability_in_words(const FilmEntry& film, const std::string& finding) {
  const FindingStability* stability = stability_of(film, finding);
  return stability ? stability->text : "";
}

std::string stability_summary(const FilmEntry& film) {
  if (!film.stability || !film.analysis) return "";
  std::string names;
  int flips = 0;
  for (const Finding& finding : film.analysis->findings)
    if (const FindingStability* stability = stability_of(film, finding.id); stability && stability->flips) {
      names += text(flips == 0 ? "" : ", ", finding.name);
      ++flips;
    }
  const std::string changes = text(film.stability->changes, " small changes of the picture");
  if (flips == 0) return text("Stability: ", changes, " move no finding into another zone.");
  return text("Stability: ", changes, " move ", flips, flips == 1 ? " finding" : " findings", " into another zone: ", names, ".");
}

}  // namespace chestlight::viewer
