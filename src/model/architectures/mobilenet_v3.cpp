// MobileNetV3 (Howard et al., ICCV 2019) as torchvision lays it out: small and large, told apart by the number of blocks;
// kernels, squeeze-and-excitation, activations and strides are the paper's, widths and the input's channels are read off the
// tensors. Every batch norm is folded into the convolution in front of it.
//
// Between pooling and the last linear layer stands another one with a hard swish. The features here are what goes through that
// one cell by cell, times the hard swish's slope for the film, so that the evidence map is exact all the same:
//     z = weights · x + bias in every cell,  slope = hard_sigmoid(mean of z),  features = slope · z,
//     mean of features = slope · mean of z = hard_swish(mean of z), which the last linear layer reads.
// They may be negative, as a hard swish is between −3 and 0.
//
// Layers for maps: block1 …, the last value of each resolution, of strides 2, 4, 8, 16 and 32 (small: from 4 on).
#include <array>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"
#include "model/weights/tensor_names.h"

namespace chestlight {
namespace mobilenet_v3 {
namespace {

constexpr double kEpsilon = 1e-3;  // of its batch norms
constexpr KernelWindow kPointwise{};
constexpr KernelWindow kStem{.size = 3, .stride = 2, .padding = 1};

/// What no tensor tells of a block, and what must agree with them.
struct BlockRow {
  int kernel;
  bool excites;
  bool swishes;  // a hard swish in place of a rectifier
  int stride;
};

constexpr BlockRow kSmall[] = {{3, true, false, 2}, {3, false, false, 2}, {3, false, false, 1}, {5, true, true, 2},
                               {5, true, true, 1},  {5, true, true, 1},   {5, true, true, 1},   {5, true, true, 1},
                               {5, true, true, 2},  {5, true, true, 1},   {5, true, true, 1}};
constexpr BlockRow kLarge[] = {{3, false, false, 1}, {3, false, false, 2}, {3, false, false, 1}, {5, true, false, 2},
                               {5, true, false, 1},  {5, true, false, 1},  {3, false, true, 2},  {3, false, true, 1},
                               {3, false, true, 1},  {3, false, true, 1},  {3, true, true, 1},   {3, true, true, 1},
                               {5, true, true, 2},   {5, true, true, 1},   {5, true, true, 1}};

std::string module_name(std::size_t module) { return text("features.", module); }

/// The first linear layer is "hidden.", the last one "classifier."; a Sequential that was replaced has them at other positions.
std::string canonical_name(std::string_view name) {
  constexpr std::string_view kHidden = "classifier.0.";
  if (name.starts_with(kHidden)) return text("hidden.", name.substr(kHidden.size()));
  return canonical_head_name(name);
}

bool is_own_name(std::string_view name) {
  if (name.starts_with("classifier.") || name.starts_with("hidden.")) return true;
  return name.starts_with("features.") && (name.find(".block.") != std::string_view::npos || name.starts_with("features.0."));
}

std::size_t blocks_of(const TensorInventory& inventory) {
  constexpr std::size_t kMost = 64;
  std::size_t blocks = 0;
  while (blocks < kMost && inventory.has_below(module_name(blocks + 1) + ".block.")) ++blocks;
  return blocks;
}

bool is_small(std::size_t blocks) { return 2 * blocks < std::size(kSmall) + std::size(kLarge); }

std::string nearest(const TensorMap& tensors) {
  return is_small(blocks_of(TensorInventory(tensors))) ? "MobileNetV3-small" : "MobileNetV3-large";
}

struct Block {
  BlockRow row{};
  std::string expand;  // prefix of a convolution (.0) and its batch norm (.1); empty where there is none
  std::string depthwise, excitation, project;
  std::int64_t inputs = 0, hidden = 0, squeezed = 0, outputs = 0;

  bool is_residual() const { return row.stride == 1 && inputs == outputs; }
};

struct MobileNetShape {
  bool small = false;
  std::int64_t channels = 0, stem = 0, last = 0, features = 0;
  std::vector<Block> blocks;

  std::string last_name() const { return module_name(blocks.size() + 1); }
  bool ends_resolution(std::size_t block) const { return block + 1 == blocks.size() || blocks[block + 1].row.stride == 2; }
};

/// Convolution `prefix`.0 with its batch norm `prefix`.1; gives its outputs.
Result<std::int64_t> take_convolution(TensorInventory& inventory, const std::string& prefix, const Extents& wanted) {
  CHESTLIGHT_TRY(const Extents extents, inventory.take(prefix + ".0.weight", wanted));
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".1", extents[0]));
  return extents[0];
}

Result<void> take_excitation(TensorInventory& inventory, Block& block) {
  CHESTLIGHT_TRY(const Extents first, inventory.take(block.excitation + ".fc1.weight", {0, block.hidden, 1, 1}));
  block.squeezed = first[0];
  CHESTLIGHT_CHECK(inventory.take(block.excitation + ".fc1.bias", {block.squeezed}));
  CHESTLIGHT_CHECK(inventory.take(block.excitation + ".fc2.weight", {block.hidden, block.squeezed, 1, 1}));
  CHESTLIGHT_CHECK(inventory.take(block.excitation + ".fc2.bias", {block.hidden}));
  return {};
}

/// Whether the block begins with its depthwise convolution: so do those that do not widen.
bool begins_depthwise(const TensorMap& tensors, const std::string& prefix) {
  const auto first = tensors.find(prefix + "0.0.weight");
  return first != tensors.end() && first->second.shape.size() == 4 && first->second.shape[2] > 1;
}

Result<Block> read_block(TensorInventory& inventory, std::size_t position, const BlockRow& row, std::int64_t inputs) {
  const std::string prefix = module_name(position) + ".block.";
  Block block{.row = row, .inputs = inputs, .hidden = inputs};
  int part = 0;
  if (!begins_depthwise(inventory.tensors(), prefix)) {
    block.expand = text(prefix, part++);
    CHESTLIGHT_TRY(block.hidden, take_convolution(inventory, block.expand, {0, inputs, 1, 1}));
  }
  block.depthwise = text(prefix, part++);
  CHESTLIGHT_CHECK(take_convolution(inventory, block.depthwise, {block.hidden, 1, row.kernel, row.kernel}));
  if (row.excites) {
    block.excitation = text(prefix, part++);
    CHESTLIGHT_CHECK(take_excitation(inventory, block));
  }
  block.project = text(prefix, part);
  CHESTLIGHT_TRY(block.outputs, take_convolution(inventory, block.project, {0, block.hidden, 1, 1}));
  return block;
}

Result<MobileNetShape> read_shape(TensorInventory& inventory) {
  MobileNetShape shape;
  const std::size_t blocks = blocks_of(inventory);
  shape.small = is_small(blocks);
  const std::span<const BlockRow> rows = shape.small ? std::span<const BlockRow>(kSmall) : std::span<const BlockRow>(kLarge);
  if (blocks != rows.size())
    return misfit(text("The file has ", blocks, " inverted residual blocks; ",
                       shape.small ? "MobileNetV3-small" : "MobileNetV3-large", " has ", rows.size(), ", features.1 to ",
                       module_name(rows.size()), "."));
  CHESTLIGHT_TRY(const Extents first, inventory.take("features.0.0.weight", {0, 0, kStem.size, kStem.size}));
  shape.stem = first[0], shape.channels = first[1];
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.0.1", shape.stem));
  std::int64_t width = shape.stem;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHESTLIGHT_TRY(Block block, read_block(inventory, i + 1, rows[i], width));
    width = block.outputs;
    shape.blocks.push_back(std::move(block));
  }
  CHESTLIGHT_TRY(shape.last, take_convolution(inventory, shape.last_name(), {0, width, 1, 1}));
  CHESTLIGHT_TRY(const Extents hidden, inventory.take("hidden.weight", {0, shape.last}));
  shape.features = hidden[0];
  CHESTLIGHT_CHECK(inventory.take("hidden.bias", {shape.features}));
  return shape;
}

Result<NetworkPlan> plan(TensorInventory& inventory) {
  CHESTLIGHT_TRY(const MobileNetShape shape, read_shape(inventory));
  NetworkPlan plan{shape.small ? "MobileNetV3-small" : "MobileNetV3-large",
                   static_cast<int>(shape.channels),
                   static_cast<int>(shape.features),
                   0,
                   {},
                   {}};
  CHESTLIGHT_TRY(plan.classes, inventory.take_head(shape.features));
  for (std::size_t i = 0; i < shape.blocks.size(); ++i)
    if (shape.ends_resolution(i)) plan.layers.push_back(text("block", plan.layers.size() + 1));
  // From the last block to which nothing is added from before.
  std::size_t first = shape.blocks.size() - 1;
  while (first > 0 && shape.blocks[first].is_residual()) --first;
  for (std::size_t i = first; i < shape.blocks.size(); ++i)
    for (const std::string& part : {shape.blocks[i].expand, shape.blocks[i].depthwise, shape.blocks[i].project})
      if (!part.empty()) plan.last_block.push_back(part + ".0.weight");
  plan.last_block.push_back(shape.last_name() + ".0.weight");
  return plan;
}

class MobileNetBuilder {
 public:
  MobileNetBuilder(const TensorMap& tensors, const MobileNetShape& shape, const NetworkPlan& plan, ElementType body)
      : tensors_(tensors), shape_(shape), plan_(plan), net_(tensors, plan, "mobilenet_v3", body) {}

  Result<ForwardGraph> build() && {
    CHESTLIGHT_TRY(Value x, append_convolution("stem", "features.0", net_.body_input(), shape_.channels, kStem));
    x = hard_swish("stem.swish", x);
    std::vector<Value> layers;
    for (std::size_t i = 0; i < shape_.blocks.size(); ++i) {
      const bool ends = shape_.ends_resolution(i);
      const std::string name = ends ? plan_.layers[layers.size()] : module_name(i + 1);
      CHESTLIGHT_TRY(x, append_block(shape_.blocks[i], module_name(i + 1), name, x));
      if (ends) layers.push_back(x);
    }
    const std::string last = shape_.last_name();
    CHESTLIGHT_TRY(x, append_convolution(last, last, x, shape_.blocks.back().outputs, kPointwise));
    CHESTLIGHT_TRY(const Value features, append_features(hard_swish(last + ".swish", net_.leave_body(x))));
    return std::move(net_).finish(std::move(layers), features);
  }

 private:
  Value hard_swish(const std::string& name, Value x) {
    return scaled_by(net_.graph(), name, x, hard_sigmoid(net_.graph(), name + ".gate", x));
  }
  Value activation(const Block& block, const std::string& name, Value x) {
    return block.row.swishes ? hard_swish(name, x) : relu(net_.graph(), name, x);
  }

  /// The first linear layer in every cell, times its hard swish's slope for the film.
  Result<Value> append_features(Value x) {
    CHESTLIGHT_TRY(const std::vector<float> weights, widen(tensors_, "hidden.weight"));
    CHESTLIGHT_TRY(const std::vector<float> bias, widen(tensors_, "hidden.bias"));
    const ElementType full = ElementType::kFloat32;
    CHESTLIGHT_TRY(Value kernel, net_.constant("hidden.weight", full, {shape_.features, shape_.last, 1, 1}, weights));
    CHESTLIGHT_TRY(Value shift, net_.constant("hidden.bias", full, {shape_.features}, bias));
    Value cells = convolution(net_.graph(), "hidden", x, kernel, shift, kPointwise);
    Value slope = hard_sigmoid(net_.graph(), "hidden.gate", global_average_pool(net_.graph(), "hidden.mean", cells));
    return scaled_by(net_.graph(), "features", cells, slope);
  }

  /// expand, depthwise, excitation, project, and the addition of x where the block is residual. `name` is the output's.
  Result<Value> append_block(const Block& block, const std::string& prefix, const std::string& name, Value x) {
    Value y = x;
    if (!block.expand.empty()) {
      CHESTLIGHT_TRY(y, append_convolution(prefix + ".expand", block.expand, x, block.inputs, kPointwise));
      y = activation(block, prefix + ".expand.active", y);
    }
    const KernelWindow window{.size = block.row.kernel, .stride = block.row.stride, .padding = block.row.kernel / 2};
    CHESTLIGHT_TRY(const ChannelAffine norm, read_batch_norm(tensors_, block.depthwise + ".1", kEpsilon));
    CHESTLIGHT_TRY(y, net_.depthwise(prefix + ".depthwise", block.depthwise + ".0.weight", y, norm, window));
    y = activation(block, prefix + ".depthwise.active", y);
    if (block.row.excites) {
      CHESTLIGHT_TRY(y, append_excitation(block, prefix + ".excitation", y));
    }
    const bool residual = block.is_residual();
    CHESTLIGHT_TRY(y, append_convolution(residual ? prefix + ".project" : name, block.project, y, block.hidden, kPointwise));
    return residual ? sum(net_.graph(), name, x, y) : y;
  }

  /// x, each channel weighted by what all channels are on the average of the film.
  Result<Value> append_excitation(const Block& block, const std::string& name, Value x) {
    Value mean = global_average_pool(net_.graph(), name + ".mean", x);
    CHESTLIGHT_TRY(Value squeezed, append_linear(name + ".fc1", block.excitation + ".fc1", mean, block.hidden));
    squeezed = relu(net_.graph(), name + ".relu", squeezed);
    CHESTLIGHT_TRY(Value weights, append_linear(name + ".fc2", block.excitation + ".fc2", squeezed, block.squeezed));
    return scaled_by(net_.graph(), name, x, hard_sigmoid(net_.graph(), name + ".gate", weights));
  }

  Result<Value> append_linear(const std::string& name, const std::string& tensor, Value x, std::int64_t inputs) {
    CHESTLIGHT_TRY(const std::vector<float> bias, widen(tensors_, tensor + ".bias"));
    const ChannelAffine behind{std::vector<double>(bias.size(), 1), {bias.begin(), bias.end()}};
    return net_.convolution(name, tensor + ".weight", x, untouched_input(static_cast<std::size_t>(inputs)), behind, kPointwise);
  }

  Result<Value> append_convolution(const std::string& name, const std::string& prefix, Value x, std::int64_t inputs,
                                   KernelWindow window) {
    CHESTLIGHT_TRY(const ChannelAffine behind, read_batch_norm(tensors_, prefix + ".1", kEpsilon));
    return net_.convolution(name, prefix + ".0.weight", x, untouched_input(static_cast<std::size_t>(inputs)), behind, window);
  }

  const TensorMap& tensors_;
  const MobileNetShape& shape_;
  const NetworkPlan& plan_;
  NetworkBuilder net_;
};

Result<ForwardGraph> forward(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) {
  TensorInventory inventory(tensors);
  CHESTLIGHT_TRY(const MobileNetShape shape, read_shape(inventory));
  return MobileNetBuilder(tensors, shape, plan, body).build();
}

}  // namespace
}  // namespace mobilenet_v3

extern const ArchitectureFamily kMobileNetV3;
const ArchitectureFamily kMobileNetV3{
    "mobilenetv3",      "MobileNetV3",         mobilenet_v3::canonical_name, mobilenet_v3::is_own_name,
    mobilenet_v3::plan, mobilenet_v3::nearest, mobilenet_v3::forward};

}  // namespace chestlight
