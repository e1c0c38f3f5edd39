#include "explain/regions.h"

#include <gtest/gtest.h>

#include "base/npy.h"

namespace chestlight {
namespace {

// A film of 1000 × 800 of which the network sees the middle 800 × 800 as 100 × 100.
const FilmView kView{1000, 800, {0.125, 0, -12.5, 0, 0.125, 0}, 100, 100};

TEST(Regions, BoxesLieOnTheFilmWhereTheMapIsHigh) {
  Grid<float> map(10, 10, -1.0f);
  for (int y = 2; y < 4; ++y)
    for (int x = 7; x < 9; ++x) map(x, y) = 4;
  map(1, 8) = 3;
  const Regions regions = find_regions(map.view(), kView, 0.5f);
  ASSERT_EQ(regions.boxes.size(), 2u);
  const auto [x, y, width, height] = regions.boxes[0];  // the larger sum first
  EXPECT_NEAR(x + width / 2, 100 + 80.0 * 8, 10);
  EXPECT_NEAR(y + height / 2, 80.0 * 3, 10);
  EXPECT_NEAR(width, 160, 60);
  EXPECT_NEAR(regions.boxes[1][0] + regions.boxes[1][2] / 2, 100 + 80 * 1.5, 10);
  EXPECT_NEAR(regions.area, 0.05, 0.03);
  EXPECT_GT(regions.main_share, 0.7) << "four cells of 4 against one of 3";
  EXPECT_LT(regions.main_share, 1);
  ASSERT_EQ(regions.main.width(), 10);
  ASSERT_EQ(regions.main.height(), 10);
  EXPECT_GT(regions.main(7, 3), 0.5f);
  EXPECT_EQ(regions.main(1, 8), 0) << "the other region's";
  EXPECT_EQ(regions.main(4, 5), 0);
}

TEST(Regions, NothingPositiveIsNoRegion) {
  const Grid<float> map(4, 4, -0.1f);
  const Regions regions = find_regions(map.view(), kView, 0.2f);
  EXPECT_EQ(regions.area, 0);
  EXPECT_TRUE(regions.boxes.empty());
  EXPECT_EQ(regions.main.width(), 0);
  EXPECT_EQ(regions.main_share, 0);
  const Grid<float> mask = region_mask(map.view(), 0.2f, 8, 8);
  for (float value : mask.values()) EXPECT_EQ(value, 0);
}

TEST(Regions, SinglePixelsOfAFineMapAreAveragedAway) {
  Grid<float> map(128, 128);
  for (int y = 64; y < 96; ++y)
    for (int x = 32; x < 64; ++x) map(x, y) = 1;
  map(120, 8) = 5;  // alone it would be five times the square
  const Regions regions = find_regions(map.view(), kView, 0.5f);
  ASSERT_EQ(regions.boxes.size(), 1u);
  EXPECT_NEAR(regions.boxes[0][0], 100 + 0.25 * 800, 15);
  EXPECT_NEAR(regions.boxes[0][2], 0.25 * 800, 25);
}

TEST(Regions, AMaskHoldsWhatIsAboveTheLevel) {
  Grid<float> map(4, 4);
  map(3, 0) = 1;
  const Grid<float> mask = region_mask(map.view(), 0.5f, 40, 40);
  EXPECT_EQ(mask(38, 2), 1);
  EXPECT_EQ(mask(2, 38), 0);
}

TEST(Npy, HasTheHeaderThatNumpyReads) {
  Grid<float> map(3, 2);
  map(2, 1) = 1.5f;
  const auto bytes = write_npy(map.view());
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_TRUE(text.starts_with(std::string("\x93NUMPY\x01\x00", 8)));
  const std::size_t length = bytes[8] + 256u * bytes[9];
  EXPECT_EQ((10 + length) % 64, 0u);
  EXPECT_NE(text.find("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"), std::string::npos);
  EXPECT_EQ(text[9 + length], '\n');
  ASSERT_EQ(bytes.size(), 10 + length + 6 * 4);
  EXPECT_EQ(bytes.back(), 0x3f);  // 1.5f is 3fc00000
}

}  // namespace
}  // namespace chestlight
