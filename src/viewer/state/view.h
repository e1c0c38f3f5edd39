// How a film lies on the screen: pure geometry from FilmView and the film's area to a Map<SourceSpace,
// ScreenSpace>. Not drawing, not input. Lengths are SourcePx or ScreenPx (CSS pixels) as the types say; zoom
// is ScreenPx per SourcePx.
#pragma once

#include <algorithm>

#include "imaging/coordinates.h"
#include "imaging/picture_orientation.h"

namespace chestlight::viewer {

struct ScreenRect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  ScreenPx centre() const { return {x + width / 2, y + height / 2}; }
  bool contains(ScreenPx p) const { return p.x >= x && p.x < x + width && p.y >= y && p.y < y + height; }
  bool operator==(const ScreenRect&) const = default;
};

struct FilmSize {
  double width = 0;
  double height = 0;
};

using chestlight::Orientation;

struct FilmView {
  bool fitted = true;  // follows the area; zoom and centre are then derived, not stored
  double zoom = 1;
  SourcePx centre;  // the film's point in the middle of the area
  Orientation orientation;
};

constexpr double kFitMargin = 8;     // ScreenPx kept free on each side of a fitted film
constexpr double kLargestZoom = 40;  // ScreenPx per SourcePx: single pixels are then plainly visible
constexpr double kSmallestOfFit = 0.5;

inline FilmSize turned_size(FilmSize film, const Orientation& o) { return o.xx != 0 ? film : FilmSize{film.height, film.width}; }

inline double fit_zoom(FilmSize film, const Orientation& o, const ScreenRect& area) {
  FilmSize seen = turned_size(film, o);
  double wide = std::max(1.0, area.width - 2 * kFitMargin), high = std::max(1.0, area.height - 2 * kFitMargin);
  return std::min(wide / std::max(1.0, seen.width), high / std::max(1.0, seen.height));
}

/// The view with zoom and centre filled in, whether fitted or free.
inline FilmView resolved(FilmView view, FilmSize film, const ScreenRect& area) {
  if (view.fitted) {
    view.zoom = fit_zoom(film, view.orientation, area);
    view.centre = {film.width / 2, film.height / 2};
  }
  return view;
}

inline SourceToScreen source_to_screen(const FilmView& any, FilmSize film, const ScreenRect& area) {
  FilmView view = resolved(any, film, area);
  const Orientation& o = view.orientation;
  double z = view.zoom;
  ScreenPx middle = area.centre();
  return {z * o.xx, z * o.xy, middle.x - z * (o.xx * view.centre.x + o.xy * view.centre.y),
          z * o.yx, z * o.yy, middle.y - z * (o.yx * view.centre.x + o.yy * view.centre.y)};
}

/// The centre never leaves the film, so a film can be moved half out of the area and never lost.
inline SourcePx clamped_centre(SourcePx centre, FilmSize film) {
  return {std::clamp(centre.x, 0.0, film.width), std::clamp(centre.y, 0.0, film.height)};
}

inline double clamped_zoom(double zoom, double fit) {
  return std::clamp(zoom, kSmallestOfFit * std::min(fit, 1.0), std::max(kLargestZoom, fit));
}

/// Zooms by `factor` so that the film's point under `pointer` stays there (unless the centre had to be
/// clamped).
inline FilmView zoomed_at(const FilmView& any, double factor, ScreenPx pointer, FilmSize film, const ScreenRect& area) {
  FilmView view = resolved(any, film, area);
  SourcePx under = source_to_screen(view, film, area).inverse()(pointer);
  double zoom = clamped_zoom(view.zoom * factor, fit_zoom(film, view.orientation, area));
  double ratio = view.zoom / zoom;
  SourcePx centre{under.x + (view.centre.x - under.x) * ratio, under.y + (view.centre.y - under.y) * ratio};
  return {false, zoom, clamped_centre(centre, film), view.orientation};
}

inline FilmView panned(const FilmView& any, double dx, double dy, FilmSize film, const ScreenRect& area) {
  FilmView view = resolved(any, film, area);
  const Orientation& o = view.orientation;
  // The inverse of a signed permutation matrix is its transpose.
  SourcePx centre{view.centre.x - (o.xx * dx + o.yx * dy) / view.zoom, view.centre.y - (o.xy * dx + o.yy * dy) / view.zoom};
  return {false, view.zoom, clamped_centre(centre, film), o};
}

/// The view of another film that shows the same part of its picture: the same fraction of it, as turned on the screen, is in the
/// middle of its area, and it is as much larger than fitted.
inline FilmView same_part(const FilmView& any, FilmSize film, const ScreenRect& area, const FilmView& other, FilmSize other_film,
                          const ScreenRect& other_area) {
  if (any.fitted) return {true, other.zoom, other.centre, other.orientation};
  const Orientation &o = any.orientation, &p = other.orientation;
  const FilmSize seen = turned_size(film, o), other_seen = turned_size(other_film, p);
  const double x = any.centre.x - film.width / 2, y = any.centre.y - film.height / 2;
  const double across = (o.xx * x + o.xy * y) / std::max(1.0, seen.width) * other_seen.width;
  const double down = (o.yx * x + o.yy * y) / std::max(1.0, seen.height) * other_seen.height;
  const SourcePx centre{other_film.width / 2 + p.xx * across + p.yx * down, other_film.height / 2 + p.xy * across + p.yy * down};
  const double zoom = any.zoom / fit_zoom(film, o, area) * fit_zoom(other_film, p, other_area);
  return {false, zoom, clamped_centre(centre, other_film), p};
}

/// One source pixel per device pixel, about the middle of what is seen.
inline FilmView one_to_one(const FilmView& any, double pixel_ratio, FilmSize film, const ScreenRect& area) {
  FilmView view = resolved(any, film, area);
  return {false, 1.0 / std::max(pixel_ratio, 0.1), clamped_centre(view.centre, film), view.orientation};
}

/// Is this point of the screen on the film?
inline bool on_film(SourcePx p, FilmSize film) { return p.x >= 0 && p.y >= 0 && p.x < film.width && p.y < film.height; }

}  // namespace chestlight::viewer
