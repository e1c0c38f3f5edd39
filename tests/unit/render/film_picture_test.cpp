// A film with its map as pixels: where there is colour, of which sign, and where the contour runs. The comparison with the
// shader is tests/browser/map_pictures.test.mjs.
#include "render/film_picture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/tolerances.h"

namespace chestlight {
namespace {

Film grey_film(int width, int height, std::uint16_t grey) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height, grey);
  film.window = {127.5, 255};
  return film;
}

bool is_grey(Rgba pixel, int grey) { return pixel.r == grey && pixel.g == grey && pixel.b == grey; }

struct Drawn {
  Film film;
  FilmView view;
  Grid<float> map;
  MapSign sign = MapSign::kPositive;
  PictureLook look{{127.5, 255}};

  Grid<Rgba> picture() const {
    const MapFacts facts = map_facts(map.view(), sign, 0.5, "u");
    return draw_film(film, look, view, map.view(), drawing_of(facts, look.map));
  }
};

TEST(FilmPicture, ColoursOnlyWhereTheNetworkLookedAndFoundEvidence) {
  // 160 × 80, cropped to the middle square from x = 40, seen at 32 × 32 with a map of 4 × 4. Evidence top right.
  Drawn drawn{grey_film(160, 80, 100), {160, 80, {0.4, 0, -16, 0, 0.4, 0}, 32, 32}, Grid<float>(4, 4)};
  drawn.map(3, 0) = 2;
  const Grid<Rgba> picture = drawn.picture();
  ASSERT_EQ(picture.width(), 160);
  ASSERT_EQ(picture.height(), 80);
  EXPECT_FALSE(is_grey(picture(110, 10), 100));  // centre of the cell: SourcePx 100..120 × 0..20
  EXPECT_TRUE(is_grey(picture(60, 60), 100));    // no evidence
  EXPECT_TRUE(is_grey(picture(20, 10), 100));    // left of the crop
  EXPECT_TRUE(is_grey(picture(121, 10), 100));   // right of it, next to the evidence
  EXPECT_FALSE(is_grey(picture(119, 10), 100));  // the crop's last column
  for (const Rgba& pixel : picture.values()) ASSERT_EQ(pixel.a, 255);
}

TEST(FilmPicture, EvidenceAgainstIsBlueWhereSignsAreDrawn) {
  Drawn drawn{grey_film(64, 64, 100), {64, 64, {1, 0, 0, 0, 1, 0}, 64, 64}, Grid<float>(2, 2), MapSign::kSigned};
  drawn.map(0, 0) = 1;
  drawn.map(1, 1) = -1;
  Grid<Rgba> picture = drawn.picture();
  EXPECT_GT(picture(5, 5).r, picture(5, 5).b);      // in favour: orange
  EXPECT_GT(picture(60, 60).b, picture(60, 60).r);  // against: blue
  drawn.sign = MapSign::kReadersChoice;
  EXPECT_TRUE(is_grey(drawn.picture()(60, 60), 100)) << "evidence for only";
  drawn.look.map.against = true;
  EXPECT_GT(drawn.picture()(60, 60).b, drawn.picture()(60, 60).r);
}

TEST(FilmPicture, NoEvidenceLeavesTheFilmAlone) {
  Drawn drawn{grey_film(64, 64, 100), {64, 64, {1, 0, 0, 0, 1, 0}, 64, 64}, Grid<float>(4, 4, -1.0f)};
  drawn.look.map.contour = true;
  const Grid<Rgba> picture = drawn.picture();
  for (const Rgba& pixel : picture.values()) ASSERT_TRUE(is_grey(pixel, 100));
}

TEST(FilmPicture, TheContourIsALineOfOneWidthInEveryDirection) {
  // One half lies at x = 32, or on the diagonal: the ramp rises across 32 pixels.
  Drawn drawn{grey_film(64, 64, 0), {64, 64, {1, 0, 0, 0, 1, 0}, 64, 64}, Grid<float>(2, 1, std::vector<float>{0, 1})};
  drawn.look.map.opacity = 0;
  drawn.look.map.contour = true;
  const Grid<Rgba> picture = drawn.picture();
  auto width_of_line = [](const Grid<Rgba>& one) {
    double sum = 0;
    for (int y = 8; y < 56; ++y)
      for (int x = 8; x < 56; ++x) sum += one(x, y).r / 255.0;
    return sum / 48;
  };
  for (int y = 8; y < 56; ++y) {
    EXPECT_GT(picture(31, y).r + picture(32, y).r, 250) << y;
    EXPECT_TRUE(is_grey(picture(20, y), 0)) << y;
    EXPECT_TRUE(is_grey(picture(44, y), 0)) << y;
  }
  EXPECT_NEAR(width_of_line(picture), 1.5, kLineWidth) << "two times 0.75 pixels";
  // Turned by 30 degrees about its middle, a row meets the line at that angle.
  const double c = std::cos(std::numbers::pi / 6), s = std::sin(std::numbers::pi / 6);
  drawn.view.source_to_model = {c, s, 32 - 32 * c - 32 * s, -s, c, 32 + 32 * s - 32 * c};
  EXPECT_NEAR(width_of_line(drawn.picture()) * c, 1.5, kLineWidth);
}

TEST(FilmPicture, InvertedTurnedAndMirroredAsTheReaderHasIt) {
  Drawn drawn{grey_film(6, 4, 0), {6, 4, {1, 0, 0, 0, 1, 0}, 6, 4}, Grid<float>(1, 1)};
  drawn.film.pixels(5, 0) = 255;  // top right
  const struct {
    const char* origin;
    Orientation orientation;
    int width, height, x, y;
  } rows[] = {
      {"upright", {}, 6, 4, 5, 0},
      {"turned right", Orientation{}.turned_right(), 4, 6, 3, 5},
      {"turned left", Orientation{}.turned_left(), 4, 6, 0, 0},
      {"upside down", Orientation{}.turned_left().turned_left(), 6, 4, 0, 3},
      {"flipped left to right", Orientation{}.flipped_left_right(), 6, 4, 0, 0},
      {"flipped top to bottom", Orientation{}.flipped_top_bottom(), 6, 4, 5, 3},
      {"flipped, then turned right", Orientation{}.flipped_left_right().turned_right(), 4, 6, 3, 0},
  };
  for (const auto& row : rows)
    for (bool inverted : {false, true}) {
      drawn.look.orientation = row.orientation;
      drawn.look.inverted = inverted;
      const Grid<Rgba> picture = drawn.picture();
      ASSERT_EQ(picture.width(), row.width) << row.origin;
      ASSERT_EQ(picture.height(), row.height) << row.origin;
      for (int y = 0; y < row.height; ++y)
        for (int x = 0; x < row.width; ++x)
          ASSERT_TRUE(is_grey(picture(x, y), ((x == row.x && y == row.y) != inverted) ? 255 : 0)) << row.origin << x << y;
    }
}

TEST(FilmPicture, TheOutlineDimsWhatTheModelDidNotSee) {
  Drawn drawn{grey_film(160, 80, 100), {160, 80, {0.4, 0, -16, 0, 0.4, 0}, 32, 32}, Grid<float>(4, 4)};
  drawn.look.map.outline = true;
  const Grid<Rgba> picture = drawn.picture();
  EXPECT_TRUE(is_grey(picture(10, 40), 45));
  EXPECT_TRUE(is_grey(picture(80, 40), 100));
  EXPECT_GT(picture(40, 40).b, picture(40, 40).r) << "a blue line between";
}

TEST(FilmPicture, LinesOfLargeFilmsAreWider) {
  EXPECT_EQ(line_ratio(grey_film(300, 1024, 0)), 1);
  EXPECT_EQ(line_ratio(grey_film(2048, 300, 0)), 2);
}

}  // namespace
}  // namespace chestlight
