#include "model/weights/tensor_map.h"

#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/half.h"
#include "base/text.h"

namespace chestlight {
namespace {

struct DataTypeRow {
  DataType type;
  std::string_view name;
  std::size_t size;
};

constexpr std::array<DataTypeRow, 13> kDataTypes = {{
    {DataType::kBool, "BOOL", 1},
    {DataType::kU8, "U8", 1},
    {DataType::kI8, "I8", 1},
    {DataType::kI16, "I16", 2},
    {DataType::kU16, "U16", 2},
    {DataType::kI32, "I32", 4},
    {DataType::kU32, "U32", 4},
    {DataType::kI64, "I64", 8},
    {DataType::kU64, "U64", 8},
    {DataType::kF16, "F16", 2},
    {DataType::kBF16, "BF16", 2},
    {DataType::kF32, "F32", 4},
    {DataType::kF64, "F64", 8},
}};

constexpr std::string_view kExportHint = "Export the weights again as F32, F16 or I8 with scales.";

template <class T>
T element(Bytes bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

Result<std::vector<float>> channel_scales(const TensorMap& tensors, std::string_view name, const Tensor& tensor) {
  std::string companion = text(name, ".scale");
  auto found = tensors.find(companion);
  if (found == tensors.end())
    return Error{ErrorCode::kMissing, text("Tensor ", name, " is stored as I8, but ", companion, " is missing."),
                 std::string(kExportHint)};
  const Tensor& scale = found->second;
  std::vector<std::int64_t> wanted(tensor.shape.begin(), tensor.shape.begin() + (tensor.shape.empty() ? 0 : 1));
  if (scale.type != DataType::kF32 || scale.shape != wanted)
    return Error{ErrorCode::kInvalidModel,
                 text("Tensor ", companion, " is ", data_type_name(scale.type), " ", shape_text(scale.shape), "; expected F32 ",
                      shape_text(wanted), "."),
                 std::string(kExportHint)};
  return widen(tensors, companion);
}

}  // namespace

std::string_view data_type_name(DataType type) { return kDataTypes[static_cast<std::size_t>(type)].name; }

std::optional<DataType> data_type_of(std::string_view name) {
  for (const DataTypeRow& row : kDataTypes)
    if (row.name == name) return row.type;
  return std::nullopt;
}

std::size_t data_type_size(DataType type) { return kDataTypes[static_cast<std::size_t>(type)].size; }

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string joined = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) joined += text(i ? ", " : "", shape[i]);
  return joined + "]";
}

Result<std::vector<float>> widen(const TensorMap& tensors, std::string_view name) {
  auto found = tensors.find(name);
  if (found == tensors.end())
    return Error{ErrorCode::kMissing, text("Tensor ", name, " is missing."),
                 "Check that this is the weights file of this model."};
  const Tensor& tensor = found->second;
  const Bytes bytes = tensor.bytes;
  std::vector<float> values(tensor.count());
  switch (tensor.type) {
    case DataType::kF32:
      if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
      break;
    case DataType::kF16:
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = half_to_float(element<std::uint16_t>(bytes, i));
      break;
    case DataType::kBF16:
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::bit_cast<float>(std::uint32_t{element<std::uint16_t>(bytes, i)} << 16);
      break;
    case DataType::kF64:
      for (std::size_t i = 0; i < values.size(); ++i) {
        double value = element<double>(bytes, i);
        values[i] = std::abs(value) <= 3.4028234663852886e38 ? static_cast<float>(value) : INFINITY;
      }
      break;
    case DataType::kI8: {
      CHESTLIGHT_TRY(std::vector<float> scales, channel_scales(tensors, name, tensor));
      std::size_t per_channel = scales.empty() ? 0 : values.size() / scales.size();
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(element<std::int8_t>(bytes, i)) * scales[i / per_channel];
      break;
    }
    default:
      return Error{ErrorCode::kInvalidModel,
                   text("Tensor ", name, " is stored as ", data_type_name(tensor.type), "; expected F32, F16, BF16, F64 or I8."),
                   std::string(kExportHint)};
  }
  for (float value : values)
    if (!std::isfinite(value))
      return Error{ErrorCode::kInvalidModel, text("Tensor ", name, " holds a value that is not finite."),
                   "The file is damaged, or training diverged; use another checkpoint."};
  return values;
}

}  // namespace chestlight
