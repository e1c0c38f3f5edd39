// DenseNet (Huang et al., CVPR 2017) as torchvision lays it out: its shape read off the tensors of a checkpoint, and its
// forward graph built from them with every batch norm folded. Layers for maps: block1 … blockB, the outputs of the dense
// blocks (torchvision's features.denseblock1 …), before the batch norm that follows.
//
// Against a plain export the graph has fewer operators (graph/batch_norm.h), and each transition pools before its 1×1
// convolution rather than behind: both are linear and commute, and pooling first needs a quarter of the products.
//
// Spellings that are read beside torchvision's: "denselayerN.norm.1.", also conv and relu (torchvision before 0.3), and those of
// the linear layer (weights/tensor_names.h), such as "classifier.0." in a Sequential of Linear and Sigmoid.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"
#include "model/weights/tensor_names.h"

namespace chestlight {
namespace densenet {
namespace {

// ---- Names ----

constexpr std::string_view kBlock = "features.denseblock", kLayer = ".denselayer", kTransition = "features.transition";

std::string block_name(std::size_t block) { return text(kBlock, block); }
std::string layer_name(std::size_t block, int layer) { return text(kBlock, block, kLayer, layer); }
std::string transition_name(std::size_t block) { return text(kTransition, block); }

/// "norm.1." → "norm1." at the start of `rest`; nothing else changes.
std::string joined_ordinal(std::string_view rest) {
  for (std::string_view part : {"norm.", "conv.", "relu."})
    if (rest.starts_with(part) && rest.size() > part.size() + 1 && rest[part.size()] >= '0' && rest[part.size()] <= '9' &&
        rest[part.size() + 1] == '.')
      return text(part.substr(0, part.size() - 1), rest.substr(part.size()));
  return std::string(rest);
}

std::string canonical_name(std::string_view name) {
  const std::size_t layer = name.find(kLayer);
  if (layer == std::string_view::npos) return canonical_head_name(name);
  const std::size_t after = name.find('.', layer + kLayer.size());
  if (after == std::string_view::npos) return std::string(name);
  return text(name.substr(0, after + 1), joined_ordinal(name.substr(after + 1)));
}

bool is_own_name(std::string_view name) {
  for (std::string_view prefix : {kBlock, kTransition, std::string_view("features.conv0."), std::string_view("features.norm0."),
                                  std::string_view("features.norm5."), std::string_view("classifier.")})
    if (name.starts_with(prefix)) return true;
  return false;
}

/// The highest number N of a tensor whose name begins with `prefix` N "."; 0 where there is none.
int highest_below(const TensorMap& tensors, const std::string& prefix) {
  int highest = 0;
  for (auto found = tensors.lower_bound(prefix); found != tensors.end() && found->first.starts_with(prefix); ++found) {
    int number = 0;
    const char* end = found->first.data() + found->first.size();
    const auto read = std::from_chars(found->first.data() + prefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr != end && *read.ptr == '.') highest = std::max(highest, number);
  }
  return highest;
}

/// Dense layers of each block, as far as the names go.
std::vector<int> layers_of(const TensorMap& tensors) {
  std::vector<int> layers;
  const int blocks = std::min(highest_below(tensors, std::string(kBlock)), 64);
  for (int block = 1; block <= blocks; ++block) layers.push_back(highest_below(tensors, text(kBlock, block, kLayer)));
  return layers;
}

struct Published {
  std::string_view name;
  std::vector<int> layers;
};

const std::vector<Published>& published() {
  static const std::vector<Published> networks = {{"DenseNet-121", {6, 12, 24, 16}},
                                                  {"DenseNet-161", {6, 12, 36, 24}},
                                                  {"DenseNet-169", {6, 12, 32, 32}},
                                                  {"DenseNet-201", {6, 12, 48, 32}}};
  return networks;
}

std::string name_of(const std::vector<int>& layers) {
  for (const Published& network : published())
    if (network.layers == layers) return std::string(network.name);
  std::string blocks;
  for (int count : layers) blocks += text(blocks.empty() ? "" : "-", count);
  return text("DenseNet of blocks ", blocks);
}

/// The published one with the fewest layers more or less.
std::string nearest(const TensorMap& tensors) {
  const std::vector<int> layers = layers_of(tensors);
  auto distance = [&](const Published& network) {
    int sum = 0;
    for (std::size_t i = 0; i < std::max(layers.size(), network.layers.size()); ++i)
      sum += std::abs((i < layers.size() ? layers[i] : 0) - (i < network.layers.size() ? network.layers[i] : 0));
    return sum;
  };
  return std::string(std::min_element(published().begin(), published().end(), [&](const Published& a, const Published& b) {
                       return distance(a) < distance(b);
                     })->name);
}

// ---- Shape ----

struct DenseNetShape {
  int channels = 0;         // of the input
  int stem = 0;             // channels after the first convolution
  int growth = 0;           // channels that each dense layer adds
  int bottleneck = 0;       // channels between the two convolutions of a dense layer
  std::vector<int> layers;  // dense layers per block
  int features = 0;         // channels of the last feature map
};

/// Checks one dense layer reading `channels`; the first one of the network sets bottleneck and growth.
Result<void> take_dense_layer(TensorInventory& inventory, const std::string& prefix, std::int64_t channels,
                              DenseNetShape& shape) {
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".norm1", channels));
  CHESTLIGHT_TRY(Extents first, inventory.take(prefix + ".conv1.weight", {shape.bottleneck, channels, 1, 1}));
  shape.bottleneck = static_cast<int>(first[0]);
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".norm2", first[0]));
  CHESTLIGHT_TRY(Extents second, inventory.take(prefix + ".conv2.weight", {shape.growth, first[0], 3, 3}));
  shape.growth = static_cast<int>(second[0]);
  return {};
}

/// What follows block `block` is built for another number of layers than the block has: says so. The last block is followed
/// by features.norm5.
std::optional<Error> layers_missing(const TensorMap& tensors, std::size_t block, std::int64_t before, std::int64_t behind,
                                    const DenseNetShape& shape) {
  const std::string norm = tensors.contains(transition_name(block) + ".norm.weight") ? transition_name(block) + ".norm"
                                                                                     : std::string("features.norm5");
  const auto found = tensors.find(norm + ".weight");
  if (found == tensors.end() || found->second.shape.size() != 1) return std::nullopt;
  const std::int64_t wanted = found->second.shape[0];
  if (wanted == behind || wanted <= before || (wanted - before) % shape.growth != 0) return std::nullopt;
  const int layers = shape.layers.back(), built_for = static_cast<int>((wanted - before) / shape.growth);
  std::vector<int> whole = layers_of(tensors);
  if (block <= whole.size()) whole[block - 1] = built_for;
  const std::string_view plural = layers == 1 ? " layer; " : " layers; ";
  for (const Published& network : published())
    if (network.layers == whole)
      return misfit(text(block_name(block), " has ", layers, plural, network.name, " has ", built_for, "."));
  return misfit(text(block_name(block), " has ", layers, plural, norm, " behind it is made for ", built_for, "."));
}

Result<DenseNetShape> read_shape(TensorInventory& inventory) {
  DenseNetShape shape;
  CHESTLIGHT_TRY(Extents stem, inventory.take("features.conv0.weight", {0, 0, 7, 7}));
  shape.stem = static_cast<int>(stem[0]);
  shape.channels = static_cast<int>(stem[1]);
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.norm0", stem[0]));

  std::int64_t channels = stem[0];
  for (std::size_t block = 1;; ++block) {
    const std::int64_t before = channels;
    const int layers = std::max(1, highest_below(inventory.tensors(), text(kBlock, block, kLayer)));
    for (int layer = 1; layer <= layers; ++layer) {
      CHESTLIGHT_CHECK(take_dense_layer(inventory, layer_name(block, layer), channels, shape));
      channels += shape.growth;
      if (channels > kLargestExtent) return misfit(text("Block ", block, " grows past ", kLargestExtent, " channels."));
    }
    shape.layers.push_back(layers);
    if (auto error = layers_missing(inventory.tensors(), block, before, channels, shape)) return *error;
    const std::string transition = transition_name(block);
    if (!inventory.has_below(transition + ".")) break;
    CHESTLIGHT_CHECK(inventory.take_batch_norm(transition + ".norm", channels));
    CHESTLIGHT_TRY(Extents squeezed, inventory.take(transition + ".conv.weight", {0, channels, 1, 1}));
    channels = squeezed[0];
  }
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.norm5", channels));
  shape.features = static_cast<int>(channels);
  return shape;
}

/// The convolutions of the last dense block, and of the transition before it: a dense block hands its input on beside what
/// it makes of it.
std::vector<std::string> last_block(const DenseNetShape& shape) {
  const std::size_t block = shape.layers.size();
  std::vector<std::string> names;
  if (block > 1) names.push_back(transition_name(block - 1) + ".conv.weight");
  for (int layer = 1; layer <= shape.layers.back(); ++layer)
    for (int convolution : {1, 2}) names.push_back(text(layer_name(block, layer), ".conv", convolution, ".weight"));
  return names;
}

Result<NetworkPlan> plan(TensorInventory& inventory) {
  CHESTLIGHT_TRY(const DenseNetShape shape, read_shape(inventory));
  NetworkPlan plan{name_of(shape.layers), shape.channels, shape.features, 0, {}, last_block(shape)};
  CHESTLIGHT_TRY(plan.classes, inventory.take_head(shape.features));
  for (std::size_t block = 1; block <= shape.layers.size(); ++block) plan.layers.push_back(text("block", block));
  return plan;
}

// ---- Graph ----

constexpr KernelWindow kPointwise{};
constexpr KernelWindow kStemConvolution{.size = 7, .stride = 2, .padding = 3};
constexpr KernelWindow kStemPool{.size = 3, .stride = 2, .padding = 1};
constexpr KernelWindow kDenseConvolution{.size = 3, .stride = 1, .padding = 1};
constexpr KernelWindow kTransitionPool{.size = 2, .stride = 2, .padding = 0};

class DenseNetBuilder {
 public:
  DenseNetBuilder(const TensorMap& tensors, const DenseNetShape& shape, const NetworkPlan& plan, ElementType body)
      : tensors_(tensors), shape_(shape), plan_(plan), net_(tensors, plan, "densenet", body) {}

  Result<ForwardGraph> build() && {
    std::vector<Value> blocks;
    CHESTLIGHT_TRY(Value x, append_stem(net_.body_input()));
    for (std::size_t block = 1; block <= shape_.layers.size(); ++block) {
      CHESTLIGHT_TRY(Value dense, append_block(x, block));
      x = dense;
      blocks.push_back(dense);
      if (block == shape_.layers.size()) break;
      CHESTLIGHT_TRY(Value squeezed, append_transition(x, block));
      x = squeezed;
    }
    CHESTLIGHT_TRY(Value features, append_last_norm(net_.leave_body(x)));
    return std::move(net_).finish(std::move(blocks), features);
  }

 private:
  Result<Value> append_stem(Value x) {
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, "features.norm0"));
    const InputAffine input = untouched_input(static_cast<std::size_t>(shape_.channels));
    CHESTLIGHT_TRY(Value y, net_.convolution("stem.conv", "features.conv0.weight", x, input, norm, kStemConvolution));
    return max_pool(net_.graph(), "stem.pool", relu(net_.graph(), "stem.relu", y), kStemPool);
  }

  Result<Value> append_block(Value x, std::size_t block) {
    const int layers = shape_.layers[block - 1];
    for (int layer = 1; layer <= layers; ++layer) {
      CHESTLIGHT_TRY(Value grown, append_dense_layer(x, layer_name(block, layer)));
      std::string name = layer == layers ? plan_.layers[block - 1] : text("denseblock", block, ".concat", layer);
      x = concatenate(net_.graph(), std::move(name), {x, grown});
    }
    return x;
  }

  /// norm1, relu, conv1 (1×1), norm2, relu, conv2 (3×3): a clamp, two convolutions and a relu remain.
  Result<Value> append_dense_layer(Value x, const std::string& prefix) {
    const std::string name = value_name(prefix);
    CHESTLIGHT_TRY(ChannelAffine norm1, read_batch_norm(tensors_, prefix + ".norm1"));
    CHESTLIGHT_TRY(ChannelAffine norm2, read_batch_norm(tensors_, prefix + ".norm2"));
    ClampedAffine clamped = clamped_affine(norm1, net_.body());
    CHESTLIGHT_TRY(Value squeezed, net_.convolution(name + ".conv1", prefix + ".conv1.weight", net_.clamp(name, x, clamped),
                                                    clamped.input, norm2, kPointwise));
    CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors_, prefix + ".conv2.weight"));
    CHESTLIGHT_TRY(
        Value kernel,
        net_.body_constant(name + ".conv2.weight",
                           {shape_.growth, shape_.bottleneck, kDenseConvolution.size, kDenseConvolution.size}, weights));
    return convolution(net_.graph(), name + ".conv2", relu(net_.graph(), name + ".relu2", squeezed), kernel, kDenseConvolution);
  }

  /// norm, relu, conv (1×1), average pool; the pool goes in front of the convolution.
  Result<Value> append_transition(Value x, std::size_t block) {
    const std::string prefix = transition_name(block), name = value_name(prefix);
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, prefix + ".norm"));
    ClampedAffine clamped = clamped_affine(norm, net_.body());
    Value pooled = average_pool(net_.graph(), name + ".pool", net_.clamp(name, x, clamped), kTransitionPool);
    const auto outputs = static_cast<std::size_t>(tensors_.find(prefix + ".conv.weight")->second.shape[0]);
    return net_.convolution(name + ".conv", prefix + ".conv.weight", pooled, clamped.input, identity_affine(outputs), kPointwise);
  }

  /// Features are read as they are, so scale and shift stay in the graph.
  Result<Value> append_last_norm(Value x) {
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, "features.norm5"));
    CHESTLIGHT_TRY(Value scale, last_norm_constant("norm5.scale", norm.scale));
    CHESTLIGHT_TRY(Value shift, last_norm_constant("norm5.shift", norm.shift));
    Value scaled = multiply(net_.graph(), "norm5.scaled", x, scale);
    return relu(net_.graph(), "features", add(net_.graph(), "norm5.shifted", scaled, shift));
  }

  Result<Value> last_norm_constant(std::string name, const std::vector<double>& numbers) {
    std::vector<float> rounded;
    for (double number : numbers) rounded.push_back(static_cast<float>(rounded_to(ElementType::kFloat32, number)));
    return net_.constant(std::move(name), ElementType::kFloat32, {1, shape_.features, 1, 1}, rounded);
  }

  static std::string value_name(const std::string& prefix) { return prefix.substr(std::string_view("features.").size()); }

  const TensorMap& tensors_;
  const DenseNetShape& shape_;
  const NetworkPlan& plan_;
  NetworkBuilder net_;
};

Result<ForwardGraph> forward(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) {
  TensorInventory inventory(tensors);
  CHESTLIGHT_TRY(const DenseNetShape shape, read_shape(inventory));
  return DenseNetBuilder(tensors, shape, plan, body).build();
}

}  // namespace
}  // namespace densenet

extern const ArchitectureFamily kDenseNet;
const ArchitectureFamily kDenseNet{"densenet",     "DenseNet",        densenet::canonical_name, densenet::is_own_name,
                                   densenet::plan, densenet::nearest, densenet::forward};

}  // namespace chestlight
