#include "support/graph_interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>

namespace chestlight::testing {
namespace {

using Numbers = std::vector<std::int64_t>;

std::size_t count(const Numbers& shape) {
  std::size_t product = 1;
  for (std::int64_t extent : shape) product *= static_cast<std::size_t>(extent);
  return product;
}

Array filled(Numbers shape, double number) {
  std::size_t size = count(shape);
  return {std::move(shape), std::vector<double>(size, number)};
}

/// Position of [n, c, y, x] in a 4-D array.
std::size_t at(const Array& array, std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x) {
  return static_cast<std::size_t>(((n * array.shape[1] + c) * array.shape[2] + y) * array.shape[3] + x);
}

/// Calls visit(n, c, y, x) for every element of a 4-D shape.
template <class Visit>
void for_each_element(const Numbers& shape, Visit visit) {
  for (std::int64_t n = 0; n < shape[0]; ++n)
    for (std::int64_t c = 0; c < shape[1]; ++c)
      for (std::int64_t y = 0; y < shape[2]; ++y)
        for (std::int64_t x = 0; x < shape[3]; ++x) visit(n, c, y, x);
}

struct WindowOf {
  explicit WindowOf(const Node& node)
      : size(node.attribute<Numbers>("kernel_shape")[0]),
        stride(node.attribute<Numbers>("strides")[0]),
        padding(node.attribute<Numbers>("pads")[0]) {}

  Numbers slid_over(const Array& x, std::int64_t channels) const {
    auto slid = [&](std::int64_t extent) { return (extent + 2 * padding - size) / stride + 1; };
    return {x.shape[0], channels, slid(x.shape[2]), slid(x.shape[3])};
  }
  /// Calls visit(ky, kx, source y, source x) for the places of the window at (y, x) that lie inside `source`.
  template <class Visit>
  void for_each_place(const Array& source, std::int64_t y, std::int64_t x, Visit visit) const {
    for (std::int64_t ky = 0; ky < size; ++ky)
      for (std::int64_t kx = 0; kx < size; ++kx) {
        std::int64_t sy = y * stride + ky - padding, sx = x * stride + kx - padding;
        if (sy >= 0 && sy < source.shape[2] && sx >= 0 && sx < source.shape[3]) visit(ky, kx, sy, sx);
      }
  }

  std::int64_t size, stride, padding;
};

/// Visits what a convolution multiplies: visit(position in the weights, in the input, in the output).
template <class Visit>
void for_each_product(const Node& node, const Array& x, const Array& weights, const Array& y, Visit visit) {
  WindowOf window(node);
  const std::int64_t inputs = weights.shape[1], outputs = weights.shape[0] / node.attribute_or("group", 1);
  for_each_element(y.shape, [&](auto n, auto o, auto row, auto column) {
    for (std::int64_t c = 0; c < inputs; ++c)
      window.for_each_place(x, row, column, [&](auto ky, auto kx, auto sy, auto sx) {
        visit(at(weights, o, c, ky, kx), at(x, n, o / outputs * inputs + c, sy, sx), at(y, n, o, row, column));
      });
  });
}

Array convolve(const Node& node, const Array& x, const Array& weights, const Array* bias) {
  Array y = filled(WindowOf(node).slid_over(x, weights.shape[0]), 0);
  for_each_element(y.shape, [&](auto n, auto o, auto row, auto column) {
    y.numbers[at(y, n, o, row, column)] = bias ? bias->numbers[static_cast<std::size_t>(o)] : 0;
  });
  for_each_product(node, x, weights, y,
                   [&](auto weight, auto from, auto to) { y.numbers[to] += weights.numbers[weight] * x.numbers[from]; });
  return y;
}

/// The same products with the ends of the convolution exchanged: y takes the place of its input.
Array convolve_transposed(const Node& node, const Array& g, const Array& weights) {
  WindowOf window(node);
  const std::int64_t extra = node.attribute<Numbers>("output_padding")[0];
  auto spread = [&](std::int64_t extent) { return (extent - 1) * window.stride + window.size - 2 * window.padding + extra; };
  Array y =
      filled({g.shape[0], weights.shape[1] * node.attribute<std::int64_t>("group"), spread(g.shape[2]), spread(g.shape[3])}, 0);
  for_each_product(node, y, weights, g,
                   [&](auto weight, auto to, auto from) { y.numbers[to] += weights.numbers[weight] * g.numbers[from]; });
  return y;
}

Array pool(const Node& node, const Array& x, bool largest) {
  WindowOf window(node);
  Array y = filled(window.slid_over(x, x.shape[1]), 0);
  for_each_element(y.shape, [&](auto n, auto c, auto row, auto column) {
    double highest = -std::numeric_limits<double>::infinity(), sum = 0;
    window.for_each_place(x, row, column, [&](auto, auto, auto sy, auto sx) {
      double number = x.numbers[at(x, n, c, sy, sx)];
      highest = std::max(highest, number);
      sum += number;
    });
    y.numbers[at(y, n, c, row, column)] = largest ? highest : sum / static_cast<double>(window.size * window.size);
  });
  return y;
}

/// x repeated to `shape` where its extents are 1 or missing in front, as ONNX does.
Array broadcast(const Array& x, const Numbers& shape) {
  Array y = filled(shape, 0);
  for (std::size_t i = 0; i < y.numbers.size(); ++i) {
    std::size_t rest = i, from = 0, step = 1;
    for (std::size_t back = 1; back <= x.shape.size(); ++back) {
      const auto extent = static_cast<std::size_t>(shape[shape.size() - back]);
      const auto own = static_cast<std::size_t>(x.shape[x.shape.size() - back]);
      if (own != 1) from += rest % extent * step;
      step *= own;
      rest /= extent;
    }
    y.numbers[i] = x.numbers[from];
  }
  return y;
}

Array elementwise(const Array& a, const Array& b, const std::function<double(double, double)>& combine) {
  Array y = a;
  Array repeated = broadcast(b, a.shape);
  for (std::size_t i = 0; i < y.numbers.size(); ++i) y.numbers[i] = combine(a.numbers[i], repeated.numbers[i]);
  return y;
}

Array select(const Array& condition, const Array& yes, const Array& no) {
  Array y = broadcast(no, yes.shape);
  for (std::size_t i = 0; i < y.numbers.size(); ++i)
    if (condition.numbers[i] != 0) y.numbers[i] = yes.numbers[i];
  return y;
}

/// x[first : end] along `axes`, in an array of 4 dimensions.
Array slice(const Array& x, const Array& first, const Array& end, const Array& axes) {
  Numbers from(4, 0), shape = x.shape;
  for (std::size_t i = 0; i < axes.numbers.size(); ++i) {
    const auto axis = static_cast<std::size_t>(axes.numbers[i]);
    from[axis] = static_cast<std::int64_t>(first.numbers[i]);
    shape[axis] = static_cast<std::int64_t>(end.numbers[i]) - from[axis];
    if (shape[axis] < 0 || from[axis] + shape[axis] > x.shape[axis]) std::abort();
  }
  Array y = filled(shape, 0);
  for_each_element(shape, [&](auto n, auto c, auto row, auto column) {
    y.numbers[at(y, n, c, row, column)] = x.numbers[at(x, n + from[0], c + from[1], row + from[2], column + from[3])];
  });
  return y;
}

/// [a, b, …] → [b, a, …]
Array exchange_first_two(const Array& x) {
  Array y = filled({x.shape[1], x.shape[0], x.shape[2], x.shape[3]}, 0);
  for_each_element(x.shape, [&](auto a, auto b, auto row, auto column) {
    y.numbers[at(y, b, a, row, column)] = x.numbers[at(x, a, b, row, column)];
  });
  return y;
}

/// Rows and columns backwards.
Array half_turn(const Array& x) {
  Array y = x;
  for_each_element(x.shape, [&](auto n, auto c, auto row, auto column) {
    y.numbers[at(y, n, c, row, column)] = x.numbers[at(x, n, c, x.shape[2] - 1 - row, x.shape[3] - 1 - column)];
  });
  return y;
}

Array extents(const Node& node, const Array& x) {
  const std::int64_t first = node.attribute<std::int64_t>("start");
  return {{static_cast<std::int64_t>(x.shape.size()) - first}, {x.shape.begin() + first, x.shape.end()}};
}

Array product(const Array& x) {
  Array y{{}, {1}};
  for (double number : x.numbers) y.numbers[0] *= number;
  return y;
}

Array concatenate(const std::vector<const Array*>& parts) {
  Numbers shape = parts[0]->shape;
  shape[1] = 0;
  for (const Array* part : parts) shape[1] += part->shape[1];
  Array y = filled(shape, 0);
  std::int64_t first = 0;
  for (const Array* part : parts) {
    for_each_element(part->shape, [&](auto n, auto c, auto row, auto column) {
      y.numbers[at(y, n, first + c, row, column)] = part->numbers[at(*part, n, c, row, column)];
    });
    first += part->shape[1];
  }
  return y;
}

/// Each value repeated as often as `scales` says along height and width.
Array enlarge(const Array& x, const Array& scales) {
  const auto rows = static_cast<std::int64_t>(scales.numbers[2]), columns = static_cast<std::int64_t>(scales.numbers[3]);
  Array y = filled({x.shape[0], x.shape[1], x.shape[2] * rows, x.shape[3] * columns}, 0);
  for_each_element(y.shape, [&](auto n, auto c, auto row, auto column) {
    y.numbers[at(y, n, c, row, column)] = x.numbers[at(x, n, c, row / rows, column / columns)];
  });
  return y;
}

Array global_mean(const Array& x) {
  Array y = filled({x.shape[0], x.shape[1], 1, 1}, 0);
  for_each_element(x.shape, [&](auto n, auto c, auto row, auto column) {
    y.numbers[at(y, n, c, 0, 0)] += x.numbers[at(x, n, c, row, column)] / static_cast<double>(x.shape[2] * x.shape[3]);
  });
  return y;
}

Array multiply_matrices(const Node& node, const Array& x, const Array& weights, const Array* bias) {
  const bool transposed = node.attribute<std::int64_t>("transB") != 0;
  const auto rows = static_cast<std::size_t>(x.shape[0]), inner = static_cast<std::size_t>(x.shape[1]);
  const auto columns = static_cast<std::size_t>(weights.shape[transposed ? 0 : 1]);
  Array y = filled({x.shape[0], static_cast<std::int64_t>(columns)}, 0);
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t c = 0; c < columns; ++c) {
      double sum = bias ? bias->numbers[c] : 0;
      for (std::size_t k = 0; k < inner; ++k)
        sum += x.numbers[n * inner + k] * weights.numbers[transposed ? c * inner + k : k * columns + c];
      y.numbers[n * columns + c] = sum;
    }
  return y;
}

Array run(const Node& node, const std::vector<const Array*>& inputs) {
  const Array& x = *inputs[0];
  switch (node.op) {
    case Operator::kConvolution: return convolve(node, x, *inputs[1], inputs.size() > 2 ? inputs[2] : nullptr);
    case Operator::kConvolutionTransposed: return convolve_transposed(node, x, *inputs[1]);
    case Operator::kMaximum: return elementwise(x, *inputs[1], [](double a, double b) { return std::max(a, b); });
    case Operator::kClip:
      return elementwise(elementwise(x, *inputs[1], [](double a, double b) { return std::max(a, b); }), *inputs[2],
                         [](double a, double b) { return std::min(a, b); });
    case Operator::kMinimum: return elementwise(x, *inputs[1], [](double a, double b) { return std::min(a, b); });
    case Operator::kMultiply: return elementwise(x, *inputs[1], [](double a, double b) { return a * b; });
    case Operator::kAdd: return elementwise(x, *inputs[1], [](double a, double b) { return a + b; });
    case Operator::kSubtract: return elementwise(x, *inputs[1], [](double a, double b) { return a - b; });
    case Operator::kDivide: return elementwise(x, *inputs[1], [](double a, double b) { return a / b; });
    case Operator::kGreater: return elementwise(x, *inputs[1], [](double a, double b) { return a > b; });
    case Operator::kLess: return elementwise(x, *inputs[1], [](double a, double b) { return a < b; });
    case Operator::kEqual: return elementwise(x, *inputs[1], [](double a, double b) { return a == b; });
    case Operator::kSelect: return select(x, *inputs[1], *inputs[2]);
    case Operator::kShape: return extents(node, x);
    case Operator::kProduct: return product(x);
    case Operator::kSumOverCells: {
      Array sums = global_mean(x);
      for (double& number : sums.numbers) number *= static_cast<double>(x.shape[2] * x.shape[3]);
      return sums;
    }
    case Operator::kHardSigmoid: {
      Array y = x;
      for (double& number : y.numbers) number = std::clamp(number / 6 + 0.5, 0.0, 1.0);
      return y;
    }
    case Operator::kTranspose: return exchange_first_two(x);
    case Operator::kSlice:
      if (inputs.size() > 4) return half_turn(x);  // steps: our only ones are −1 over height and width
      return slice(x, *inputs[1], *inputs[2], *inputs[3]);
    case Operator::kExpand: return broadcast(x, {inputs[1]->numbers.begin(), inputs[1]->numbers.end()});
    case Operator::kUnsqueeze: return {{x.shape[0], x.shape[1], 1, 1}, x.numbers};
    case Operator::kConcatenate: return concatenate(inputs);
    case Operator::kMaxPool: return pool(node, x, true);
    case Operator::kAveragePool: return pool(node, x, false);
    case Operator::kEnlarge: return enlarge(x, *inputs[2]);
    case Operator::kGlobalAveragePool: return global_mean(x);
    case Operator::kGemm: return multiply_matrices(node, x, *inputs[1], inputs.size() > 2 ? inputs[2] : nullptr);
    case Operator::kFlatten: return {{x.shape[0], x.shape[1]}, x.numbers};
    case Operator::kCast:
    case Operator::kIdentity: return x;
    case Operator::kRelu: {
      Array y = x;
      for (double& number : y.numbers) number = std::max(number, 0.0);
      return y;
    }
  }
  std::abort();
}

bool fits(const Array& array, const Shape& wanted) {
  bool same = array.shape.size() == wanted.size() && array.numbers.size() == count(array.shape);
  for (std::size_t i = 0; same && i < wanted.size(); ++i) same = !wanted[i].known() || wanted[i].size == array.shape[i];
  return same;
}

}  // namespace

std::map<std::string, Array> interpret(const Graph& graph, const std::map<std::string, Array>& inputs) {
  std::vector<Array> values(graph.values().size());
  auto set = [&](Value value, Array array) {
    if (!fits(array, graph.info(value).shape)) std::abort();
    values[static_cast<std::size_t>(value.index)] = std::move(array);
  };
  for (Value input : graph.inputs()) set(input, inputs.at(graph.info(input).name));
  for (const Constant& constant : graph.constants()) {
    Array array;
    for (const Dimension& extent : graph.info(constant.value).shape) array.shape.push_back(extent.size);
    std::vector<float> numbers = constant_numbers(graph, constant);
    array.numbers.assign(numbers.begin(), numbers.end());
    set(constant.value, std::move(array));
  }
  for (const Node& node : graph.nodes()) {
    std::vector<const Array*> arguments;
    for (Value input : node.inputs) arguments.push_back(&values[static_cast<std::size_t>(input.index)]);
    set(node.output, run(node, arguments));
  }
  std::map<std::string, Array> outputs;
  for (Value output : graph.outputs()) outputs[graph.info(output).name] = values[static_cast<std::size_t>(output.index)];
  return outputs;
}

}  // namespace chestlight::testing
