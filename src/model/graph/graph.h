// A small graph of tensor operators: values, constants and nodes in the order they run. Ours, not ONNX's: it holds
// exactly what our networks need, so that a rule per operator (shape, interpretation, reverse mode) stays short.
//
// A Value is a handle into its graph. Nodes are appended after everything they read, so nodes() is always a valid
// order to run them in, and walking it backwards is a valid order for reverse mode. The functions that append nodes
// are in graph/operators.h; onnx_writer.h writes a graph as ONNX.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace chestlight {

/// What our networks compute in, and what sizes (kInt64) and conditions (kBool) are made of.
enum class ElementType { kFloat32, kFloat16, kInt64, kBool };

/// The value nearest to `number` that `element`, of floating point, can hold (rounding to nearest, ties to even; may be
/// infinite).
double rounded_to(ElementType element, double number);
/// The largest finite number of `element`: 3.4e38 or 65504.
double largest_finite(ElementType element);

/// One extent of a shape: a size, or unknown until run time (then `symbol` may name it).
struct Dimension {
  static constexpr std::int64_t kUnknown = -1;

  std::int64_t size = kUnknown;
  std::string symbol;

  bool known() const { return size != kUnknown; }
};
using Shape = std::vector<Dimension>;

Dimension fixed_dimension(std::int64_t size);
Dimension symbolic_dimension(std::string symbol);

struct Value {
  int index = -1;
  friend bool operator==(Value, Value) = default;
};

struct ValueInfo {
  std::string name;  // unique in its graph
  ElementType element = ElementType::kFloat32;
  Shape shape;
};

struct Constant {
  Value value;
  std::vector<std::uint8_t> bytes;  // little-endian, row-major
};

enum class Operator {
  kConvolution,
  kMaximum,
  kMinimum,
  kRelu,
  kClip,
  kHardSigmoid,
  kMultiply,
  kAdd,
  kConcatenate,
  kMaxPool,
  kAveragePool,
  kGlobalAveragePool,
  kFlatten,
  kEnlarge,
  kGemm,
  kCast,
  // Only gradients are made of these (graph/gradient_operators.h).
  kConvolutionTransposed,
  kSubtract,
  kDivide,
  kGreater,
  kLess,
  kEqual,
  kSelect,
  kShape,
  kProduct,
  kSumOverCells,
  kSlice,
  kExpand,
  kUnsqueeze,
  kIdentity,
  kTranspose,
};

using Attribute = std::variant<std::int64_t, float, std::vector<std::int64_t>>;

struct Node {
  Operator op;
  std::vector<Value> inputs;
  Value output;
  std::vector<std::pair<std::string_view, Attribute>> attributes;  // ONNX's attributes of this operator (opset 17)

  /// The attribute `name`, which this operator must have.
  template <class T>
  const T& attribute(std::string_view name) const {
    for (const auto& [key, value] : attributes)
      if (key == name) return std::get<T>(value);
    std::abort();
  }
  /// The same for an attribute that may be left out.
  std::int64_t attribute_or(std::string_view name, std::int64_t otherwise) const {
    for (const auto& [key, value] : attributes)
      if (key == name) return std::get<std::int64_t>(value);
    return otherwise;
  }
};

class Graph {
 public:
  explicit Graph(std::string name) : name_(std::move(name)) {}

  /// Names must be new to the graph; a repeated name is a programming error and aborts.
  Value add_input(std::string name, ElementType element, Shape shape);
  /// `numbers` in row-major order, rounded to `element`; as many as the (known) extents multiply to.
  Value add_constant(std::string name, ElementType element, const std::vector<std::int64_t>& extents,
                     std::span<const float> numbers);
  /// Sizes, positions or axes: a constant [numbers.size()] of kInt64.
  Value add_constant(std::string name, const std::vector<std::int64_t>& numbers);
  Value add_node(Operator op, std::vector<Value> inputs, ValueInfo output,
                 std::vector<std::pair<std::string_view, Attribute>> attributes = {});
  void mark_output(Value value);

  const std::string& name() const { return name_; }
  const ValueInfo& info(Value value) const { return values_[static_cast<std::size_t>(value.index)]; }
  const std::vector<ValueInfo>& values() const { return values_; }
  const std::vector<Constant>& constants() const { return constants_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Value>& inputs() const { return inputs_; }
  const std::vector<Value>& outputs() const { return outputs_; }

 private:
  Value add_value(ValueInfo info);

  std::string name_;
  std::unordered_set<std::string> taken_names_;
  std::vector<ValueInfo> values_;
  std::vector<Constant> constants_;
  std::vector<Node> nodes_;
  std::vector<Value> inputs_;
  std::vector<Value> outputs_;
};

/// The numbers of a constant as float.
std::vector<float> constant_numbers(const Graph& graph, const Constant& constant);

}  // namespace chestlight
