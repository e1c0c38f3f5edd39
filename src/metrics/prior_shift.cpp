#include "metrics/prior_shift.h"

#include <algorithm>
#include <cmath>

#include "metrics/distributions.h"

namespace chestlight {

double correct_for_prevalence(double probability, double from, double to) {
  const double present = probability * (to / from);
  const double absent = (1 - probability) * ((1 - to) / (1 - from));
  return present + absent > 0 ? present / (present + absent) : probability;
}

Result<PriorShift> estimate_prior_shift(std::span<const double> probabilities, double model_prevalence) {
  if (probabilities.empty())
    return Error{ErrorCode::kUnavailable, "There is no film to estimate a prevalence from.", "Add films."};
  if (!(model_prevalence > 0 && model_prevalence < 1))
    return Error{ErrorCode::kInvalidRequest, "The model's prevalence must lie between 0 and 1.", ""};
  for (double probability : probabilities)
    if (!(probability >= 0 && probability <= 1))
      return Error{ErrorCode::kInvalidRequest, "A score is no probability between 0 and 1.", ""};

  // The slope of the log likelihood of prevalence q, film by film. Its sum only falls; the sum of its squares is its fall.
  const auto slope_of = [&](double p, double q) {
    const double present = p / model_prevalence, absent = (1 - p) / (1 - model_prevalence);
    return (present - absent) / (q * present + (1 - q) * absent);
  };
  const auto slope = [&](double q) {
    double sum = 0;
    for (double p : probabilities) sum += slope_of(p, q);
    return sum;
  };
  double low = 1e-12, high = 1 - 1e-12;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (slope(middle) > 0 ? low : high) = middle;
  }
  PriorShift shift{0.5 * (low + high)};
  double information = 0;
  for (double p : probabilities) information += slope_of(p, shift.prevalence) * slope_of(p, shift.prevalence);
  if (information > 0) {
    const double reach = normal_reach(0.95) / std::sqrt(information);
    shift.interval = {std::max(0.0, shift.prevalence - reach), std::min(1.0, shift.prevalence + reach)};
  }
  for (double probability : probabilities)
    shift.corrected.push_back(correct_for_prevalence(probability, model_prevalence, shift.prevalence));
  return shift;
}

}  // namespace chestlight
