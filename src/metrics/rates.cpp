#include "metrics/rates.h"

#include <algorithm>
#include <cmath>

#include "metrics/distributions.h"

namespace chestlight {

Confusion confusion_at(const Sample& sample, double threshold) {
  Confusion counts;
  for (int i = 0; i < sample.size(); ++i) {
    const bool called = sample.scores()[i] >= threshold;
    if (sample.truth()[i]) ++(called ? counts.true_positives : counts.false_negatives);
    else ++(called ? counts.false_positives : counts.true_negatives);
  }
  return counts;
}

Interval wilson_interval(int part, int whole, double confidence) {
  if (whole <= 0) return {0, 1};
  const double z = normal_reach(confidence);
  const double share = static_cast<double>(part) / whole;
  const double weight = z * z / whole;
  const double centre = (share + weight / 2) / (1 + weight);
  const double reach = z / (1 + weight) * std::sqrt(share * (1 - share) / whole + weight / (4 * whole));
  // At the ends the formula gives exactly 0 or 1, but for rounding.
  return {part == 0 ? 0 : std::max(0.0, centre - reach), part == whole ? 1 : std::min(1.0, centre + reach)};
}

Share share_of(int part, int whole, double confidence) {
  Share share{part, whole};
  if (whole > 0) share.value = static_cast<double>(part) / whole;
  share.interval = wilson_interval(part, whole, confidence);
  return share;
}

Rates rates_of(const Confusion& c, double confidence) {
  return {share_of(c.true_positives, c.true_positives + c.false_negatives, confidence),
          share_of(c.true_negatives, c.true_negatives + c.false_positives, confidence),
          share_of(c.true_positives, c.true_positives + c.false_positives, confidence),
          share_of(c.true_negatives, c.true_negatives + c.false_negatives, confidence)};
}

}  // namespace chestlight
