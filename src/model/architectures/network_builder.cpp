#include "model/architectures/network_builder.h"

#include <cmath>
#include <utility>

#include "base/text.h"

namespace chestlight {

NetworkBuilder::NetworkBuilder(const TensorMap& tensors, const NetworkPlan& plan, std::string name, ElementType body)
    : tensors_(tensors), body_(body), graph_(std::move(name)) {
  input_ = graph_.add_input(
      "input", ElementType::kFloat32,
      {symbolic_dimension("batch"), fixed_dimension(plan.channels), symbolic_dimension("height"), symbolic_dimension("width")});
  body_input_ = body_ == ElementType::kFloat32 ? input_ : cast(graph_, "input.cast", input_, body_);
}

Result<Value> NetworkBuilder::convolution(const std::string& name, const std::string& tensor, Value x, const InputAffine& input,
                                          const ChannelAffine& behind, KernelWindow window) {
  CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors_, tensor));
  FoldedConvolution folded = fold_convolution(weights, input, behind, body_);
  const auto outputs = static_cast<std::int64_t>(behind.scale.size());
  const auto inputs = static_cast<std::int64_t>(input.slope.size());
  CHESTLIGHT_TRY(Value kernel, body_constant(name + ".weight", {outputs, inputs, window.size, window.size}, folded.weights));
  CHESTLIGHT_TRY(Value bias, body_constant(name + ".bias", {outputs}, folded.bias));
  return chestlight::convolution(graph_, name, x, kernel, bias, window);
}

Result<Value> NetworkBuilder::depthwise(const std::string& name, const std::string& tensor, Value x, const ChannelAffine& behind,
                                        KernelWindow window) {
  CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors_, tensor));
  FoldedConvolution folded = fold_convolution(weights, untouched_input(1), behind, body_);
  const auto channels = static_cast<std::int64_t>(behind.scale.size());
  CHESTLIGHT_TRY(Value kernel, body_constant(name + ".weight", {channels, 1, window.size, window.size}, folded.weights));
  CHESTLIGHT_TRY(Value bias, body_constant(name + ".bias", {channels}, folded.bias));
  return depthwise_convolution(graph_, name, x, kernel, bias, window);
}

Value NetworkBuilder::clamp(const std::string& name, Value x, const ClampedAffine& clamped) {
  const std::vector<std::int64_t> per_channel{1, static_cast<std::int64_t>(clamped.low.size()), 1, 1};
  if (clamped.clamps_below)
    x = maximum(graph_, name + ".clamp.low", x, graph_.add_constant(name + ".low", body_, per_channel, clamped.low));
  if (clamped.clamps_above)
    x = minimum(graph_, name + ".clamp.high", x, graph_.add_constant(name + ".high", body_, per_channel, clamped.high));
  return x;
}

Result<Value> NetworkBuilder::constant(std::string name, ElementType element, const std::vector<std::int64_t>& extents,
                                       std::span<const float> numbers) {
  for (float number : numbers)
    if (!std::isfinite(rounded_to(element, number)))
      return Error{ErrorCode::kInvalidModel,
                   text("After folding batch norm, ", name, " holds ", number, ", beyond ", largest_finite(element), "."),
                   element == ElementType::kFloat16 ? "Run this model in float32." : "The checkpoint is damaged."};
  return graph_.add_constant(std::move(name), element, extents, numbers);
}

Result<Value> NetworkBuilder::body_constant(std::string name, const std::vector<std::int64_t>& extents,
                                            std::span<const float> numbers) {
  return constant(std::move(name), body_, extents, numbers);
}

Value NetworkBuilder::leave_body(Value x) {
  return body_ == ElementType::kFloat32 ? x : cast(graph_, "features.cast", x, ElementType::kFloat32);
}

Result<ForwardGraph> NetworkBuilder::finish(std::vector<Value> layers, Value features) && {
  const std::int64_t channels = graph_.info(features).shape[1].size;
  CHESTLIGHT_TRY(std::vector<float> head_weights, widen(tensors_, "classifier.weight"));
  CHESTLIGHT_TRY(std::vector<float> head_bias, widen(tensors_, "classifier.bias"));
  const auto classes = static_cast<std::int64_t>(head_bias.size());
  Value weights = graph_.add_constant("classifier.weight", ElementType::kFloat32, {classes, channels}, head_weights);
  Value bias = graph_.add_constant("classifier.bias", ElementType::kFloat32, {classes}, head_bias);
  Value pooled = flatten(graph_, "pooled.flat", global_average_pool(graph_, "pooled", features));
  Value logits = linear(graph_, "logits", pooled, weights, bias);
  graph_.mark_output(logits);
  graph_.mark_output(features);
  return ForwardGraph{std::move(graph_), input_, std::move(layers), features, logits};
}

Result<Head> read_head(const TensorMap& tensors, const NetworkPlan& plan) {
  Head head{plan.classes, plan.features, {}, {}};
  CHESTLIGHT_TRY(head.weights, widen(tensors, "classifier.weight"));
  CHESTLIGHT_TRY(head.bias, widen(tensors, "classifier.bias"));
  return head;
}

}  // namespace chestlight
