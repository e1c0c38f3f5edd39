// The stored values of one frame, in the type that they came in: 8 and 16 bits are not widened on their way to a film.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace chestlight {

class StoredValues {
 public:
  enum class Type { kUint8, kInt8, kUint16, kInt16, kInt32 };

  StoredValues() = default;
  StoredValues(const std::vector<std::int32_t>& values) : bytes_(4 * values.size()) {
    if (!values.empty()) std::memcpy(bytes_.data(), values.data(), bytes_.size());
  }
  StoredValues(std::initializer_list<std::int32_t> values) : StoredValues(std::vector<std::int32_t>(values)) {}

  /// `bytes`: little-endian values, taken over as they are. `type`: "uint8", "int8", "uint16", "int16" or "int32".
  /// Errors: kInvalidRequest: another type, or bytes that are no whole number of values.
  static Result<StoredValues> of(std::string_view type, std::vector<std::uint8_t> bytes);

  std::size_t size() const { return bytes_.size() / value_bytes(); }

  std::int32_t operator[](std::size_t index) const {
    switch (type_) {
      case Type::kUint8: return bytes_[index];
      case Type::kInt8: return static_cast<std::int8_t>(bytes_[index]);
      case Type::kUint16: return read<std::uint16_t>(index);
      case Type::kInt16: return read<std::int16_t>(index);
      case Type::kInt32: return read<std::int32_t>(index);
    }
    return 0;
  }

 private:
  template <class T>
  T read(std::size_t index) const {
    T value;
    std::memcpy(&value, bytes_.data() + index * sizeof(T), sizeof(T));
    return value;
  }
  std::size_t value_bytes() const { return type_ == Type::kInt32 ? 4 : type_ == Type::kUint16 || type_ == Type::kInt16 ? 2 : 1; }

  Type type_ = Type::kInt32;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace chestlight
