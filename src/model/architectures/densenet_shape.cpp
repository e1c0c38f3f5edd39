// The shape of a DenseNet, read off its tensors; the graph itself is in densenet.cpp.
#include <algorithm>
#include <limits>
#include <set>
#include <string>

#include "base/text.h"
#include "model/architectures/densenet.h"

namespace chestlight {
namespace {

using Extents = std::vector<std::int64_t>;

constexpr std::string_view kHint =
    "Only DenseNet checkpoints in torchvision's layout are read; check which network this file holds.";

/// Larger extents are no network of this kind; the limit keeps every later sum inside int.
constexpr std::int64_t kLargestExtent = 1 << 20;

Error invalid(std::string message) { return {ErrorCode::kInvalidModel, std::move(message), std::string(kHint)}; }

/// Looks tensors up, checks their shapes, and remembers which ones were asked for.
class Inventory {
 public:
  explicit Inventory(const TensorMap& tensors) : tensors_(tensors) {}

  bool has(const std::string& name) const { return tensors_.contains(name); }

  /// The extents of `name`; 0 in `wanted` means any from 1 up.
  Result<Extents> take(const std::string& name, const Extents& wanted) {
    auto found = tensors_.find(name);
    if (found == tensors_.end()) return missing(name);
    taken_.insert(found->first);
    const Extents& extents = found->second.shape;
    bool fits = extents.size() == wanted.size();
    for (std::size_t i = 0; fits && i < wanted.size(); ++i)
      fits = wanted[i] ? extents[i] == wanted[i] : extents[i] >= 1 && extents[i] <= kLargestExtent;
    if (fits) return extents;
    return invalid(text("Tensor ", name, " is ", shape_text(extents), "; expected ", wanted_text(wanted), "."));
  }

  Result<void> take_batch_norm(const std::string& prefix, std::int64_t channels) {
    for (std::string_view part : {".weight", ".bias", ".running_mean", ".running_var"})
      CHESTLIGHT_CHECK(take(text(prefix, part), {channels}));
    return {};
  }

  /// The first tensor that nobody asked for and that means nothing to us.
  Result<void> check_nothing_left() const {
    for (const auto& [name, tensor] : tensors_)
      if (!taken_.contains(name) && !meaningless(name))
        return invalid(text("Tensor ", name, " ", shape_text(tensor.shape), " is not part of a DenseNet."));
    return {};
  }

 private:
  Error missing(const std::string& name) const {
    for (const auto& [other, tensor] : tensors_)
      if (!taken_.contains(other) && !meaningless(other))
        return invalid(text("Tensor ", name, " is missing; the file has ", tensors_.size(), " tensors, among them ", other, " ",
                            shape_text(tensor.shape), "."));
    return invalid(text("Tensor ", name, " is missing."));
  }

  bool meaningless(const std::string& name) const {
    constexpr std::string_view kScale = ".scale";
    if (name.ends_with(".num_batches_tracked") || name == "op_threshs") return true;
    return name.ends_with(kScale) && tensors_.contains(std::string_view(name).substr(0, name.size() - kScale.size()));
  }

  static std::string wanted_text(const Extents& wanted) {
    std::string joined = "[";
    for (std::size_t i = 0; i < wanted.size(); ++i)
      joined += text(i ? ", " : "", wanted[i] ? text(wanted[i]) : std::string("any"));
    return joined + "]";
  }

  const TensorMap& tensors_;
  std::set<std::string, std::less<>> taken_;
};

/// Checks one dense layer reading `channels`; the first one of the network sets bottleneck and growth.
Result<void> take_dense_layer(Inventory& inventory, const std::string& prefix, std::int64_t channels, DenseNetShape& shape) {
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".norm1", channels));
  CHESTLIGHT_TRY(Extents first, inventory.take(prefix + ".conv1.weight", {shape.bottleneck, channels, 1, 1}));
  shape.bottleneck = static_cast<int>(first[0]);
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".norm2", first[0]));
  CHESTLIGHT_TRY(Extents second, inventory.take(prefix + ".conv2.weight", {shape.growth, first[0], 3, 3}));
  shape.growth = static_cast<int>(second[0]);
  return {};
}

}  // namespace

Result<DenseNetShape> infer_densenet(const TensorMap& tensors) {
  Inventory inventory(tensors);
  DenseNetShape shape;
  CHESTLIGHT_TRY(Extents stem, inventory.take("features.conv0.weight", {0, 0, 7, 7}));
  shape.stem = static_cast<int>(stem[0]);
  shape.channels = static_cast<int>(stem[1]);
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.norm0", stem[0]));

  std::int64_t channels = stem[0];
  for (int block = 1;; ++block) {
    std::string block_prefix = text("features.denseblock", block);
    int layer = 1;
    // The first layer of the first block must be there; every other one is there or the block has ended.
    for (; layer == 1 || inventory.has(text(block_prefix, ".denselayer", layer, ".conv1.weight")); ++layer) {
      CHESTLIGHT_CHECK(take_dense_layer(inventory, text(block_prefix, ".denselayer", layer), channels, shape));
      channels += shape.growth;
      if (channels > kLargestExtent) return invalid(text("Block ", block, " grows past ", kLargestExtent, " channels."));
    }
    shape.layers.push_back(layer - 1);
    std::string transition = text("features.transition", block);
    if (!inventory.has(transition + ".conv.weight")) break;
    CHESTLIGHT_CHECK(inventory.take_batch_norm(transition + ".norm", channels));
    CHESTLIGHT_TRY(Extents squeezed, inventory.take(transition + ".conv.weight", {0, channels, 1, 1}));
    channels = squeezed[0];
    shape.transition_channels.push_back(static_cast<int>(channels));
  }
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.norm5", channels));
  shape.features = static_cast<int>(channels);
  CHESTLIGHT_TRY(Extents classifier, inventory.take("classifier.weight", {0, channels}));
  shape.classes = static_cast<int>(classifier[0]);
  CHESTLIGHT_CHECK(inventory.take("classifier.bias", {classifier[0]}));
  CHESTLIGHT_CHECK(inventory.check_nothing_left());
  return shape;
}

}  // namespace chestlight
