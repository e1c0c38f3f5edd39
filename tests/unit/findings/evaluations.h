// Evaluations whose every figure can be worked out by hand.
#pragma once

#include <string>

#include "base/json.h"
#include "findings/evaluation.h"

namespace chestlight::testing {

/// Knots of logits that lie evenly between two ends.
inline std::vector<double> even_knots(double low, double high) {
  std::vector<double> knots;
  for (int i = 0; i < kKnots; ++i) knots.push_back(low + (high - low) * (i + 0.5) / kKnots);
  return knots;
}

/// 100 films with the finding from 1 to 2, 200 without it from 0 to 1.5. The share of pairs in the right order is 1 − 0.125
/// / 1.5.
inline ScoreEvaluation even_evaluation() { return {100, 200, 0.9167, {0.88, 0.95}, even_knots(1, 2), even_knots(0, 1.5)}; }

/// The same as a manifest has it.
inline Json even_evaluation_json() {
  const ScoreEvaluation e = even_evaluation();
  return {{"positives", e.positives},           {"negatives", e.negatives}, {"auroc", e.auroc},
          {"auroc_interval", e.auroc_interval}, {"with", e.with},           {"without", e.without}};
}

inline Json model_evaluation_json() {
  return {{"kind", "held-out"}, {"data", "300 made-up films"}, {"films", 300},
          {"patients", 250},    {"mean_auroc", 0.9},           {"mean_auroc_interval", {0.85, 0.94}}};
}

}  // namespace chestlight::testing
