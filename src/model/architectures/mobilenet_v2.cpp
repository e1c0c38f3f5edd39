// MobileNetV2 (Sandler et al., CVPR 2018) as torchvision lays it out: widths, expansions and the input's channels read off
// the tensors; 17 inverted residual blocks between a first and a last convolution, with the paper's strides, which no tensor
// tells. Every batch norm is folded into the convolution in front of it; what remains is convolutions, ReLU6 (Clip) and the
// residual additions, which stand where torchvision has them: around blocks of stride 1 that keep their width.
//
// Layers for maps: block1 … block5, the last value of each resolution (strides 2, 4, 8, 16 and 32; torchvision's features.1,
// .3, .6, .13 and .17).
//
// Spellings that are read beside torchvision's: those of the linear layer (weights/tensor_names.h), of which torchvision's own is
// "classifier.1.".
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"
#include "model/weights/tensor_names.h"

namespace chestlight {
namespace mobilenet_v2 {
namespace {

constexpr std::string_view kFeatures = "features.";
constexpr std::size_t kBlocks = 17;  // features.1 … features.17
constexpr int kKernel = 3;

/// The blocks that halve the resolution.
constexpr bool halves(std::size_t block) { return block == 2 || block == 4 || block == 7 || block == 14; }

std::string module_name(std::size_t module) { return text(kFeatures, module); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string canonical_name(std::string_view name) { return canonical_head_name(name); }

/// "features.N.M." or "features.N.conv.", or the classifier's.
bool is_own_name(std::string_view name) {
  if (name.starts_with("classifier.")) return true;
  if (!name.starts_with(kFeatures)) return false;
  name.remove_prefix(kFeatures.size());
  const std::size_t dot = name.find_first_not_of("0123456789");
  if (dot == 0 || dot == std::string_view::npos || name[dot] != '.') return false;
  const std::string_view rest = name.substr(dot + 1);
  return rest.starts_with("conv.") || (rest.size() > 2 && is_digit(rest[0]) && rest[1] == '.');
}

std::string nearest(const TensorMap&) { return "MobileNetV2"; }

/// One inverted residual block: names and widths of its convolutions.
struct Block {
  std::string expand;     // prefix of a 1×1 convolution's weight, empty where there is none; its norm is expand_norm
  std::string depthwise;  // 3×3
  std::string project;    // 1×1, without a rectifier behind it
  std::string expand_norm, depthwise_norm, project_norm;
  std::int64_t inputs = 0, hidden = 0, outputs = 0;
  int stride = 1;

  bool is_residual() const { return stride == 1 && inputs == outputs; }
};

struct MobileNetShape {
  std::int64_t channels = 0, stem = 0, features = 0;
  std::array<Block, kBlocks> blocks;
};

Block block_names(const std::string& prefix, bool expanded) {
  const std::string conv = prefix + ".conv.";
  Block block;
  const int first = expanded ? 1 : 0;  // the position of the depthwise convolution
  if (expanded) block.expand = conv + "0.0", block.expand_norm = conv + "0.1";
  block.depthwise = text(conv, first, ".0"), block.depthwise_norm = text(conv, first, ".1");
  block.project = text(conv, first + 1), block.project_norm = text(conv, first + 2);
  return block;
}

/// Whether the block begins with a 1×1 convolution: all do but those of expansion 1, which begin with the depthwise one.
bool expands(const TensorMap& tensors, const std::string& prefix) {
  const auto first = tensors.find(prefix + ".conv.0.0.weight");
  return first == tensors.end() || first->second.shape.size() != 4 || first->second.shape[2] != kKernel;
}

Result<Block> read_block(TensorInventory& inventory, std::size_t position, std::int64_t inputs) {
  const std::string prefix = module_name(position);
  if (!inventory.has_below(prefix + ".conv."))
    return misfit(text("The file has no inverted residual block ", prefix, "; MobileNetV2 has ", kBlocks, ", features.1 to ",
                       module_name(kBlocks), "."));
  Block block = block_names(prefix, expands(inventory.tensors(), prefix));
  block.inputs = block.hidden = inputs;
  block.stride = halves(position) ? 2 : 1;
  if (!block.expand.empty()) {
    CHESTLIGHT_TRY(const Extents expand, inventory.take(block.expand + ".weight", {0, inputs, 1, 1}));
    block.hidden = expand[0];
    CHESTLIGHT_CHECK(inventory.take_batch_norm(block.expand_norm, block.hidden));
  }
  CHESTLIGHT_CHECK(inventory.take(block.depthwise + ".weight", {block.hidden, 1, kKernel, kKernel}));
  CHESTLIGHT_CHECK(inventory.take_batch_norm(block.depthwise_norm, block.hidden));
  CHESTLIGHT_TRY(const Extents project, inventory.take(block.project + ".weight", {0, block.hidden, 1, 1}));
  block.outputs = project[0];
  CHESTLIGHT_CHECK(inventory.take_batch_norm(block.project_norm, block.outputs));
  return block;
}

Result<MobileNetShape> read_shape(TensorInventory& inventory) {
  MobileNetShape shape;
  CHESTLIGHT_TRY(const Extents first, inventory.take("features.0.0.weight", {0, 0, kKernel, kKernel}));
  shape.stem = first[0], shape.channels = first[1];
  CHESTLIGHT_CHECK(inventory.take_batch_norm("features.0.1", shape.stem));
  std::int64_t width = shape.stem;
  for (std::size_t position = 1; position <= kBlocks; ++position) {
    CHESTLIGHT_TRY(shape.blocks[position - 1], read_block(inventory, position, width));
    width = shape.blocks[position - 1].outputs;
  }
  const std::string last = module_name(kBlocks + 1);
  CHESTLIGHT_TRY(const Extents extents, inventory.take(last + ".0.weight", {0, width, 1, 1}));
  shape.features = extents[0];
  CHESTLIGHT_CHECK(inventory.take_batch_norm(last + ".1", shape.features));
  return shape;
}

Result<NetworkPlan> plan(TensorInventory& inventory) {
  CHESTLIGHT_TRY(const MobileNetShape shape, read_shape(inventory));
  NetworkPlan plan{"MobileNetV2", static_cast<int>(shape.channels), static_cast<int>(shape.features), 0, {}, {}};
  CHESTLIGHT_TRY(plan.classes, inventory.take_head(shape.features));
  plan.layers = {"block1", "block2", "block3", "block4", "block5"};
  const Block& last = shape.blocks.back();  // widens, so nothing is added to it from before
  if (!last.expand.empty()) plan.last_block.push_back(last.expand + ".weight");
  for (const std::string& name : {last.depthwise, last.project, module_name(kBlocks + 1) + ".0"})
    plan.last_block.push_back(name + ".weight");
  return plan;
}

constexpr KernelWindow kPointwise{};
constexpr KernelWindow kStemConvolution{.size = kKernel, .stride = 2, .padding = 1};

class MobileNetBuilder {
 public:
  MobileNetBuilder(const TensorMap& tensors, const MobileNetShape& shape, const NetworkPlan& plan, ElementType body)
      : tensors_(tensors), shape_(shape), plan_(plan), net_(tensors, plan, "mobilenet_v2", body) {
    low_ = bound("relu6.low", body, 0);
    high_ = bound("relu6.high", body, 6);
  }

  Result<ForwardGraph> build() && {
    CHESTLIGHT_TRY(Value x, append_convolution("stem", "features.0.0", "features.0.1", net_.body_input(), shape_.channels,
                                               kStemConvolution));
    x = clip(net_.graph(), "stem.relu6", x, low_, high_);
    std::vector<Value> layers;
    for (std::size_t position = 1; position <= kBlocks; ++position) {
      const bool ends_resolution = position == kBlocks || halves(position + 1);
      std::string name = ends_resolution ? plan_.layers[layers.size()] : module_name(position);
      CHESTLIGHT_TRY(Value y, append_block(shape_.blocks[position - 1], module_name(position), std::move(name), x));
      x = y;
      if (ends_resolution) layers.push_back(x);
    }
    const std::string last = module_name(kBlocks + 1);
    CHESTLIGHT_TRY(Value wide, append_convolution(last, last + ".0", last + ".1", x, shape_.blocks.back().outputs, kPointwise));
    wide = net_.leave_body(wide);
    Value low = low_, high = high_;
    if (net_.body() != ElementType::kFloat32) {
      low = bound("features.low", ElementType::kFloat32, 0);
      high = bound("features.high", ElementType::kFloat32, 6);
    }
    return std::move(net_).finish(std::move(layers), clip(net_.graph(), "features", wide, low, high));
  }

 private:
  Value bound(std::string name, ElementType element, float number) {
    return net_.graph().add_constant(std::move(name), element, {}, std::vector<float>{number});
  }

  /// expand, ReLU6, depthwise, ReLU6, project, and the addition of x where the block is residual. `name` is the output's.
  Result<Value> append_block(const Block& block, const std::string& prefix, std::string name, Value x) {
    Value y = x;
    if (!block.expand.empty()) {
      CHESTLIGHT_TRY(Value wide,
                     append_convolution(prefix + ".expand", block.expand, block.expand_norm, x, block.inputs, kPointwise));
      y = clip(net_.graph(), prefix + ".expand.relu6", wide, low_, high_);
    }
    const KernelWindow window{.size = kKernel, .stride = block.stride, .padding = 1};
    CHESTLIGHT_TRY(const ChannelAffine norm, read_batch_norm(tensors_, block.depthwise_norm));
    CHESTLIGHT_TRY(Value seen, net_.depthwise(prefix + ".depthwise", block.depthwise + ".weight", y, norm, window));
    y = clip(net_.graph(), prefix + ".depthwise.relu6", seen, low_, high_);
    const bool residual = block.is_residual();
    CHESTLIGHT_TRY(Value narrow, append_convolution(residual ? prefix + ".project" : name, block.project, block.project_norm, y,
                                                    block.hidden, kPointwise));
    return residual ? sum(net_.graph(), std::move(name), x, narrow) : narrow;
  }

  Result<Value> append_convolution(const std::string& name, const std::string& tensor, const std::string& norm, Value x,
                                   std::int64_t inputs, KernelWindow window) {
    CHESTLIGHT_TRY(const ChannelAffine behind, read_batch_norm(tensors_, norm));
    return net_.convolution(name, tensor + ".weight", x, untouched_input(static_cast<std::size_t>(inputs)), behind, window);
  }

  const TensorMap& tensors_;
  const MobileNetShape& shape_;
  const NetworkPlan& plan_;
  NetworkBuilder net_;
  Value low_, high_;  // of ReLU6, in the body's precision
};

Result<ForwardGraph> forward(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) {
  TensorInventory inventory(tensors);
  CHESTLIGHT_TRY(const MobileNetShape shape, read_shape(inventory));
  return MobileNetBuilder(tensors, shape, plan, body).build();
}

}  // namespace
}  // namespace mobilenet_v2

extern const ArchitectureFamily kMobileNetV2;
const ArchitectureFamily kMobileNetV2{
    "mobilenetv2",      "MobileNetV2",         mobilenet_v2::canonical_name, mobilenet_v2::is_own_name,
    mobilenet_v2::plan, mobilenet_v2::nearest, mobilenet_v2::forward};

}  // namespace chestlight
