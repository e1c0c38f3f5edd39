// A film with an evidence map drawn over it, as one picture: for export and for the command line. The page
// draws its own with a shader; this is the same map in the same colours, on the film's own pixels.
#pragma once

#include <optional>

#include "base/grid.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"
#include "render/colour_map.h"

namespace chestlight {

struct OverlayOptions {
  bool signed_map = false;              // blue and orange instead of positive evidence only
  float opacity = 0.6f;                 // 0..1, of the map over the film
  float full_scale = 0;                 // contribution (logits) drawn at full strength; 0: the map's own maximum
  std::optional<float> contour_cutoff;  // draw the iso-line at this fraction of the map's maximum
  bool legend = true;                   // a bar of the ramp beside the film, zero at the bottom (signed: in the middle)
};

/// The film through `window`, the map over it. `view` says how the network saw this very film. Where the
/// network saw nothing (outside its crop) there is no colour. Width: the film's, and with a legend a strip of
/// a sixteenth more (at least 24 pixels); height: the film's.
Grid<Rgba> render_overlay(const Film& film, const Window& window, GridView<const float> map, const FilmView& view,
                          const OverlayOptions& options);

}  // namespace chestlight
