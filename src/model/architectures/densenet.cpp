#include "model/architectures/densenet.h"

#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/graph/batch_norm.h"
#include "model/graph/gradient_operators.h"
#include "model/graph/operators.h"
#include "model/graph/reverse.h"

namespace chestlight {
namespace {

struct Forward {
  Graph graph;
  Value input;
  std::vector<Value> blocks;
  Value features;
  Value logits;
};

constexpr KernelWindow kPointwise{};
constexpr KernelWindow kStemConvolution{.size = 7, .stride = 2, .padding = 3};
constexpr KernelWindow kStemPool{.size = 3, .stride = 2, .padding = 1};
constexpr KernelWindow kDenseConvolution{.size = 3, .stride = 1, .padding = 1};
constexpr KernelWindow kTransitionPool{.size = 2, .stride = 2, .padding = 0};

class DenseNetBuilder {
 public:
  DenseNetBuilder(const TensorMap& tensors, const DenseNetShape& shape, ElementType body)
      : tensors_(tensors), shape_(shape), body_(body), graph_("densenet") {}

  Result<Forward> build() && {
    const Value input = graph_.add_input("input", ElementType::kFloat32,
                                         {symbolic_dimension("batch"), fixed_dimension(shape_.channels),
                                          symbolic_dimension("height"), symbolic_dimension("width")});
    std::vector<Value> blocks;
    Value x = input;
    if (body_ != ElementType::kFloat32) x = cast(graph_, "input.cast", x, body_);
    CHESTLIGHT_TRY(Value stem, append_stem(x));
    x = stem;
    for (std::size_t block = 0; block < shape_.layers.size(); ++block) {
      CHESTLIGHT_TRY(Value dense, append_block(x, static_cast<int>(block) + 1, shape_.layers[block]));
      x = dense;
      blocks.push_back(dense);
      if (block == shape_.transition_channels.size()) break;
      CHESTLIGHT_TRY(Value squeezed, append_transition(x, text("transition", block + 1)));
      x = squeezed;
    }
    if (body_ != ElementType::kFloat32) x = cast(graph_, "features.cast", x, ElementType::kFloat32);
    CHESTLIGHT_TRY(Value features, append_last_norm(x));
    CHESTLIGHT_TRY(Value logits, append_classifier(features));
    graph_.mark_output(logits);
    graph_.mark_output(features);
    return Forward{std::move(graph_), input, std::move(blocks), features, logits};
  }

 private:
  Result<Value> append_stem(Value x) {
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, "features.norm0"));
    InputAffine input = untouched_input(static_cast<std::size_t>(shape_.channels));
    CHESTLIGHT_TRY(Value y, append_convolution("stem.conv", "features.conv0.weight", x, input, norm, kStemConvolution));
    return max_pool(graph_, "stem.pool", relu(graph_, "stem.relu", y), kStemPool);
  }

  /// The output of the whole block is called block1, block2, …
  Result<Value> append_block(Value x, int block, int layers) {
    for (int layer = 1; layer <= layers; ++layer) {
      CHESTLIGHT_TRY(Value grown, append_dense_layer(x, text("denseblock", block, ".denselayer", layer)));
      std::string name = layer == layers ? text("block", block) : text("denseblock", block, ".concat", layer);
      x = concatenate(graph_, std::move(name), {x, grown});
    }
    return x;
  }

  /// norm1, relu, conv1 (1×1), norm2, relu, conv2 (3×3): a clamp, two convolutions and a relu remain.
  Result<Value> append_dense_layer(Value x, const std::string& name) {
    const std::string prefix = "features." + name;
    CHESTLIGHT_TRY(ChannelAffine norm1, read_batch_norm(tensors_, prefix + ".norm1"));
    CHESTLIGHT_TRY(ChannelAffine norm2, read_batch_norm(tensors_, prefix + ".norm2"));
    ClampedAffine clamped = clamped_affine(norm1, body_);
    CHESTLIGHT_TRY(Value squeezed, append_convolution(name + ".conv1", prefix + ".conv1.weight", append_clamp(name, x, clamped),
                                                      clamped.input, norm2, kPointwise));
    CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors_, prefix + ".conv2.weight"));
    CHESTLIGHT_TRY(Value kernel,
                   body_constant(name + ".conv2.weight",
                                 {shape_.growth, shape_.bottleneck, kDenseConvolution.size, kDenseConvolution.size}, weights));
    return convolution(graph_, name + ".conv2", relu(graph_, name + ".relu2", squeezed), kernel, kDenseConvolution);
  }

  /// norm, relu, conv (1×1), average pool; the pool goes in front of the convolution.
  Result<Value> append_transition(Value x, const std::string& name) {
    const std::string prefix = "features." + name;
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, prefix + ".norm"));
    ClampedAffine clamped = clamped_affine(norm, body_);
    Value pooled = average_pool(graph_, name + ".pool", append_clamp(name, x, clamped), kTransitionPool);
    std::size_t outputs = static_cast<std::size_t>(tensors_.find(prefix + ".conv.weight")->second.shape[0]);
    return append_convolution(name + ".conv", prefix + ".conv.weight", pooled, clamped.input, identity_affine(outputs),
                              kPointwise);
  }

  /// Features are read as they are, so scale and shift stay in the graph.
  Result<Value> append_last_norm(Value x) {
    CHESTLIGHT_TRY(ChannelAffine norm, read_batch_norm(tensors_, "features.norm5"));
    CHESTLIGHT_TRY(Value scale, last_norm_constant("norm5.scale", norm.scale));
    CHESTLIGHT_TRY(Value shift, last_norm_constant("norm5.shift", norm.shift));
    Value scaled = multiply(graph_, "norm5.scaled", x, scale);
    return relu(graph_, "features", add(graph_, "norm5.shifted", scaled, shift));
  }

  Result<Value> last_norm_constant(std::string name, const std::vector<double>& numbers) {
    std::vector<float> rounded;
    for (double number : numbers) rounded.push_back(static_cast<float>(rounded_to(ElementType::kFloat32, number)));
    return checked_constant(std::move(name), ElementType::kFloat32, {1, shape_.features, 1, 1}, rounded);
  }

  Result<Value> append_classifier(Value features) {
    CHESTLIGHT_TRY(Head head, read_head(tensors_));
    Value weights = graph_.add_constant("classifier.weight", ElementType::kFloat32, {head.classes, head.features}, head.weights);
    Value bias = graph_.add_constant("classifier.bias", ElementType::kFloat32, {head.classes}, head.bias);
    Value pooled = flatten(graph_, "pooled.flat", global_average_pool(graph_, "pooled", features));
    return linear(graph_, "logits", pooled, weights, bias);
  }

  Value append_clamp(const std::string& name, Value x, const ClampedAffine& clamped) {
    const std::vector<std::int64_t> per_channel{1, static_cast<std::int64_t>(clamped.low.size()), 1, 1};
    if (clamped.clamps_below)
      x = maximum(graph_, name + ".clamp.low", x, graph_.add_constant(name + ".low", body_, per_channel, clamped.low));
    if (clamped.clamps_above)
      x = minimum(graph_, name + ".clamp.high", x, graph_.add_constant(name + ".high", body_, per_channel, clamped.high));
    return x;
  }

  Result<Value> append_convolution(const std::string& name, const std::string& tensor, Value x, const InputAffine& input,
                                   const ChannelAffine& behind, KernelWindow window) {
    CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors_, tensor));
    FoldedConvolution folded = fold_convolution(weights, input, behind, body_);
    const std::int64_t outputs = static_cast<std::int64_t>(behind.scale.size());
    const std::int64_t inputs = static_cast<std::int64_t>(input.slope.size());
    CHESTLIGHT_TRY(Value kernel, body_constant(name + ".weight", {outputs, inputs, window.size, window.size}, folded.weights));
    CHESTLIGHT_TRY(Value bias, body_constant(name + ".bias", {outputs}, folded.bias));
    return convolution(graph_, name, x, kernel, bias, window);
  }

  Result<Value> body_constant(std::string name, const std::vector<std::int64_t>& extents, std::span<const float> numbers) {
    return checked_constant(std::move(name), body_, extents, numbers);
  }

  Result<Value> checked_constant(std::string name, ElementType element, const std::vector<std::int64_t>& extents,
                                 std::span<const float> numbers) {
    for (float number : numbers)
      if (!std::isfinite(rounded_to(element, number)))
        return Error{ErrorCode::kInvalidModel,
                     text("After folding batch norm, ", name, " holds ", number, ", beyond ", largest_finite(element), "."),
                     element == ElementType::kFloat16 ? "Run this model in float32." : "The checkpoint is damaged."};
    return graph_.add_constant(std::move(name), element, extents, numbers);
  }

  const TensorMap& tensors_;
  const DenseNetShape& shape_;
  ElementType body_;
  Graph graph_;
};

}  // namespace

Result<Graph> build_densenet(const TensorMap& tensors, Precision precision) {
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(tensors));
  ElementType body = precision == Precision::kFloat16 ? ElementType::kFloat16 : ElementType::kFloat32;
  CHESTLIGHT_TRY(Forward forward, DenseNetBuilder(tensors, shape, body).build());
  return std::move(forward.graph);
}

Result<Graph> build_densenet_reverse(const TensorMap& tensors) {
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(tensors));
  CHESTLIGHT_TRY(Forward forward, DenseNetBuilder(tensors, shape, ElementType::kFloat32).build());
  Graph graph = std::move(forward.graph);
  std::vector<Value> wanted = forward.blocks;
  for (Value block : forward.blocks) graph.mark_output(block);
  wanted.push_back(forward.features);
  wanted.push_back(forward.input);

  Value class_weights =
      graph.add_input("class_weights", ElementType::kFloat32, {symbolic_dimension("batch"), fixed_dimension(shape.classes)});
  std::vector<Value> gradients = append_gradients(graph, forward.logits, class_weights, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    graph.mark_output(identity(graph, "gradient_" + graph.info(wanted[i]).name, gradients[i]));
  return graph;
}

Result<Head> read_head(const TensorMap& tensors) {
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(tensors));
  Head head{shape.classes, shape.features, {}, {}};
  CHESTLIGHT_TRY(head.weights, widen(tensors, "classifier.weight"));
  CHESTLIGHT_TRY(head.bias, widen(tensors, "classifier.bias"));
  return head;
}

}  // namespace chestlight
