// See film_painter.h.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "ui/film/film_painter.h"
#include "viewer/actions/film_commands.h"
#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"

namespace chestlight::ui {

namespace {

/// The explanation in place of the evidence: its own geometry, scale and contour.
void lay_over(FilmDrawing& d, const viewer::State& state, const viewer::DrawnExplanation& explanation) {
  const SourceToModel m = explanation.source_to_model;
  d.explanation = &explanation;
  d.source_to_model = m;
  d.model_width = explanation.model_width;
  d.model_height = explanation.model_height;
  d.model_zoom = d.zoom / std::sqrt(std::abs(m.a * m.e - m.b * m.d));
  d.look = drawing_of(explanation.facts, state.settings.overlay.look());
}

/// A map of the film: of a finding, by a method or, where there is none, its evidence.
struct Shown {
  const viewer::Finding* finding = nullptr;  // null: none
  const viewer::DrawnExplanation* explanation = nullptr;
};

FilmDrawing draw_in(const viewer::State& state, const viewer::FilmEntry& film, const viewer::ScreenRect& area,
                    const Shown& shown) {
  FilmDrawing d;
  viewer::FilmSize size = viewer::film_size(film);
  viewer::FilmView view = viewer::resolved(film.view, size, area);
  d.film = film.id;
  d.area = area;
  d.screen_to_source = viewer::source_to_screen(film.view, size, area).inverse();
  d.source_width = size.width;
  d.source_height = size.height;
  d.zoom = view.zoom;
  d.window_low = film.window.centre - film.window.width / 2;
  d.window_high = film.window.centre + film.window.width / 2;
  d.window_shape = film.window.shape;
  if (d.window_shape == WindowShape::kTable) {
    d.table = film.window.table;
    const viewer::PixelBuffer* pixels = viewer::held_pixels(state, film);
    bool there = pixels && d.table >= 0 && d.table < static_cast<int>(pixels->tables.size());
    if (!there) d.window_shape = WindowShape::kLinear;
  }
  d.inverted = film.inverted;
  if (!film.analysis || !film.analysis->has_maps()) return d;

  const viewer::Analysis& analysis = *film.analysis;
  const SourceToModel m = viewer::source_to_model(*analysis.geometry);
  d.source_to_model = m;
  d.model_width = analysis.geometry->model_width;
  d.model_height = analysis.geometry->model_height;
  d.model_zoom = view.zoom / std::sqrt(std::abs(m.a * m.e - m.b * m.d));
  d.outline = state.settings.overlay.model_outline && !state.original_held;
  if (shown.finding) {
    d.map = static_cast<int>(shown.finding - analysis.findings.data());
    d.look = drawing_of(viewer::drawn_facts(state, film, *shown.finding), state.settings.overlay.look());
    if (shown.explanation) lay_over(d, state, *shown.explanation);
  }
  return d;
}

}  // namespace

bool same_drawing(const FilmDrawing& one, const FilmDrawing& other) {
  auto values = [](const FilmDrawing& d) {
    // Names every member, so that one more does not compile before it is compared too.
    const auto& [film, area, to_source, width, height, zoom, low, high, shape, table, inverted, to_model, model_width,
                 model_height, model_zoom, outline, map, explanation, look] = d;
    const auto& [is_signed, opacity, scale, contour] = look;
    return std::make_tuple(film, area.x, area.y, area.width, area.height, to_source.coefficients(), width, height, zoom, low,
                           high, shape, table, inverted, to_model.coefficients(), model_width, model_height, model_zoom, outline,
                           map, explanation, is_signed, opacity, scale, contour);
  };
  return values(one) == values(other);
}

viewer::ScreenRect film_on_screen(const FilmDrawing& d) {
  const SourceToScreen to_screen = d.screen_to_source.inverse();
  const ScreenPx a = to_screen({0, 0}), b = to_screen({d.source_width, d.source_height});
  const double left = std::max(d.area.x, std::min(a.x, b.x)), right = std::min(d.area.x + d.area.width, std::max(a.x, b.x));
  const double top = std::max(d.area.y, std::min(a.y, b.y)), bottom = std::min(d.area.y + d.area.height, std::max(a.y, b.y));
  return {left, top, std::max(0.0, right - left), std::max(0.0, bottom - top)};
}

FilmDrawing make_film_drawing(const viewer::State& state, const viewer::FilmEntry& film) {
  return draw_in(state, film, state.film_area, {viewer::overlaid_finding(state), viewer::overlaid_explanation(state)});
}

FilmDrawing make_second_drawing(const viewer::State& state, const viewer::FilmEntry& film) {
  return draw_in(state, film, state.second.area, {viewer::second_finding(state)});
}

FilmDrawing make_kept_drawing(const viewer::State& state, const viewer::FilmEntry& film, const viewer::ScreenRect& pane,
                              const viewer::KeptMap& kept) {
  return draw_in(state, film, pane, kept.drawn ? Shown{kept.finding, kept.explanation} : Shown{});
}

FilmDrawing make_lens_drawing(const viewer::State& state, const viewer::FilmEntry& film, const viewer::ScreenRect& lens,
                              SourcePx centre, double factor) {
  FilmDrawing d = make_film_drawing(state, film);
  double zoom = std::clamp(std::max(d.zoom * factor, 1 / std::max(0.1, state.pixel_ratio)), d.zoom, viewer::kLargestZoom);
  viewer::FilmView view{false, zoom, centre, film.view.orientation};
  d.area = lens;
  d.screen_to_source = viewer::source_to_screen(view, viewer::film_size(film), lens).inverse();
  d.model_zoom *= zoom / d.zoom;
  d.zoom = zoom;
  return d;
}

}  // namespace chestlight::ui
