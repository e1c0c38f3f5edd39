#include "findings/calibration.h"

namespace chestlight {

Calibrated calibrate(Logit logit, const Calibration& calibration) {
  if (calibration.kind == Calibration::Kind::kNone) return {sigmoid(logit).value};
  return {sigmoid(Logit{calibration.scale * logit.value + calibration.offset}).value};
}

}  // namespace chestlight
