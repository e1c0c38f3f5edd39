// From the network's logit to the number that a threshold is compared with.
//
// A network trained on imbalanced labels ranks films well and counts them badly: its sigmoid is not a
// frequency. Platt scaling fits two numbers per finding so that, on the films it was fitted on, a calibrated
// 0.2 means two in ten. Source: J. Platt, "Probabilistic outputs for support vector machines", 1999.
#pragma once

#include "findings/scores.h"

namespace chestlight {

struct Calibration {
  enum class Kind {
    kNone,   // calibrated = sigmoid(logit): comparable with a threshold, no frequency
    kPlatt,  // calibrated = sigmoid(scale · logit + offset)
  };
  Kind kind = Kind::kNone;
  float scale = 1;  // > 0: calibration never changes the order of two films
  float offset = 0;
};

/// In 0..1 for every finite logit, and rising with it.
Calibrated calibrate(Logit logit, const Calibration& calibration);

/// The logit at which a film would stand exactly on `threshold`, which lies in (0, 1). For drawing evidence
/// against a threshold; scores are compared with thresholds as calibrated values only.
Logit logit_at(Calibrated threshold, const Calibration& calibration);

}  // namespace chestlight
