#include "chest_phantom.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace chestlight::testing {
namespace {

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

double Ellipse::half_width() const { return std::hypot(across * std::cos(radians(lean)), along * std::sin(radians(lean))); }
double Ellipse::half_height() const { return std::hypot(across * std::sin(radians(lean)), along * std::cos(radians(lean))); }

double Ellipse::inside(SourcePx at) const {
  const double x = at.x - centre.x, y = at.y - centre.y, cos = std::cos(radians(lean)), sin = std::sin(radians(lean));
  const double u = (x * cos + y * sin) / across, v = (-x * sin + y * cos) / along;
  return (1 - std::hypot(u, v)) * std::min(across, along);
}

double ChestPhantom::ratio() const {
  const double chest = on_right.centre.x + on_right.half_width() - (on_left.centre.x - on_left.half_width());
  return 2 * heart.half_width() / chest;
}

Map<SourceSpace, SourceSpace> laid(int quarter_turns, double tilt, SourcePx centre, SourcePx moved) {
  const double angle = radians(90.0 * quarter_turns + tilt), cos = std::cos(angle), sin = std::sin(angle);
  return {cos, -sin, centre.x - cos * centre.x + sin * centre.y + moved.x,
          sin, cos,  centre.y - sin * centre.x - cos * centre.y + moved.y};
}

AnatomyEvidence evidence_of(const ChestPhantom& phantom, const Map<SourceSpace, SourceSpace>& onto_film, const FilmView& view,
                            int quarter_turns, int side) {
  const auto to_source = view.source_to_model.inverse();
  const auto to_phantom = onto_film.inverse();
  auto drawn = [&](const Ellipse& ellipse) {
    Grid<float> logits(side, side);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        const ModelPx at{(x + 0.5) * view.model_width / side, (y + 0.5) * view.model_height / side};
        logits(x, y) = static_cast<float>(ellipse.inside(to_phantom(to_source(at))));
      }
    return logits;
  };
  AnatomyEvidence evidence{drawn(phantom.on_left), drawn(phantom.on_right), drawn(phantom.heart)};
  evidence.turned = {};
  evidence.turned[static_cast<std::size_t>(quarter_turns)] = 1;
  evidence.chest = 0.99;
  return evidence;
}

FilmView letterboxed(int width, int height, int side) {
  const double scale = static_cast<double>(side) / std::max(width, height);
  return {width, height, {scale, 0, (side - scale * width) / 2, 0, scale, (side - scale * height) / 2}, side, side};
}

}  // namespace chestlight::testing
