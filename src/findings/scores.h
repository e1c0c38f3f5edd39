// Three numbers that a reader must never confuse, as three types.
//
//   Logit        the network's raw output, unbounded
//   Probability  sigmoid of the logit; not a frequency, because the network was never asked to be calibrated
//   Calibrated   what a threshold is compared with: the probability after the manifest's calibration
//
// There is one way from each to the next, and none back.
#pragma once

#include <cmath>

namespace chestlight {

struct Logit {
  float value = 0;
};
struct Probability {
  float value = 0;
};
struct Calibrated {
  float value = 0;
};

inline Probability sigmoid(Logit logit) { return {1.0f / (1.0f + std::exp(-logit.value))}; }

}  // namespace chestlight
