// Separable anti-aliased resampling of grey pictures, in 32-bit floats.
//
// The definition is that of Pillow's Image.resize(size, filter, box) on an image of mode "F": when shrinking, the
// filter is stretched by the scale, so that every source pixel counts; weights are renormalised at the edges; pixel
// centres lie at half-integers. Results agree with Pillow to 1e-5 of the picture's range. Values are not clamped:
// lanczos3 can overshoot at sharp edges.
//
// The two passes run rows first (Pillow's run columns first): sums over whole rows are what processors do fastest.
#pragma once

#include <cstdint>

#include "base/grid.h"
#include "imaging/film.h"
#include "imaging/filter.h"

namespace chestlight {

/// A rectangle in SourcePx; edges may lie within pixels. Not empty, inside the picture.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// `box` of `source`, scaled to width × height. As Pillow does, filters reach over the box's edges into the picture.
/// All sizes are at least 1.
Grid<float> resample(GridView<const std::uint16_t> source, const Box& box, int width, int height, Filter filter);
Grid<float> resample(GridView<const float> source, const Box& box, int width, int height, Filter filter);

/// As if `crop` were a picture of its own: nothing outside it has any influence. Pillow's crop().resize().
Grid<float> resample_crop(GridView<const std::uint16_t> source, const PixelRect& crop, int width, int height, Filter filter);

/// The film through its window, at most side × side with the film's aspect ratio kept; never enlarged. side ≥ 1.
Grid<std::uint8_t> downsample_thumbnail(const Film& film, int side);

}  // namespace chestlight
