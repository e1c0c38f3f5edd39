// The anatomy network (tools/training/anatomy_network.py): a small U-Net whose masks show lungs and heart, and whose head
// says how a film lies. Number of resolutions, convolutions of each and all widths are read off the tensors.
//
// On the way down each resolution is a row of 3×3 convolutions with batch norm and rectifier; the first convolution of all
// halves the film, a 2×2 maximum stands before each further resolution. Pooling and head look at the deepest one, as in every
// network here. On the way up each resolution is conv(relu(own + enlarge(narrow(below)))), narrow being 1×1. Batch norms are
// folded into their convolutions. Sizes of the film must be multiples of the deepest stride, or the sums do not fit.
//
// Layers for maps: level1 … levelN−1, the last value of each resolution on the way down; the deepest is "features".
// One more output than others have: "masks" [batch, masks, height / 2, width / 2], float32 logits.
#include <string>
#include <vector>

#include "base/text.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"

namespace chestlight {
namespace anatomy_network {
namespace {

constexpr int kKernel = 3;
constexpr std::size_t kFewestLevels = 2;
constexpr KernelWindow kPlain{.size = kKernel, .padding = 1};
constexpr KernelWindow kHalving{.size = kKernel, .stride = 2, .padding = 1};
constexpr KernelWindow kPooling{.size = 2, .stride = 2};
constexpr KernelWindow kPointwise{};

/// A resolution: its convolutions on the way down are down.LEVEL.0 …, all of `width` outputs.
struct Level {
  std::int64_t width = 0;
  std::size_t convolutions = 0;
};

struct AnatomyShape {
  std::int64_t channels = 0, masks = 0;
  std::vector<Level> levels;  // finest first
};

std::string step_name(std::string_view way, std::size_t level, std::size_t step) { return text(way, ".", level, ".", step); }

/// "classifier.0." is a linear layer in a Sequential.
std::string canonical_name(std::string_view name) {
  constexpr std::string_view kWrapped = "classifier.0.";
  return name.starts_with(kWrapped) ? text("classifier.", name.substr(kWrapped.size())) : std::string(name);
}

bool is_own_name(std::string_view name) {
  for (std::string_view part : {"down.", "narrow.", "up.", "masks."})
    if (name.starts_with(part)) return true;
  return false;
}

std::string nearest(const TensorMap&) { return "the anatomy network"; }

/// A 3×3 convolution and its batch norm: PREFIX.0 and PREFIX.1. Gives its outputs.
Result<std::int64_t> read_step(TensorInventory& inventory, const std::string& prefix, const Extents& wanted) {
  CHESTLIGHT_TRY(const Extents found, inventory.take(prefix + ".0.weight", {wanted[0], wanted[1], kKernel, kKernel}));
  CHESTLIGHT_CHECK(inventory.take_batch_norm(prefix + ".1", found[0]));
  return found[0];
}

Result<Level> read_level(TensorInventory& inventory, std::size_t level, std::int64_t inputs) {
  Level read;
  CHESTLIGHT_TRY(read.width, read_step(inventory, step_name("down", level, 0), {0, inputs}));
  for (read.convolutions = 1; inventory.has_below(step_name("down", level, read.convolutions) + "."); ++read.convolutions) {
    CHESTLIGHT_TRY(read.width, read_step(inventory, step_name("down", level, read.convolutions), {read.width, read.width}));
  }
  return read;
}

Result<void> read_plain(TensorInventory& inventory, const std::string& name, std::int64_t outputs, std::int64_t inputs) {
  CHESTLIGHT_CHECK(inventory.take(name + ".weight", {outputs, inputs, 1, 1}));
  CHESTLIGHT_CHECK(inventory.take(name + ".bias", {outputs}));
  return {};
}

Result<AnatomyShape> read_shape(TensorInventory& inventory) {
  AnatomyShape shape;
  CHESTLIGHT_TRY(const Extents first, inventory.take("down.0.0.0.weight", {0, 0, kKernel, kKernel}));
  shape.channels = first[1];
  std::int64_t inputs = shape.channels;
  while (inventory.has_below(text("down.", shape.levels.size(), "."))) {
    CHESTLIGHT_TRY(const Level level, read_level(inventory, shape.levels.size(), inputs));
    inputs = level.width;
    shape.levels.push_back(level);
  }
  if (shape.levels.size() < kFewestLevels)
    return misfit(
        text("The file has ", shape.levels.size(), " resolutions; the anatomy network has ", kFewestLevels, " or more."));
  for (std::size_t level = 0; level + 1 < shape.levels.size(); ++level) {
    const std::int64_t width = shape.levels[level].width;
    CHESTLIGHT_CHECK(read_plain(inventory, text("narrow.", level), width, shape.levels[level + 1].width));
    CHESTLIGHT_TRY([[maybe_unused]] const std::int64_t same, read_step(inventory, text("up.", level), {width, width}));
  }
  CHESTLIGHT_TRY(const Extents masks, inventory.take("masks.weight", {0, shape.levels[0].width, 1, 1}));
  shape.masks = masks[0];
  CHESTLIGHT_CHECK(inventory.take("masks.bias", {shape.masks}));
  return shape;
}

Result<NetworkPlan> plan(TensorInventory& inventory) {
  CHESTLIGHT_TRY(const AnatomyShape shape, read_shape(inventory));
  const std::size_t deepest = shape.levels.size() - 1;
  const auto features = static_cast<int>(shape.levels[deepest].width);
  NetworkPlan plan{"Anatomy network", static_cast<int>(shape.channels), features, 0, {}, {}};
  CHESTLIGHT_TRY(plan.classes, inventory.take_head(features));
  for (std::size_t level = 0; level < deepest; ++level) plan.layers.push_back(text("level", level + 1));
  for (std::size_t step = 0; step < shape.levels[deepest].convolutions; ++step)
    plan.last_block.push_back(step_name("down", deepest, step) + ".0.weight");
  return plan;
}

class AnatomyBuilder {
 public:
  AnatomyBuilder(const TensorMap& tensors, const AnatomyShape& shape, const NetworkPlan& plan, ElementType body)
      : tensors_(tensors), shape_(shape), plan_(plan), net_(tensors, plan, "anatomy", body) {}

  Result<ForwardGraph> build() && {
    const std::size_t deepest = shape_.levels.size() - 1;
    std::vector<Value> layers;
    Value x = net_.body_input();
    for (std::size_t level = 0; level < deepest; ++level) {
      CHESTLIGHT_TRY(x, append_level(level, x, plan_.layers[level]));
      layers.push_back(x);
    }
    const bool is_cast = net_.body() != ElementType::kFloat32;
    CHESTLIGHT_TRY(x, append_level(deepest, x, is_cast ? "deepest" : "features"));
    const Value features = is_cast ? cast(net_.graph(), "features", x, ElementType::kFloat32) : x;
    for (std::size_t level = deepest; level-- > 0;) {
      CHESTLIGHT_TRY(x, append_way_up(level, x, layers[level]));
    }
    CHESTLIGHT_TRY(Value masks, append_plain(is_cast ? "masks.half" : "masks", "masks", x, shape_.levels[0].width, shape_.masks));
    if (is_cast) masks = cast(net_.graph(), "masks", masks, ElementType::kFloat32);
    CHESTLIGHT_TRY(ForwardGraph built, std::move(net_).finish(std::move(layers), features));
    built.graph.mark_output(masks);
    return built;
  }

 private:
  /// `name` is the last value's.
  Result<Value> append_level(std::size_t level, Value x, const std::string& name) {
    const Level& of = shape_.levels[level];
    const std::int64_t inputs = level == 0 ? shape_.channels : shape_.levels[level - 1].width;
    if (level > 0) x = max_pool(net_.graph(), text("down.", level, ".pooled"), x, kPooling);
    for (std::size_t step = 0; step < of.convolutions; ++step) {
      const std::string prefix = step_name("down", level, step);
      CHESTLIGHT_TRY(x, append_step(prefix, step + 1 == of.convolutions ? name : prefix + ".relu", x,
                                    step == 0 ? inputs : of.width, level == 0 && step == 0 ? kHalving : kPlain));
    }
    return x;
  }

  Result<Value> append_way_up(std::size_t level, Value below, Value own) {
    const std::int64_t width = shape_.levels[level].width;
    const std::string narrow = text("narrow.", level), up = text("up.", level);
    CHESTLIGHT_TRY(Value x, append_plain(narrow, narrow, below, shape_.levels[level + 1].width, width));
    x = sum(net_.graph(), up + ".sum", own, enlarge(net_.graph(), narrow + ".enlarged", x, 2));
    return append_step(up, up + ".relu", relu(net_.graph(), up + ".sum.relu", x), width, kPlain);
  }

  Result<Value> append_step(const std::string& prefix, std::string name, Value x, std::int64_t inputs, KernelWindow window) {
    CHESTLIGHT_TRY(const ChannelAffine norm, read_batch_norm(tensors_, prefix + ".1"));
    CHESTLIGHT_TRY(Value y, net_.convolution(prefix, prefix + ".0.weight", x, untouched_input(static_cast<std::size_t>(inputs)),
                                             norm, window));
    return relu(net_.graph(), std::move(name), y);
  }

  /// A 1×1 convolution with a bias of its own.
  Result<Value> append_plain(const std::string& name, const std::string& tensor, Value x, std::int64_t inputs,
                             std::int64_t outputs) {
    CHESTLIGHT_TRY(const std::vector<float> bias, widen(tensors_, tensor + ".bias"));
    ChannelAffine behind = identity_affine(static_cast<std::size_t>(outputs));
    behind.shift.assign(bias.begin(), bias.end());
    return net_.convolution(name, tensor + ".weight", x, untouched_input(static_cast<std::size_t>(inputs)), behind, kPointwise);
  }

  const TensorMap& tensors_;
  const AnatomyShape& shape_;
  const NetworkPlan& plan_;
  NetworkBuilder net_;
};

Result<ForwardGraph> forward(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) {
  TensorInventory inventory(tensors);
  CHESTLIGHT_TRY(const AnatomyShape shape, read_shape(inventory));
  return AnatomyBuilder(tensors, shape, plan, body).build();
}

}  // namespace
}  // namespace anatomy_network

extern const ArchitectureFamily kAnatomyNetwork;
const ArchitectureFamily kAnatomyNetwork{"anatomy",
                                         "anatomy network",
                                         anatomy_network::canonical_name,
                                         anatomy_network::is_own_name,
                                         anatomy_network::plan,
                                         anatomy_network::nearest,
                                         anatomy_network::forward};

}  // namespace chestlight
