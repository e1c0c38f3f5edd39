#include "engine/trust_job.h"

#include "contract/explanation_json.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

Procedure<TrustResult> explain_and_check(Network& network, const Model& model, FilmRequest asked, const Method& method) {
  Explanation explanation = co_await explain_film(network, model, std::move(asked), method);
  TrustResult result{std::move(explanation), {}};
  if (!result.explanation.analysed) co_return result;
  const float cutoff = model.manifest().labels[result.explanation.asked.finding].cutoff;
  TrustReport report = co_await check_trust(network, result.explanation.asked.question, method, result.explanation.map, cutoff);
  result.report = std::move(report);
  co_return result;
}

}  // namespace

TrustJob::TrustJob(std::shared_ptr<const Model> model, FilmRequest asked, const Method& method)
    : ProcedureJob(model, 1 + method.requests + trust_requests(method, model->architecture().has_weights())) {
  start(explain_and_check(network(), this->model(), std::move(asked), method));
}

JobResult TrustJob::result() const {
  JobResult result{to_json(describe(model(), value().explanation)), {}};
  if (value().explanation.analysed) result.value.update(to_json(value().report));
  if (value().explanation.analysed) result.tensors.push_back(value().explanation.map.values.values());
  return result;
}

}  // namespace chestlight
