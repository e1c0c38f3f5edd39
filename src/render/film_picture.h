// A film with a map over it as pixels: shaders/film.frag in C++, for pictures that leave the page. One pixel of the film is
// one pixel of the picture. tests/browser/map_pictures.test.mjs holds both against each other; change them together.
//
// Grey through the window, inverted where the reader has it so; the map with smoothstep weights between the centres of its
// cells, mixed in by its opacity; the contour as a white line with a dark seam; what the model did not see dimmed. What lies
// on the screen beside that (measurements, letters, boxes) is not here.
#pragma once

#include "base/grid.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"
#include "render/colour_map.h"
#include "render/map_drawing.h"
#include "render/picture_look.h"

namespace chestlight {

/// The film as `look` has it, its map over it as `drawing` has it. `view` says how the network saw this very film; where it
/// saw nothing there is no colour.
Grid<Rgba> draw_film(const Film& film, const PictureLook& look, const FilmView& view, GridView<const float> map,
                     const MapDrawing& drawing);

/// Lines are this many pixels wide for each that they have on a screen: 1 up to films of 1024 pixels, which are seen about
/// as large as they are, more for larger ones, which are seen reduced.
double line_ratio(const Film& film);

}  // namespace chestlight
