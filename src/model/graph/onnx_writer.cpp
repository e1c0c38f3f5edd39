#include "model/graph/onnx_writer.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "model/graph/operators.h"
#include "model/graph/protobuf.h"

namespace chestlight {
namespace {

constexpr std::int64_t kIrVersion = 8;
constexpr std::int64_t kOperatorSet = 17;

namespace model_field {
constexpr int kIrVersion = 1, kProducer = 2, kGraph = 7, kOperatorSet = 8;
}
namespace operator_set_field {
constexpr int kDomain = 1, kVersion = 2;
}
namespace graph_field {
constexpr int kNode = 1, kName = 2, kConstant = 5, kInput = 11, kOutput = 12;
}
namespace node_field {
constexpr int kInput = 1, kOutput = 2, kName = 3, kOperator = 4, kAttribute = 5;
}
namespace attribute_field {
constexpr int kName = 1, kFloat = 2, kInteger = 3, kIntegers = 8, kType = 20;
}
namespace attribute_type {
constexpr int kFloat = 1, kInteger = 2, kIntegers = 7;
}
namespace tensor_field {
constexpr int kExtents = 1, kType = 2, kName = 8, kRawData = 9;
}
namespace value_field {
constexpr int kName = 1, kType = 2;
}
namespace type_field {
constexpr int kTensor = 1;
}
namespace tensor_type_field {
constexpr int kElement = 1, kShape = 2;
}
namespace shape_field {
constexpr int kDimension = 1;
}
namespace dimension_field {
constexpr int kSize = 1, kSymbol = 2;
}

std::int64_t onnx_type(ElementType element) {
  switch (element) {  // TensorProto.DataType
    case ElementType::kFloat32: return 1;
    case ElementType::kInt64: return 7;
    case ElementType::kBool: return 9;
    case ElementType::kFloat16: return 10;
  }
  std::abort();
}

ProtobufMessage attribute_message(std::string_view name, const Attribute& attribute) {
  ProtobufMessage message;
  message.string(attribute_field::kName, name);
  if (auto* integer = std::get_if<std::int64_t>(&attribute))
    message.integer(attribute_field::kInteger, *integer).integer(attribute_field::kType, attribute_type::kInteger);
  else if (auto* single = std::get_if<float>(&attribute))
    message.single(attribute_field::kFloat, *single).integer(attribute_field::kType, attribute_type::kFloat);
  else
    message.integers(attribute_field::kIntegers, std::get<std::vector<std::int64_t>>(attribute))
        .integer(attribute_field::kType, attribute_type::kIntegers);
  return message;
}

ProtobufMessage node_message(const Graph& graph, const Node& node) {
  ProtobufMessage message;
  for (Value input : node.inputs) message.string(node_field::kInput, graph.info(input).name);
  message.string(node_field::kOutput, graph.info(node.output).name);
  message.string(node_field::kName, graph.info(node.output).name);
  message.string(node_field::kOperator, operator_name(node.op));
  for (const auto& [name, attribute] : node.attributes)
    message.message(node_field::kAttribute, attribute_message(name, attribute));
  return message;
}

ProtobufMessage value_message(const ValueInfo& info) {
  ProtobufMessage shape;
  for (const Dimension& dimension : info.shape) {
    ProtobufMessage extent;
    if (dimension.known()) extent.integer(dimension_field::kSize, dimension.size);
    else if (!dimension.symbol.empty()) extent.string(dimension_field::kSymbol, dimension.symbol);
    shape.message(shape_field::kDimension, extent);
  }
  ProtobufMessage tensor_type;
  tensor_type.integer(tensor_type_field::kElement, onnx_type(info.element));
  tensor_type.message(tensor_type_field::kShape, shape);
  ProtobufMessage type;
  type.message(type_field::kTensor, tensor_type);
  ProtobufMessage value;
  value.string(value_field::kName, info.name).message(value_field::kType, type);
  return value;
}

/// A TensorProto up to its raw data, which follows as the last field.
ProtobufMessage tensor_head(const ValueInfo& info, std::size_t raw_size) {
  std::vector<std::int64_t> extents;
  for (const Dimension& dimension : info.shape) extents.push_back(dimension.size);
  ProtobufMessage head;
  head.integers(tensor_field::kExtents, extents);
  head.integer(tensor_field::kType, onnx_type(info.element));
  head.string(tensor_field::kName, info.name);
  head.length_prefix(tensor_field::kRawData, raw_size);
  return head;
}

/// A run of bytes of the file: small ones of our own, then (perhaps) a constant's numbers.
struct Piece {
  std::string head;
  Bytes numbers;
};

}  // namespace

std::vector<std::uint8_t> write_onnx(const Graph& graph) {
  std::vector<Piece> pieces;
  std::size_t graph_size = 0;
  auto append = [&](std::string head, Bytes numbers) {
    graph_size += head.size() + numbers.size();
    pieces.push_back({std::move(head), numbers});
  };

  ProtobufMessage structure;
  structure.string(graph_field::kName, graph.name());
  for (const Node& node : graph.nodes()) structure.message(graph_field::kNode, node_message(graph, node));
  for (Value input : graph.inputs()) structure.message(graph_field::kInput, value_message(graph.info(input)));
  for (Value output : graph.outputs()) structure.message(graph_field::kOutput, value_message(graph.info(output)));
  append(structure.bytes(), {});
  for (const Constant& constant : graph.constants()) {
    ProtobufMessage tensor = tensor_head(graph.info(constant.value), constant.bytes.size());
    ProtobufMessage field;
    field.length_prefix(graph_field::kConstant, tensor.size() + constant.bytes.size());
    append(field.bytes() + tensor.bytes(), constant.bytes);
  }

  ProtobufMessage operator_set;
  operator_set.string(operator_set_field::kDomain, "").integer(operator_set_field::kVersion, kOperatorSet);
  ProtobufMessage model;
  model.integer(model_field::kIrVersion, kIrVersion);
  model.string(model_field::kProducer, "Chestlight");
  model.message(model_field::kOperatorSet, operator_set);
  model.length_prefix(model_field::kGraph, graph_size);

  std::vector<std::uint8_t> file;
  file.reserve(model.size() + graph_size);
  file.insert(file.end(), model.bytes().begin(), model.bytes().end());
  for (const Piece& piece : pieces) {
    file.insert(file.end(), piece.head.begin(), piece.head.end());
    file.insert(file.end(), piece.numbers.begin(), piece.numbers.end());
  }
  return file;
}

}  // namespace chestlight
