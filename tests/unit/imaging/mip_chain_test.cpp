#include "imaging/mip_chain.h"

#include <gtest/gtest.h>

namespace chestlight::ui {
namespace {

TEST(MipChain, EachValueIsTheMeanOfTwoByTwo) {
  std::vector<std::uint16_t> film = {0, 4, 100, 100, 8, 4, 100, 65535};
  MipLevel half = halved(film, 4, 2);
  EXPECT_EQ(half.width, 2);
  EXPECT_EQ(half.height, 1);
  EXPECT_EQ(half.values, (std::vector<std::uint16_t>{4, (100 + 100 + 100 + 65535 + 2) / 4}));
}

TEST(MipChain, OddSizesLoseNoPixel) {
  std::vector<std::uint16_t> film = {10, 10, 40};  // 3 × 1: all three go into the one value
  MipLevel half = halved(film, 3, 1);
  EXPECT_EQ(half.width, 1);
  EXPECT_EQ(half.values[0], 20);
}

TEST(MipChain, EndsAtOnePixelAndKeepsEvenGrey) {
  std::vector<std::uint16_t> film(37 * 21, 1234);
  auto chain = mip_chain(film, 37, 21);
  ASSERT_FALSE(chain.empty());
  EXPECT_EQ(chain.back().width, 1);
  EXPECT_EQ(chain.back().height, 1);
  for (const MipLevel& level : chain)
    for (std::uint16_t value : level.values) EXPECT_EQ(value, 1234);
  EXPECT_TRUE(mip_chain(std::vector<std::uint16_t>{5}, 1, 1).empty());
}

}  // namespace
}  // namespace chestlight::ui
