#include "engine/trust_job.h"

#include "engine/explanation_json.h"

namespace chestlight {
namespace {

Procedure<TrustResult> explain_and_check(Network& network, const Model& model, FilmQuestion asked, const Method& method) {
  Explanation explanation = co_await explain_film(network, model, std::move(asked), method);
  TrustResult result{std::move(explanation), {}};
  if (!result.explanation.analysed) co_return result;
  const float cutoff = model.manifest().labels[result.explanation.asked.finding].cutoff;
  TrustReport report = co_await check_trust(network, result.explanation.asked.question, method, result.explanation.map, cutoff);
  result.report = std::move(report);
  co_return result;
}

}  // namespace

TrustJob::TrustJob(std::shared_ptr<const Model> model, FilmQuestion asked, const Method& method)
    : ProcedureJob(model, 1 + method.requests + trust_requests(method, model->has_weights())) {
  start(explain_and_check(network(), this->model(), std::move(asked), method));
}

JobResult TrustJob::result() const {
  JobResult result{trust_json(model(), value()), {}};
  if (value().explanation.analysed) result.tensors.push_back(value().explanation.map.values.values());
  return result;
}

Json trust_json(const Model& model, const TrustResult& result) {
  Json json = explanation_json(model, result.explanation);
  if (!result.explanation.analysed) return json;
  json["line"] = result.report.line;
  json["checks"] = Json::array();
  for (const TrustCheck& check : result.report.checks) {
    Json values = Json::object();
    for (const auto& [name, numbers] : check.values) values[name] = numbers;
    json["checks"].push_back({{"id", check.id},
                              {"name", check.name},
                              {"verdict", check.verdict},
                              {"text", check.text},
                              {"values", std::move(values)}});
  }
  return json;
}

}  // namespace chestlight
