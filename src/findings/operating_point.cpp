#include "findings/operating_point.h"

#include <algorithm>

namespace chestlight {

namespace {
constexpr double kBand = 0.1;            // of the threshold, to either side
constexpr double kFloatRounding = 5e-7;  // relative: several float roundings, far below any figure shown
}  // namespace

std::string_view finding_state_name(FindingState state) {
  switch (state) {
    case FindingState::kAbove: return "above";
    case FindingState::kBorderline: return "borderline";
    case FindingState::kBelow: return "below";
  }
  return "below";
}

FindingState finding_state(Calibrated score, Calibrated threshold) {
  double value = score.value, t = threshold.value;
  double lower = (1 - kBand) * t;
  double upper = std::min((1 + kBand) * t, (t + 1) / 2);
  if (value > upper * (1 + kFloatRounding)) return FindingState::kAbove;
  if (value >= lower * (1 - kFloatRounding)) return FindingState::kBorderline;
  return FindingState::kBelow;
}

}  // namespace chestlight
