// A logistic head on the features of a network: one finding, fitted by Newton's method.
//
// Minimises ½·|w|² + C · Σ weight · log-loss over the rows that are given; the bias is not held back. That is scikit-learn's
// LogisticRegression with the same C. Newton's steps are solved by conjugate gradients, so that no matrix of columns × columns
// is made. Features are taken as they are: standardise them before (cross_validation.h does).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace chestlight {

/// Row by row: the features of each film.
struct FeatureMatrix {
  int rows = 0, columns = 0;
  std::vector<float> values;

  std::span<const float> row(int index) const {
    return std::span(values).subspan(static_cast<std::size_t>(index) * static_cast<std::size_t>(columns),
                                     static_cast<std::size_t>(columns));
  }
};

struct LogisticHead {
  std::vector<double> weights;
  double bias = 0;

  double logit(std::span<const float> features) const;
};

struct HeadOptions {
  double inverse_penalty = 1;    // C
  bool balance_classes = false;  // each class weighs half, however few films it has
};

/// `truth` has a 0 or 1 for each of `rows`, which are indices into the matrix.
/// Errors: "unavailable" (one class only), "invalid-request" (sizes, values or C that make no sense, a feature that is no
/// number).
Result<LogisticHead> fit_logistic_head(const FeatureMatrix& features, std::span<const int> rows,
                                       std::span<const std::uint8_t> truth, const HeadOptions& options = {});

}  // namespace chestlight
