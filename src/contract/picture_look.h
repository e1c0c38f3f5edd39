// How a reader looks at a film and its maps: what an exported picture is to look like. It crosses from the screen to the engine;
// the engine checks its figures (render/picture_look.h). It never reaches the network.
#pragma once

#include <optional>

#include "contract/film.h"

namespace chestlight::contract {

/// How a picture is turned and mirrored for the eye.
struct PictureTurn {
  int rotate = 0;       // degrees clockwise, after the mirror: 0, 90, 180 or 270
  bool mirror = false;  // left to right
};

/// What a reader set about maps.
struct MapLook {
  bool against = false;      // evidence against is shown too, where that is the reader's choice
  double opacity = 0.6;      // 0..1
  bool contour = false;      // whether it is drawn
  double contour_level = 0;  // share of the largest value, 0..1; 0: the finding's own cutoff
  bool outline = false;      // what the model saw; the rest of the film is dimmed

  bool operator==(const MapLook&) const = default;
};

struct PictureLook {
  std::optional<Window> window;  // nothing: as the film opens
  bool inverted = false;
  PictureTurn orientation = {};
  MapLook map = {};
};

}  // namespace chestlight::contract
