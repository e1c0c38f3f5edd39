// ResNet (He et al., CVPR 2016) as torchvision lays it out: basic or bottleneck blocks in four stages, widths and the input's
// channels read off the tensors. Strides are torchvision's, which no tensor tells: a stage but the first halves in the 3×3
// convolution of its first block. Every batch norm is folded into the convolution in front of it.
//
// Layers for maps: block1 … block3, the outputs of the first three stages (torchvision's layer1 …); the fourth one's is
// "features".
//
// Spellings that are read beside torchvision's: those of the linear layer (weights/tensor_names.h), whose own is "fc.".
#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"
#include "model/weights/tensor_names.h"

namespace chestlight {
namespace resnet {
namespace {

constexpr std::size_t kStages = 4;

std::string stage_name(std::size_t stage) { return text("layer", stage); }

std::string canonical_name(std::string_view name) { return canonical_head_name(name); }

bool is_own_name(std::string_view name) {
  for (std::string_view prefix : {"conv1.", "bn1.", "layer1.", "layer2.", "layer3.", "layer4.", "classifier."})
    if (name.starts_with(prefix)) return true;
  return false;
}

/// Blocks of a stage, as far as the names go without a gap.
int blocks_of(const TensorInventory& inventory, std::size_t stage) {
  constexpr int kMost = 1000;
  int blocks = 0;
  while (blocks < kMost && inventory.has_below(text(stage_name(stage), ".", blocks, "."))) ++blocks;
  return blocks;
}

struct Published {
  std::string_view name;
  std::array<int, kStages> blocks;
  bool bottlenecks;
};

constexpr Published kPublished[] = {{"ResNet-18", {2, 2, 2, 2}, false},
                                    {"ResNet-34", {3, 4, 6, 3}, false},
                                    {"ResNet-50", {3, 4, 6, 3}, true},
                                    {"ResNet-101", {3, 4, 23, 3}, true},
                                    {"ResNet-152", {3, 8, 36, 3}, true}};

bool has_bottlenecks(const TensorMap& tensors) { return tensors.contains("layer1.0.conv3.weight"); }

/// The published one with the fewest blocks more or less, of the same kind of block.
std::string nearest(const TensorMap& tensors) {
  const TensorInventory inventory(tensors);
  const bool bottlenecks = has_bottlenecks(tensors);
  const Published* best = nullptr;
  int least = 0;
  for (const Published& network : kPublished) {
    if (network.bottlenecks != bottlenecks) continue;
    int distance = 0;
    for (std::size_t stage = 1; stage <= kStages; ++stage)
      distance += std::abs(blocks_of(inventory, stage) - network.blocks[stage - 1]);
    if (!best || distance < least) best = &network, least = distance;
  }
  return std::string(best->name);
}

struct Convolution {
  std::string weight, norm;  // names of the tensor and of the batch norm behind it
  std::int64_t inputs = 0, outputs = 0;
  KernelWindow window;
};

struct Block {
  std::string prefix;
  std::vector<Convolution> convolutions;
  std::vector<Convolution> shortcut;  // one, or none where x is added as it is
};

struct ResNetShape {
  Convolution stem;
  std::array<std::vector<Block>, kStages> stages;
  bool bottlenecks = false;

  std::int64_t features() const { return stages.back().back().convolutions.back().outputs; }
};

/// One convolution and its batch norm; `outputs` 0 is any number.
Result<Convolution> read_convolution(TensorInventory& inventory, std::string weight, std::string norm, std::int64_t inputs,
                                     std::int64_t outputs, KernelWindow window) {
  CHESTLIGHT_TRY(const Extents extents, inventory.take(weight, {outputs, inputs, window.size, window.size}));
  CHESTLIGHT_CHECK(inventory.take_batch_norm(norm, extents[0]));
  return Convolution{std::move(weight), std::move(norm), extents[1], extents[0], window};
}

Result<Block> read_block(TensorInventory& inventory, const std::string& prefix, std::int64_t inputs, int stride,
                         bool bottlenecks) {
  Block block{prefix, {}, {}};
  const KernelWindow pointwise{}, square{.size = 3, .stride = 1, .padding = 1},
      halving{.size = 3, .stride = stride, .padding = 1};
  const std::vector<KernelWindow> windows =
      bottlenecks ? std::vector{pointwise, halving, pointwise} : std::vector{halving, square};
  const std::string downsample = prefix + ".downsample";
  const bool has_shortcut = inventory.has_below(downsample + ".");
  std::int64_t width = inputs;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const bool adds_x = i + 1 == windows.size() && !has_shortcut;
    CHESTLIGHT_TRY(Convolution next, read_convolution(inventory, text(prefix, ".conv", i + 1, ".weight"),
                                                      text(prefix, ".bn", i + 1), width, adds_x ? inputs : 0, windows[i]));
    width = next.outputs;
    block.convolutions.push_back(std::move(next));
  }
  if (has_shortcut) {
    CHESTLIGHT_TRY(Convolution shortcut, read_convolution(inventory, downsample + ".0.weight", downsample + ".1", inputs, width,
                                                          {.size = 1, .stride = stride, .padding = 0}));
    block.shortcut.push_back(std::move(shortcut));
  } else if (stride > 1) {
    return misfit(text(prefix, " halves the resolution and has no ", downsample, "."));
  }
  return block;
}

Result<ResNetShape> read_shape(TensorInventory& inventory) {
  ResNetShape shape;
  CHESTLIGHT_TRY(shape.stem, read_convolution(inventory, "conv1.weight", "bn1", 0, 0, {.size = 7, .stride = 2, .padding = 3}));
  shape.bottlenecks = has_bottlenecks(inventory.tensors());
  std::int64_t width = shape.stem.outputs;
  for (std::size_t stage = 1; stage <= kStages; ++stage) {
    const int blocks = blocks_of(inventory, stage);
    if (blocks == 0)
      return misfit(text("The file has no ", stage_name(stage), ".0; a ResNet has four stages, layer1 to layer4."));
    for (int i = 0; i < blocks; ++i) {
      const int stride = stage > 1 && i == 0 ? 2 : 1;
      CHESTLIGHT_TRY(Block block, read_block(inventory, text(stage_name(stage), ".", i), width, stride, shape.bottlenecks));
      width = block.convolutions.back().outputs;
      shape.stages[stage - 1].push_back(std::move(block));
    }
  }
  return shape;
}

std::string name_of(const ResNetShape& shape) {
  std::string blocks;
  for (const auto& stage : shape.stages) blocks += text(blocks.empty() ? "" : "-", stage.size());
  for (const Published& network : kPublished) {
    bool same = network.bottlenecks == shape.bottlenecks;
    for (std::size_t i = 0; i < kStages; ++i)
      same = same && shape.stages[i].size() == static_cast<std::size_t>(network.blocks[i]);
    if (same) return std::string(network.name);
  }
  return text("ResNet of ", shape.bottlenecks ? "bottleneck " : "", "blocks ", blocks);
}

Result<NetworkPlan> plan(TensorInventory& inventory) {
  CHESTLIGHT_TRY(const ResNetShape shape, read_shape(inventory));
  NetworkPlan plan{name_of(shape),
                   static_cast<int>(shape.stem.inputs),
                   static_cast<int>(shape.features()),
                   0,
                   {"block1", "block2", "block3"},
                   {}};
  CHESTLIGHT_TRY(plan.classes, inventory.take_head(shape.features()));
  // A block hands its input on beside what it makes of it, but for the first of a stage.
  for (const Block& block : shape.stages.back()) {
    for (const Convolution& each : block.convolutions) plan.last_block.push_back(each.weight);
    for (const Convolution& each : block.shortcut) plan.last_block.push_back(each.weight);
  }
  return plan;
}

class ResNetBuilder {
 public:
  ResNetBuilder(const TensorMap& tensors, const ResNetShape& shape, const NetworkPlan& plan, ElementType body)
      : tensors_(tensors), shape_(shape), plan_(plan), net_(tensors, plan, "resnet", body) {}

  Result<ForwardGraph> build() && {
    constexpr KernelWindow kStemPool{.size = 3, .stride = 2, .padding = 1};
    CHESTLIGHT_TRY(Value x, append_convolution("stem.conv", shape_.stem, net_.body_input()));
    x = max_pool(net_.graph(), "stem.pool", relu(net_.graph(), "stem.relu", x), kStemPool);
    std::vector<Value> layers;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
      for (const Block& block : shape_.stages[stage]) {
        const bool last = &block == &shape_.stages[stage].back();
        const std::string name = !last ? block.prefix : stage + 1 == kStages ? "features" : plan_.layers[stage];
        CHESTLIGHT_TRY(x, append_block(block, name, x));
      }
      if (stage + 1 < kStages) layers.push_back(x);
    }
    return std::move(net_).finish(std::move(layers), x);
  }

 private:
  /// relu(convolutions(x) + shortcut(x)); `name` is the output's.
  Result<Value> append_block(const Block& block, const std::string& name, Value x) {
    Value y = x, beside = x;
    for (std::size_t i = 0; i < block.convolutions.size(); ++i) {
      const std::string each = text(block.prefix, ".conv", i + 1);
      if (i > 0) y = relu(net_.graph(), text(block.prefix, ".relu", i), y);
      CHESTLIGHT_TRY(y, append_convolution(each, block.convolutions[i], y));
    }
    for (const Convolution& shortcut : block.shortcut) {
      CHESTLIGHT_TRY(beside, append_convolution(block.prefix + ".shortcut", shortcut, x));
    }
    Value added = sum(net_.graph(), block.prefix + ".sum", y, beside);
    return relu(net_.graph(), name, name == "features" ? net_.leave_body(added) : added);
  }

  Result<Value> append_convolution(const std::string& name, const Convolution& each, Value x) {
    CHESTLIGHT_TRY(const ChannelAffine behind, read_batch_norm(tensors_, each.norm));
    return net_.convolution(name, each.weight, x, untouched_input(static_cast<std::size_t>(each.inputs)), behind, each.window);
  }

  const TensorMap& tensors_;
  const ResNetShape& shape_;
  const NetworkPlan& plan_;
  NetworkBuilder net_;
};

Result<ForwardGraph> forward(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) {
  TensorInventory inventory(tensors);
  CHESTLIGHT_TRY(const ResNetShape shape, read_shape(inventory));
  return ResNetBuilder(tensors, shape, plan, body).build();
}

}  // namespace
}  // namespace resnet

extern const ArchitectureFamily kResNet;
const ArchitectureFamily kResNet{"resnet",     "ResNet",        resnet::canonical_name, resnet::is_own_name,
                                 resnet::plan, resnet::nearest, resnet::forward};

}  // namespace chestlight
