// The decision curve: what acting on a score is worth, against acting on every film and on none.
//
// Net benefit at a threshold probability t: true positives / n − false positives / n × t / (1 − t). Scores are probabilities.
// Source: A. Vickers, E. Elkin, Medical Decision Making 26 (2006) 565.
#pragma once

#include <span>
#include <vector>

#include "metrics/sample.h"

namespace chestlight {

struct DecisionPoint {
  double threshold = 0;       // in (0, 1)
  double model = 0, all = 0;  // net benefit; that of acting on none is 0
};

/// Errors: "unavailable" (no film), "invalid-request" (a threshold outside (0, 1)).
Result<std::vector<DecisionPoint>> decision_curve(const Sample& sample, std::span<const double> thresholds);

}  // namespace chestlight
