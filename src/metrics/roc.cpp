#include "metrics/roc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "metrics/distributions.h"

namespace chestlight {
namespace {

/// Ranks from 1 in rising order; equal values share the mean of their ranks.
std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [values](int a, int b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

/// Of each film the share of the other class that it is on the right side of; ties count half.
struct Placements {
  std::vector<double> positives, negatives;

  double area() const { return std::accumulate(positives.begin(), positives.end(), 0.0) / static_cast<double>(positives.size()); }
};

Placements placements_of(const Sample& sample) {
  std::vector<double> of_class[2];
  for (int i = 0; i < sample.size(); ++i) of_class[sample.truth()[i]].push_back(sample.scores()[i]);
  const std::vector<double> all = mid_ranks(sample.scores());
  const std::vector<double> within[2] = {mid_ranks(of_class[0]), mid_ranks(of_class[1])};
  Placements placements;
  int next[2] = {0, 0};
  for (int i = 0; i < sample.size(); ++i) {
    const int truth = sample.truth()[i];
    const double others_below = all[i] - within[truth][next[truth]++];
    if (truth) placements.positives.push_back(others_below / sample.negatives());
    else placements.negatives.push_back(1 - others_below / sample.positives());
  }
  return placements;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double covariance(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / static_cast<double>(a.size() - 1);
}

/// DeLong's covariance of two areas. Each class has two films at least.
double area_covariance(const Placements& a, const Placements& b) {
  return covariance(a.positives, b.positives) / static_cast<double>(a.positives.size()) +
         covariance(a.negatives, b.negatives) / static_cast<double>(a.negatives.size());
}

/// The area at which |area − found| is `reach` of that area's own deviations, on the side of `limit` (0 or 1).
double score_limit(double found, double limit, double reach, int positives, int negatives) {
  double inside = found, outside = limit;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (inside + outside);
    const bool reached = std::abs(middle - found) <= reach * std::sqrt(area_variance(middle, positives, negatives));
    (reached ? inside : outside) = middle;
  }
  return inside;
}

Result<void> expect_two_of_each_class(const Sample& sample) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  if (sample.positives() > 1 && sample.negatives() > 1) return {};
  return Error{ErrorCode::kUnavailable, "With a single film of one class there is no telling how sure a difference is.",
               "Add films of that class."};
}

AreaDifference difference_of(double first, double second, double variance, double confidence) {
  // Sums of equal terms leave rounding where the variance is 0.
  if (variance < 1e-20) variance = 0;
  AreaDifference result{first, second, first - second, variance};
  const double deviation = std::sqrt(variance);
  const double reach = normal_reach(confidence) * deviation;
  result.interval = {result.difference - reach, result.difference + reach};
  if (variance > 0) {
    result.z = result.difference / deviation;
    result.p = two_sided_p(result.z);
  } else {
    result.p = std::abs(result.difference) < 1e-12 ? 1 : 0;
  }
  return result;
}

}  // namespace

Result<std::vector<RocPoint>> roc_curve(const Sample& sample) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  std::vector<RocPoint> curve = {{std::numeric_limits<double>::infinity(), 0, 0}};
  for (const Sample::Step& step : sample.steps())
    curve.push_back({step.score, static_cast<double>(step.false_positives) / sample.negatives(),
                     static_cast<double>(step.true_positives) / sample.positives()});
  return curve;
}

double area_variance(double area, int positives, int negatives) {
  const double both_positives_above = area / (2 - area);
  const double both_negatives_below = 2 * area * area / (1 + area);
  const double square = area * area;
  return (area * (1 - area) + (positives - 1) * (both_positives_above - square) +
          (negatives - 1) * (both_negatives_below - square)) /
         (static_cast<double>(positives) * negatives);
}

Result<Auroc> auroc(const Sample& sample, double confidence) {
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  const Placements placements = placements_of(sample);
  Auroc result{placements.area()};
  if (sample.positives() > 1 && sample.negatives() > 1) result.variance = area_covariance(placements, placements);
  const double reach = normal_reach(confidence);
  if (result.variance > 1e-20) {
    const double deviation = std::sqrt(result.variance);
    result.interval = {std::max(0.0, result.area - reach * deviation), std::min(1.0, result.area + reach * deviation)};
  } else {
    result.variance = 0;
    result.method = AreaInterval::kScore;
    result.interval = {score_limit(result.area, 0, reach, sample.positives(), sample.negatives()),
                       score_limit(result.area, 1, reach, sample.positives(), sample.negatives())};
  }
  return result;
}

Result<AreaDifference> compare_paired(const Sample& first, const Sample& second, double confidence) {
  CHESTLIGHT_CHECK(expect_two_of_each_class(first));
  if (!std::equal(first.truth().begin(), first.truth().end(), second.truth().begin(), second.truth().end()))
    return Error{ErrorCode::kInvalidRequest, "A paired test needs the same films in the same order.", ""};
  const Placements a = placements_of(first), b = placements_of(second);
  const double variance = area_covariance(a, a) + area_covariance(b, b) - 2 * area_covariance(a, b);
  return difference_of(a.area(), b.area(), variance, confidence);
}

Result<AreaDifference> compare_unpaired(const Sample& first, const Sample& second, double confidence) {
  CHESTLIGHT_CHECK(expect_two_of_each_class(first));
  CHESTLIGHT_CHECK(expect_two_of_each_class(second));
  const Placements a = placements_of(first), b = placements_of(second);
  return difference_of(a.area(), b.area(), area_covariance(a, a) + area_covariance(b, b), confidence);
}

}  // namespace chestlight
