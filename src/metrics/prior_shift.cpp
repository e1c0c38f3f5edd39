#include "metrics/prior_shift.h"

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

  // The slope of the mean log likelihood of prevalence q; it only falls.
  const auto slope = [&](double q) {
    double sum = 0;
    for (double p : probabilities) {
      const double present = p / model_prevalence, absent = (1 - p) / (1 - model_prevalence);
      sum += (present - absent) / (q * present + (1 - q) * absent);
    }
    return sum;
  };
  double low = 1e-12, high = 1 - 1e-12;
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (slope(middle) > 0 ? low : high) = middle;
  }
  PriorShift shift{0.5 * (low + high), {}};
  for (double probability : probabilities)
    shift.corrected.push_back(correct_for_prevalence(probability, model_prevalence, shift.prevalence));
  return shift;
}

}  // namespace chestlight
