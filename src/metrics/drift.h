// Whether the scores (or any numbers) of two batches of films are distributed alike.
//
// The population stability index compares shares in bins; by custom below 0.1 is stable and above 0.25 has shifted. The
// Kolmogorov-Smirnov test compares distribution functions; its p-value is that of large samples.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace chestlight {

struct Drift {
  double stability_index = 0;
  double largest_gap = 0;  // between the two distribution functions
  double p = 1;            // of a gap this large or larger where nothing changed
};

/// Bins are the reference's quantiles (those that are equal count once); half a film is added to each bin of each batch, so that
/// an empty one has a finite share. Errors: "unavailable" (a batch is empty), "invalid-request" (a value is no number, no bin).
Result<Drift> compare_batches(std::span<const double> reference, std::span<const double> batch, int bins = 10);

}  // namespace chestlight
