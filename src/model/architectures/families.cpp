// The architectures there are, one line each; recognising which of them a file's tensors make, and what all of them share.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/architectures/architecture.h"
#include "model/architectures/family.h"
#include "model/architectures/network_builder.h"
#include "model/graph/gradient_operators.h"
#include "model/graph/onnx_writer.h"
#include "model/graph/reverse.h"
#include "model/graph/weight_randomisation.h"
#include "model/weights/tensor_names.h"

namespace chestlight {

extern const ArchitectureFamily kDenseNet, kMobileNetV2, kMobileNetV3, kResNet, kAnatomyNetwork;

namespace {

constexpr const ArchitectureFamily* kFamilies[] = {
    &kDenseNet, &kMobileNetV2, &kMobileNetV3, &kResNet, &kAnatomyNetwork,
};

std::string names_of_families() {
  std::string list;
  for (const ArchitectureFamily* family : kFamilies)
    list += text(list.empty() ? "" : family == std::end(kFamilies)[-1] ? " or " : ", ", family->name);
  return list;
}

/// A network whose graphs are built here.
class BuiltArchitecture : public Architecture {
 public:
  BuiltArchitecture(const ArchitectureFamily& family, TensorMap tensors, NetworkPlan plan, Head head)
      : family_(family), tensors_(std::move(tensors)), plan_(std::move(plan)), head_(std::move(head)), layers_(plan_.layers) {
    layers_.push_back("features");
  }

  std::string_view family() const override { return family_.id; }
  const std::string& name() const override { return plan_.name; }
  int channels() const override { return plan_.channels; }
  const Head& head() const override { return head_; }
  const std::vector<std::string>& layers() const override { return layers_; }
  const TensorMap& tensors() const override { return tensors_; }
  bool has_weights() const override { return true; }

  Result<Head> random_head() const override {
    CHESTLIGHT_TRY(const RandomisedTensors made, with_random_head(tensors_));
    return read_head(made.tensors, plan_);
  }

  Result<Graph> graph(GraphVariant variant, Precision precision) const override {
    if (variant.randomised == Randomised::kNothing) return graph_of(tensors_, variant.reverse, precision);
    CHESTLIGHT_TRY(const RandomisedTensors made, variant.randomised == Randomised::kHead
                                                     ? with_random_head(tensors_)
                                                     : with_shuffled(tensors_, plan_.last_block));
    return graph_of(made.tensors, variant.reverse, Precision::kFloat32);
  }

  Result<std::vector<std::uint8_t>> onnx(GraphVariant variant, Precision precision) const override {
    CHESTLIGHT_TRY(const Graph built, graph(variant, precision));
    return write_onnx(built);
  }

 private:
  Result<Graph> graph_of(const TensorMap& tensors, bool reverse, Precision precision) const {
    const bool half = precision == Precision::kFloat16 && !reverse;
    CHESTLIGHT_TRY(ForwardGraph forward, family_.forward(tensors, plan_, half ? ElementType::kFloat16 : ElementType::kFloat32));
    return reverse ? with_gradients(std::move(forward)) : std::move(forward.graph);
  }

  Graph with_gradients(ForwardGraph forward) const {
    Graph graph = std::move(forward.graph);
    std::vector<Value> wanted = forward.layers;
    for (Value layer : forward.layers) graph.mark_output(layer);
    wanted.push_back(forward.features);
    wanted.push_back(forward.input);

    Value class_weights =
        graph.add_input("class_weights", ElementType::kFloat32, {symbolic_dimension("batch"), fixed_dimension(plan_.classes)});
    std::vector<Value> gradients = append_gradients(graph, forward.logits, class_weights, wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      graph.mark_output(identity(graph, "gradient_" + graph.info(wanted[i]).name, gradients[i]));
    return graph;
  }

  const ArchitectureFamily& family_;
  TensorMap tensors_;  // under canonical names
  NetworkPlan plan_;
  Head head_;
  std::vector<std::string> layers_;
};

Result<std::unique_ptr<Architecture>> recognise_as(const ArchitectureFamily& family, const TensorMap& tensors) {
  CHESTLIGHT_TRY(TensorMap canonical, with_canonical_names(tensors, family.id, family.canonical_name));
  TensorInventory inventory(canonical);
  CHESTLIGHT_TRY(NetworkPlan plan, family.plan(inventory));
  CHESTLIGHT_CHECK(inventory.check_nothing_left(family.name));
  std::erase_if(canonical, [](const auto& entry) { return is_bookkeeping(entry.first); });
  CHESTLIGHT_TRY(Head head, read_head(canonical, plan));
  return std::unique_ptr<Architecture>(
      std::make_unique<BuiltArchitecture>(family, std::move(canonical), std::move(plan), std::move(head)));
}

/// How many of the tensors' names are of this architecture.
std::ptrdiff_t own_names(const ArchitectureFamily& family, const TensorMap& tensors) {
  return std::count_if(tensors.begin(), tensors.end(), [&](const auto& entry) {
    return family.is_own_name(family.canonical_name(unwrapped_tensor_name(entry.first, family.id)));
  });
}

/// Networks of other kinds, by a part of their tensors' names that no network here has.
struct OtherKind {
  std::string_view part, name;
};

constexpr OtherKind kOtherKinds[] = {
    {"self_attn.q_proj", "a language model"},
    {"embed_tokens", "a language model"},
    {"lm_head", "a language model"},
    {"wte.weight", "a language model"},
    {"attn.c_attn", "a language model"},
    {"attention.self.query", "a language model"},
    {"patch_embed.", "a vision transformer"},
    {"attn.qkv", "a vision transformer"},
    {"conv_proj.", "a vision transformer"},
    {"in_layers.", "a diffusion model"},
    {"_conv_stem.", "an EfficientNet"},
    {"_blocks.0.", "an EfficientNet"},
    {"conv_stem.", "a network of timm's"},
    {"gamma_1", "a ConvNeXt"},
    {"layer_scale", "a ConvNeXt"},
};

Error no_network(const TensorMap& tensors) {
  if (tensors.empty()) return misfit("The file holds no tensors.");
  for (const OtherKind& kind : kOtherKinds)
    for (const auto& [name, tensor] : tensors)
      if (name.find(kind.part) != std::string::npos)
        return misfit(text("The tensors are those of ", kind.name, ", which is not built here: the file has ", tensors.size(),
                           ", among them ", name, " ", shape_text(tensor.shape), "."));
  const auto& [name, tensor] = *tensors.begin();
  return misfit(text("The tensors are of no network that is known here: the file has ", tensors.size(), ", among them ", name,
                     " ", shape_text(tensor.shape), "."));
}

}  // namespace

std::vector<std::string_view> known_families() {
  std::vector<std::string_view> ids;
  for (const ArchitectureFamily* family : kFamilies) ids.push_back(family->id);
  ids.push_back(kOnnxFamily);
  return ids;
}

Result<std::unique_ptr<Architecture>> recognise(const TensorMap& tensors) {
  Error error = no_network(tensors);
  std::ptrdiff_t most = 0;
  for (const ArchitectureFamily* family : kFamilies) {
    auto recognised = recognise_as(*family, tensors);
    if (recognised) return recognised;
    const std::ptrdiff_t own = own_names(*family, tensors);
    if (own <= most) continue;
    most = own;
    error = recognised.error();
    auto canonical = with_canonical_names(tensors, family->id, family->canonical_name);
    if (canonical) error.message = text("The tensors come closest to ", family->nearest(*canonical), ". ", error.message);
  }
  if (error.hint.empty())
    error.hint = text("Use a ", names_of_families(),
                      " checkpoint with torchvision's names, or export the network to ONNX (architecture.family \"onnx\").");
  return error;
}

}  // namespace chestlight
