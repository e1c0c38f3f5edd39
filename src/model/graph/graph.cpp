#include "model/graph/graph.h"

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/half.h"

static_assert(std::endian::native == std::endian::little, "constants are stored as the machine holds them");

namespace chestlight {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

double rounded_to(ElementType element, double number) {
  constexpr double kRoundsToInfinity = 0x1.ffffffp+127;  // halfway between FLT_MAX and 2^128
  if (std::abs(number) >= kRoundsToInfinity) return number < 0 ? -INFINITY : INFINITY;
  float single = static_cast<float>(number);
  return element == ElementType::kFloat32 ? single : half_to_float(float_to_half(single));
}

double largest_finite(ElementType element) { return element == ElementType::kFloat32 ? static_cast<double>(FLT_MAX) : 65504.0; }

Dimension fixed_dimension(std::int64_t size) { return {size, {}}; }

Dimension symbolic_dimension(std::string symbol) { return {Dimension::kUnknown, std::move(symbol)}; }

Value Graph::add_value(ValueInfo info) {
  require(taken_names_.insert(info.name).second);
  values_.push_back(std::move(info));
  return {static_cast<int>(values_.size()) - 1};
}

Value Graph::add_input(std::string name, ElementType element, Shape shape) {
  Value value = add_value({std::move(name), element, std::move(shape)});
  inputs_.push_back(value);
  return value;
}

Value Graph::add_constant(std::string name, ElementType element, const std::vector<std::int64_t>& extents,
                          std::span<const float> numbers) {
  Shape shape;
  std::size_t count = 1;
  for (std::int64_t extent : extents) {
    shape.push_back(fixed_dimension(extent));
    count *= static_cast<std::size_t>(extent);
  }
  require(count == numbers.size());
  Constant constant;
  if (element == ElementType::kFloat32) {
    constant.bytes.resize(numbers.size_bytes());
    if (!numbers.empty()) std::memcpy(constant.bytes.data(), numbers.data(), numbers.size_bytes());
  } else {
    constant.bytes.resize(numbers.size() * sizeof(std::uint16_t));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::uint16_t half = float_to_half(numbers[i]);
      std::memcpy(constant.bytes.data() + i * sizeof half, &half, sizeof half);
    }
  }
  constant.value = add_value({std::move(name), element, std::move(shape)});
  constants_.push_back(std::move(constant));
  return constants_.back().value;
}

Value Graph::add_constant(std::string name, const std::vector<std::int64_t>& numbers) {
  Constant constant;
  constant.bytes.resize(numbers.size() * sizeof(std::int64_t));
  if (!numbers.empty()) std::memcpy(constant.bytes.data(), numbers.data(), constant.bytes.size());
  constant.value =
      add_value({std::move(name), ElementType::kInt64, {fixed_dimension(static_cast<std::int64_t>(numbers.size()))}});
  constants_.push_back(std::move(constant));
  return constants_.back().value;
}

Value Graph::add_node(Operator op, std::vector<Value> inputs, ValueInfo output,
                      std::vector<std::pair<std::string_view, Attribute>> attributes) {
  for (Value input : inputs) require(input.index >= 0 && input.index < static_cast<int>(values_.size()));
  Value value = add_value(std::move(output));
  nodes_.push_back({op, std::move(inputs), value, std::move(attributes)});
  return value;
}

void Graph::mark_output(Value value) { outputs_.push_back(value); }

namespace {

/// The bytes as numbers of type T, each converted.
template <class T, class Convert>
std::vector<float> converted(const std::vector<std::uint8_t>& bytes, Convert convert) {
  std::vector<float> numbers(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    T stored;
    std::memcpy(&stored, bytes.data() + i * sizeof stored, sizeof stored);
    numbers[i] = convert(stored);
  }
  return numbers;
}

}  // namespace

std::vector<float> constant_numbers(const Graph& graph, const Constant& constant) {
  switch (graph.info(constant.value).element) {
    case ElementType::kFloat32: return converted<float>(constant.bytes, [](float number) { return number; });
    case ElementType::kFloat16: return converted<std::uint16_t>(constant.bytes, half_to_float);
    case ElementType::kInt64:
      return converted<std::int64_t>(constant.bytes, [](std::int64_t number) { return static_cast<float>(number); });
    case ElementType::kBool: return converted<std::uint8_t>(constant.bytes, [](std::uint8_t bit) { return bit ? 1.0f : 0.0f; });
  }
  std::abort();
}

}  // namespace chestlight
