// The only door to stb_image: PNG and JPEG bytes to samples, within a stated amount of memory.
// No limits on size, no check sums, no EXIF: decode.h does those. stb_image takes damaged streams for whole ones, so it
// gets only streams that prove_png() and prove_jpeg() have made. All its memory is zeroed: what a film does not fill
// cannot be another film.
#pragma once

#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

struct StbPixels {
  int width = 0;
  int height = 0;
  int channels = 1;  // 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha
  std::unique_ptr<void, decltype(&std::free)> data{nullptr, &std::free};

  /// Row by row, channels interleaved; T is uint8_t or uint16_t as asked of stb_decode.
  template <class T>
  std::span<const T> samples() const {
    return {static_cast<const T*>(data.get()), static_cast<std::size_t>(width) * height * channels};
  }
};

/// The longest side stb_image is compiled for.
inline constexpr int kStbMaxSide = 20000;

/// `format` ("PNG", "JPEG") is for messages. `largest_allocation` (bytes) bounds every single allocation, so that a
/// small file cannot inflate without end. kTruncated, kCorrupt or kTooLarge.
Result<StbPixels> stb_decode(Bytes bytes, std::string_view format, bool sixteen_bits, std::size_t largest_allocation);

/// Inflates a zlib stream. Returns how many bytes of `out` were filled; nothing where the stream is not sound or holds
/// more. The check sum at its end is not compared.
std::optional<std::size_t> stb_inflate(Bytes zlib, std::span<std::uint8_t> out);

}  // namespace chestlight
