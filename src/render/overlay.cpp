#include "render/overlay.h"

#include <algorithm>
#include <cmath>

#include "imaging/window.h"
#include "render/contour.h"

namespace chestlight {

namespace {

constexpr Rgba kContourLine = {255, 255, 255, 255};
constexpr Rgba kLegendGround = {11, 13, 16, 255};
constexpr int kLegendMargin = 8;

Rgba map_colour(float value, float full_scale, bool signed_map) {
  if (!(full_scale > 0)) return {};
  return signed_map ? signed_evidence_colour(value / full_scale) : evidence_colour(value / full_scale);
}

float own_scale(GridView<const float> map, bool signed_map) {
  float largest = 0;
  for (float value : map.span()) largest = std::max(largest, signed_map ? std::abs(value) : value);
  return largest;
}

// One segment with a soft edge: full within `radius` of it, gone half a pixel further out.
void draw_segment(Grid<Rgba>& picture, int clip_width, SourcePx from, SourcePx to, double radius) {
  const double reach = radius + 0.5;
  const int left = std::max(0, static_cast<int>(std::floor(std::min(from.x, to.x) - reach)));
  const int top = std::max(0, static_cast<int>(std::floor(std::min(from.y, to.y) - reach)));
  const int right = std::min(clip_width - 1, static_cast<int>(std::ceil(std::max(from.x, to.x) + reach)));
  const int bottom = std::min(picture.height() - 1, static_cast<int>(std::ceil(std::max(from.y, to.y) + reach)));
  const double dx = to.x - from.x, dy = to.y - from.y, length_squared = dx * dx + dy * dy;
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double px = x + 0.5 - from.x, py = y + 0.5 - from.y;
      const double along = length_squared > 0 ? std::clamp((px * dx + py * dy) / length_squared, 0.0, 1.0) : 0;
      const double distance = std::hypot(px - along * dx, py - along * dy);
      const double coverage = std::clamp(reach - distance, 0.0, 1.0);
      if (coverage > 0) picture(x, y) = blend_over(picture(x, y), kContourLine, static_cast<float>(coverage));
    }
  }
}

void draw_contours(Grid<Rgba>& picture, GridView<const float> map, const FilmView& view, float cutoff) {
  const float level = contour_level(map, cutoff);
  if (!(level > 0)) return;
  const double radius = std::max(0.5, view.film_width / 1024.0);
  for (const auto& line : contour_on_film(map, level, view)) {
    const std::size_t count = line.points.size();
    for (std::size_t i = 0; i + (line.closed ? 0 : 1) < count; ++i)
      draw_segment(picture, view.film_width, line.points[i], line.points[(i + 1) % count], radius);
  }
}

void draw_legend(Grid<Rgba>& picture, int left, const OverlayOptions& options) {
  const int bar_left = std::min(left + kLegendMargin, picture.width()), bar_right = picture.width() - kLegendMargin;
  for (int y = 0; y < picture.height(); ++y) {
    const float up = 1 - (y + 0.5f) / static_cast<float>(picture.height());
    const Rgba colour = map_colour(options.signed_map ? 2 * up - 1 : up, 1, options.signed_map);
    for (int x = left; x < picture.width(); ++x) {
      const bool in_bar = x >= bar_left && x < bar_right;
      picture(x, y) = in_bar ? blend_over(kLegendGround, colour, 1) : kLegendGround;
    }
  }
}

}  // namespace

Grid<Rgba> render_overlay(const Film& film, const Window& window, GridView<const float> map, const FilmView& view,
                          const OverlayOptions& options) {
  const Grid<std::uint8_t> grey = apply_window(film.pixels.view(), window, film.tables);
  const int legend_width = options.legend ? std::max(24, film.width() / 16) : 0;
  Grid<Rgba> picture(film.width() + legend_width, film.height());

  const auto to_map = source_to_map(view, map.width, map.height);
  const float full_scale = options.full_scale > 0 ? options.full_scale : own_scale(map, options.signed_map);
  for (int y = 0; y < film.height(); ++y) {
    for (int x = 0; x < film.width(); ++x) {
      const std::uint8_t value = grey(x, y);
      Rgba pixel{value, value, value, 255};
      const MapPx at = to_map(SourcePx{x + 0.5, y + 0.5});
      if (at.x >= 0 && at.y >= 0 && at.x <= map.width && at.y <= map.height)
        pixel = blend_over(pixel, map_colour(smooth_map(map, at), full_scale, options.signed_map), options.opacity);
      picture(x, y) = pixel;
    }
  }
  if (options.contour_cutoff) draw_contours(picture, map, view, *options.contour_cutoff);
  if (options.legend) draw_legend(picture, film.width(), options);
  return picture;
}

}  // namespace chestlight
