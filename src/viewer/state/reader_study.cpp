// See reader_study.h.
#include "viewer/state/reader_study.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/counted.h"
#include "base/random.h"
#include "base/text.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::viewer {
namespace {

constexpr double kMillisecond = 0.001;

bool is_line_of_ratio(const Measurement& one) { return one.role != MeasurementRole::kNone; }

bool tells_of_model(const FilmEntry& film) {
  return film.analysis || film.beside || film.anatomy || film.anatomy_failure || film.stability ||
         !film.explanations.entries.empty() || std::ranges::any_of(film.measurements, is_line_of_ratio);
}

void hide(FilmEntry& film) {
  // A film with several frames is not looked at by the model before one is chosen.
  if (film.awaits_choice_of_frame() || !tells_of_model(film)) return;
  Withheld withheld;
  withheld.stage = film.stage;
  withheld.analysis = std::exchange(film.analysis, nullptr);
  withheld.beside = std::exchange(film.beside, nullptr);
  withheld.anatomy = std::exchange(film.anatomy, nullptr);
  withheld.anatomy_failure = std::exchange(film.anatomy_failure, std::nullopt);
  withheld.stability = std::exchange(film.stability, nullptr);
  withheld.explanations = std::exchange(film.explanations, {});
  for (const Measurement& one : film.measurements)
    if (is_line_of_ratio(one)) withheld.lines.push_back(one);
  std::erase_if(film.measurements, is_line_of_ratio);
  if (film.stage == FilmStage::kAnalysed || film.stage == FilmStage::kRefused) film.stage = FilmStage::kHidden;
  film.withheld = std::make_shared<Withheld>(std::move(withheld));
}

void show(FilmEntry& film) {
  if (!film.withheld) return;
  const std::shared_ptr<const Withheld> withheld = std::exchange(film.withheld, nullptr);
  const bool was_analysed = withheld->stage == FilmStage::kAnalysed || withheld->stage == FilmStage::kRefused;
  // Asked of the model in another way meanwhile, or read again: what was known is void.
  if (was_analysed && film.stage != FilmStage::kHidden) return;
  if (film.stage == FilmStage::kHidden) film.stage = withheld->stage;
  film.analysis = withheld->analysis;
  film.beside = withheld->beside;
  film.anatomy = withheld->anatomy;
  film.anatomy_failure = withheld->anatomy_failure;
  film.stability = withheld->stability;
  film.explanations = withheld->explanations;
  film.measurements.insert(film.measurements.end(), withheld->lines.begin(), withheld->lines.end());
}

/// Names of files tell what is on films ("effusion.jpg"): while a study runs, films go by their places.
void settle_name(FilmEntry& film, bool hidden, std::size_t place) {
  if (hidden && film.withheld_name.empty()) film.withheld_name = std::exchange(film.name, text("Film ", place));
  if (!hidden && !film.withheld_name.empty()) film.name = std::exchange(film.withheld_name, "");
}

int film_being_read(const ReaderStudy& study) { return study.at < study.films.size() ? study.films[study.at] : 0; }

StudyDraft& draft_of(ReaderStudy& study, const std::string& finding) {
  auto& film = study.drafts[film_being_read(study)][finding];
  return study.stage == StudyStage::kAided ? film.aided : film.unaided;
}

const StudyDraft* find_draft(const State& state, const std::string& finding) {
  if (!study_is_running(state)) return nullptr;
  const ReaderStudy& study = *state.study.running;
  const auto film = study.drafts.find(film_being_read(study));
  if (film == study.drafts.end()) return nullptr;
  const auto found = film->second.find(finding);
  if (found == film->second.end()) return nullptr;
  return study.stage == StudyStage::kAided ? &found->second.aided : &found->second.unaided;
}

bool is_chosen_for_study(const State& state, const std::string& finding) {
  return study_is_running(state) &&
         std::ranges::find(state.study.running->findings, finding) != state.study.running->findings.end();
}

std::optional<StudyAnswer> answer_of(const StudyDraft& draft) {
  if (!draft.present || !draft.confidence) return std::nullopt;
  return StudyAnswer{*draft.present, *draft.confidence};
}

/// The model has an answer for the film being read that can be shown.
bool model_can_be_shown(const State& state) {
  const FilmEntry* film = find_film(state, film_being_read(*state.study.running));
  return film && film->withheld && film->withheld->stage == FilmStage::kAnalysed && film->withheld->analysis;
}

void to_next_film(State& state, std::vector<Effect>& effects) {
  ReaderStudy& study = *state.study.running;
  study.stage = StudyStage::kUnaided;
  // A film that was taken away meanwhile is passed over.
  do ++study.at;
  while (study.at < study.films.size() && !find_film(state, study.films[study.at]));
  if (study.at >= study.films.size()) end_study(state, effects);
}

}  // namespace

std::vector<std::string> study_choices(const State& state) {
  std::vector<std::string> ids;
  for (const LabelInfo& label : state.model.labels) ids.push_back(label.id);
  return ids;
}

void choose_study_finding(State& state, const std::string& finding) {
  if (!find_label(state, finding)) return;
  auto& chosen = state.study.findings;
  if (std::erase(chosen, finding) == 0) chosen.push_back(finding);
}

bool can_start_study(const State& state) {
  return !study_is_running(state) && !state.study.findings.empty() &&
         std::ranges::any_of(state.films, [](const FilmEntry& film) { return film.decoded(); });
}

void start_study(State& state, int seed) {
  if (!can_start_study(state)) return;
  ReaderStudy study;
  study.findings = state.study.findings;
  study.with_model = state.study.with_model;
  study.reader = state.study.reader;
  study.seed = seed > 0 ? seed : 1 + static_cast<int>(std::fmod(state.now / kMillisecond, 1e9));
  for (const FilmEntry& film : state.films)
    if (film.decoded()) study.films.push_back(film.id);
  Random random(static_cast<std::uint64_t>(study.seed));
  for (std::size_t i = study.films.size(); i > 1; --i)  // Fisher and Yates
    std::swap(study.films[i - 1], study.films[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
  state.study.running = std::move(study);
  state.study.results.reset();
  state.popup = Popup::kNone;
  state.notice.clear();
  state.pinned.clear();
  state.hovered.clear();
  state.kept.clear();
  state.evaluation.opened.clear();
}

void end_study(State& state, std::vector<Effect>& effects) {
  if (!study_is_running(state)) return;
  state.study.running->stage = StudyStage::kDone;
  state.popup = Popup::kStudy;
  evaluate_study(state, effects);
}

bool study_is_running(const State& state) { return state.study.running && state.study.running->stage != StudyStage::kDone; }

bool has_study(const State& state) { return state.study.running && state.study.running->stage == StudyStage::kDone; }

std::optional<bool> study_verdict(const State& state, const std::string& finding) {
  const StudyDraft* draft = find_draft(state, finding);
  return draft ? draft->present : std::nullopt;
}

std::optional<double> study_confidence(const State& state, const std::string& finding) {
  const StudyDraft* draft = find_draft(state, finding);
  return draft ? draft->confidence : std::nullopt;
}

void give_study_verdict(State& state, const std::string& finding, bool present) {
  if (is_chosen_for_study(state, finding)) draft_of(*state.study.running, finding).present = present;
}

void give_study_confidence(State& state, const std::string& finding, double confidence) {
  if (is_chosen_for_study(state, finding) && confidence >= 0 && confidence <= 100)
    draft_of(*state.study.running, finding).confidence = confidence;
}

bool study_film_is_read(const State& state) {
  return study_is_running(state) && std::ranges::all_of(state.study.running->findings, [&](const std::string& finding) {
           return study_verdict(state, finding) && study_confidence(state, finding);
         });
}

void study_next(State& state, std::vector<Effect>& effects) {
  if (!study_film_is_read(state)) return;
  ReaderStudy& study = *state.study.running;
  const FilmEntry* film = find_film(state, film_being_read(study));
  if (study.stage == StudyStage::kUnaided && study.with_model && film) {
    const bool at_work = film->stage == FilmStage::kWaiting || film->stage == FilmStage::kAnalysing;
    if (at_work && state.engine != EnginePhase::kFailed) {
      state.notice = "The model is still at work on this film.";
      return;
    }
    if (model_can_be_shown(state)) {
      for (auto& [finding, both] : study.drafts[film->id]) both.aided = both.unaided;  // to be changed, or left
      study.stage = StudyStage::kAided;
      return;
    }
  }
  to_next_film(state, effects);
}

void settle_hidden_films(State& state) {
  const bool running = study_is_running(state);
  const int shown = running && state.study.running->stage == StudyStage::kAided ? film_being_read(*state.study.running) : 0;
  std::size_t place = 0;
  for (FilmEntry& film : state.films) {
    if (running && film.id != shown) hide(film);
    else show(film);
    settle_name(film, running, ++place);
  }
  if (!running) return;
  if (find_film(state, film_being_read(*state.study.running))) state.selected = film_being_read(*state.study.running);
  if (shown == 0) state.pinned.clear(), state.hovered.clear();
  state.kept.clear();
  end_comparison(state);
  if (state.popup == Popup::kEvaluation || state.popup == Popup::kExport) state.popup = Popup::kNone;
  if (state.evaluation.results) state.evaluation.results.reset(), state.evaluation.stale = true;
}

void show_hidden_films(State& state) {
  for (FilmEntry& film : state.films) show(film);
}

StudyRecord study_record(const State& state) {
  const ReaderStudy& study = *state.study.running;
  StudyRecord record{study.reader, study.seed, study.with_model, study.films};
  for (int film : study.films) {
    const auto drafts = study.drafts.find(film);
    if (drafts == study.drafts.end()) continue;
    for (const std::string& finding : study.findings) {
      const auto said = drafts->second.find(finding);
      if (said == drafts->second.end()) continue;
      const StudyReading reading{film, finding, answer_of(said->second.unaided), answer_of(said->second.aided)};
      if (reading.unaided || reading.aided) record.readings.push_back(reading);
    }
  }
  return record;
}

void evaluate_study(const State& state, std::vector<Effect>& effects) {
  if (has_study(state)) effects.push_back(EvaluateStudy{study_record(state)});
}

std::string study_in_words(const State& state) {
  if (!state.study.running) return "";
  const ReaderStudy& study = *state.study.running;
  if (study.stage == StudyStage::kDone) {
    std::size_t read = 0;
    for (const auto& [film, drafts] : study.drafts)
      read += std::ranges::any_of(drafts, [](const auto& one) { return answer_of(one.second.unaided).has_value(); });
    return text(read, " of ", counted(static_cast<int>(study.films.size()), "film", "films"), " read by ", study.reader,
                ", in the order of seed ", study.seed, ".");
  }
  return text("Film ", study.at + 1, " of ", study.films.size(),
              study.stage == StudyStage::kAided ? ", with the model" : ", without the model");
}

std::string study_next_in_words(const State& state) {
  if (!study_is_running(state)) return "";
  const ReaderStudy& study = *state.study.running;
  if (study.stage == StudyStage::kUnaided && study.with_model) return "Show the model";
  return study.at + 1 < study.films.size() ? "Next film" : "End the study";
}

}  // namespace chestlight::viewer
