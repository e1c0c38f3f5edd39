// The ROC curve, the area under it with its uncertainty, and tests of whether two areas differ.
//
// Variances are DeLong's, by ranks in O(n log n). Films are taken as independent: several films of one patient make the
// intervals too narrow.
// Sources: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988) 837; X. Sun, W. Xu, IEEE Signal Processing
// Letters 21 (2014) 1389; J. Hanley, B. McNeil, Radiology 143 (1982) 29.
#pragma once

#include <vector>

#include "metrics/sample.h"

namespace chestlight {

struct RocPoint {
  double threshold = 0;  // infinity at the first point
  double false_positive_rate = 0, true_positive_rate = 0;
};

/// From (0, 0) to (1, 1), one point for each different score. Errors: "unavailable" (one class only).
Result<std::vector<RocPoint>> roc_curve(const Sample& sample);

enum class AreaInterval {
  kDeLong,  // area ± reach × DeLong's standard deviation, cut at 0 and 1
  kScore,   // where that deviation is 0 or cannot be had: all areas whose own deviation (Hanley and McNeil's) reaches the found
            // one
};

struct Auroc {
  double area = 0;
  double variance = 0;  // DeLong's; 0 where one class has a single film
  Interval interval;
  AreaInterval method = AreaInterval::kDeLong;
};

/// Errors: "unavailable" (one class only).
Result<Auroc> auroc(const Sample& sample, double confidence = 0.95);

struct AreaDifference {
  double first = 0, second = 0;
  double difference = 0;  // first − second
  double variance = 0;
  Interval interval;  // of the difference
  double z = 0;       // 0 where the variance is 0
  double p = 1;       // two-sided: 1 where the areas are equal, 0 where they differ and the variance is 0
};

/// Two scores of the same films, in the same order. Errors: "unavailable" (one class only, or fewer than two films of a class),
/// "invalid-request" (the truths differ).
Result<AreaDifference> compare_paired(const Sample& first, const Sample& second, double confidence = 0.95);

/// Two samples with no film in common. Errors: "unavailable" (one class only, or fewer than two films of a class in one of them).
Result<AreaDifference> compare_unpaired(const Sample& first, const Sample& second, double confidence = 0.95);

/// The variance that an area has in a sample of this size. Source: Hanley and McNeil.
double area_variance(double area, int positives, int negatives);

}  // namespace chestlight
