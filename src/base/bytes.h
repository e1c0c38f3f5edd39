// Bounded reading of binary formats. A reader never touches memory outside its span: a read past the end
// returns nothing and leaves the position alone, so a parser can say exactly where a file ends early.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace chestlight {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  bool seek(std::size_t position) {
    if (position > bytes_.size()) return false;
    position_ = position;
    return true;
  }
  bool skip(std::size_t count) {
    if (count > remaining()) return false;
    position_ += count;
    return true;
  }
  std::optional<Bytes> take(std::size_t count) {
    if (count > remaining()) return std::nullopt;
    Bytes taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }
  /// Unsigned integers and IEEE floats in the stated byte order.
  template <class T>
  std::optional<T> little() {
    return read<T>(std::endian::little);
  }
  template <class T>
  std::optional<T> big() {
    return read<T>(std::endian::big);
  }

 private:
  template <class T>
  std::optional<T> read(std::endian order) {
    static_assert(std::is_arithmetic_v<T>);
    auto taken = take(sizeof(T));
    if (!taken) return std::nullopt;
    std::uint8_t raw[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) raw[i] = (*taken)[order == std::endian::native ? i : sizeof(T) - 1 - i];
    T value;
    std::memcpy(&value, raw, sizeof(T));
    return value;
  }

  Bytes bytes_;
  std::size_t position_ = 0;
};

}  // namespace chestlight
