// From the logits of a mask to one organ: its largest part without holes, and the outline of that part.
//
// Fields are logits over a grid of cells: above 0 inside. Cell centres lie at half-integers (MapPx), and between them the
// field is a straight line, so an outline is finer than the grid. Beyond the outermost centres the border value goes on, and
// at the grid's edge an organ ends: an outline never leaves the grid.
// Method: marching squares; W. Lorensen, H. Cline, SIGGRAPH 1987, in two dimensions. It knows nothing of lungs.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/grid.h"
#include "imaging/map_geometry.h"

namespace chestlight {

/// The field of its largest part (cells above 0 that share an edge): other parts are turned below 0, and cells that the part
/// encloses above 0. Without a cell above 0 the field stays as it is.
Grid<float> largest_part(GridView<const float> logits);

/// The closed outline of a field from largest_part(), clockwise on the screen, the first point not repeated; empty where
/// nothing is above 0. Each point lies on a line between two neighbouring cell centres, or on the grid's edge.
std::vector<MapPx> outline_of(GridView<const float> field);

/// Leaves out points of a closed polygon so that none of those left out lies further than `tolerance` from what is left. At least
/// three points stay of three and more.
/// Method: D. Douglas, T. Peucker, Cartographica 1973.
std::vector<std::size_t> points_to_keep(const std::vector<std::array<double, 2>>& polygon, double tolerance);

template <class Space>
std::vector<Point<Space>> thinned(const std::vector<Point<Space>>& polygon, double tolerance) {
  std::vector<std::array<double, 2>> plain;
  for (const auto& [x, y] : polygon) plain.push_back({x, y});
  std::vector<Point<Space>> kept;
  for (const std::size_t index : points_to_keep(plain, tolerance)) kept.push_back(polygon[index]);
  return kept;
}

/// Of a closed polygon; its sign tells the way round: above 0 is clockwise on the screen.
template <class Space>
double signed_area(const std::vector<Point<Space>>& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point<Space>&a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

/// Even-odd rule.
template <class Space>
bool encloses(const std::vector<Point<Space>>& polygon, Point<Space> at) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Point<Space>&a = polygon[i], &b = polygon[j];
    if ((a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

}  // namespace chestlight
