// How frequent a finding is among films without labels, and scores corrected for it.
//
// Holds where the finding looks the same here and there and only its frequency differs, and where scores are calibrated
// probabilities of the place they come from. The frequency is the maximum that expectation and maximisation climb to; the
// likelihood has a single one, so it is found by bisection. Its interval of 95 % follows from how sharp that maximum is (observed
// information): films are taken as independent, and of few films it is too narrow.
// Sources: M. Saerens, P. Latinne, C. Decaestecker, Neural Computation 14 (2002) 21; A. Alexandari et al., ICML 2020.
#pragma once

#include <span>
#include <vector>

#include "metrics/sample.h"

namespace chestlight {

struct PriorShift {
  double prevalence = 0;          // here
  Interval interval{0, 1};        // of it
  std::vector<double> corrected;  // the probabilities as they would be if the model had been calibrated here
};

/// A probability of a place with prevalence `from`, as it is at a place with prevalence `to`.
double correct_for_prevalence(double probability, double from, double to);

/// Errors: "unavailable" (no film), "invalid-request" (a probability outside [0, 1], a prevalence outside (0, 1)).
Result<PriorShift> estimate_prior_shift(std::span<const double> probabilities, double model_prevalence);

}  // namespace chestlight
