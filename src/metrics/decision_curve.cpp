#include "metrics/decision_curve.h"

#include "metrics/rates.h"

namespace chestlight {

Result<std::vector<DecisionPoint>> decision_curve(const Sample& sample, std::span<const double> thresholds) {
  if (sample.size() == 0) return Error{ErrorCode::kUnavailable, "No film has a label and a score.", "Add films with labels."};
  std::vector<DecisionPoint> curve;
  const double films = sample.size();
  for (double threshold : thresholds) {
    if (!(threshold > 0 && threshold < 1))
      return Error{ErrorCode::kInvalidRequest, "A threshold of a decision curve must lie between 0 and 1.", ""};
    const Confusion counts = confusion_at(sample, threshold);
    const double odds = threshold / (1 - threshold);
    curve.push_back({threshold, (counts.true_positives - counts.false_positives * odds) / films,
                     (sample.positives() - sample.negatives() * odds) / films});
  }
  return curve;
}

}  // namespace chestlight
