// How a film gets onto the screen, without saying by what: the platform paints (WebGL2 in the page, nothing
// in tests).
#pragma once

#include <imgui.h>

#include "viewer/state/map_comparison.h"
#include "viewer/state/state.h"

namespace chestlight::ui {

/// Everything the film shader needs for one film in one frame.
struct FilmDrawing {
  int film = 0;             // id, of the selected film or of the one beside it
  viewer::ScreenRect area;  // ScreenPx, also the clip
  Map<ScreenSpace, SourceSpace> screen_to_source;
  double source_width = 0, source_height = 0;  // SourcePx
  double zoom = 1;                             // ScreenPx per SourcePx
  double window_low = 0, window_high = 1;      // pixel values at the window's places 0 and 1
  WindowShape window_shape = WindowShape::kLinear;
  int table = -1;  // of PixelBuffer::tables, if the shape is kTable and it is there
  bool inverted = false;

  SourceToModel source_to_model;
  double model_width = 0, model_height = 0;  // ModelPx; 0: no model square known
  double model_zoom = 1;                     // ScreenPx per ModelPx
  bool outline = false;                      // what the model saw; outside is dimmed

  int map = -1;                                           // finding whose map is laid over; -1: none
  const viewer::DrawnExplanation* explanation = nullptr;  // another method's map instead, one of viewer::drawn_explanations()
  MapDrawing look;                                        // how it is drawn
};

/// Whether the same textures look the same drawn by both.
bool same_drawing(const FilmDrawing& a, const FilmDrawing& b);

class FilmPainter {
 public:
  virtual ~FilmPainter() = default;
  /// Brings textures in line with the state: pixels and maps of the selected film and of the one beside it, thumbnails of films
  /// that are there.
  virtual void sync(const viewer::State& state) = 0;
  /// A texture of the film's thumbnail; invalid when it has none.
  virtual ImTextureID thumbnail(const viewer::FilmEntry& film) = 0;
  /// A texture of the state's model picture; invalid when it has none.
  virtual ImTextureID model_picture(const viewer::State& state) = 0;
  /// Adds the film to the list, inside drawing.area. Beside the film nothing is drawn: the page has that colour.
  virtual void draw(ImDrawList& list, const FilmDrawing& drawing) = 0;
};

/// Where the film lies in the drawing's area; empty where it is out of sight.
viewer::ScreenRect film_on_screen(const FilmDrawing& drawing);

/// The drawing of the selected film, which must be decoded.
FilmDrawing make_film_drawing(const viewer::State& state, const viewer::FilmEntry& film);

/// The same of the film beside it (viewer/state/side_by_side.h), in its own pane, with its own map of the same finding.
FilmDrawing make_second_drawing(const viewer::State& state, const viewer::FilmEntry& film);

/// The same film in the same way, in the pane of a map that is kept beside it (viewer/state/map_comparison.h).
FilmDrawing make_kept_drawing(const viewer::State& state, const viewer::FilmEntry& film, const viewer::ScreenRect& pane,
                              const viewer::KeptMap& kept);

/// The same about `centre` in a part of the screen, enlarged by `factor`, or to one film pixel per device pixel where that
/// is larger: sampled from the film itself, not from the screen.
FilmDrawing make_lens_drawing(const viewer::State& state, const viewer::FilmEntry& film, const viewer::ScreenRect& lens,
                              SourcePx centre, double factor);

}  // namespace chestlight::ui
