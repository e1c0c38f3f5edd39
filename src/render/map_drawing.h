// How an evidence map is drawn: sign, scale, opacity, contour and legend. The one place that decides them. The page hands the
// result to its shader (shaders/film.frag) as uniforms; exported pictures are drawn from the same (film_picture.h).
//
// Scale: the largest value is drawn at full strength. Of maps finer than kContourCells a side it is the 99.5th percentile,
// or single pixels would leave all others dark; the legend then says "≥". Evidence of several findings of one film shares
// the largest of them all, so that weak evidence looks weak.
// Contour: drawn on the map averaged to at most kContourCells a side, as regions are found (explain/regions.h): noise of
// single pixels has no shape. Its level is a share of the largest of those means; none is drawn where nothing is positive.
#pragma once

#include <span>
#include <string>

#include "base/grid.h"
#include "contract/picture_look.h"

namespace chestlight {

/// Cells per side above which a map is averaged before contours and regions are looked for.
inline constexpr int kContourCells = 32;

using contract::MapLook;

enum class MapSign {
  kPositive,      // no value is below zero
  kSigned,        // values below zero speak against, and are always drawn
  kReadersChoice  // the same, drawn where the reader wants it: the evidence
};

struct MapScale {
  double top = 1;        // of the map's unit, drawn at full strength; above 0
  bool clipped = false;  // some values lie above it
};

/// What must be known of a map to draw it, whoever looks at it.
struct MapFacts {
  MapSign sign = MapSign::kPositive;
  MapScale scale;         // where only positive values are drawn
  MapScale signed_scale;  // where both signs are
  double peak = 0;        // the largest of contour_cells()
  double cutoff = 0.5;    // the finding's own level of the contour, as a share of `peak`
  std::string unit;       // "logits"
};

/// Of a map with a scale of its own.
MapFacts map_facts(GridView<const float> map, MapSign sign, double cutoff, std::string unit);

/// Of one finding's evidence; `all` holds the evidence of all findings of the film.
MapFacts evidence_facts(GridView<const float> map, std::span<const float> all, double cutoff);

/// A map as it is drawn for a reader.
struct MapDrawing {
  bool is_signed = false;  // blue and orange instead of the ramp of positive values
  double opacity = 0;
  double scale = 1;    // of the map's unit, at full strength
  double contour = 0;  // of the map's unit, the iso-line of contour_cells(); 0: none
  bool operator==(const MapDrawing&) const = default;
};
MapDrawing drawing_of(const MapFacts& facts, const MapLook& look);

/// What stands under the bar of colours: its ends and, between them, the unit.
struct MapLegend {
  bool is_signed = false;
  std::string least, most, unit;
};
MapLegend legend_of(const MapFacts& facts, const MapLook& look);

/// The share of the largest value at which the reader has the contour drawn; `cutoff` is the finding's own.
inline double contour_share(double cutoff, const MapLook& look) { return look.contour_level > 0 ? look.contour_level : cutoff; }

/// Means of whole cells, at most kContourCells a side; coarser maps as they are.
Grid<float> contour_cells(GridView<const float> map);

/// The level that a share of the largest of `cells` means; 0 where nothing is positive.
double contour_level(GridView<const float> cells, double share);

}  // namespace chestlight
