// Iso-lines of an evidence map, as polylines on the film.
//
// Marching squares with linear interpolation along the edges. A saddle (two opposite corners above) is
// decided by the value of the bilinear surface at its saddle point, so lines never cross and agree with the
// interpolated map.
// Source: W. Lorensen, H. Cline 1987 (two-dimensional case); saddle rule: G. Nielson, B. Hamann, "The
// asymptotic decider", IEEE Visualization 1991.
#pragma once

#include <vector>

#include "base/grid.h"
#include "imaging/map_geometry.h"

namespace chestlight {

template <class Space>
struct Polyline {
  std::vector<Point<Space>> points;
  bool closed = false;  // the last point joins the first, which is not repeated; open lines end on the border
};

/// Lines where `field` equals `level`, in the field's own coordinates (sample centres at half-integers).
/// Values equal to `level` count as above. Higher values lie on the left of the direction of travel, seen
/// with y pointing up (on screen, where y points down, on the right). A field of one row or column has no
/// lines.
std::vector<Polyline<MapSpace>> contour_lines(GridView<const float> field, float level);

/// Lines where the drawn map (smooth_map) equals `level`, on the film. `refine` samples per cell and
/// side (≥ 1).
std::vector<Polyline<SourceSpace>> contour_on_film(GridView<const float> map, float level, const FilmView& view, int refine = 8);

/// The level that a label's cutoff means: `cutoff` of the map's maximum; 0 where nothing is positive.
float contour_level(GridView<const float> map, float cutoff);

/// Signed area (shoelace) of a closed line; positive where it runs clockwise on screen.
template <class Space>
double signed_area(const Polyline<Space>& line) {
  double doubled = 0;
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    const auto &p = line.points[i], &q = line.points[(i + 1) % line.points.size()];
    doubled += p.x * q.y - q.x * p.y;
  }
  return doubled / 2;
}

}  // namespace chestlight
