// Lungs and heart of the case's films: see case_runner.h. They are looked for once the findings of a film are known, when nothing
// else waits for the network, and once for each correction; words of places follow them when they come.
#include <cmath>

#include "base/text.h"
#include "contract/correction.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

double length_of(const contract::WidthLine& line) { return std::hypot(line.to[0] - line.from[0], line.to[1] - line.from[1]); }

/// As it is told of a film that the model of findings refused: how it lies, and nothing measured.
contract::AnatomyReport of_refused(contract::AnatomyReport whole) {
  if (!whole.found) return whole;
  contract::AnatomyReport report{false};
  report.reason_id = "not-analysed";
  report.reason = "The film was not analysed.";
  report.chest_probability = whole.chest_probability;
  report.pose = whole.pose;
  report.model = whole.model;
  report.notice = whole.notice;
  return report;
}

}  // namespace

void CaseRunner::receive(const contract::AnatomyNotLoaded& message) {
  anatomy_ = AnatomyStage::kFailed;
  anatomy_failure_ = message.error;
  fail_all([](const Task& task) { return std::holds_alternative<contract::FindAnatomy>(task.asked); }, message.error);
}

/// Both lines or none: a ratio takes two.
void CaseRunner::receive(const contract::MoveWidthLines& message) {
  CaseFilm* film = films_.find(message.id);
  auto known = anatomies_.find(message.id);
  if (!film || !film->record || !film->record->anatomy) return;
  std::optional<contract::MovedLines> moved;
  if (message.heart && message.chest && length_of(*message.chest) > 0)
    moved = contract::MovedLines{length_of(*message.heart) / length_of(*message.chest), *message.heart, *message.chest};
  if (known != anatomies_.end()) known->second.moved = moved;
  film->record->moved_lines = moved;
  film->record->cardiothoracic_ratio = moved ? moved->cardiothoracic_ratio : film->record->anatomy->cardiothoracic_ratio;
  keep(*film);
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

void CaseRunner::record_anatomy(CaseFilm& film, const KnownAnatomy& known) const {
  contract::FilmRecord& record = *film.record;
  const bool analysed = !record.findings.empty();
  record.anatomy = analysed ? known.report : of_refused(known.report);
  record.moved_lines = analysed ? known.moved : std::nullopt;
  record.cardiothoracic_ratio =
      record.moved_lines ? record.moved_lines->cardiothoracic_ratio : record.anatomy->cardiothoracic_ratio;
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
              film.id, KnownAnatomy{seen_as(film, asked.correction.value_or(contract::Correction{})), anatomy, job->report(), {}})
          .first->second;
  contract::AnatomyArrived arrived{film.id, asked.correction, known.report};
  auto told = told_.extract(film.id);
  if (film.record) {
    record_anatomy(film, known);
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
