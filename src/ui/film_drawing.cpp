// See film_painter.h.
#include <algorithm>
#include <cmath>

#include "app/explanations.h"
#include "app/film_commands.h"
#include "ui/film_painter.h"

namespace chestlight::ui {

namespace {

/// The explanation in place of the evidence: its own geometry, scale and contour.
void lay_over(FilmDrawing& d, const app::State& state, const app::Explanation& explanation) {
  const SourceToModel& m = explanation.source_to_model;
  d.explained = true;
  d.source_to_model = m;
  d.model_width = explanation.model_width;
  d.model_height = explanation.model_height;
  d.model_zoom = d.zoom / std::sqrt(std::abs(m.a * m.e - m.b * m.d));
  d.signed_map = explanation.is_signed;
  d.scale = explanation.scale;
  d.contour = 0;
  const double largest = explanation.contour.largest();
  if (state.settings.overlay.contour && largest > 0) d.contour = state.settings.overlay.contour_level * largest;
}

}  // namespace

FilmDrawing make_film_drawing(const app::State& state, const app::FilmEntry& film) {
  FilmDrawing d;
  app::FilmSize size = app::film_size(film);
  app::FilmView view = app::resolved(film.view, size, state.film_area);
  d.area = state.film_area;
  d.screen_to_source = app::source_to_screen(film.view, size, state.film_area).inverse();
  d.source_width = size.width;
  d.source_height = size.height;
  d.zoom = view.zoom;
  d.window_low = film.window.centre - film.window.width / 2;
  d.window_high = film.window.centre + film.window.width / 2;
  d.window_shape = film.window.shape;
  if (d.window_shape == WindowShape::kTable) {
    d.table = film.window.table;
    bool there = state.pixels && d.table >= 0 && d.table < static_cast<int>(state.pixels->tables.size());
    if (!there) d.window_shape = WindowShape::kLinear;
  }
  d.inverted = film.inverted;
  if (!film.analysis || film.analysis->map_width == 0) return d;

  const app::Analysis& analysis = *film.analysis;
  const SourceToModel& m = analysis.source_to_model;
  d.source_to_model = m;
  d.model_width = analysis.model_width;
  d.model_height = analysis.model_height;
  d.model_zoom = view.zoom / std::sqrt(std::abs(m.a * m.e - m.b * m.d));
  d.outline = state.settings.overlay.model_outline && !state.original_held;
  if (const app::Finding* finding = app::overlaid_finding(state)) {
    d.map = static_cast<int>(finding - analysis.findings.data());
    d.signed_map = state.settings.overlay.mode == app::OverlayMode::kSigned;
    d.opacity = state.settings.overlay.opacity;
    d.scale = d.signed_map ? app::signed_scale(analysis) : app::evidence_scale(analysis);
    double largest = app::map_maximum(analysis, d.map);
    if (state.settings.overlay.contour && largest > 0)
      d.contour = state.settings.overlay.contour_level * largest;
    if (const app::Explanation* explanation = app::overlaid_explanation(state)) lay_over(d, state, *explanation);
  }
  return d;
}

FilmDrawing make_lens_drawing(const app::State& state, const app::FilmEntry& film, const app::ScreenRect& lens,
                              SourcePx centre, double factor) {
  FilmDrawing d = make_film_drawing(state, film);
  double zoom = std::clamp(std::max(d.zoom * factor, 1 / std::max(0.1, state.pixel_ratio)), d.zoom, app::kLargestZoom);
  app::FilmView view{false, zoom, centre, film.view.orientation};
  d.area = lens;
  d.screen_to_source = app::source_to_screen(view, app::film_size(film), lens).inverse();
  d.model_zoom *= zoom / d.zoom;
  d.zoom = zoom;
  return d;
}

const Ramp& evidence_ramp() {
  static const Ramp ramp = {{{0.34f, 0.06f, 0.43f},
                             {0.50f, 0.12f, 0.42f},
                             {0.66f, 0.18f, 0.37f},
                             {0.80f, 0.26f, 0.28f},
                             {0.92f, 0.38f, 0.17f},
                             {0.97f, 0.55f, 0.04f},
                             {0.97f, 0.74f, 0.15f},
                             {0.99f, 0.95f, 0.62f}}};
  return ramp;
}

}  // namespace chestlight::ui
