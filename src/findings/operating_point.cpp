#include "findings/operating_point.h"

#include <algorithm>

namespace chestlight {

namespace {
constexpr double kBand = 0.1;            // of the threshold, to either side
constexpr double kFloatRounding = 5e-7;  // relative: several float roundings, far below any figure shown
}  // namespace

FindingState finding_state(Calibrated score, Calibrated threshold) {
  double value = score.value, t = threshold.value;
  double lower = (1 - kBand) * t;
  double upper = std::min((1 + kBand) * t, (t + 1) / 2);
  if (value > upper * (1 + kFloatRounding)) return FindingState::kAbove;
  if (value >= lower * (1 - kFloatRounding)) return FindingState::kBorderline;
  return FindingState::kBelow;
}

}  // namespace chestlight
