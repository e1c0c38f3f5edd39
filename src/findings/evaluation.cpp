#include "findings/evaluation.h"

#include <algorithm>
#include <cmath>

namespace chestlight {

namespace {

constexpr double kNormal975 = 1.959963984540054;  // quantile of the normal distribution: 95 % lie within ± this
constexpr double kNeighbours = 0.1;               // share of films to either side that count as "about as high"
constexpr double kLeast = 0.5 / kKnots;           // of films beyond the first or last knot

double share_at(std::size_t knot) { return (static_cast<double>(knot) + 0.5) / kKnots; }

/// The logit that `share` of the films lies below, where both groups weigh the same.
double pooled_quantile(const ScoreEvaluation& e, double share) {
  double low = std::min(e.with.front(), e.without.front()), high = std::max(e.with.back(), e.without.back());
  auto pooled = [&](double logit) { return (share_below(e.with, logit) + share_below(e.without, logit)) / 2; };
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (pooled(middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

double predictive(double true_calls, double false_calls) {
  const double calls = true_calls + false_calls;
  return calls > 0 ? true_calls / calls : 0;
}

}  // namespace

double share_below(std::span<const double> knots, double logit) {
  const auto at = static_cast<std::size_t>(std::lower_bound(knots.begin(), knots.end(), logit) - knots.begin());
  if (at == 0) return kLeast;
  if (at == knots.size()) return 1 - kLeast;
  if (knots[at] == logit) return share_at(at);
  const double part = (logit - knots[at - 1]) / (knots[at] - knots[at - 1]);
  return share_at(at - 1) + part / kKnots;
}

double quantile(std::span<const double> knots, double share) {
  const double at = std::clamp(share * kKnots - 0.5, 0.0, static_cast<double>(kKnots - 1));
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= knots.size()) return knots.back();
  return knots[below] + (at - static_cast<double>(below)) * (knots[below + 1] - knots[below]);
}

Bounds wilson(double share, int count) {
  const double n = count, z2 = kNormal975 * kNormal975;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal975 / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

Proportion sensitivity(const ScoreEvaluation& e, double logit) {
  const double share = 1 - share_below(e.with, logit);
  return {share, wilson(share, e.positives)};
}

Proportion specificity(const ScoreEvaluation& e, double logit) {
  const double share = share_below(e.without, logit);
  return {share, wilson(share, e.negatives)};
}

double percentile(const ScoreEvaluation& e, double logit) { return 100 * share_below(e.without, logit); }

double likelihood_ratio(const ScoreEvaluation& e, double logit) {
  const double at = (share_below(e.with, logit) + share_below(e.without, logit)) / 2;
  const double low = pooled_quantile(e, at - kNeighbours), high = pooled_quantile(e, at + kNeighbours);
  auto share_between = [&](std::span<const double> knots, int count) {
    const double films = (share_below(knots, high) - share_below(knots, low)) * count;
    return (films + 0.5) / (count + 0.5);
  };
  return share_between(e.with, e.positives) / share_between(e.without, e.negatives);
}

AtPrevalence at_prevalence(const ScoreEvaluation& e, double logit, double prevalence) {
  const Proportion sens = sensitivity(e, logit), spec = specificity(e, logit);
  const double with = prevalence, without = 1 - prevalence;
  auto positive = [&](double se, double sp) { return predictive(se * with, (1 - sp) * without); };
  auto negative = [&](double se, double sp) { return predictive(sp * without, (1 - se) * with); };
  AtPrevalence at;
  at.positive = {positive(sens.value, spec.value),
                 {positive(sens.interval[0], spec.interval[0]), positive(sens.interval[1], spec.interval[1])}};
  at.negative = {negative(sens.value, spec.value),
                 {negative(sens.interval[0], spec.interval[0]), negative(sens.interval[1], spec.interval[1])}};
  at.rightly = 100 * sens.value * with;
  at.called = at.rightly + 100 * (1 - spec.value) * without;
  return at;
}

std::vector<CurvePoint> roc_curve(const ScoreEvaluation& e) {
  std::vector<double> cuts(e.with);
  cuts.insert(cuts.end(), e.without.begin(), e.without.end());
  std::sort(cuts.begin(), cuts.end(), std::greater<>());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<CurvePoint> curve = {{0, 0}};
  for (double cut : cuts) curve.push_back({1 - share_below(e.without, cut), 1 - share_below(e.with, cut)});
  curve.push_back({1, 1});
  return curve;
}

}  // namespace chestlight
