// Whether scores are probabilities: bins of score against share of films that have the finding, and two figures.
//
// Not the calibration itself, which belongs to a model (findings/calibration.h). Scores must lie in [0, 1].
#pragma once

#include <vector>

#include "metrics/sample.h"

namespace chestlight {

enum class Binning {
  kEqualWidth,  // [0, 1/k], (1/k, 2/k], …
  kEqualCount,  // edges at quantiles of the scores, interpolated linearly; equal scores share a bin
};

struct CalibrationBin {
  double low = 0, high = 0;  // edges
  int films = 0, positives = 0;
  double mean_score = 0;
  double share() const { return static_cast<double>(positives) / films; }
};

/// Bins without films are left out. Errors: "unavailable" (no film), "invalid-request" (a score outside [0, 1], no bins).
Result<std::vector<CalibrationBin>> calibration_bins(const Sample& sample, int bins, Binning binning);

/// Mean over films of |mean score − share| of their bin: the expected calibration error.
double expected_calibration_error(const std::vector<CalibrationBin>& bins);

/// Mean squared difference of score and truth; 0 for an empty sample.
double brier_score(const Sample& sample);

}  // namespace chestlight
