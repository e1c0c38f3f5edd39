#include "model/graph/reverse.h"

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "model/graph/gradient_operators.h"
#include "model/graph/operators.h"

namespace chestlight {
namespace {

std::size_t position(Value value) { return static_cast<std::size_t>(value.index); }

std::int64_t channels(const Graph& graph, Value value) { return graph.info(value).shape[1].size; }

KernelWindow window_of(const Node& node) {
  auto first = [&](std::string_view name) { return static_cast<int>(node.attribute<std::vector<std::int64_t>>(name)[0]); };
  return {.size = first("kernel_shape"), .stride = first("strides"), .padding = first("pads")};
}

class ReverseMode {
 public:
  ReverseMode(Graph& graph, const std::vector<Value>& wanted)
      : graph_(graph), needed_(graph.values().size()), gradients_(graph.values().size()) {
    for (Value value : wanted) needed_[position(value)] = true;
    for (const Node& node : graph.nodes())
      for (Value input : node.inputs)
        if (needed_[position(input)]) needed_[position(node.output)] = true;
  }

  void run(Value output, Value seeds) {
    gradients_[position(output)] = seeds;
    for (std::size_t i = graph_.nodes().size(); i-- > 0;) {
      const Node node = graph_.nodes()[i];  // a copy: rules append nodes
      std::optional<Value> gradient = gradients_[position(node.output)];
      if (gradient && needed_[position(node.output)]) apply_rule(node, graph_.info(node.output).name, *gradient);
    }
  }

  Value gradient(Value value) const {
    if (!gradients_[position(value)]) std::abort();
    return *gradients_[position(value)];
  }

 private:
  /// `name` is the output's and begins the names of all that is appended; `g` is the output's gradient.
  void apply_rule(const Node& node, const std::string& name, Value g) {
    const Value x = node.inputs[0];
    const std::string reverse = name + ".reverse";
    switch (node.op) {
      case Operator::kConvolution: return pass(x, reverse_convolution(node, reverse, g));
      case Operator::kMaximum: return pass(x, where(reverse, greater(graph_, reverse + ".if", node.output, node.inputs[1]), g));
      case Operator::kMinimum: return pass(x, where(reverse, less(graph_, reverse + ".if", node.output, node.inputs[1]), g));
      case Operator::kRelu: return pass(x, where(reverse, greater(graph_, reverse + ".if", node.output, zero(g)), g));
      case Operator::kClip: {
        Value raised = where(reverse + ".low", greater(graph_, reverse + ".low.if", node.output, node.inputs[1]), g);
        return pass(x, where(reverse, less(graph_, reverse + ".if", node.output, node.inputs[2]), raised));
      }
      case Operator::kHardSigmoid: return pass(x, reverse_hard_sigmoid(node, reverse, g));
      case Operator::kMultiply: return reverse_multiply(node, reverse, g);
      case Operator::kAdd: pass(x, g); return pass(node.inputs[1], g);
      case Operator::kConcatenate: return reverse_concatenate(node, reverse, g);
      case Operator::kMaxPool: return reverse_max_pool(node, reverse, g);
      case Operator::kAveragePool: return pass(x, reverse_average_pool(node, reverse, g));
      case Operator::kGlobalAveragePool: return pass(x, reverse_global_average_pool(reverse, g, x));
      case Operator::kEnlarge: return pass(x, reverse_enlarge(node, reverse, g));
      case Operator::kFlatten: return pass(x, with_one_cell(graph_, reverse, g));
      case Operator::kGemm: return pass(x, linear_transposed(graph_, reverse, g, node.inputs[1]));
      case Operator::kCast: return pass(x, cast(graph_, reverse, g, graph_.info(x).element));
      default: std::abort();  // no operator of graph/operators.h
    }
  }

  /// Adds to the gradient of `value`, which may have several readers.
  void pass(Value value, Value contribution) {
    if (!needed_[position(value)]) return;
    std::optional<Value>& gradient = gradients_[position(value)];
    if (!gradient) {
      gradient = contribution;
    } else {
      std::string name = text(graph_.info(value).name, ".gradient.", graph_.info(contribution).name);
      gradient = sum(graph_, std::move(name), *gradient, contribution);
    }
  }

  Value where(const std::string& name, Value condition, Value g) { return select(graph_, name, condition, g, zero(g)); }

  /// g/6 between the two ends, where the output is neither 0 nor 1.
  Value reverse_hard_sigmoid(const Node& node, const std::string& name, Value g) {
    const ElementType element = graph_.info(g).element;
    Value one = graph_.add_constant(name + ".one", element, {1}, std::vector<float>{1});
    Value slope = graph_.add_constant(name + ".slope", element, {1}, std::vector<float>{1.0f / 6});
    Value raised = where(name + ".low", greater(graph_, name + ".low.if", node.output, zero(g)), g);
    Value between = where(name + ".between", less(graph_, name + ".if", node.output, one), raised);
    return multiply(graph_, name, between, slope);
  }

  /// Of the factors, where they depend on what is wanted: g · x, summed where they were repeated.
  void reverse_multiply(const Node& node, const std::string& name, Value g) {
    const Value x = node.inputs[0], factors = node.inputs[1];
    if (needed_[position(x)]) pass(x, multiply(graph_, name, g, factors));
    if (!needed_[position(factors)]) return;
    const bool repeated = graph_.info(factors).shape[2].known() && !graph_.info(x).shape[2].known();
    Value each = scaled_by(graph_, name + (repeated ? ".cells" : ".factors"), g, x);
    pass(factors, repeated ? sum_over_cells(graph_, name + ".factors", each) : each);
  }

  Value reverse_convolution(const Node& node, const std::string& name, Value g) {
    const Value weights = node.inputs[1];
    const KernelWindow window = window_of(node);
    const std::int64_t groups = node.attribute_or("group", 1);
    if (window.stride > 1 || window.padding >= window.size) return scattered(name, g, weights, window, groups, node.inputs[0]);
    const KernelWindow turned{.size = window.size, .stride = 1, .padding = window.size - 1 - window.padding};
    if (groups > 1)
      return depthwise_convolution(graph_, name, g, turned_depthwise_weights(graph_, name + ".weight", weights), turned);
    return convolution(graph_, name, g, turned_weights(graph_, name + ".weight", weights), turned);
  }

  /// g through the transposed convolution, of the size of `like`.
  Value scattered(const std::string& name, Value g, Value weights, KernelWindow window, std::int64_t groups, Value like) {
    if (window.stride == 1) return convolution_transposed(graph_, name, g, weights, window, groups);
    Value uncut = convolution_transposed(graph_, name + ".uncut", g, weights, window, groups);
    return cropped_like(graph_, name, uncut, like);
  }

  void reverse_concatenate(const Node& node, const std::string& name, Value g) {
    std::int64_t first = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Value part = node.inputs[i];
      const std::int64_t count = channels(graph_, part);
      if (needed_[position(part)]) pass(part, channels_of(graph_, text(name, i), g, first, count));
      first += count;
    }
  }

  /// Place by place of the window: what of x lay there in each window (a one-hot depthwise convolution), whether it is
  /// the largest, and if so the window's gradient, moved back (the same convolution transposed) and no longer there for
  /// the places that follow. A single convolution for all places would do, but ONNX Runtime's WebGPU provider gets
  /// depthwise convolutions of several outputs per channel wrong.
  void reverse_max_pool(const Node& node, const std::string& name, Value g) {
    const Value x = node.inputs[0];
    const KernelWindow window = window_of(node);
    Value left = g;
    std::optional<Value> moved;
    for (int place = 0; place < window.size * window.size; ++place) {
      const std::string at = text(name, ".place", place);
      Value weights = one_hot_weights(at + ".weight", x, window.size, place);
      Value there = depthwise_convolution(graph_, at + ".x", x, weights, window);
      Value taken = where(at + ".taken", equal(graph_, at + ".if", there, node.output), left);
      left = difference(graph_, at + ".left", left, taken);
      Value back = convolution_transposed(graph_, at + ".back", taken, weights, window, channels(graph_, x));
      moved = moved ? sum(graph_, at + ".sum", *moved, back) : back;
    }
    pass(x, window.stride == 1 ? *moved : cropped_like(graph_, name, *moved, x));
  }

  Value reverse_average_pool(const Node& node, const std::string& name, Value g) {
    const KernelWindow window = window_of(node);
    const std::int64_t count = channels(graph_, node.inputs[0]);
    const int places = window.size * window.size;
    std::vector<float> numbers(static_cast<std::size_t>(count * places), 1.0f / static_cast<float>(places));
    Value weights = graph_.add_constant(name + ".weight", graph_.info(g).element, {count, 1, window.size, window.size}, numbers);
    return scattered(name, g, weights, window, count, node.inputs[0]);
  }

  /// The sum over all copies of a value: their mean, times their number.
  Value reverse_enlarge(const Node& node, const std::string& name, Value g) {
    const auto factor = static_cast<int>(numbers_of(node.inputs[2])[3]);
    Value mean = average_pool(graph_, name + ".mean", g, {.size = factor, .stride = factor});
    const std::int64_t count = channels(graph_, g);
    const std::vector<float> copies(static_cast<std::size_t>(count), static_cast<float>(factor * factor));
    return multiply(graph_, name, mean, graph_.add_constant(name + ".copies", graph_.info(g).element, {1, count, 1, 1}, copies));
  }

  std::vector<float> numbers_of(Value constant) const {
    for (const Constant& each : graph_.constants())
      if (each.value == constant) return constant_numbers(graph_, each);
    std::abort();  // not a constant
  }

  Value reverse_global_average_pool(const std::string& name, Value g, Value x) {
    Value size = extents_from(graph_, name + ".size", x, kHeightAxis);
    Value cells = product(graph_, name + ".cells", cast(graph_, name + ".size.cast", size, graph_.info(g).element));
    return expanded_like(graph_, name, quotient(graph_, name + ".share", g, cells), x);
  }

  Value one_hot_weights(std::string name, Value x, int size, int place) {
    const std::int64_t count = channels(graph_, x);
    const std::size_t places = static_cast<std::size_t>(size * size);
    std::vector<float> numbers(static_cast<std::size_t>(count) * places);
    for (std::size_t i = static_cast<std::size_t>(place); i < numbers.size(); i += places) numbers[i] = 1;
    return graph_.add_constant(std::move(name), graph_.info(x).element, {count, 1, size, size}, numbers);
  }

  /// 0 of the element type of `g`.
  Value zero(Value g) {
    const ElementType element = graph_.info(g).element;
    auto [found, added] = zeros_.try_emplace(element);
    if (added) found->second = graph_.add_constant(text("reverse.zero", zeros_.size()), element, {1}, std::vector<float>{0});
    return found->second;
  }

  Graph& graph_;
  std::vector<bool> needed_;                     // by value: wanted, or depending on something wanted
  std::vector<std::optional<Value>> gradients_;  // by value, complete once its producer's turn comes
  std::map<ElementType, Value> zeros_;
};

}  // namespace

std::vector<Value> append_gradients(Graph& graph, Value output, Value seeds, const std::vector<Value>& wanted) {
  ReverseMode reverse(graph, wanted);
  reverse.run(output, seeds);
  std::vector<Value> gradients;
  for (Value value : wanted) gradients.push_back(reverse.gradient(value));
  return gradients;
}

}  // namespace chestlight
