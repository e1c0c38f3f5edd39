// A picture made smaller for paper and for previews: the mean of whole blocks of pixels. It never makes one larger.
#pragma once

#include "base/grid.h"
#include "render/colour_map.h"

namespace chestlight {

/// At most `longest` pixels a side, by the smallest whole number that does it; what is left over at the right and lower edge
/// makes narrower blocks. Opaque pictures.
Grid<Rgba> reduced(Grid<Rgba> picture, int longest);

}  // namespace chestlight
