// A made-up chest for tests: two lungs and a heart as ellipses, whose widths and places are known exactly, laid onto a film and
// seen by a network through any view. No film, no network.
#pragma once

#include "anatomy/anatomy.h"

namespace chestlight::testing {

/// Half axes across and along; `lean` turns it clockwise, in degrees. In SourcePx of the upright film.
struct Ellipse {
  SourcePx centre;
  double across = 0, along = 0, lean = 0;

  /// Half of its width and of its height.
  double half_width() const;
  double half_height() const;
  /// Above 0 inside, falling by about 1 over a pixel at its edge.
  double inside(SourcePx at) const;
};

struct ChestPhantom {
  // Their axes lean as lungs do on the mean, so that the phantom has no tilt.
  Ellipse on_left{{320, 400}, 110, 250, 15}, on_right{{690, 400}, 100, 245, -17}, heart{{540, 540}, 120, 95, 0};

  double ratio() const;
};

/// From the upright phantom's film to a film as opened: turned clockwise by quarters and by `tilt` degrees about `centre`, then
/// moved.
Map<SourceSpace, SourceSpace> laid(int quarter_turns, double tilt, SourcePx centre = {500, 400}, SourcePx moved = {0, 0});

/// What a perfect network would say of the phantom, on side × side cells. `onto_film`: from the phantom to the film of `view`.
AnatomyEvidence evidence_of(const ChestPhantom& phantom, const Map<SourceSpace, SourceSpace>& onto_film, const FilmView& view,
                            int quarter_turns = 0, int side = 80);

/// A film of that size, seen whole and letterboxed on side × side pixels.
FilmView letterboxed(int width, int height, int side = 160);

}  // namespace chestlight::testing
