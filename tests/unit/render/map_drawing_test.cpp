// Sign, scale, contour and legend of maps: one table of what is drawn, and where single values come from.
#include "render/map_drawing.h"

#include <gtest/gtest.h>

#include <utility>

namespace chestlight {
namespace {

Grid<float> grid(int width, int height, std::vector<float> values) { return {width, height, std::move(values)}; }

TEST(MapDrawing, SignScaleContourAndLegend) {
  const Grid<float> map = grid(2, 1, {-4, 2});
  const struct {
    const char* origin;
    MapSign sign;
    MapLook look;
    MapDrawing expected;
    const char *least, *most, *unit;
  } rows[] = {
      {"positive values only", MapSign::kPositive, {}, {false, 0.6, 2, 0}, "0", "2.0", "u"},
      {"a wish for the other sign changes nothing there",
       MapSign::kPositive,
       {.against = true},
       {false, 0.6, 2, 0},
       "0",
       "2.0",
       "u"},
      {"always both signs", MapSign::kSigned, {}, {true, 0.6, 4, 0}, "−4.0", "4.0", "against · for, u"},
      {"as the reader has it", MapSign::kReadersChoice, {}, {false, 0.6, 2, 0}, "0", "2.0", "evidence for, u"},
      {"and otherwise",
       MapSign::kReadersChoice,
       {.against = true, .opacity = 0.3},
       {true, 0.3, 4, 0},
       "−4.0",
       "4.0",
       "against · for, u"},
      {"a contour at the finding's cutoff",
       MapSign::kSigned,
       {.contour = true},
       {true, 0.6, 4, 0.5},
       "−4.0",
       "4.0",
       "against · for, u"},
      {"at the reader's level",
       MapSign::kSigned,
       {.contour = true, .contour_level = 0.5},
       {true, 0.6, 4, 1},
       "−4.0",
       "4.0",
       "against · for, u"},
      {"a level without a contour",
       MapSign::kSigned,
       {.contour_level = 0.5},
       {true, 0.6, 4, 0},
       "−4.0",
       "4.0",
       "against · for, u"},
  };
  for (const auto& row : rows) {
    const MapFacts facts = map_facts(map.view(), row.sign, 0.25, "u");
    EXPECT_EQ(drawing_of(facts, row.look), row.expected) << row.origin;
    const MapLegend legend = legend_of(facts, row.look);
    EXPECT_EQ(legend.least, row.least) << row.origin;
    EXPECT_EQ(legend.most, row.most) << row.origin;
    EXPECT_EQ(legend.unit, row.unit) << row.origin;
    EXPECT_EQ(legend.is_signed, row.expected.is_signed) << row.origin;
  }
}

TEST(MapDrawing, WhereNothingIsPositiveThereIsNoContour) {
  const Grid<float> map = grid(2, 2, {-1, -2, -3, -4});
  const MapDrawing drawing = drawing_of(map_facts(map.view(), MapSign::kSigned, 0.5, "u"), {.contour = true});
  EXPECT_EQ(drawing.contour, 0);
  EXPECT_EQ(drawing.scale, 4);
  EXPECT_EQ(contour_level(map.view(), 0.5), 0);
}

TEST(MapDrawing, FindingsOfOneFilmShareAScaleButNotAContour) {
  const Grid<float> weak = grid(2, 1, {0.1f, -1});
  const std::vector<float> all = {0.1f, -1, 5, -8};
  const MapFacts facts = evidence_facts(weak.view(), all, 0.5);
  EXPECT_EQ(facts.scale.top, 5);
  EXPECT_EQ(facts.signed_scale.top, 8);
  EXPECT_FLOAT_EQ(static_cast<float>(drawing_of(facts, {.contour = true}).contour), 0.05f);
}

TEST(MapDrawing, AFewBrightPixelsOfAFineMapDoNotDarkenTheRest) {
  Grid<float> map(64, 64, 0.5f);
  map(3, 3) = 100;
  const MapFacts facts = map_facts(std::as_const(map).view(), MapSign::kPositive, 0.5, "u");
  EXPECT_EQ(facts.scale.top, 0.5);
  EXPECT_TRUE(facts.scale.clipped);
  EXPECT_EQ(legend_of(facts, {}).most, "≥ 0.50");
  EXPECT_FLOAT_EQ(static_cast<float>(facts.peak), 0.5f + 99.5f / 4) << "the mean of 2 × 2 pixels";
  Grid<float> coarse(32, 32, 0.5f);
  coarse(3, 3) = 100;
  EXPECT_EQ(map_facts(std::as_const(coarse).view(), MapSign::kPositive, 0.5, "u").scale.top, 100) << "every cell counts";
}

TEST(MapDrawing, ContourCellsAreMeansOfWholeCells) {
  EXPECT_EQ(contour_cells(grid(2, 1, {3, 4}).view()).values(), (std::vector<float>{3, 4})) << "coarse maps stay";
  const Grid<float> cells = contour_cells(Grid<float>(100, 40, 2.0f).view());
  EXPECT_EQ(cells.width(), kContourCells);
  EXPECT_EQ(cells.height(), kContourCells);
  for (float value : cells.values()) ASSERT_EQ(value, 2);
  EXPECT_FLOAT_EQ(static_cast<float>(contour_level(grid(2, 1, {1, 4}).view(), 0.4)), 1.6f);
}

TEST(MapDrawing, FiguresOfTheLegendHaveThreePlacesAtMost) {
  for (const auto& [top, figure] :
       {std::pair{0.0004, "4e-4"}, std::pair{0.25, "0.25"}, std::pair{3.14, "3.1"}, std::pair{250.0, "250"}}) {
    const MapFacts facts{.scale = {top, false}};
    EXPECT_EQ(legend_of(facts, {}).most, figure);
  }
}

}  // namespace
}  // namespace chestlight
