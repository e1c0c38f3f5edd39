// Reading Protocol Buffers' wire format, as ONNX files need it: field by field, without a copy. Any bytes may be given: nothing
// outside them is read. Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight::protobuf {

inline Error damaged_message() {
  return {ErrorCode::kCorrupt, "This is not an ONNX file, or a part of it is damaged.", "Export the model to ONNX again."};
}

inline std::optional<std::uint64_t> read_varint(ByteReader& reader) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = reader.little<std::uint8_t>();
    if (!byte) return std::nullopt;
    value |= std::uint64_t{*byte & 0x7fu} << shift;
    if (!(*byte & 0x80)) return value;
  }
  return std::nullopt;
}

struct Field {
  std::uint64_t number = 0;
  bool is_integer = false;
  std::uint64_t integer = 0;  // where it is one
  Bytes bytes;                // where it is anything else
  Bytes raw;                  // the whole field, with its key
  std::string name() const { return std::string(as_text(bytes)); }
};

inline std::optional<Field> read_field(ByteReader& reader) {
  enum WireType { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };
  const auto key = read_varint(reader);
  if (!key) return std::nullopt;
  Field field{*key >> 3};
  std::optional<std::uint64_t> length;
  switch (*key & 7) {
    case kVarint: {
      const auto value = read_varint(reader);
      if (!value) return std::nullopt;
      field.is_integer = true, field.integer = *value;
      return field;
    }
    case kFixed64: length = 8; break;
    case kFixed32: length = 4; break;
    case kLengthDelimited: length = read_varint(reader); break;
    default: return std::nullopt;
  }
  if (!length || *length > reader.remaining()) return std::nullopt;
  field.bytes = *reader.take(static_cast<std::size_t>(*length));
  return field;
}

/// Gives each field of a message to `take`, which may answer with an error of its own.
template <class Take>
Result<void> each_field(Bytes message, Take take) {
  ByteReader reader(message);
  while (reader.remaining() > 0) {
    const std::size_t begin = message.size() - reader.remaining();
    auto field = read_field(reader);
    if (!field) return damaged_message();
    field->raw = message.subspan(begin, message.size() - reader.remaining() - begin);
    CHESTLIGHT_CHECK(take(*field));
  }
  return {};
}

}  // namespace chestlight::protobuf
