#include "model/graph/operators.h"

#include <cstdlib>
#include <utility>

namespace chestlight {
namespace {

constexpr std::size_t kChannels = 1;

using Numbers = std::vector<std::int64_t>;
using Attributes = std::vector<std::pair<std::string_view, Attribute>>;

/// ONNX element types, TensorProto.DataType.
constexpr std::int64_t kOnnxFloat = 1;
constexpr std::int64_t kOnnxFloat16 = 10;

Attributes window_attributes(KernelWindow window) {
  return {{"kernel_shape", Numbers{window.size, window.size}},
          {"pads", Numbers(4, window.padding)},
          {"strides", Numbers{window.stride, window.stride}}};
}

Dimension slid_over(const Dimension& extent, KernelWindow window) {
  if (!extent.known()) return window.stride == 1 && window.size == 1 + 2 * window.padding ? extent : Dimension{};
  return fixed_dimension((extent.size + 2 * window.padding - window.size) / window.stride + 1);
}

Shape slid_over(const Shape& shape, std::int64_t channels, KernelWindow window) {
  return {shape[0], fixed_dimension(channels), slid_over(shape[2], window), slid_over(shape[3], window)};
}

Value windowed(Graph& graph, Operator op, std::string name, std::vector<Value> inputs, std::int64_t channels, KernelWindow window,
               Attributes more = {}) {
  const ValueInfo& x = graph.info(inputs[0]);
  ValueInfo output{std::move(name), x.element, slid_over(x.shape, channels, window)};
  Attributes attributes = window_attributes(window);
  attributes.insert(attributes.begin(), more.begin(), more.end());
  return graph.add_node(op, std::move(inputs), std::move(output), std::move(attributes));
}

/// An operator whose output looks like its first input.
Value elementwise(Graph& graph, Operator op, std::string name, std::vector<Value> inputs) {
  const ValueInfo& x = graph.info(inputs[0]);
  ValueInfo output{std::move(name), x.element, x.shape};
  return graph.add_node(op, std::move(inputs), std::move(output));
}

}  // namespace

std::string_view operator_name(Operator op) {
  switch (op) {
    case Operator::kConvolution: return "Conv";
    case Operator::kMaximum: return "Max";
    case Operator::kMinimum: return "Min";
    case Operator::kRelu: return "Relu";
    case Operator::kClip: return "Clip";
    case Operator::kHardSigmoid: return "HardSigmoid";
    case Operator::kMultiply: return "Mul";
    case Operator::kAdd: return "Add";
    case Operator::kConcatenate: return "Concat";
    case Operator::kMaxPool: return "MaxPool";
    case Operator::kAveragePool: return "AveragePool";
    case Operator::kGlobalAveragePool: return "GlobalAveragePool";
    case Operator::kFlatten: return "Flatten";
    case Operator::kEnlarge: return "Resize";
    case Operator::kGemm: return "Gemm";
    case Operator::kCast: return "Cast";
    case Operator::kConvolutionTransposed: return "ConvTranspose";
    case Operator::kSubtract: return "Sub";
    case Operator::kDivide: return "Div";
    case Operator::kGreater: return "Greater";
    case Operator::kLess: return "Less";
    case Operator::kEqual: return "Equal";
    case Operator::kSelect: return "Where";
    case Operator::kShape: return "Shape";
    case Operator::kProduct: return "ReduceProd";
    case Operator::kSumOverCells: return "ReduceSum";
    case Operator::kSlice: return "Slice";
    case Operator::kExpand: return "Expand";
    case Operator::kUnsqueeze: return "Unsqueeze";
    case Operator::kIdentity: return "Identity";
    case Operator::kTranspose: return "Transpose";
  }
  std::abort();
}

Value convolution(Graph& graph, std::string name, Value x, Value weights, Value bias, KernelWindow window) {
  std::int64_t channels = graph.info(weights).shape[0].size;
  return windowed(graph, Operator::kConvolution, std::move(name), {x, weights, bias}, channels, window);
}

Value convolution(Graph& graph, std::string name, Value x, Value weights, KernelWindow window) {
  std::int64_t channels = graph.info(weights).shape[0].size;
  return windowed(graph, Operator::kConvolution, std::move(name), {x, weights}, channels, window);
}

Value depthwise_convolution(Graph& graph, std::string name, Value x, Value weights, Value bias, KernelWindow window) {
  std::int64_t channels = graph.info(weights).shape[0].size;
  return windowed(graph, Operator::kConvolution, std::move(name), {x, weights, bias}, channels, window, {{"group", channels}});
}

Value depthwise_convolution(Graph& graph, std::string name, Value x, Value weights, KernelWindow window) {
  std::int64_t channels = graph.info(weights).shape[0].size;
  return windowed(graph, Operator::kConvolution, std::move(name), {x, weights}, channels, window, {{"group", channels}});
}

Value maximum(Graph& graph, std::string name, Value x, Value channels) {
  return elementwise(graph, Operator::kMaximum, std::move(name), {x, channels});
}

Value minimum(Graph& graph, std::string name, Value x, Value channels) {
  return elementwise(graph, Operator::kMinimum, std::move(name), {x, channels});
}

Value multiply(Graph& graph, std::string name, Value x, Value channels) {
  return elementwise(graph, Operator::kMultiply, std::move(name), {x, channels});
}

Value add(Graph& graph, std::string name, Value x, Value channels) {
  return elementwise(graph, Operator::kAdd, std::move(name), {x, channels});
}

Value sum(Graph& graph, std::string name, Value a, Value b) {
  return elementwise(graph, Operator::kAdd, std::move(name), {a, b});
}

Value relu(Graph& graph, std::string name, Value x) { return elementwise(graph, Operator::kRelu, std::move(name), {x}); }

Value clip(Graph& graph, std::string name, Value x, Value low, Value high) {
  return elementwise(graph, Operator::kClip, std::move(name), {x, low, high});
}

Value hard_sigmoid(Graph& graph, std::string name, Value x) {
  ValueInfo output{std::move(name), graph.info(x).element, graph.info(x).shape};
  return graph.add_node(Operator::kHardSigmoid, {x}, std::move(output), {{"alpha", 1.0f / 6}, {"beta", 0.5f}});
}

Value scaled_by(Graph& graph, std::string name, Value x, Value factors) {
  return elementwise(graph, Operator::kMultiply, std::move(name), {x, factors});
}

Value concatenate(Graph& graph, std::string name, const std::vector<Value>& parts) {
  ValueInfo output{std::move(name), graph.info(parts[0]).element, graph.info(parts[0]).shape};
  output.shape[kChannels].size = 0;
  for (Value part : parts) output.shape[kChannels].size += graph.info(part).shape[kChannels].size;
  return graph.add_node(Operator::kConcatenate, parts, std::move(output), {{"axis", std::int64_t{kChannels}}});
}

Value max_pool(Graph& graph, std::string name, Value x, KernelWindow window) {
  std::int64_t channels = graph.info(x).shape[kChannels].size;
  return windowed(graph, Operator::kMaxPool, std::move(name), {x}, channels, window);
}

Value average_pool(Graph& graph, std::string name, Value x, KernelWindow window) {
  if (window.padding != 0) std::abort();
  std::int64_t channels = graph.info(x).shape[kChannels].size;
  return windowed(graph, Operator::kAveragePool, std::move(name), {x}, channels, window);
}

Value enlarge(Graph& graph, std::string name, Value x, int factor) {
  const ValueInfo& input = graph.info(x);
  auto times = [&](const Dimension& extent) { return extent.known() ? fixed_dimension(extent.size * factor) : Dimension{}; };
  ValueInfo output{name, input.element, {input.shape[0], input.shape[kChannels], times(input.shape[2]), times(input.shape[3])}};
  // ONNX's defaults are the nearest value and half-pixel centres, which for a whole factor repeat each value. The region of
  // interest is there only because an operator's inputs are counted from the first.
  Value region = graph.add_constant(name + ".region", ElementType::kFloat32, {0}, {});
  const auto scale = static_cast<float>(factor);
  Value scales = graph.add_constant(name + ".scales", ElementType::kFloat32, {4}, std::vector<float>{1, 1, scale, scale});
  return graph.add_node(Operator::kEnlarge, {x, region, scales}, std::move(output));
}

Value global_average_pool(Graph& graph, std::string name, Value x) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{
      std::move(name), input.element, {input.shape[0], input.shape[kChannels], fixed_dimension(1), fixed_dimension(1)}};
  return graph.add_node(Operator::kGlobalAveragePool, {x}, std::move(output));
}

Value flatten(Graph& graph, std::string name, Value x) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{std::move(name), input.element, {input.shape[0], input.shape[kChannels]}};
  return graph.add_node(Operator::kFlatten, {x}, std::move(output), {{"axis", std::int64_t{1}}});
}

Value linear(Graph& graph, std::string name, Value x, Value weights, Value bias) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{std::move(name), input.element, {input.shape[0], graph.info(weights).shape[0]}};
  return graph.add_node(Operator::kGemm, {x, weights, bias}, std::move(output), {{"transB", std::int64_t{1}}});
}

Value cast(Graph& graph, std::string name, Value x, ElementType element) {
  ValueInfo output{std::move(name), element, graph.info(x).shape};
  std::int64_t to = element == ElementType::kFloat32 ? kOnnxFloat : kOnnxFloat16;
  return graph.add_node(Operator::kCast, {x}, std::move(output), {{"to", to}});
}

}  // namespace chestlight
