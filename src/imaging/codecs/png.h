// The structure of a PNG file (PNG specification, third edition): header, chunks, check sums. No pixels are decoded
// here; stb_image does that and checks neither CRCs nor the presence of the end, so this does.
#pragma once

#include <optional>
#include <string_view>

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

/// Walks every chunk: each must be whole and match its CRC, and IEND must be there. Returns the EXIF block (a TIFF
/// structure) of an eXIf chunk, empty if there is none. kTruncated or kCorrupt.
Result<Bytes> check_png_chunks(Bytes bytes);

/// An acTL chunk stands before the first IDAT.
bool png_is_animated(Bytes bytes);

/// CRC-32 of ISO 3309, as PNG and zlib use it.
std::uint32_t crc32(Bytes bytes);

}  // namespace chestlight
