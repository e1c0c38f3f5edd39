#include "engine/stability_job.h"

#include <algorithm>
#include <utility>

#include "contract/analysis_json.h"
#include "engine/describe.h"
#include "findings/calibration.h"
#include "findings/stability.h"

namespace chestlight {
namespace {

ZonedScore zoned_score(const Label& label, const std::optional<LocalZones>& zones, float logit) {
  return {calibrate({logit}, label.calibration),
          read_score({logit}, label.calibration, label.trained, label.evaluation, zones).zone};
}

/// `films`: of small_changes(), in their order.
Procedure<Result<contract::ScoreStability>> scores_of_changes(Network& network, const Model& model, FilmRequest request,
                                                              std::vector<std::vector<float>> films) {
  FilmRequest asked = co_await look_at_film(network, model, std::move(request));
  if (!asked.passes())
    co_return Error{ErrorCode::kUnavailable,
                    "The film was not analysed, so there are no scores whose stability could be checked.", "Analyse it first."};
  const std::vector<Label>& labels = model.manifest().labels;
  const auto zoned = [&](std::size_t i, float logit) { return zoned_score(labels[i], asked.operating_point.zones_of(i), logit); };
  std::vector<std::vector<ZonedScore>> scores(labels.size());  // of each finding, in the order of the films
  for (std::size_t begin = 0; begin < films.size(); begin += kBatchFilms) {
    const std::size_t end = std::min(films.size(), begin + kBatchFilms);
    std::vector<float> batch_films;
    for (std::size_t i = begin; i < end; ++i) batch_films.insert(batch_films.end(), films[i].begin(), films[i].end());
    NetworkBatch batch = asked.question.ask(std::move(batch_films), {"logits"});
    const NetworkAnswer answer = co_await network.run(std::move(batch));
    const NetworkTensor& logits = answer.at("logits");
    for (int film = 0; film < logits.count; ++film)
      for (std::size_t i = 0; i < labels.size(); ++i) scores[i].push_back(zoned(i, logits.film(film)[i]));
  }
  contract::ScoreStability stability{static_cast<int>(films.size()), model_id(model)};
  for (std::size_t i = 0; i < labels.size(); ++i)
    stability.findings.push_back(finding_stability(labels[i].id, zoned(i, asked.question.logits[i]), scores[i]));
  co_return std::move(stability);
}

std::vector<std::vector<float>> changed_films(const Film& film, const Correction& correction, const InputSpec& spec) {
  const Film corrected = correction.any() ? correct_film(film, correction) : Film{};
  const Film& seen = correction.any() ? corrected : film;
  std::vector<std::vector<float>> films;
  for (const SmallChange& one : small_changes()) films.push_back(preprocess(seen, spec, one.change).tensor);
  return films;
}

}  // namespace

StabilityJob::StabilityJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request)
    : ProcedureJob(std::move(model), 1 + requests_for(static_cast<int>(small_changes().size()))) {
  FilmRequest asked = request_of(this->model(), film, request);
  std::vector<std::vector<float>> films;
  if (asked.passes()) films = changed_films(film, request.correction, this->model().manifest().input);
  start(scores_of_changes(network(), this->model(), std::move(asked), std::move(films)));
}

JobResult StabilityJob::result() const { return {to_json(value().value()), {}}; }

}  // namespace chestlight
