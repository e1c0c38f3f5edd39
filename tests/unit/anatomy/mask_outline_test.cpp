// Parts, holes and outlines of small fields whose answers follow by hand.
#include "anatomy/mask_outline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace chestlight {
namespace {

/// '#' is inside (1), '.' outside (−1).
Grid<float> field_of(const std::vector<std::string>& rows) {
  Grid<float> field(static_cast<int>(rows[0].size()), static_cast<int>(rows.size()));
  for (int y = 0; y < field.height(); ++y)
    for (int x = 0; x < field.width(); ++x)
      field(x, y) = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '#' ? 1 : -1;
  return field;
}

std::vector<std::string> drawn(const Grid<float>& field) {
  std::vector<std::string> rows;
  for (int y = 0; y < field.height(); ++y) {
    rows.emplace_back();
    for (int x = 0; x < field.width(); ++x) rows.back() += field(x, y) > 0 ? '#' : '.';
  }
  return rows;
}

TEST(LargestPart, KeepsOnePartAndFillsItsHoles) {
  struct Row {
    const char* what;
    std::vector<std::string> given, kept;
  };
  for (const Row& row : {
           Row{"a small second part", {"##...", "##..#", ".....", "....."}, {"##...", "##...", ".....", "....."}},
           Row{"a hole", {"####.", "#..#.", "#..#.", "####."}, {"####.", "####.", "####.", "####."}},
           Row{"a bay that is open to the edge", {"####.", "#..#.", "#..#.", "#..#."}, {"####.", "#..#.", "#..#.", "#..#."}},
           Row{"a part inside the hole",
               {"#####", "#...#", "#.#.#", "#...#", "#####"},
               {"#####", "#####", "#####", "#####", "#####"}},
           Row{"parts that meet at a corner are two", {"##..", "##..", "..##", "..#."}, {"##..", "##..", "....", "...."}},
           Row{"nothing", {"...", "..."}, {"...", "..."}},
       })
    EXPECT_EQ(drawn(largest_part(field_of(row.given).view())), row.kept) << row.what;
}

TEST(Outline, IsClosedClockwiseAndHalfwayBetweenCells) {
  // One cell of 1 in −1: a diamond through the points halfway to its neighbours.
  Grid<float> field(3, 3, -1.0f);
  field(1, 1) = 1;
  const auto outline = outline_of(field.view());
  ASSERT_EQ(outline.size(), 4u);
  EXPECT_DOUBLE_EQ(signed_area(outline), 0.5);
  for (const MapPx& at : outline) EXPECT_DOUBLE_EQ(std::abs(at.x - 1.5) + std::abs(at.y - 1.5), 0.5);
}

TEST(Outline, LiesBetweenCellsWhereTheirLogitsSay) {
  Grid<float> field(4, 4, -1.0f);
  for (int y = 0; y < 4; ++y) field(0, y) = 3, field(1, y) = 1.5;  // from 1.5 to −1 over one cell: 0.6 of the way
  const auto outline = outline_of(field.view());
  double right = 0;
  for (const MapPx& at : outline) right = std::max(right, at.x);
  EXPECT_NEAR(right, 1.5 + 0.6, 1e-6);
}

// An organ that goes on beyond the film ends at its edge, not half a cell before it.
TEST(Outline, EndsAtTheGridsEdge) {
  const auto outline = outline_of(Grid<float>(5, 3, 1.0f).view());
  EXPECT_DOUBLE_EQ(signed_area(outline), 15);
  for (const MapPx& at : outline) EXPECT_TRUE(at.x == 0 || at.x == 5 || at.y == 0 || at.y == 3) << at.x << ' ' << at.y;
}

TEST(Outline, OfACircleHasItsArea) {
  constexpr double kRadius = 12.3;
  Grid<float> field(40, 40);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x) field(x, y) = static_cast<float>(kRadius - std::hypot(x + 0.5 - 19.2, y + 0.5 - 21.7));
  const auto outline = outline_of(field.view());
  EXPECT_NEAR(signed_area(outline), 3.14159265 * kRadius * kRadius, 1.5);
  for (const MapPx& at : outline) EXPECT_NEAR(std::hypot(at.x - 19.2, at.y - 21.7), kRadius, 0.02);
}

TEST(Outline, OfNothingIsEmpty) { EXPECT_TRUE(outline_of(Grid<float>(3, 3, -1.0f).view()).empty()); }

TEST(Encloses, TellsInsideFromOutside) {
  const std::vector<MapPx> triangle{{0, 0}, {4, 0}, {0, 4}};
  EXPECT_TRUE(encloses(triangle, MapPx{1, 1}));
  EXPECT_FALSE(encloses(triangle, MapPx{3, 3}));
  EXPECT_FALSE(encloses(triangle, MapPx{-1, 1}));
}

TEST(MaskOutline, IsThinnedWithinATolerance) {
  std::vector<MapPx> circle;
  for (int i = 0; i < 360; ++i) {
    const double angle = i * 3.14159265358979 / 180;
    circle.push_back({20 + 10 * std::cos(angle), 20 + 10 * std::sin(angle)});
  }
  const std::vector<MapPx> thin = thinned(circle, 0.1);
  EXPECT_LT(thin.size(), 40u);
  EXPECT_GT(thin.size(), 15u);
  // The farthest that a chord of what is left can be from the circle is the tolerance.
  for (std::size_t i = 0; i < thin.size(); ++i) {
    const MapPx &a = thin[i], &b = thin[(i + 1) % thin.size()];
    EXPECT_GT(std::hypot((a.x + b.x) / 2 - 20, (a.y + b.y) / 2 - 20), 10 - 0.1001);
  }
  EXPECT_GT(signed_area(thin), 0) << "it goes the same way round";
  const std::vector<MapPx> square = {{0, 0}, {1, 0}, {2, 0}, {2, 2}, {0, 2}};
  EXPECT_EQ(thinned(square, 0.01).size(), 4u);
  EXPECT_EQ(thinned(square, 100).size(), square.size()) << "never less than a triangle";
  EXPECT_TRUE(thinned(std::vector<MapPx>{}, 1).empty());
}

}  // namespace
}  // namespace chestlight
