#include "engine/analysis.h"

#include "anatomy/location.h"
#include "base/text.h"
#include "contract/analysis_json.h"
#include "engine/describe.h"
#include "findings/calibration.h"
#include "findings/statement.h"

namespace chestlight {
namespace {

Error unexpected_output(const std::string& what) {
  return Error{ErrorCode::kInferenceFailed, "The network's output is not what its graph promises: " + what + ".",
               "Try the other backend (?backend=wasm), and report this if it persists."};
}

}  // namespace

AnalyseJob::AnalyseJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request)
    : model_(std::move(model)), anyway_(request.anyway) {
  const InputSpec& spec = model_->manifest().input;
  PreparedInput prepared = prepare_input(film, request.correction, spec);
  const Film& seen = seen_film(prepared, film);
  sides_ = sides_of(seen);
  analysis_.operating_point = request.operating_point;
  analysis_.input = std::move(prepared.record);
  analysis_.reasons = check_film(seen, spec);
  if (!passes()) return;
  input_ = std::move(prepared.input.tensor);
  analysis_.view = {film.width(), film.height(), prepared.source_to_model, spec.width, spec.height};
  corrected_view_ = {seen.width(), seen.height(), prepared.input.geometry.source_to_model, spec.width, spec.height};
  analysis_.lungs = find_lungs(seen);
}

bool AnalyseJob::passes() {
  if (!refuses(analysis_.reasons)) return true;
  analysis_.overridden = anyway_ && may_be_overridden(analysis_.reasons);
  finished_ = !analysis_.overridden;
  return analysis_.overridden;
}

std::optional<InferenceRequest> AnalyseJob::next() {
  if (finished_) return std::nullopt;
  return model_->request(input_);
}

Result<void> AnalyseJob::accept(std::vector<InferenceTensor> outputs) {
  if (finished_) return Error{ErrorCode::kInvalidRequest, "The job is finished: it expects no more outputs.", ""};
  if (outputs.size() != 2) return unexpected_output(text("expected 2 tensors, found ", outputs.size()));

  const Manifest& manifest = model_->manifest();
  const Head& head = model_->head();
  const InferenceTensor &logits = outputs[0], &features = outputs[1];
  if (logits.values.size() != manifest.labels.size())
    return unexpected_output(text("expected ", manifest.labels.size(), " logits, found ", logits.values.size()));
  if (features.shape.size() != 4 || features.shape[0] != 1 || features.shape[1] != head.features)
    return unexpected_output(text("expected features of one film with ", head.features, " channels"));

  const Features film{features.values, head.features, static_cast<int>(features.shape[3]), static_cast<int>(features.shape[2])};
  CHESTLIGHT_TRY(analysis_.evidence, evidence_maps(film, head.weights, head.bias, logits.values));

  const std::vector<float> pooled = pooled_features(features.values, head.features);
  for (Reason& reason : check_features(manifest.feature_heads.reasons, pooled)) analysis_.reasons.push_back(std::move(reason));
  if (!passes()) return {};
  if (const auto& any = manifest.feature_heads.any_finding) analysis_.any_finding = any_finding_score(*any, pooled);

  const OperatingPoint& operating_point = manifest.operating_points[analysis_.operating_point];
  const EvidencePlaces places(corrected_view_, film.width, film.height, analysis_.lungs);
  for (std::size_t i = 0; i < manifest.labels.size(); ++i) {
    const Label& label = manifest.labels[i];
    FindingResult finding;
    finding.logit = {logits.values[i]};
    finding.probability = sigmoid(finding.logit);
    finding.calibrated = calibrate(finding.logit, label.calibration);
    finding.threshold = operating_point.thresholds[i];
    finding.state = finding_state(finding.calibrated, finding.threshold);
    finding.sentence = finding_sentence(label, finding.calibrated, finding.threshold, operating_point);
    finding.zero = manifest.evidence_zero(i);
    analysis_.findings.push_back(std::move(finding));

    const Grid<float> map = analysis_.map(i);
    analysis_.findings[i].where = location_words(places.locate(map.view()), map.width(), map.height(), sides_);
    analysis_.findings[i].regions = find_regions(map.view(), analysis_.view, label.cutoff);
  }
  analysis_.analysed = true;
  finished_ = true;
  input_ = {};
  return {};
}

JobProgress AnalyseJob::progress() const { return {finished_ ? 1 : 0, 1}; }

JobResult AnalyseJob::result() const { return {to_json(describe(*model_, analysis_)), {analysis_.evidence.contributions}}; }

}  // namespace chestlight
