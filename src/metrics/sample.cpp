#include "metrics/sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"

namespace chestlight {

double linear_quantile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

Result<Sample> Sample::make(std::vector<double> scores, std::vector<std::uint8_t> truth) {
  if (scores.size() != truth.size())
    return Error{ErrorCode::kInvalidRequest, text("There are ", scores.size(), " scores for ", truth.size(), " labels."), ""};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!std::isfinite(scores[i])) return Error{ErrorCode::kInvalidRequest, text("Score ", i, " is not a finite number."), ""};
    if (truth[i] > 1) return Error{ErrorCode::kInvalidRequest, text("Label ", i, " is neither 0 nor 1."), ""};
  }
  Sample sample;
  sample.scores_ = std::move(scores);
  sample.truth_ = std::move(truth);
  sample.positives_ = std::accumulate(sample.truth_.begin(), sample.truth_.end(), 0);
  return sample;
}

Result<void> Sample::expect_both_classes() const {
  if (positives() > 0 && negatives() > 0) return {};
  if (size() == 0) return Error{ErrorCode::kUnavailable, "No film has a label and a score.", "Add films with labels."};
  const bool none = positives() == 0;
  return Error{ErrorCode::kUnavailable,
               text(none ? "None" : "Each", " of the ", size(), " films has the finding, so there is nothing to tell apart."),
               text("Add films ", none ? "with" : "without", " the finding.")};
}

std::vector<int> Sample::by_falling_score() const {
  std::vector<int> order(scores_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [this](int a, int b) { return scores_[a] != scores_[b] ? scores_[a] > scores_[b] : a < b; });
  return order;
}

std::vector<Sample::Step> Sample::steps() const {
  std::vector<Step> steps;
  int true_positives = 0, false_positives = 0;
  for (int film : by_falling_score()) {
    ++(truth_[film] ? true_positives : false_positives);
    if (steps.empty() || steps.back().score != scores_[film]) steps.push_back({scores_[film]});
    steps.back().true_positives = true_positives;
    steps.back().false_positives = false_positives;
  }
  return steps;
}

}  // namespace chestlight
