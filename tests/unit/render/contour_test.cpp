// Iso-lines: circles of known size, saddles, borders, and their place on the film.
#include "render/contour.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "support/tolerances.h"

namespace chestlight {
namespace {

Grid<float> field(int width, int height, const std::function<double(double, double)>& value) {
  Grid<float> grid(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) grid(x, y) = static_cast<float>(value(x + 0.5, y + 0.5));
  return grid;
}
GridView<const float> view(const Grid<float>& grid) { return grid.view(); }

template <class Space>
double length(const Polyline<Space>& line) {
  double sum = 0;
  const std::size_t count = line.points.size();
  for (std::size_t i = 0; i + (line.closed ? 0 : 1) < count; ++i) {
    const auto &p = line.points[i], &q = line.points[(i + 1) % count];
    sum += std::hypot(q.x - p.x, q.y - p.y);
  }
  return sum;
}

TEST(Contour, CircleAreaAndPerimeter) {
  for (double radius : {8.0, 11.3, 14.0}) {
    Grid<float> cone = field(32, 32, [](double x, double y) { return -std::hypot(x - 16.2, y - 15.7); });
    auto lines = contour_lines(view(cone), static_cast<float>(-radius));
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_TRUE(lines[0].closed);
    const double area = std::numbers::pi * radius * radius, perimeter = 2 * std::numbers::pi * radius;
    EXPECT_NEAR(signed_area(lines[0]) / area, 1, kContourCircle / (radius * radius)) << radius;  // a hill: clockwise on screen
    EXPECT_NEAR(length(lines[0]) / perimeter, 1, kContourCircle / (radius * radius)) << radius;
    for (MapPx point : lines[0].points) EXPECT_NEAR(std::hypot(point.x - 16.2, point.y - 15.7), radius, kContourCircle / radius);
  }
}

TEST(Contour, AHoleRunsTheOtherWay) {
  Grid<float> ring = field(32, 32, [](double x, double y) { return -std::abs(std::hypot(x - 16, y - 16) - 9); });
  auto lines = contour_lines(view(ring), -3);
  ASSERT_EQ(lines.size(), 2u);
  double outer = std::max(signed_area(lines[0]), signed_area(lines[1]));
  double inner = std::min(signed_area(lines[0]), signed_area(lines[1]));
  EXPECT_NEAR(outer / (std::numbers::pi * 144), 1, kContourCircle / 144);
  EXPECT_NEAR(inner / (-std::numbers::pi * 36), 1, kContourCircle / 36);
}

TEST(Contour, EveryCornerPattern) {
  // All 16 squares: as many line ends as crossings, and each crossing where the value is the level.
  for (int corners = 0; corners < 16; ++corners) {
    Grid<float> square(2, 2);
    const bool a = corners & 1, b = corners & 2, c = corners & 4, d = corners & 8;
    square(0, 0) = a, square(1, 0) = b, square(1, 1) = c, square(0, 1) = d;
    const int crossings = (a != b) + (b != c) + (c != d) + (d != a);
    auto lines = contour_lines(view(square), 0.25f);
    EXPECT_EQ(static_cast<int>(lines.size()) * 2, crossings) << corners;
    for (const auto& line : lines) {
      EXPECT_FALSE(line.closed);
      ASSERT_EQ(line.points.size(), 2u);
      for (MapPx point : line.points) EXPECT_NEAR(sample_map(view(square), point), 0.25f, kContourPoint) << corners;
      // High ground lies to the right of the way on screen: (dy, −dx) turned clockwise is (−dy, dx).
      const MapPx p = line.points[0], q = line.points[1];
      const double mid_x = (p.x + q.x) / 2, mid_y = (p.y + q.y) / 2, step = 0.05;
      const MapPx right{mid_x - step * (q.y - p.y), mid_y + step * (q.x - p.x)};
      const MapPx left{mid_x + step * (q.y - p.y), mid_y - step * (q.x - p.x)};
      EXPECT_GT(sample_map(view(square), right), sample_map(view(square), left)) << corners;
    }
  }
}

TEST(Contour, ASaddleIsDecidedByTheBilinearSurface) {
  Grid<float> saddle(2, 2);
  saddle(0, 0) = saddle(1, 1) = 1;
  saddle(1, 0) = saddle(0, 1) = 0;  // saddle value (1·1 − 0·0) / 2 = 0.5
  // Level 0.4: the two high corners are joined, so each line cuts off a low corner. Level 0.6: the other way.
  for (float level : {0.4f, 0.6f}) {
    auto lines = contour_lines(view(saddle), level);
    ASSERT_EQ(lines.size(), 2u);
    for (const auto& line : lines) {
      const double mid_x = (line.points[0].x + line.points[1].x) / 2, mid_y = (line.points[0].y + line.points[1].y) / 2;
      const bool cuts_low_corner = (mid_x - 1) * (mid_y - 1) < 0;  // top right or bottom left of the centre (1, 1)
      EXPECT_EQ(cuts_low_corner, level < 0.5f) << level;
    }
  }
}

TEST(Contour, LinesEndOnTheBorder) {
  Grid<float> half = field(8, 6, [](double x, double) { return x; });
  auto lines = contour_lines(view(half), 3.0f);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(lines[0].closed);
  for (MapPx point : lines[0].points) EXPECT_NEAR(point.x, 3.0, kContourPoint);
  EXPECT_NEAR(length(lines[0]), 5.0, kContourPoint);  // from the first row's centres to the last row's

  // A hill cut by the border: one open line with both ends on it.
  Grid<float> cut = field(16, 16, [](double x, double y) { return -std::hypot(x - 0.5, y - 8); });
  lines = contour_lines(view(cut), -5);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(lines[0].closed);
  EXPECT_NEAR(lines[0].points.front().x, 0.5, kContourPoint);
  EXPECT_NEAR(lines[0].points.back().x, 0.5, kContourPoint);
  EXPECT_NEAR(length(lines[0]) / (std::numbers::pi * 5), 1, kContourCircle / 25);
}

TEST(Contour, NoLineWhereThereIsNone) {
  Grid<float> flat(5, 5, 1.0f);
  EXPECT_TRUE(contour_lines(view(flat), 2).empty());
  EXPECT_TRUE(contour_lines(view(flat), 0).empty());
  EXPECT_TRUE(contour_lines(view(flat), 1).empty());  // equal counts as above, everywhere
  EXPECT_TRUE(contour_lines(view(Grid<float>(5, 1, 1.0f)), 0.5f).empty());
  EXPECT_TRUE(contour_lines(view(Grid<float>()), 0.5f).empty());
}

TEST(Contour, LevelOfACutoff) {
  Grid<float> map(2, 2, std::vector<float>{-3, 0.5f, 2, 1});
  EXPECT_FLOAT_EQ(contour_level(view(map), 0.4f), 0.8f);
  EXPECT_EQ(contour_level(view(Grid<float>(2, 2, -1.0f)), 0.4f), 0);
}

TEST(Contour, LiesOnTheFilmWhereTheEvidenceIs) {
  // One bright cell, off centre, of an 8 × 8 map; film of 1000 × 600, cropped to 600 × 600 from x = 200, seen
  // at 128.
  Grid<float> map(8, 8);
  map(5, 2) = 1;
  const double scale = 128.0 / 600;
  const FilmView film{1000, 600, {scale, 0, -200 * scale, 0, scale, 0}, 128, 128};
  auto lines = contour_on_film(view(map), 0.5f, film);
  ASSERT_EQ(lines.size(), 1u);
  ASSERT_TRUE(lines[0].closed);
  double x = 0, y = 0;
  for (SourcePx point : lines[0].points) x += point.x, y += point.y;
  x /= static_cast<double>(lines[0].points.size());
  y /= static_cast<double>(lines[0].points.size());
  const double cell = 600.0 / 8;
  EXPECT_NEAR(x, 200 + 5.5 * cell, cell * kContourRefined);
  EXPECT_NEAR(y, 2.5 * cell, cell * kContourRefined);
  // The bump s(u)·s(v) ≥ 1/2 with s(t) = t²(3 − 2t) of the distance left, in cells: 0.7944, summed on a fine grid (NumPy).
  EXPECT_NEAR(std::abs(signed_area(lines[0])) / (cell * cell), 0.7944, kContourRefined);
}

}  // namespace
}  // namespace chestlight
