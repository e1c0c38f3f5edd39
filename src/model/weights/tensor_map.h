// Named tensors as a model file stores them: element type, shape and a view of the raw little-endian bytes.
//
// A TensorMap owns names and shapes, never the numbers: the file's bytes must outlive it. It does not know what
// network the tensors make (model/architectures do), nor which container they came from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

enum class DataType { kBool, kU8, kI8, kI16, kU16, kI32, kU32, kI64, kU64, kF16, kBF16, kF32, kF64 };

/// The safetensors spelling: "F32", "I8", ...
std::string_view data_type_name(DataType type);
std::optional<DataType> data_type_of(std::string_view name);
/// Bytes per element.
std::size_t data_type_size(DataType type);

struct Tensor {
  DataType type = DataType::kF32;
  std::vector<std::int64_t> shape;  // every extent >= 0; empty for a scalar
  Bytes bytes;                      // element count × data_type_size(type), row-major, not necessarily aligned

  std::size_t count() const { return bytes.size() / data_type_size(type); }
};

/// Sorted by name, so that everything made from a map is reproducible.
using TensorMap = std::map<std::string, Tensor, std::less<>>;

/// "[64, 3, 7, 7]"
std::string shape_text(const std::vector<std::int64_t>& shape);

/// The numbers of tensor `name` as float, whatever they are stored as:
///   F32, F16, BF16   widened exactly
///   F64              rounded to the nearest float
///   I8               multiplied by the companion tensor `name`.scale: F32, one value per output channel (shape[0])
/// Errors: kMissing (no such tensor, no companion), kInvalidModel (another type, a companion of the wrong shape, a
/// value that is not finite). Each names the tensor.
Result<std::vector<float>> widen(const TensorMap& tensors, std::string_view name);

}  // namespace chestlight
