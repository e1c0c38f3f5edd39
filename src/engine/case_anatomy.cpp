// Lungs and heart of the case's films: see case_runner.h. They are looked for once the findings of a film are known, when nothing
// else waits for the network, and once for each correction; words of places follow them when they come.
#include "base/text.h"
#include "contract/correction.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

/// As it is told of a film that the model of findings refused: how it lies, and nothing measured.
contract::AnatomyReport of_refused(contract::AnatomyReport whole) {
  if (!whole.found) return whole;
  contract::AnatomyReport report{false};
  report.reason_id = "not-analysed";
  report.reason = "The film was not analysed.";
  report.chest_probability = whole.chest_probability;
  report.pose = whole.pose;
  report.model = whole.model;
  report.app = whole.app;
  report.notice = whole.notice;
  return report;
}

}  // namespace

void CaseRunner::receive(const contract::AnatomyNotLoaded& message) {
  anatomy_ = AnatomyStage::kFailed;
  anatomy_failure_ = message.error;
  fail_all([](const Task& task) { return std::holds_alternative<contract::FindAnatomy>(task.asked); }, message.error);
}

std::string CaseRunner::seen_as(const CaseFilm& film, const contract::Correction& correction) {
  return text(film.frame, " ", film.frame_chosen, " ", write_json(to_json(correction)));
}

const CaseRunner::KnownAnatomy* CaseRunner::known_anatomy(const CaseFilm& film, const contract::Correction& correction) const {
  auto found = anatomies_.find(film.id);
  return found == anatomies_.end() || found->second.seen_as != seen_as(film, correction) ? nullptr : &found->second;
}

void CaseRunner::forget_anatomy(int film) {
  anatomies_.erase(film);
  told_.erase(film);
}

void CaseRunner::record_anatomy(contract::FilmRecord& record, const KnownAnatomy& known) {
  record.anatomy = record.findings.empty() ? of_refused(known.report) : known.report;
  record.cardiothoracic_ratio = record.anatomy->cardiothoracic_ratio;
}

void CaseRunner::follow_with_anatomy(const CaseFilm& film, const contract::Correction& correction, const AnalyseJob& job) {
  if (anatomy_ == AnatomyStage::kAbsent) return;
  const std::optional<contract::Correction> asked = correction.any() ? std::optional(correction) : std::nullopt;
  if (known_anatomy(film, correction)) {  // the words have it already
    post(contract::AnatomyArrived{film.id, asked, *film.record->anatomy});
    return;
  }
  anatomies_.erase(film.id);
  if (anatomy_ == AnatomyStage::kFailed) return post(contract::AnatomyFailed{film.id, anatomy_failure_});
  if (job.analysis().analysed) {
    auto model = engine_.model();
    if (model) told_.insert_or_assign(film.id, ToldAnalysis{*model, job.analysis()});
  }
  enqueue(contract::FindAnatomy{film.id, asked});
}

void CaseRunner::look_for_missing_anatomy(const CaseFilm& film) {
  if (anatomy_ == AnatomyStage::kAbsent || !film.record || film.record->anatomy || !film.record->input) return;
  if (anatomy_ == AnatomyStage::kFailed) return post(contract::AnatomyFailed{film.id, anatomy_failure_});
  const contract::Correction correction = film.record->input->correction();
  enqueue(contract::FindAnatomy{film.id, correction.any() ? std::optional(correction) : std::nullopt});
}

Result<void> CaseRunner::tell_anatomy(const Running& running) {
  CHESTLIGHT_TRY(AnatomyJob * job, engine_.anatomy_job(running.job));
  const auto& asked = std::get<contract::FindAnatomy>(running.task.asked);
  CaseFilm& film = *films_.find(asked.id);
  auto anatomy = std::make_shared<Anatomy>(job->anatomy());
  for (Grid<float>* mask : {&anatomy->evidence.lung_on_left, &anatomy->evidence.lung_on_right, &anatomy->evidence.heart})
    *mask = {};
  const KnownAnatomy& known =
      anatomies_
          .insert_or_assign(
              film.id, KnownAnatomy{seen_as(film, asked.correction.value_or(contract::Correction{})), anatomy, job->report()})
          .first->second;
  contract::AnatomyArrived arrived{film.id, asked.correction, known.report};
  auto told = told_.extract(film.id);
  if (film.record) {
    record_anatomy(*film.record, known);
    arrived.anatomy = *film.record->anatomy;
  }
  if (told && film.record) {
    place_findings(told.mapped().analysis, anatomy.get());
    const contract::Analysis described = describe(*told.mapped().model, told.mapped().analysis);
    for (const contract::Finding& finding : described.findings)
      arrived.places.push_back(
          {finding.id, finding.where, finding.place, finding.evidence, finding.evidence_text, finding.possible_shortcut});
    arrived.summary = described.summary.sentence;
    film.record->summary = arrived.summary;
    for (std::size_t i = 0; i < film.record->findings.size() && i < arrived.places.size(); ++i) {
      contract::FindingRecord& record = film.record->findings[i];
      const contract::FindingPlace& place = arrived.places[i];
      record.place = place.place, record.evidence = place.evidence, record.possible_shortcut = place.possible_shortcut;
    }
  }
  keep(film);
  post(std::move(arrived));
  return {};
}

}  // namespace chestlight
