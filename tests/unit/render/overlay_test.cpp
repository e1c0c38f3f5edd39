// The overlay: where there is colour, which, and the contour.
#include "render/overlay.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

Film grey_film(int width, int height, std::uint16_t value) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height, value);
  film.low = film.high = value;
  return film;
}

bool is_grey(Rgba colour, int value) { return colour.r == value && colour.g == value && colour.b == value; }

TEST(Overlay, ColoursOnlyWhereTheNetworkLookedAndFoundEvidence) {
  // 160 × 80, cropped to the middle square from x = 40, seen at 32 × 32 with a map of 4 × 4. Evidence top
  // right.
  const Film film = grey_film(160, 80, 100);
  const FilmView view{160, 80, {0.4, 0, -16, 0, 0.4, 0}, 32, 32};
  Grid<float> map(4, 4);
  map(3, 0) = 2;
  OverlayOptions options;
  options.legend = false;
  const Grid<Rgba> picture = render_overlay(film, {127.5, 255}, std::as_const(map).view(), view, options);
  ASSERT_EQ(picture.width(), 160);
  ASSERT_EQ(picture.height(), 80);
  EXPECT_FALSE(is_grey(picture(110, 10), 100));  // centre of the cell: SourcePx 100..120 × 0..20
  EXPECT_TRUE(is_grey(picture(60, 60), 100));    // no evidence
  EXPECT_TRUE(is_grey(picture(20, 10), 100));    // left of the crop
  EXPECT_TRUE(is_grey(picture(121, 10), 100));   // right of it, next to the evidence
  EXPECT_FALSE(is_grey(picture(119, 10), 100));  // the crop's last column
  for (const Rgba& pixel : picture.values()) ASSERT_EQ(pixel.a, 255);
}

TEST(Overlay, SignedMapsHaveTwoColours) {
  const Film film = grey_film(64, 64, 100);
  const FilmView view{64, 64, {1, 0, 0, 0, 1, 0}, 64, 64};
  Grid<float> map(2, 2);
  map(0, 0) = 1;
  map(1, 1) = -1;
  OverlayOptions options;
  options.legend = false;
  options.signed_map = true;
  Grid<Rgba> picture = render_overlay(film, {127.5, 255}, std::as_const(map).view(), view, options);
  EXPECT_GT(picture(5, 5).r, picture(5, 5).b);      // in favour: orange
  EXPECT_GT(picture(60, 60).b, picture(60, 60).r);  // against: blue
  options.signed_map = false;
  picture = render_overlay(film, {127.5, 255}, std::as_const(map).view(), view, options);
  EXPECT_TRUE(is_grey(picture(60, 60), 100));  // positive evidence only
}

TEST(Overlay, NoEvidenceLeavesTheFilmAlone) {
  const Film film = grey_film(64, 64, 100);
  const FilmView view{64, 64, {1, 0, 0, 0, 1, 0}, 64, 64};
  const Grid<float> map(4, 4, -1.0f);
  OverlayOptions options;
  options.contour_cutoff = 0.5f;
  const Grid<Rgba> picture = render_overlay(film, {127.5, 255}, map.view(), view, options);
  EXPECT_EQ(picture.width(), 64 + 24);  // the legend
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) ASSERT_TRUE(is_grey(picture(x, y), 100));
  EXPECT_GT(picture(76, 0).r, picture(76, 63).r);  // bright at the top, ground at the bottom
}

TEST(Overlay, DrawsTheContour) {
  const Film film = grey_film(64, 64, 0);
  const FilmView view{64, 64, {1, 0, 0, 0, 1, 0}, 64, 64};
  Grid<float> map(2, 1, std::vector<float>{0, 1});  // rises from x = 16 to x = 48: one half at x = 32
  OverlayOptions options;
  options.legend = false;
  options.opacity = 0;
  options.contour_cutoff = 0.5f;
  const Grid<Rgba> picture = render_overlay(film, {127.5, 255}, std::as_const(map).view(), view, options);
  for (int y = 8; y < 56; ++y) {
    EXPECT_GT(picture(31, y).r + picture(32, y).r, 250) << y;
    EXPECT_TRUE(is_grey(picture(20, y), 0)) << y;
    EXPECT_TRUE(is_grey(picture(44, y), 0)) << y;
  }
}

}  // namespace
}  // namespace chestlight
