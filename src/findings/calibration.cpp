#include "findings/calibration.h"

#include <cmath>

namespace chestlight {

Calibrated calibrate(Logit logit, const Calibration& calibration) {
  if (calibration.kind == Calibration::Kind::kNone) return {sigmoid(logit).value};
  return {sigmoid(Logit{calibration.scale * logit.value + calibration.offset}).value};
}

Logit logit_at(Calibrated threshold, const Calibration& calibration) {
  const float logit = std::log(threshold.value / (1 - threshold.value));
  if (calibration.kind == Calibration::Kind::kNone) return {logit};
  return {(logit - calibration.offset) / calibration.scale};
}

}  // namespace chestlight
