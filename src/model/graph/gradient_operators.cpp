#include "model/graph/gradient_operators.h"

#include <limits>
#include <utility>
#include <vector>

namespace chestlight {
namespace {

constexpr std::int64_t kChannelAxis = 1;

using Numbers = std::vector<std::int64_t>;

Value shaped_like_first(Graph& graph, Operator op, std::string name, std::vector<Value> inputs, ElementType element) {
  ValueInfo output{std::move(name), element, graph.info(inputs[0]).shape};
  return graph.add_node(op, std::move(inputs), std::move(output));
}

Value arithmetic(Graph& graph, Operator op, std::string name, Value a, Value b) {
  return shaped_like_first(graph, op, std::move(name), {a, b}, graph.info(a).element);
}

Value comparison(Graph& graph, Operator op, std::string name, Value a, Value b) {
  return shaped_like_first(graph, op, std::move(name), {a, b}, ElementType::kBool);
}

/// x[first : end] along `axes`; `end` is a value, since it may be known only at run time.
Value slice(Graph& graph, const std::string& name, Value x, const Numbers& first, Value end, const Numbers& axes, Shape shape) {
  Value starts = graph.add_constant(name + ".starts", first);
  Value along = graph.add_constant(name + ".axes", axes);
  return graph.add_node(Operator::kSlice, {x, starts, end, along}, {name, graph.info(x).element, std::move(shape)});
}

/// x [a, b, size, size] turned by half a turn; `name` begins the names of the constants, too.
Value half_turn(Graph& graph, const std::string& name, Value x) {
  constexpr std::int64_t kBeforeTheFirst = std::numeric_limits<std::int64_t>::min();
  Value last = graph.add_constant(name + ".starts", {-1, -1});
  Value end = graph.add_constant(name + ".ends", {kBeforeTheFirst, kBeforeTheFirst});
  Value axes = graph.add_constant(name + ".axes", {kHeightAxis, kWidthAxis});
  Value backwards = graph.add_constant(name + ".steps", {-1, -1});
  return graph.add_node(Operator::kSlice, {x, last, end, axes, backwards}, {name, graph.info(x).element, graph.info(x).shape});
}

}  // namespace

Value convolution_transposed(Graph& graph, std::string name, Value gradient, Value weights, KernelWindow window,
                             std::int64_t groups) {
  const ValueInfo& x = graph.info(gradient);
  auto spread = [&](const Dimension& extent) {
    bool same = window.stride == 1 && window.size == 1 + 2 * window.padding;
    if (!extent.known()) return same ? extent : Dimension{};
    return fixed_dimension(extent.size * window.stride + window.size - 1 - 2 * window.padding);
  };
  const std::int64_t outputs = graph.info(weights).shape[1].size * groups;
  ValueInfo output{std::move(name), x.element, {x.shape[0], fixed_dimension(outputs), spread(x.shape[2]), spread(x.shape[3])}};
  return graph.add_node(Operator::kConvolutionTransposed, {gradient, weights}, std::move(output),
                        {{"group", groups},
                         {"kernel_shape", Numbers{window.size, window.size}},
                         {"output_padding", Numbers(2, window.stride - 1)},
                         {"pads", Numbers(4, window.padding)},
                         {"strides", Numbers{window.stride, window.stride}}});
}

Value turned_weights(Graph& graph, std::string name, Value weights) {
  const ElementType element = graph.info(weights).element;
  Shape shape = graph.info(weights).shape;
  std::swap(shape[0], shape[1]);
  const bool one_place = shape[kHeightAxis].size == 1;
  ValueInfo output{one_place ? name : name + ".exchanged", element, shape};
  Value exchanged = graph.add_node(Operator::kTranspose, {weights}, std::move(output), {{"perm", Numbers{1, 0, 2, 3}}});
  return one_place ? exchanged : half_turn(graph, name, exchanged);
}

Value turned_depthwise_weights(Graph& graph, std::string name, Value weights) { return half_turn(graph, name, weights); }

Value difference(Graph& graph, std::string name, Value a, Value b) {
  return arithmetic(graph, Operator::kSubtract, std::move(name), a, b);
}

Value quotient(Graph& graph, std::string name, Value a, Value b) {
  return arithmetic(graph, Operator::kDivide, std::move(name), a, b);
}

Value greater(Graph& graph, std::string name, Value a, Value b) {
  return comparison(graph, Operator::kGreater, std::move(name), a, b);
}

Value less(Graph& graph, std::string name, Value a, Value b) { return comparison(graph, Operator::kLess, std::move(name), a, b); }

Value equal(Graph& graph, std::string name, Value a, Value b) {
  return comparison(graph, Operator::kEqual, std::move(name), a, b);
}

Value select(Graph& graph, std::string name, Value condition, Value yes, Value no) {
  return shaped_like_first(graph, Operator::kSelect, std::move(name), {condition, yes, no}, graph.info(yes).element);
}

Value extents_from(Graph& graph, std::string name, Value x, std::int64_t first) {
  const auto rank = static_cast<std::int64_t>(graph.info(x).shape.size());
  return graph.add_node(Operator::kShape, {x}, {std::move(name), ElementType::kInt64, {fixed_dimension(rank - first)}},
                        {{"start", first}});
}

Value product(Graph& graph, std::string name, Value x) {
  return graph.add_node(Operator::kProduct, {x}, {std::move(name), graph.info(x).element, {}}, {{"keepdims", std::int64_t{0}}});
}

Value sum_over_cells(Graph& graph, std::string name, Value x) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{name, input.element, {input.shape[0], input.shape[1], fixed_dimension(1), fixed_dimension(1)}};
  Value axes = graph.add_constant(name + ".axes", {kHeightAxis, kWidthAxis});
  return graph.add_node(Operator::kSumOverCells, {x, axes}, std::move(output), {{"keepdims", std::int64_t{1}}});
}

Value channels_of(Graph& graph, std::string name, Value x, std::int64_t first, std::int64_t count) {
  Shape shape = graph.info(x).shape;
  shape[kChannelAxis] = fixed_dimension(count);
  Value end = graph.add_constant(name + ".ends", {first + count});
  return slice(graph, name, x, {first}, end, {kChannelAxis}, std::move(shape));
}

Value cropped_like(Graph& graph, std::string name, Value x, Value like) {
  Shape shape = graph.info(x).shape;
  for (std::int64_t axis : {kHeightAxis, kWidthAxis})
    shape[static_cast<std::size_t>(axis)] = graph.info(like).shape[static_cast<std::size_t>(axis)];
  Value end = extents_from(graph, name + ".ends", like, kHeightAxis);
  return slice(graph, name, x, {0, 0}, end, {kHeightAxis, kWidthAxis}, std::move(shape));
}

Value expanded_like(Graph& graph, std::string name, Value x, Value like) {
  Value extents = extents_from(graph, name + ".extents", like, 0);
  return graph.add_node(Operator::kExpand, {x, extents}, {std::move(name), graph.info(x).element, graph.info(like).shape});
}

Value with_one_cell(Graph& graph, std::string name, Value x) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{name, input.element, {input.shape[0], input.shape[1], fixed_dimension(1), fixed_dimension(1)}};
  Value axes = graph.add_constant(name + ".axes", {kHeightAxis, kWidthAxis});
  return graph.add_node(Operator::kUnsqueeze, {x, axes}, std::move(output));
}

Value linear_transposed(Graph& graph, std::string name, Value x, Value weights) {
  const ValueInfo& input = graph.info(x);
  ValueInfo output{std::move(name), input.element, {input.shape[0], graph.info(weights).shape[1]}};
  return graph.add_node(Operator::kGemm, {x, weights}, std::move(output), {{"transB", std::int64_t{0}}});
}

Value identity(Graph& graph, std::string name, Value x) {
  return shaped_like_first(graph, Operator::kIdentity, std::move(name), {x}, graph.info(x).element);
}

}  // namespace chestlight
