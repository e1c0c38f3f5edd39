// Where the cells of an evidence map lie: map coordinates, and values between the cells.
//
//   MapPx   cells of a map, origin at its top left corner, cell centres at half-integers
//
// A map of 4 × 4 cells spans 0..4, which is the whole of the network's input. Nothing here is finer than a
// cell; interpolation only makes it look so.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/grid.h"
#include "imaging/coordinates.h"

namespace chestlight {

struct MapSpace {};
using MapPx = Point<MapSpace>;

/// How the network saw the film.
struct FilmView {
  int film_width = 0;   // SourcePx
  int film_height = 0;  // SourcePx
  SourceToModel source_to_model;
  int model_width = 0;  // ModelPx
  int model_height = 0;
};

/// From the film to the cells of a map of map_width × map_height cells over the network's whole input.
inline Map<SourceSpace, MapSpace> source_to_map(const FilmView& view, int map_width, int map_height) {
  Map<ModelSpace, MapSpace> model_to_map{static_cast<double>(map_width) / view.model_width,   0, 0, 0,
                                         static_cast<double>(map_height) / view.model_height, 0};
  return compose(view.source_to_model, model_to_map);
}

namespace detail {

/// Mixes the four nearest cell centres; `weight` shapes the way from one centre (0) to the next (1).
template <class Weight>
float mix_cells(GridView<const float> map, MapPx at, Weight weight) {
  auto clamped = [](double value, int cells) { return std::clamp(value - 0.5, 0.0, cells - 1.0); };
  const double x = clamped(at.x, map.width), y = clamped(at.y, map.height);
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const int right = std::min(left + 1, map.width - 1), bottom = std::min(top + 1, map.height - 1);
  const auto u = static_cast<float>(weight(x - left)), v = static_cast<float>(weight(y - top));
  const float upper = map(left, top) + u * (map(right, top) - map(left, top));
  const float lower = map(left, bottom) + u * (map(right, bottom) - map(left, bottom));
  return upper + v * (lower - upper);
}

}  // namespace detail

/// Bilinear between cell centres: the surface that marching squares assume. Beyond the outermost centres the border
/// value goes on.
inline float sample_map(GridView<const float> map, MapPx at) {
  return detail::mix_cells(map, at, [](double t) { return t; });
}

/// What is drawn: smoothstep weights, through every cell's value and never beyond, without the star that bilinear
/// weights draw on a coarse map. shaders/film.frag does the same.
inline float smooth_map(GridView<const float> map, MapPx at) {
  return detail::mix_cells(map, at, [](double t) { return t * t * (3 - 2 * t); });
}

}  // namespace chestlight
