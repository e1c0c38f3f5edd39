// Corrections: the pixels move as the words say, the map says where, and acts compose as hands would.
#include "imaging/correction.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"

namespace chestlight {
namespace {

Correction oriented(bool mirrored, int quarter_turns) {
  Correction correction;
  correction.mirrored = mirrored;
  correction.quarter_turns = quarter_turns;
  return correction;
}

/// Every pixel another value, so that each can be found again.
Film numbered_film(int width, int height) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  std::uint16_t next = 10;
  for (std::uint16_t& value : film.pixels.values()) value = next++;
  film.low = 10;
  film.high = static_cast<std::uint16_t>(next - 1);
  film.full_scale = 65535;
  return film;
}

TEST(Correction, EveryPixelLandsWhereTheMapSays) {
  const Film film = numbered_film(7, 5);
  for (bool cropped : {false, true})
    for (bool mirrored : {false, true})
      for (int turns = 0; turns < 4; ++turns) {
        SCOPED_TRACE(::testing::Message() << cropped << mirrored << turns);
        Correction correction = oriented(mirrored, turns);
        if (cropped) correction.crop = PixelRect{2, 1, 4, 3};
        const PixelRect part = correction.crop.value_or(PixelRect{0, 0, 7, 5});
        const Film corrected = correct_film(film, correction);
        const auto map = correction_map(correction, 7, 5);
        EXPECT_EQ(corrected.width() * corrected.height(), part.width * part.height);
        for (int y = part.y; y < part.y + part.height; ++y)
          for (int x = part.x; x < part.x + part.width; ++x) {
            const SourcePx at = map({x + 0.5, y + 0.5});
            const int u = static_cast<int>(at.x), v = static_cast<int>(at.y);
            ASSERT_TRUE(u >= 0 && v >= 0 && u < corrected.width() && v < corrected.height());
            EXPECT_EQ(corrected.pixels(u, v), film.pixels(x, y)) << x << ", " << y;
            EXPECT_NEAR(at.x, u + 0.5, kGeometryPx);
          }
      }
}

// What a hand does to a picture on a table: the corner that was top left, and where it goes.
TEST(Correction, ActsAreThoseOfTheHand) {
  const Film film = numbered_film(3, 2);  // 10 11 12 / 13 14 15
  auto corners = [&](const Correction& c) {
    const Film f = correct_film(film, c);
    return std::vector<int>{f.pixels(0, 0), f.pixels(f.width() - 1, 0)};
  };
  using Corners = std::vector<int>;  // top left, top right
  EXPECT_EQ(corners(Correction{}.turned_right()), (Corners{13, 10}));
  EXPECT_EQ(corners(Correction{}.turned_left()), (Corners{12, 15}));
  EXPECT_EQ(corners(Correction{}.flipped_left_right()), (Corners{12, 10}));
  EXPECT_EQ(corners(Correction{}.flipped_top_bottom()), (Corners{13, 15}));
  EXPECT_EQ(corners(Correction{}.turned_right().flipped_left_right()), (Corners{10, 13}));
  EXPECT_EQ(corners(Correction{}.flipped_left_right().turned_right()), (Corners{15, 12}));
  EXPECT_FALSE(Correction{}.turned_right().turned_right().turned_left().turned_left().any());
  EXPECT_FALSE(Correction{}.turned_right().flipped_top_bottom().turned_right().flipped_top_bottom().any());
}

TEST(Correction, InversionShowsOneMinusWhatWasSeen) {
  for (std::uint16_t full_scale : {std::uint16_t{255}, std::uint16_t{65535}}) {
    Film film = numbered_film(6, 4);
    film.full_scale = full_scale;
    Correction correction;
    correction.inverted = true;
    for (bool windowed : {false, true}) {
      if (windowed) correction.window = ValueRange{-5, 20};
      const Film corrected = correct_film(film, correction);
      const ValueRange before = windowed ? *correction.window : *film.network_range(), after = *corrected.network_range();
      for (int x = 0; x < 6; ++x) {
        const double v = (film.pixels(x, 1) - before.black) / (before.white - before.black);
        EXPECT_NEAR((corrected.pixels(x, 1) - after.black) / (after.white - after.black), 1 - v, kDoubleRounding);
      }
      EXPECT_EQ(corrected.low, film.low);
      EXPECT_EQ(corrected.high, film.high);
    }
  }
}

TEST(Correction, ACropIsAFilmOfItsOwn) {
  Correction correction;
  correction.crop = PixelRect{1, 1, 2, 1};
  const Film corrected = correct_film(numbered_film(4, 3), correction);  // row 1: 14 15 16 17
  EXPECT_EQ(corrected.pixels.values(), (std::vector<std::uint16_t>{15, 16}));
  EXPECT_EQ(corrected.low, 15);
  EXPECT_EQ(corrected.high, 16);
}

TEST(Correction, WhatCannotBeMadeIsRefusedWithTheReason) {
  auto message = [](Correction correction) {
    auto checked = check_correction(correction, 100, 50);
    return checked ? std::string() : checked.error().message;
  };
  Correction c;
  EXPECT_EQ(message(c), "");
  c.crop = PixelRect{0, 0, 100, 50};
  EXPECT_EQ(message(c), "");
  for (const PixelRect& outside : {PixelRect{1, 0, 100, 50}, PixelRect{-1, 0, 9, 9}, PixelRect{0, 0, 0, 9},
                                   PixelRect{5, 49, 5, 2}, PixelRect{2147483647, 0, 2147483647, 1}}) {
    c.crop = outside;
    EXPECT_NE(message(c).find("not inside the film of 100 × 50"), std::string::npos);
  }
  c = {};
  c.window = ValueRange{5, 5};
  EXPECT_NE(message(c).find("white must be above black"), std::string::npos);
  c = oriented(false, 4);
  EXPECT_NE(message(c), "");
}

}  // namespace
}  // namespace chestlight
