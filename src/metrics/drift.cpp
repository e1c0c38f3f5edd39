#include "metrics/drift.h"

#include <algorithm>
#include <cmath>

#include "metrics/distributions.h"

namespace chestlight {
namespace {

std::vector<double> sorted_copy(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

double largest_gap(const std::vector<double>& a, const std::vector<double>& b) {
  double gap = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double value = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    gap = std::max(gap, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                 static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return gap;
}

/// Upper edges of all bins but the last: the reference's values at ranks n·k/bins.
std::vector<double> quantile_edges(const std::vector<double>& sorted, int bins) {
  std::vector<double> edges;
  for (int k = 1; k < bins; ++k) {
    const double edge = sorted[sorted.size() * static_cast<std::size_t>(k) / static_cast<std::size_t>(bins)];
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  return edges;
}

std::vector<double> bin_shares(const std::vector<double>& values, const std::vector<double>& edges) {
  std::vector<double> counts(edges.size() + 1, 0.5);
  for (double value : values)
    ++counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin())];
  const double films = static_cast<double>(values.size()) + 0.5 * static_cast<double>(counts.size());
  for (double& count : counts) count /= films;
  return counts;
}

}  // namespace

Result<Drift> compare_batches(std::span<const double> reference, std::span<const double> batch, int bins) {
  if (reference.empty() || batch.empty())
    return Error{ErrorCode::kUnavailable, "One of the two batches holds no film.", "Choose two batches with films."};
  if (bins < 1) return Error{ErrorCode::kInvalidRequest, "A comparison of batches needs one bin at least.", ""};
  for (std::span<const double> values : {reference, batch})
    if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
      return Error{ErrorCode::kInvalidRequest, "A value of a batch is not a finite number.", ""};

  const std::vector<double> before = sorted_copy(reference), now = sorted_copy(batch);
  const std::vector<double> edges = quantile_edges(before, bins);
  const std::vector<double> old_shares = bin_shares(before, edges), new_shares = bin_shares(now, edges);
  Drift drift;
  for (std::size_t k = 0; k < old_shares.size(); ++k)
    drift.stability_index += (new_shares[k] - old_shares[k]) * std::log(new_shares[k] / old_shares[k]);
  drift.largest_gap = largest_gap(before, now);
  const double n = static_cast<double>(before.size()), m = static_cast<double>(now.size());
  drift.p = std::clamp(kolmogorov_survival(std::sqrt(n * m / (n + m)) * drift.largest_gap), 0.0, 1.0);
  return drift;
}

}  // namespace chestlight
