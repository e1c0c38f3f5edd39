// Drawn films: a bright body on black, two dark lungs, a heart before one of them, and where they were drawn.
#include "anatomy/lungs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace chestlight {
namespace {

constexpr double kNear = 0.07;  // of the film's side: the template is a mean, the drawing is not
constexpr LungBox kDrawnLeft = {0.17, 0.15, 0.42, 0.68}, kDrawnRight = {0.58, 0.15, 0.84, 0.68};
constexpr LungBox kDrawnHeart = {0.40, 0.42, 0.72, 0.80};

/// 0 outside an oval, 1 well inside.
double oval(double x, double y, const LungBox& box) {
  const double u = (2 * x - box.left - box.right) / (box.right - box.left),
               v = (2 * y - box.top - box.bottom) / (box.bottom - box.top);
  return std::clamp((1 - u * u * u * u - v * v * v * v) * 3, 0.0, 1.0);
}

double brightness(double x, double y) {
  const double shoulders = std::clamp((y - 0.06 - 0.5 * std::abs(x - 0.5) * std::abs(x - 0.5)) * 12, 0.0, 1.0);
  const double neck = std::abs(x - 0.5) < 0.12 ? 1 : 0;
  const double tissue = 0.55 + 0.3 * std::clamp((y - 0.6) * 6, 0.0, 1.0) + 0.15 * std::exp(-std::pow((x - 0.5) / 0.1, 2));
  const double air = (oval(x, y, kDrawnLeft) + oval(x, y, kDrawnRight)) * (1 - oval(x, y, kDrawnHeart));
  return std::max(shoulders, neck) * tissue - 0.45 * air + 0.05;
}

/// The drawing moved by (dx, dy) and made `scale` times as large about the film's middle.
Film drawn(int width, int height, double dx = 0, double dy = 0, double scale = 1, double contrast = 180) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double u = ((x + 0.5) / width - 0.5 - dx) / scale + 0.5, v = ((y + 0.5) / height - 0.5 - dy) / scale + 0.5;
      film.pixels(x, y) = static_cast<std::uint16_t>(20 + contrast * std::clamp(brightness(u, v), 0.0, 1.2));
    }
  return film;
}

void expect_near(const LungBox& found, const LungBox& wanted, double dx, double dy, double scale, const Film& film,
                 const char* what) {
  auto x = [&](double at) { return (0.5 + dx + scale * (at - 0.5)) * film.width(); };
  auto y = [&](double at) { return (0.5 + dy + scale * (at - 0.5)) * film.height(); };
  EXPECT_NEAR(found.left, x(wanted.left), kNear * film.width()) << what;
  EXPECT_NEAR(found.right, x(wanted.right), kNear * film.width()) << what;
  EXPECT_NEAR(found.top, y(wanted.top), kNear * film.height()) << what;
  EXPECT_NEAR(found.bottom, y(wanted.bottom), kNear * film.height()) << what;
}

TEST(Lungs, AreFoundWhereTheyWereDrawn) {
  struct Row {
    const char* what;
    int width, height;
    double dx, dy, scale, contrast;
  };
  const Row rows[] = {
      {"as usual", 256, 256, 0, 0, 1, 180},      {"a small film", 64, 64, 0, 0, 1, 180},
      {"a large one", 1500, 1400, 0, 0, 1, 180}, {"wider than high", 400, 300, 0, 0, 1, 180},
      {"moved", 256, 256, 0.05, 0.08, 1, 180},   {"smaller and higher", 256, 256, 0, -0.06, 0.85, 180},
      {"faint", 256, 256, 0, 0, 1, 20},          {"twelve bits", 256, 256, 0, 0, 1, 3000},
  };
  for (const Row& row : rows) {
    const Film film = drawn(row.width, row.height, row.dx, row.dy, row.scale, row.contrast);
    const Lungs lungs = find_lungs(film);
    ASSERT_TRUE(lungs.found) << row.what << ": " << lungs.likeness;
    expect_near(lungs.picture_left, kDrawnLeft, row.dx, row.dy, row.scale, film, row.what);
    expect_near(lungs.picture_right, kDrawnRight, row.dx, row.dy, row.scale, film, row.what);
  }
}

TEST(Lungs, AreNotClaimedWhereThereAreNone) {
  const Film upright = drawn(128, 128);
  auto changed = [&](auto value) {
    Film film = upright;
    for (int y = 0; y < 128; ++y)
      for (int x = 0; x < 128; ++x) film.pixels(x, y) = value(x, y);
    return film;
  };
  const std::pair<const char*, Film> rows[] = {
      {"nothing at all", Film{}},
      {"one grey", changed([](int, int) { return std::uint16_t{90}; })},
      {"one pixel", drawn(1, 1)},
      {"inverted", changed([&](int x, int y) { return static_cast<std::uint16_t>(255 - upright.pixels(x, y)); })},
      {"upside down", changed([&](int x, int y) { return upright.pixels(x, 127 - y); })},
      {"on its side", changed([&](int x, int y) { return upright.pixels(y, x); })},
      {"a slope", changed([](int x, int y) { return static_cast<std::uint16_t>(x + y); })},
      {"a chessboard", changed([](int x, int y) { return static_cast<std::uint16_t>((x / 16 + y / 16) % 2 * 200); })},
  };
  for (const auto& [what, film] : rows) {
    const Lungs lungs = find_lungs(film);
    EXPECT_FALSE(lungs.found) << what << ": " << lungs.likeness;
  }
}

TEST(Lungs, BrightnessAndContrastChangeNothing) {
  const Lungs one = find_lungs(drawn(128, 128)), other = find_lungs(drawn(128, 128, 0, 0, 1, 90));
  EXPECT_NEAR(one.likeness, other.likeness, 0.01) << "but for rounding to whole grey values";
  EXPECT_NEAR(one.picture_left.bottom, other.picture_left.bottom, 1);
}

}  // namespace
}  // namespace chestlight
