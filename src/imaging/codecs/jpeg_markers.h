// Markers and segments of a JPEG stream (ITU-T T.81, B.1.1), for the modules of this folder that walk them. No state, no
// messages: where the bytes end first, nothing is returned.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace chestlight {

inline constexpr int kHuffmanTables = 0xc4, kStartOfImage = 0xd8, kEndOfImage = 0xd9, kStartOfScan = 0xda;
inline constexpr int kQuantisationTables = 0xdb, kRestartInterval = 0xdd, kFirstRestart = 0xd0;
inline constexpr int kJfif = 0xe0, kApp1 = 0xe1, kAdobe = 0xee;

inline bool is_restart(int marker) { return marker >= kFirstRestart && marker <= 0xd7; }
/// Without a segment behind it.
inline bool is_standalone(int marker) { return is_restart(marker) || marker == 0x01 || marker == kStartOfImage; }
/// C4, C8 and CC are tables and an extension, not frames; F7 is the frame of JPEG-LS.
inline bool is_frame(int marker) {
  return (marker >= 0xc0 && marker <= 0xcf && marker != kHuffmanTables && marker != 0xc8 && marker != 0xcc) || marker == 0xf7;
}

/// Moves to just after the next marker and returns it. Bytes between segments, and the entropy-coded data of a scan
/// (where FF 00 is a stuffed byte and FF FF is fill), are passed over.
inline std::optional<int> next_marker(ByteReader& reader) {
  while (auto byte = reader.big<std::uint8_t>()) {
    if (*byte != 0xff) continue;
    std::optional<std::uint8_t> marker;
    do marker = reader.big<std::uint8_t>();
    while (marker && *marker == 0xff);
    if (!marker) return std::nullopt;
    if (*marker != 0) return *marker;
  }
  return std::nullopt;
}

/// The parameters of the segment whose marker was just read.
inline std::optional<Bytes> segment(ByteReader& reader) {
  auto length = reader.big<std::uint16_t>();
  if (!length || *length < 2) return std::nullopt;
  return reader.take(*length - 2u);
}

}  // namespace chestlight
