// Colour in DICOM: shown as grey, as colour PNGs are. A colour picture is no radiograph, unless it is grey in fact, as
// secondary captures often are: the film's facts say how coloured it is, and the gate decides.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/grid.h"

namespace chestlight {

struct StoredImage;

/// RGB, YBR_FULL, YBR_FULL_422, YBR_RCT and YBR_ICT. The codecs undo the last two themselves.
bool is_colour_space(std::string_view photometric);

/// Stored values are entries of a palette that is complete.
bool has_palette(const StoredImage& image);

struct ColourToGrey {
  Grid<std::uint16_t> pixels;
  std::uint16_t white = 255;  // 65535 for more than 8 bits
  double colourfulness = 0;   // as in FilmFacts
  double coloured_fraction = 0;
};

/// `image` must have 3 channels or a palette, as many values as its pixels need, and 1 to 32 bits. Palettes state 16 bits
/// even where every entry is one of 8: such are taken as 8 bits.
ColourToGrey colour_to_grey(const StoredImage& image);

}  // namespace chestlight
