// The parts of the film that a map points at: what lies above the label's cutoff, as area, boxes and a mask.
//
// Regions lie within the contour that is drawn: the same averaging, the same level (render/map_drawing.h), the map between its
// cells as it is drawn (smooth_map). Only positive
// values count. The level is `cutoff` of the (averaged) map's maximum.
// Cutoffs per finding: A. Saporta et al., "Benchmarking saliency methods for chest X-ray interpretation", Nature Machine
// Intelligence 2022; they were chosen for Grad-CAM after scaling to its maximum.
#pragma once

#include <array>
#include <vector>

#include "base/grid.h"
#include "imaging/map_geometry.h"

namespace chestlight {

struct Regions {
  double area = 0;                           // share of the film that the network saw, 0..1
  std::vector<std::array<double, 4>> boxes;  // x, y, width, height in SourcePx, the largest sum of values first
  double main_share = 0;                     // of the values above the level, the share that the first of them holds
  Grid<float> main;                          // of each cell of the map, the share that lies in it; empty where there is no region
};

/// At most `most_boxes` boxes around connected parts; parts under a hundredth of the area above the level are left out.
Regions find_regions(GridView<const float> map, const FilmView& view, float cutoff, int most_boxes = 5);

/// 1 where the map (averaged and drawn as above) is at or above the level, on width × height samples over the network's
/// whole input; all 0 where nothing is positive.
Grid<float> region_mask(GridView<const float> map, float cutoff, int width, int height);

}  // namespace chestlight
