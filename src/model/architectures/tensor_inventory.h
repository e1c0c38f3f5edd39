// Looking up the tensors of a network: checks their shapes and remembers which ones were asked for, so that what is missing
// and what is left over can be said. It reads names and shapes, never numbers.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

using Extents = std::vector<std::int64_t>;

/// Larger extents are of no network; the limit keeps every sum of a few of them inside int.
inline constexpr std::int64_t kLargestExtent = 1 << 20;

class TensorInventory {
 public:
  explicit TensorInventory(const TensorMap& tensors) : tensors_(tensors) {}

  const TensorMap& tensors() const { return tensors_; }
  /// Whether any tensor's name begins so.
  bool has_below(std::string_view prefix) const;

  /// The extents of `name`; 0 in `wanted` means any from 1 up. Error kInvalidModel: missing, or of another shape.
  Result<Extents> take(const std::string& name, const Extents& wanted);
  /// The four tensors of a batch norm, all [channels].
  Result<void> take_batch_norm(const std::string& prefix, std::int64_t channels);
  /// classifier.weight and classifier.bias; gives the number of classes.
  Result<int> take_head(std::int64_t features);

  /// Error kInvalidModel with the first tensor that nobody asked for and that means something.
  Result<void> check_nothing_left(std::string_view network) const;

 private:
  /// What carries no meaning of its own: bookkeeping, and .scale companions of other tensors.
  bool means_nothing(const std::string& name) const;

  const TensorMap& tensors_;
  std::set<std::string, std::less<>> taken_;
};

/// What training leaves in checkpoints and no network computes with: num_batches_tracked, op_threshs (torchxrayvision).
bool is_bookkeeping(std::string_view name);

/// An error about tensors that make no network.
Error misfit(std::string message);

}  // namespace chestlight
