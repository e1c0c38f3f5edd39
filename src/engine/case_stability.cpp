// How far small changes of the picture move the scores of the case's films: see case_runner.h. It is checked when a reader asks,
// and known then for the pixels, the correction and the network it was checked with; an analysis of the same says it again.
#include "contract/messages_json.h"
#include "engine/case_runner.h"

namespace chestlight {
namespace {

bool checks_stability_of(const Task& task, int film) {
  return std::holds_alternative<contract::CheckStability>(task.asked) && film_of(task.asked) == film;
}

}  // namespace

const contract::ScoreStability* CaseRunner::known_stability(int film, const std::string& about) const {
  auto found = stabilities_.find(film);
  return found == stabilities_.end() || about.empty() || found->second.about != about ? nullptr : &found->second.stability;
}

void CaseRunner::record_stability(contract::FilmRecord& record, const contract::ScoreStability& stability) {
  for (const contract::FindingStability& one : stability.findings)
    for (contract::FindingRecord& finding : record.findings)
      if (finding.id == one.finding) {
        finding.calibrated_low = one.low;
        finding.calibrated_high = one.high;
        finding.zone_flips = one.flips;
        finding.stability = one.text;
      }
}

bool CaseRunner::tell_known_stability(const contract::CheckStability& asked) {
  const contract::Correction correction = asked.correction.value_or(contract::Correction{});
  const auto* known = known_stability(asked.id, about(*films_.find(asked.id), correction));
  if (known) post(contract::StabilityArrived{asked.id, asked.correction, *known});
  return known != nullptr;
}

bool CaseRunner::end_stability_checks(int film) {
  const std::vector<Task> waiting = queue_.take_all([film](const Task& task) { return checks_stability_of(task, film); });
  for (const Task& task : waiting) forget(task.key());
  const std::size_t before = running_.size();
  end_running([film](const Running& running) { return checks_stability_of(running.task, film); }, {});
  return !waiting.empty() || running_.size() < before;
}

Result<void> CaseRunner::tell_stability(const Running& running) {
  CHESTLIGHT_TRY(StabilityJob * job, engine_.stability_job(running.job));
  if (!job->value()) return job->value().error();
  const contract::ScoreStability& stability = job->value().value();
  const auto& asked = std::get<contract::CheckStability>(running.task.asked);
  CaseFilm& film = *films_.find(asked.id);
  if (!running.about.empty()) stabilities_.insert_or_assign(film.id, KnownStability{running.about, stability});
  const bool is_of_record = film.record && film.record->input && film.record->model &&
                            film.record->model->sha256 == stability.model.sha256 &&
                            film.record->input->correction() == asked.correction.value_or(contract::Correction{});
  if (is_of_record) {
    record_stability(*film.record, stability);
    keep(film);
  }
  post(contract::StabilityArrived{asked.id, asked.correction, stability});
  return {};
}

}  // namespace chestlight
