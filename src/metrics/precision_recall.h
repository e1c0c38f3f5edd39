// The precision-recall curve and average precision.
//
// Average precision is the sum of precision × gain in recall over the steps, with no interpolation, as scikit-learn has it.
#pragma once

#include <vector>

#include "metrics/sample.h"

namespace chestlight {

struct PrecisionRecallPoint {
  double threshold = 0;
  double recall = 0, precision = 0;
};

/// One point for each different score, by rising recall. Errors: "unavailable" (one class only).
Result<std::vector<PrecisionRecallPoint>> precision_recall_curve(const Sample& sample);

/// Errors: "unavailable" (one class only).
Result<double> average_precision(const Sample& sample);

}  // namespace chestlight
