// Writing Protocol Buffers' wire format: just what ONNX files need, and nothing for reading.
// Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chestlight {

class ProtobufMessage {
 public:
  ProtobufMessage& integer(int field, std::int64_t value) {
    key(field, kVarint);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  ProtobufMessage& single(int field, float value) {
    key(field, kFixed32);
    auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xff);
    return *this;
  }
  ProtobufMessage& string(int field, std::string_view value) {
    length_prefix(field, value.size());
    bytes_ += value;
    return *this;
  }
  ProtobufMessage& message(int field, const ProtobufMessage& value) { return string(field, value.bytes_); }
  /// Packed, which readers of proto2 and proto3 both take.
  ProtobufMessage& integers(int field, std::span<const std::int64_t> values) {
    ProtobufMessage packed;
    for (std::int64_t value : values) packed.varint(static_cast<std::uint64_t>(value));
    return message(field, packed);
  }
  /// Only key and length of a field whose `length` bytes the caller writes right behind this message.
  ProtobufMessage& length_prefix(int field, std::uint64_t length) {
    key(field, kLengthDelimited);
    varint(length);
    return *this;
  }

  const std::string& bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  static constexpr unsigned kVarint = 0;
  static constexpr unsigned kLengthDelimited = 2;
  static constexpr unsigned kFixed32 = 5;

  void key(int field, unsigned wire_type) { varint(static_cast<std::uint64_t>(field) << 3 | wire_type); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace chestlight
