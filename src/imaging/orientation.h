// Turning a stored picture upright, as EXIF's orientation (1..8, see exif.h) asks.
#pragma once

#include <cstdint>

#include "base/grid.h"

namespace chestlight {

/// Width and height are swapped for orientations 5..8. Values outside 2..8 leave the picture alone.
Grid<std::uint16_t> turn_upright(Grid<std::uint16_t> stored, int orientation);

}  // namespace chestlight
