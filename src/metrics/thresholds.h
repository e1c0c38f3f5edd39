// Thresholds chosen on films with labels. Each is one of the scores, so that `score >= threshold` calls the film it came from.
//
// What a threshold does on the films it was chosen on is too good for others; say so where it is shown.
#pragma once

#include "contract/evaluation.h"
#include "metrics/sample.h"

namespace chestlight {

/// The highest threshold that finds this share of the films with the finding. target in (0, 1].
Result<double> threshold_by_sensitivity(const Sample& sample, double target);

/// The lowest threshold that leaves alone this share of the films without the finding. target in [0, 1).
/// Errors: "unavailable" (no threshold does: films without the finding have the highest score).
Result<double> threshold_by_specificity(const Sample& sample, double target);

/// The threshold of the largest sensitivity + specificity; the highest of several.
Result<double> threshold_by_youden(const Sample& sample);

/// The threshold of the least false positives × their cost + misses × their cost; the highest of several. Infinity where
/// calling no film costs least.
Result<double> threshold_by_cost(const Sample& sample, double false_positive_cost, double miss_cost);

/// The same where a missed finding costs as much as so many false ones, at a place where this share of films has it: films with
/// and without it weigh as they would there. Errors: "invalid-request" also for a prevalence of 1 or more.
Result<double> threshold_by_cost(const Sample& sample, const contract::CallCosts& costs);

}  // namespace chestlight
