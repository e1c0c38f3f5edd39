#include "metrics/calibration_measures.h"

#include <algorithm>
#include <cmath>

namespace chestlight {
Result<std::vector<CalibrationBin>> calibration_bins(const Sample& sample, int bins, Binning binning) {
  if (bins < 1) return Error{ErrorCode::kInvalidRequest, "Calibration needs one bin at least.", ""};
  if (sample.size() == 0) return Error{ErrorCode::kUnavailable, "No film has a label and a score.", "Add films with labels."};
  std::vector<double> sorted(sample.scores().begin(), sample.scores().end());
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() < 0 || sorted.back() > 1)
    return Error{ErrorCode::kInvalidRequest, "Calibration is of probabilities; a score lies outside 0 to 1.", ""};
  std::vector<double> edges;
  for (int k = 0; k <= bins; ++k) {
    const double share = static_cast<double>(k) / bins;
    edges.push_back(binning == Binning::kEqualWidth ? share : linear_quantile(sorted, share));
  }
  std::vector<CalibrationBin> found(static_cast<std::size_t>(bins));
  for (int k = 0; k < bins; ++k) found[k] = {edges[k], edges[k + 1]};
  for (int i = 0; i < sample.size(); ++i) {
    const double score = sample.scores()[i];
    // The inner edges below the score; a score on an edge belongs to the bin below it, as in scikit-learn.
    const auto inner = std::lower_bound(edges.begin() + 1, edges.end() - 1, score) - (edges.begin() + 1);
    CalibrationBin& bin = found[static_cast<std::size_t>(inner)];
    ++bin.films;
    bin.positives += sample.truth()[i];
    bin.mean_score += score;
  }
  std::erase_if(found, [](const CalibrationBin& bin) { return bin.films == 0; });
  for (CalibrationBin& bin : found) bin.mean_score /= bin.films;
  return found;
}

double expected_calibration_error(const std::vector<CalibrationBin>& bins) {
  double sum = 0;
  int films = 0;
  for (const CalibrationBin& bin : bins) {
    sum += bin.films * std::abs(bin.mean_score - bin.share());
    films += bin.films;
  }
  return films > 0 ? sum / films : 0;
}

double brier_score(const Sample& sample) {
  double sum = 0;
  for (int i = 0; i < sample.size(); ++i) {
    const double error = sample.scores()[i] - sample.truth()[i];
    sum += error * error;
  }
  return sample.size() > 0 ? sum / sample.size() : 0;
}

}  // namespace chestlight
