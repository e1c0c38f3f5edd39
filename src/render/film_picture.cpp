#include "render/film_picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/window.h"

namespace chestlight {
namespace {

constexpr double kFilmOfOneToOne = 1024;  // pixels of the longer side

struct PictureSpace {};
using PicturePx = Point<PictureSpace>;
using PictureToSource = Map<PictureSpace, SourceSpace>;

struct Colour {
  float r = 0, g = 0, b = 0;
};

Colour mixed(Colour a, Colour b, float share) {
  return {a.r + share * (b.r - a.r), a.g + share * (b.g - a.g), a.b + share * (b.b - a.b)};
}

float smoothstep(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

/// A map between the centres of its cells: its value, and how fast it rises per cell.
struct Surface {
  float value = 0, across = 0, down = 0;
};

Surface surface_at(GridView<const float> map, MapPx at) {
  const double x = at.x - 0.5, y = at.y - 0.5;
  const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
  const auto u = static_cast<float>(x - left), v = static_cast<float>(y - top);
  const float across = u * u * (3 - 2 * u), down = v * v * (3 - 2 * v);
  const int x0 = std::clamp(left, 0, map.width - 1), x1 = std::clamp(left + 1, 0, map.width - 1);
  const int y0 = std::clamp(top, 0, map.height - 1), y1 = std::clamp(top + 1, 0, map.height - 1);
  const float nw = map(x0, y0), ne = map(x1, y0), sw = map(x0, y1), se = map(x1, y1);
  const float upper = nw + across * (ne - nw), lower = sw + across * (se - sw);
  const float rise = (ne - nw) + down * ((se - sw) - (ne - nw));
  return {upper + down * (lower - upper), 6 * u * (1 - u) * rise, 6 * v * (1 - v) * (lower - upper)};
}

/// How fast a surface over (ax + by, …) rises per unit of (x, y): the length of its gradient.
double slope_of(const Surface& surface, const std::array<double, 6>& to_map) {
  return std::hypot(surface.across * to_map[0] + surface.down * to_map[3], surface.across * to_map[1] + surface.down * to_map[4]);
}

class Painter {
 public:
  Painter(const Film& film, const PictureLook& look, const FilmView& view, GridView<const float> map, const MapDrawing& drawing)
      : film_(film),
        look_(look),
        view_(view),
        map_(map),
        drawing_(drawing),
        contours_(contour_cells(map)),
        ramp_(evidence_ramp()),
        ratio_(static_cast<float>(line_ratio(film))) {
    const Orientation& o = look.orientation;
    const double w = film.width(), h = film.height();
    const bool upright = o.xx != 0;
    width_ = static_cast<int>(upright ? w : h), height_ = static_cast<int>(upright ? h : w);
    const Map<SourceSpace, PictureSpace> to_picture{double(o.xx), double(o.xy), o.xx + o.xy < 0 ? width_ : 0.0,
                                                    double(o.yx), double(o.yy), o.yx + o.yy < 0 ? height_ : 0.0};
    to_source_ = to_picture.inverse();
    const SourceToModel& m = view.source_to_model;
    zoom_ = static_cast<float>(1 / std::sqrt(std::abs(m.a * m.e - m.b * m.d)));
    contour_slope_ = compose(to_source_, source_to_map(view, contours_.width(), contours_.height())).coefficients();
  }

  Grid<Rgba> paint() const {
    Grid<Rgba> picture(width_, height_);
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) picture(x, y) = bytes(colour_at(to_source_({x + 0.5, y + 0.5})));
    return picture;
  }

 private:
  Colour colour_at(SourcePx at) const {
    const int x = std::clamp(static_cast<int>(at.x), 0, film_.width() - 1);
    const int y = std::clamp(static_cast<int>(at.y), 0, film_.height() - 1);
    const float shown = brightness(film_.pixels(x, y), look_.window, film_.tables);
    const float grey = look_.inverted ? 1 - shown : shown;
    Colour colour{grey, grey, grey};

    const ModelPx model = view_.source_to_model(at);
    const auto inside = static_cast<float>(
        std::min(std::min(model.x, view_.model_width - model.x), std::min(model.y, view_.model_height - model.y)));
    const float edge = inside * zoom_;
    if (look_.map.outline && edge < 0) colour = mixed({}, colour, 0.45f);
    if (edge >= 0) colour = with_map(colour, model);
    if (look_.map.outline) {
      const float line = 1 - smoothstep(0.5f, 1.5f, std::abs(edge) - 0.25f * ratio_);
      colour = mixed(colour, {0.298f, 0.761f, 1.0f}, line);
    }
    return colour;
  }

  Colour with_map(Colour colour, ModelPx model) const {
    const auto in = [&](GridView<const float> map) {
      return surface_at(map, {model.x * map.width / view_.model_width, model.y * map.height / view_.model_height});
    };
    const RampStop over = map_colour(ramp_, in(map_).value / static_cast<float>(drawing_.scale), drawing_.is_signed);
    colour = mixed(colour, {over.r, over.g, over.b}, over.a * static_cast<float>(drawing_.opacity));
    if (!(drawing_.contour > 0)) return colour;
    const Surface height = in(contours_.view());
    const double slope = std::max(slope_of(height, contour_slope_), 1e-9);
    const auto from_line = static_cast<float>(std::abs(height.value - drawing_.contour) / slope);
    const float width = 0.75f * ratio_;
    colour = mixed(colour, {}, 0.55f * (1 - smoothstep(width + 0.5f, width + 2.5f, from_line)));
    return mixed(colour, {1, 1, 1}, 1 - smoothstep(width - 0.5f, width + 0.5f, from_line));
  }

  static Rgba bytes(Colour colour) {
    const auto byte = [](float value) { return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0f, 1.0f))); };
    return {byte(colour.r), byte(colour.g), byte(colour.b), 255};
  }

  const Film& film_;
  const PictureLook& look_;
  const FilmView& view_;
  GridView<const float> map_;
  const MapDrawing& drawing_;
  Grid<float> contours_;
  std::array<RampStop, kRampStops> ramp_;
  float ratio_, zoom_ = 1;  // picture's pixels per pixel of a screen, and per ModelPx
  int width_ = 0, height_ = 0;
  PictureToSource to_source_;
  std::array<double, 6> contour_slope_{};
};

}  // namespace

double line_ratio(const Film& film) { return std::max(1.0, std::max(film.width(), film.height()) / kFilmOfOneToOne); }

Grid<Rgba> draw_film(const Film& film, const PictureLook& look, const FilmView& view, GridView<const float> map,
                     const MapDrawing& drawing) {
  return Painter(film, look, view, map, drawing).paint();
}

}  // namespace chestlight
