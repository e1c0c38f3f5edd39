#include "metrics/thresholds.h"

#include <cmath>
#include <limits>

namespace chestlight {
namespace {

Result<void> expect_share(double target, bool allowed) {
  if (allowed) return {};
  return Error{ErrorCode::kInvalidRequest, "A target must be a share between 0 and 1.",
               std::isfinite(target) ? "" : "It is no number."};
}

/// Counts are compared with target × whole; a rounding error of that product must not cost a film.
bool reaches(int count, double target, int whole) { return count >= target * whole - 1e-9 * whole; }

}  // namespace

Result<double> threshold_by_sensitivity(const Sample& sample, double target) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  CHESTLIGHT_CHECK(expect_share(target, target > 0 && target <= 1));
  const std::vector<Sample::Step> steps = sample.steps();
  for (const Sample::Step& step : steps)
    if (reaches(step.true_positives, target, sample.positives())) return step.score;
  return steps.back().score;
}

Result<double> threshold_by_specificity(const Sample& sample, double target) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  CHESTLIGHT_CHECK(expect_share(target, target >= 0 && target < 1));
  const std::vector<Sample::Step> steps = sample.steps();
  for (std::size_t i = steps.size(); i-- > 0;)
    if (reaches(sample.negatives() - steps[i].false_positives, target, sample.negatives())) return steps[i].score;
  return Error{ErrorCode::kUnavailable,
               "The highest scores belong to films without the finding, so no threshold is that specific.",
               "Ask for a lower specificity, or add films."};
}

Result<double> threshold_by_youden(const Sample& sample) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  double best = -std::numeric_limits<double>::infinity(), threshold = 0;
  for (const Sample::Step& step : sample.steps()) {
    const double youden = static_cast<double>(step.true_positives) / sample.positives() -
                          static_cast<double>(step.false_positives) / sample.negatives();
    if (youden > best + 1e-12) {
      best = youden;
      threshold = step.score;
    }
  }
  return threshold;
}

Result<double> threshold_by_cost(const Sample& sample, double false_positive_cost, double miss_cost) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  if (!(false_positive_cost >= 0 && miss_cost >= 0 && std::isfinite(false_positive_cost + miss_cost)))
    return Error{ErrorCode::kInvalidRequest, "Costs must be numbers of 0 or more.", ""};
  double least = miss_cost * sample.positives(), threshold = std::numeric_limits<double>::infinity();
  for (const Sample::Step& step : sample.steps()) {
    const double cost = false_positive_cost * step.false_positives + miss_cost * (sample.positives() - step.true_positives);
    if (cost < least - 1e-12 * least) {
      least = cost;
      threshold = step.score;
    }
  }
  return threshold;
}

Result<double> threshold_by_cost(const Sample& sample, const contract::CallCosts& costs) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  if (!(costs.prevalence >= 0 && costs.prevalence < 1))
    return Error{ErrorCode::kInvalidRequest, "A prevalence must be a share from 0 to less than 1.", ""};
  const double here = static_cast<double>(sample.positives()) / sample.size();
  const double there = costs.prevalence > 0 ? costs.prevalence : here;
  return threshold_by_cost(sample, (1 - there) / (1 - here), costs.miss * there / here);
}

}  // namespace chestlight
