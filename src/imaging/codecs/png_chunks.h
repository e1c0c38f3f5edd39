// Chunks of a PNG file, one after the other, for the modules of this folder that walk them. Check sums are read, not
// compared.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace chestlight {

struct PngChunk {
  std::string_view type;
  Bytes data;
  Bytes checked;  // type and data: what the CRC covers
  std::uint32_t crc = 0;
  bool whole = true;  // false: the file ends within it; `data` is what is there
};

/// Nothing where the file ends before a chunk's type.
inline std::optional<PngChunk> next_png_chunk(ByteReader& reader) {
  auto length = reader.big<std::uint32_t>();
  if (!length || reader.remaining() < 4) return std::nullopt;
  const std::size_t there = std::min(reader.remaining() - 4, std::size_t{*length});
  const Bytes checked = *reader.take(4 + there);
  auto crc = there == *length ? reader.big<std::uint32_t>() : std::nullopt;
  return PngChunk{as_text(checked.first(4)), checked.subspan(4), checked, crc.value_or(0), crc.has_value()};
}

/// A chunk's name for a message: four letters, or "unnamed" where it is not letters (a name from a damaged file).
inline std::string png_chunk_name(std::string_view type) {
  const bool letters = std::ranges::all_of(type, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
  return letters ? std::string(type) : "unnamed";
}

}  // namespace chestlight
