// A head for several findings, judged on patients it was not trained on.
//
// Films of one patient, and films with the very same features, are in one fold; so no film is judged by a head that has seen it
// or another film of that patient. Features are standardised on the films of training; the heads that come out take features as
// they are. Labels: 1 has the finding, 0 has it not, −1 unknown (that film is left out for that finding).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/logistic_head.h"
#include "metrics/roc.h"

namespace chestlight {

struct TrainingSet {
  FeatureMatrix features;
  std::vector<std::string> patients;             // one for each row; an empty one is a patient of its own
  std::vector<std::vector<std::int8_t>> labels;  // [finding][row]
};

struct TrainedHead {
  LogisticHead head;  // of all films
  /// Out of fold, one for each row; NaN where the label is unknown.
  std::vector<double> logits;
  Auroc auroc;  // of those
  /// Platt's: probability = logistic(scale · logit + offset), fitted on the out-of-fold logits.
  double scale = 1, offset = 0;
};

struct TrainedFinding {
  std::optional<TrainedHead> trained;
  std::optional<Error> refusal;  // too few patients with or without the finding
};

/// Fold of each row: patients are dealt out in a shuffled order (by `seed`), each to the fold with the fewest films.
/// Errors: "unavailable" (fewer patients than folds), "invalid-request" (fewer than two folds, sizes that differ).
Result<std::vector<int>> patient_folds(const FeatureMatrix& features, const std::vector<std::string>& patients, int folds,
                                       std::uint64_t seed);

/// One result a finding, in the order of `labels`. Errors: as patient_folds and fit_logistic_head, but for one class only.
Result<std::vector<TrainedFinding>> train_heads(const TrainingSet& set, int folds, std::uint64_t seed,
                                                const HeadOptions& options);

}  // namespace chestlight
