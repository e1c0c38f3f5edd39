#include "metrics/precision_recall.h"

namespace chestlight {

Result<std::vector<PrecisionRecallPoint>> precision_recall_curve(const Sample& sample) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  std::vector<PrecisionRecallPoint> curve;
  for (const Sample::Step& step : sample.steps())
    curve.push_back({step.score, static_cast<double>(step.true_positives) / sample.positives(),
                     static_cast<double>(step.true_positives) / (step.true_positives + step.false_positives)});
  return curve;
}

Result<double> average_precision(const Sample& sample) {
  CHESTLIGHT_TRY(const std::vector<PrecisionRecallPoint> curve, precision_recall_curve(sample));
  double sum = 0, recall = 0;
  for (const PrecisionRecallPoint& point : curve) {
    sum += (point.recall - recall) * point.precision;
    recall = point.recall;
  }
  return sum;
}

}  // namespace chestlight
