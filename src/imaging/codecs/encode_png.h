// A PNG of 8-bit RGBA pixels, for pictures that leave the program: overlays and screenshots. Holds pixels and nothing
// else: no text chunks, no times, no names.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace chestlight {

/// `rgba` holds width × height × 4 bytes, row-major, straight alpha. Sizes are at least 1.
std::vector<std::uint8_t> encode_png(Bytes rgba, int width, int height);

}  // namespace chestlight
