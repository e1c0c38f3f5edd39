#include "model/weights/onnx_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "model/weights/protobuf_reader.h"

namespace chestlight {
namespace {

using protobuf::each_field, protobuf::Field, protobuf::read_varint;

Error corrupt_graph(std::string message) { return {ErrorCode::kCorrupt, std::move(message), "Export the model to ONNX again."}; }

/// Dimension: dim_value = 1, dim_param = 2.
Result<std::int64_t> read_dimension(Bytes message) {
  std::int64_t extent = kOpenExtent;
  CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
    if (field.number == 1) extent = static_cast<std::int64_t>(field.integer);
    return {};
  }));
  return extent;
}

/// The message inside `message` in field 1, inside that in field 2, …: empty where there is none.
Result<Bytes> descend(Bytes message, std::initializer_list<std::uint64_t> path) {
  for (std::uint64_t number : path) {
    Bytes inner;
    CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
      if (field.number == number) inner = field.bytes;
      return {};
    }));
    message = inner;
  }
  return message;
}

/// ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1; its shape = 2; TensorShapeProto: dim = 1.
Result<OnnxValue> read_value(Bytes message) {
  OnnxValue value;
  CHESTLIGHT_TRY(const Bytes name, descend(message, {1}));
  CHESTLIGHT_TRY(const Bytes shape, descend(message, {2, 1, 2}));
  value.name = as_text(name);
  CHESTLIGHT_TRY(const Bytes type, descend(message, {2, 1}));
  CHESTLIGHT_CHECK(each_field(type, [&](const Field& field) -> Result<void> {
    if (field.number == 1 && field.is_integer) value.element = static_cast<int>(field.integer);
    return {};
  }));
  CHESTLIGHT_CHECK(each_field(shape, [&](const Field& field) -> Result<void> {
    if (field.number != 1) return {};
    CHESTLIGHT_TRY(const std::int64_t extent, read_dimension(field.bytes));
    value.shape.push_back(extent);
    return {};
  }));
  return value;
}

/// TensorProto.DataType.
std::optional<DataType> data_type_of_onnx(std::uint64_t number) {
  switch (number) {
    case 1: return DataType::kF32;
    case 3: return DataType::kI8;
    case 10: return DataType::kF16;
    case 11: return DataType::kF64;
    case 16: return DataType::kBF16;
    default: return std::nullopt;  // nothing that weights are stored in here
  }
}

struct NamedTensor {
  std::string name;
  std::optional<Tensor> tensor;
};

bool fits(const Tensor& tensor) {
  std::uint64_t count = 1;
  for (std::int64_t extent : tensor.shape) {
    if (extent < 0 || (extent > 0 && count > tensor.bytes.size() / static_cast<std::uint64_t>(extent))) return false;
    count *= static_cast<std::uint64_t>(extent);
  }
  return count * data_type_size(tensor.type) == tensor.bytes.size();
}

/// TensorProto: dims = 1, data_type = 2, float_data = 4, name = 8, raw_data = 9, data_location = 14 (1: another file).
Result<NamedTensor> read_tensor(Bytes message) {
  NamedTensor named;
  Tensor tensor;
  std::optional<DataType> type;
  bool stored = false, elsewhere = false;
  CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
    switch (field.number) {
      case 1: {
        if (field.is_integer) {
          tensor.shape.push_back(static_cast<std::int64_t>(field.integer));
          return {};
        }
        for (ByteReader packed(field.bytes); packed.remaining() > 0;) {
          const auto extent = read_varint(packed);
          if (!extent) return corrupt_graph("The shape of a tensor is damaged.");
          tensor.shape.push_back(static_cast<std::int64_t>(*extent));
        }
        return {};
      }
      case 2: type = data_type_of_onnx(field.integer); return {};
      case 4:  // packed little-endian floats, as raw_data would hold them
      case 9: tensor.bytes = field.bytes, stored = true; return {};
      case 8: named.name = field.name(); return {};
      case 14: elsewhere = field.integer == 1; return {};
      default: return {};
    }
  }));
  if (elsewhere)
    return Error{ErrorCode::kUnsupportedFormat, text("The ONNX file keeps the numbers of ", named.name, " in another file."),
                 "Save it as one file, without external data."};
  if (!type || !stored) return named;
  tensor.type = *type;
  if (!fits(tensor))
    return corrupt_graph(text("Tensor ", named.name, " of the ONNX file has ", tensor.bytes.size(),
                              " bytes, which do not fit its shape ", shape_text(tensor.shape), "."));
  named.tensor = std::move(tensor);
  return named;
}

/// GraphProto: initializer = 5, input = 11, output = 12.
Result<OnnxFile> read_graph(Bytes graph) {
  OnnxFile file;
  std::vector<std::string> given;
  CHESTLIGHT_CHECK(each_field(graph, [&](const Field& field) -> Result<void> {
    if (field.number == 5) {
      CHESTLIGHT_TRY(NamedTensor named, read_tensor(field.bytes));
      if (named.tensor) file.initialisers.insert_or_assign(named.name, std::move(*named.tensor));
      given.push_back(std::move(named.name));
    } else if (field.number == 11 || field.number == 12) {
      CHESTLIGHT_TRY(OnnxValue value, read_value(field.bytes));
      (field.number == 11 ? file.inputs : file.outputs).push_back(std::move(value));
    }
    return {};
  }));
  std::sort(given.begin(), given.end());
  std::erase_if(file.inputs, [&](const OnnxValue& value) { return std::binary_search(given.begin(), given.end(), value.name); });
  return file;
}

}  // namespace

bool is_onnx(Bytes file) {
  constexpr std::uint8_t kFirstField = 0x08;
  return file.size() > 2 && file[0] == kFirstField && read_onnx(file);
}

Result<OnnxFile> read_onnx(Bytes file) {
  if (file.empty()) return Error{ErrorCode::kEmptyFile, "The ONNX file is empty.", "Export the model to ONNX again."};
  constexpr std::uint64_t kGraphOfModel = 7;
  CHESTLIGHT_TRY(const Bytes graph, descend(file, {kGraphOfModel}));
  if (graph.empty()) return corrupt_graph("This is not an ONNX file: it holds no graph.");
  return read_graph(graph);
}

}  // namespace chestlight
