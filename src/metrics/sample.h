// Scores of one finding on some films, with what is true of each film: what every measure here is taken from.
//
// A sample may be empty or hold one class only; measures that need both say so. `score >= threshold` calls a film
// positive, here and in the product.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace chestlight {

struct Interval {
  double low = 0, high = 0;
};

/// The value below which this share (0 to 1) of `sorted`, which is not empty, lies; in a straight line between two of them.
double linear_quantile(std::span<const double> sorted, double share);

class Sample {
 public:
  Sample() = default;
  /// Errors: "invalid-request" (lengths differ, a score is no finite number, a truth is neither 0 nor 1).
  static Result<Sample> make(std::vector<double> scores, std::vector<std::uint8_t> truth);

  std::span<const double> scores() const { return scores_; }
  std::span<const std::uint8_t> truth() const { return truth_; }
  int size() const { return static_cast<int>(scores_.size()); }
  int positives() const { return positives_; }
  int negatives() const { return size() - positives_; }

  /// Errors: "unavailable" (no film has the finding, or every film has it).
  Result<void> expect_both_classes() const;

  /// Indices of the films, highest score first.
  std::vector<int> by_falling_score() const;

  struct Step {
    double score = 0;
    int true_positives = 0, false_positives = 0;  // of a threshold at this score
  };
  /// One step for each different score, highest first: what every curve over thresholds is made of.
  std::vector<Step> steps() const;

 private:
  std::vector<double> scores_;
  std::vector<std::uint8_t> truth_;
  int positives_ = 0;
};

}  // namespace chestlight
