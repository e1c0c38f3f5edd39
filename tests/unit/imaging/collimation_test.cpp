#include "imaging/collimation.h"

#include <gtest/gtest.h>

#include <array>

namespace chestlight {
namespace {

/// 200 × 160: a ramp of 1000..3000 from left to right, in a border of `edge` on every side.
Grid<std::uint16_t> bordered(std::uint16_t edge, int left, int top, int right, int bottom) {
  Grid<std::uint16_t> film(200, 160, edge);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      film(x, y) = static_cast<std::uint16_t>(1000 + 2000 * (x - left) / (right - left) + (y % 2) * 100);
  return film;
}

TEST(Collimation, BordersOfOneGreyAreTakenOffWhetherBlackOrWhite) {
  for (std::uint16_t edge : {0, 4095}) {
    auto film = bordered(edge, 30, 20, 180, 150);
    EXPECT_EQ(collimated_area(film.view()), (PictureArea{30, 20, 180, 150})) << edge;
  }
}

TEST(Collimation, NoiseAndALetterInTheBorderDoNotEndIt) {
  auto film = bordered(0, 40, 20, 180, 150);
  for (int y = 0; y < 160; ++y)
    for (int x = 0; x < 40; ++x) film(x, y) = static_cast<std::uint16_t>((x * 7 + y * 13) % 20);
  for (int x = 10; x < 13; ++x) film(x, 80) = 4095;  // three pixels of a letter
  EXPECT_EQ(collimated_area(film.view()), (PictureArea{40, 20, 180, 150}));
}

TEST(Collimation, AFilmWithoutBordersOrWithLittleElseIsTakenWhole) {
  EXPECT_EQ(collimated_area(bordered(0, 0, 0, 200, 160).view()), (PictureArea{0, 0, 200, 160}));
  EXPECT_EQ(collimated_area(bordered(0, 90, 70, 110, 90).view()), (PictureArea{0, 0, 200, 160}));
  EXPECT_EQ(collimated_area(Grid<std::uint16_t>(5, 4, 7).view()), (PictureArea{0, 0, 5, 4}));
  EXPECT_EQ(collimated_area(Grid<std::uint16_t>(1, 1, 7).view()), (PictureArea{0, 0, 1, 1}));
}

TEST(Collimation, PercentilesAreThoseOfThePictureWithoutItsPadding) {
  auto film = bordered(0, 30, 20, 180, 150);
  for (int y = 20; y < 60; ++y)
    for (int x = 30; x < 60 - (y - 20) / 2; ++x) film(x, y) = 0;  // a corner that was turned in
  const std::array fractions = {0.005, 0.5, 0.995};
  PictureValues values = picture_values(film.view(), fractions);
  EXPECT_GE(values.percentiles[0], 1000) << "neither border nor corner";
  EXPECT_GT(values.percentiles[1], 1800);
  EXPECT_LT(values.percentiles[1], 2500);
  EXPECT_GT(values.percentiles[2], 2900);
}

TEST(Collimation, AFilmOfOneValueHasThatValue) {
  const std::array fractions = {0.0, 0.5, 1.0};
  PictureValues values = picture_values(Grid<std::uint16_t>(8, 8, 42).view(), fractions);
  EXPECT_EQ(values.percentiles, (std::vector<double>{42, 42, 42}));
}

}  // namespace
}  // namespace chestlight
