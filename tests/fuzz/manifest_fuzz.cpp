// Any bytes give a manifest that keeps its promises, or an error with a message and a hint.
#include <cmath>
#include <cstdlib>

#include "findings/manifest.h"
#include "findings/zone.h"

namespace chestlight {
namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

bool is_share(double value) { return value >= 0 && value <= 1; }

/// Every figure that is worked out from an evaluation is one.
void check(const ScoreEvaluation& evaluation) {
  require(evaluation.positives > 0 && evaluation.negatives > 0);
  for (double logit : {-1e9, evaluation.with.front(), 0.0, evaluation.without.back(), 1e9}) {
    for (const Proportion& share : {sensitivity(evaluation, logit), specificity(evaluation, logit)})
      require(is_share(share.value) && is_share(share.interval[0]) && share.interval[0] <= share.interval[1]);
    const double ratio = likelihood_ratio(evaluation, logit);
    require(std::isfinite(ratio) && ratio > 0);
    const AtPrevalence at = at_prevalence(evaluation, logit, 0.1);
    require(is_share(at.positive.value) && is_share(at.negative.value) && at.rightly <= at.called && at.called <= 100.001);
  }
  for (const CurvePoint& point : roc_curve(evaluation)) require(is_share(point.sensitivity) && is_share(point.false_positives));
}

void parse(Bytes bytes) {
  auto manifest = parse_manifest(as_text(bytes));
  if (!manifest) {
    require(!manifest.error().message.empty() && !manifest.error().hint.empty());
    return;
  }
  require(!manifest->labels.empty());
  require(manifest->find_file("weights.safetensors") != nullptr);
  require(manifest->default_operating_point < manifest->operating_points.size());
  require(manifest->input.mean.size() == static_cast<std::size_t>(manifest->input.channels));
  for (float deviation : manifest->input.std_dev) require(std::isfinite(deviation) && deviation > 0);
  for (const OperatingPoint& point : manifest->operating_points) {
    require(point.thresholds.size() == manifest->labels.size());
    for (Calibrated threshold : point.thresholds) require(threshold.value > 0 && threshold.value < 1);
  }
  for (const Label& label : manifest->labels) {
    if (label.evaluation) check(*label.evaluation);
    for (float logit : {-1e6f, -3.0f, 0.0f, 1e6f}) {
      const Reading reading = read_score({logit}, label.calibration, label.trained, label.evaluation);
      require(reading.reason.empty() == (reading.zone != Zone::kNotAssessed));
      require(reading.rule_out.has_value() == reading.reason.empty());
      if (reading.rule_out) require(reading.rule_out->value <= reading.rule_in->value);
    }
  }
  if (const auto& any = manifest->feature_heads.any_finding; any && any->evaluation) check(*any->evaluation);
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chestlight::parse({data, size});
  return 0;
}
