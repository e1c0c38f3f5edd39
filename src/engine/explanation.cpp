#include "engine/explanation.h"

#include "base/text.h"
#include "contract/explanation_json.h"
#include "engine/describe.h"
#include "findings/statement.h"

namespace chestlight {
namespace {

std::vector<std::string> notes_of(const Manifest& manifest, const Explanation& explanation) {
  std::vector<std::string> notes;
  const Standing& standing = explanation.standing;
  const std::string& name = manifest.labels[explanation.asked.finding].name;
  if (standing.state != FindingState::kAbove)
    notes.push_back(text(name, " is ", standing.state == FindingState::kBelow ? "below its threshold" : "borderline", " (",
                         score_figure(standing.calibrated), " against ", score_figure(standing.threshold),
                         "): this map shows what little speaks for it, not that it is there."));
  if (explanation.regions.boxes.empty())
    notes.push_back("No part of the film speaks for this finding: there is no region to show.");
  return notes;
}

}  // namespace

Procedure<Explanation> explain_film(Network& network, const Model& model, FilmRequest request, const Method& method) {
  FilmRequest asked = co_await look_at_film(network, model, std::move(request));
  Explanation explanation{std::move(asked), &method};
  explanation.analysed = explanation.asked.passes();
  if (!explanation.analysed) co_return explanation;
  explanation.standing = standing_of(model, explanation.asked);

  ExplanationMap map = co_await method.map(network, explanation.asked.question);
  explanation.map = std::move(map);
  const auto values = explanation.map.values.view();
  const Manifest& manifest = model.manifest();
  explanation.regions = find_regions(values, explanation.asked.view, manifest.labels[explanation.asked.finding].cutoff);
  const FilmRequest& about = explanation.asked;
  const EvidencePlaces places =
      places_of(about.view, about.corrected_view, about.lungs, about.anatomy.get(), values.width, values.height);
  explanation.sentence = location_words(places.locate(values), main_region(places, values, explanation.regions), values.width,
                                        values.height, explanation.asked.sides);
  explanation.notes = notes_of(manifest, explanation);
  co_return explanation;
}

std::string why_unavailable(const Method& method, const Model& model) {
  if (model.head().features == 0 && method.id != std::string_view("occlusion") && method.id != std::string_view("rise"))
    return text(method.name, " needs the features behind the scores, and this model's graph gives scores alone.");
  if (!method.needs_reverse || model.architecture().has_weights()) return "";
  return text(method.name, " needs gradients, and this model is a finished ONNX graph without weights.");
}

ExplainJob::ExplainJob(std::shared_ptr<const Model> model, FilmRequest asked, const Method& method)
    : ProcedureJob(std::move(model), 1 + method.requests) {
  start(explain_film(network(), this->model(), std::move(asked), method));
}

JobResult ExplainJob::result() const {
  JobResult result{to_json(describe(model(), value())), {}};
  if (!value().analysed) return result;
  result.tensors.push_back(value().map.values.values());
  if (!value().map.spread.empty()) result.tensors.push_back(value().map.spread.values());
  return result;
}

}  // namespace chestlight
