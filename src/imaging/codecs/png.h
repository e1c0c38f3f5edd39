// The structure of a PNG file (PNG specification, third edition): header, chunks, check sums, compressed rows. No pixels
// are decoded here; stb_image does that and checks no sums, so that the proof that a film is whole is made before.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

struct PngHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int bits = 8;         // per sample, or per palette index: 1, 2, 4, 8, 16
  int colour_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha
  bool interlaced = false;

  int channels() const;  // in the file; a palette counts as 3
};

/// Signature and IHDR only: what the limits are checked on. kTruncated or kCorrupt.
Result<PngHeader> png_header(Bytes bytes);

struct WholePng {
  /// A PNG of the same rows, made of checked parts and nothing else: what a decoder is given. Its rows are not compressed.
  std::vector<std::uint8_t> stream;
  Bytes exif;                      // the TIFF structure of an eXIf chunk; empty if there is none
  std::vector<std::string> notes;  // what is wrong with the file and leaves its pixels alone
};

/// Proves that every row is there: each chunk that makes pixels matches its CRC, and what it holds inflates to exactly the
/// size of the rows. What else is wrong (a text chunk's check sum, a missing end) becomes a note. So do
///   - a wrong or missing check sum behind the rows (Adler-32), as in every viewer, but only where one IDAT chunk holds them
///     all: then its CRC proves that they are those that were written. Of several chunks only the Adler-32 proves the order:
///     rows that were stored without compression make a picture with two chunks exchanged, each of them sound;
///   - up to 1 MB of rows beyond the last one, if the Adler-32 holds for all of them: else nothing would tell whether the
///     picture comes first.
/// kTruncated or kCorrupt. `header` is from png_header(), its size within the caller's limits.
Result<WholePng> prove_png(Bytes bytes, const PngHeader& header);

/// An acTL chunk stands before the first IDAT.
bool png_is_animated(Bytes bytes);

/// CRC-32 of ISO 3309, as PNG and zlib use it.
std::uint32_t crc32(Bytes bytes);

}  // namespace chestlight
