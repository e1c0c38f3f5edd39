// A PNG of 8-bit RGBA pixels, for pictures that leave the program: overlays and screenshots. Holds pixels and the texts that it
// is given: no times, no names.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace chestlight {

/// `rgba` holds width × height × 4 bytes, row-major, straight alpha. Sizes are at least 1.
std::vector<std::uint8_t> encode_png(Bytes rgba, int width, int height);

/// The same PNG with a text (a tEXt chunk after the header, PNG specification 11.3.3.2), for programs that list them. What is not
/// Latin-1 becomes "?".
std::vector<std::uint8_t> png_with_text(std::vector<std::uint8_t> png, std::string_view keyword, std::string_view text);

}  // namespace chestlight
