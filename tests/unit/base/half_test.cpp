#include "base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace chestlight {
namespace {

TEST(Half, EveryFiniteHalfSurvivesTheRoundTrip) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    auto half = static_cast<std::uint16_t>(bits);
    float value = half_to_float(half);
    if (std::isnan(value)) continue;
    EXPECT_EQ(float_to_half(value), half) << std::hex << bits;
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(float_to_half(1.0f + 0x1p-11f), 0x3c00);             // halfway between 1 and the next: to even
  EXPECT_EQ(float_to_half(1.0f + 0x1p-11f + 0x1p-20f), 0x3c01);  // just above halfway
  EXPECT_EQ(float_to_half(1.0f + 0x1.8p-10f), 0x3c02);           // halfway, to even upwards
  EXPECT_EQ(float_to_half(65519.0f), 0x7bff);                    // the largest value that does not round to infinity
  EXPECT_EQ(float_to_half(65520.0f), 0x7c00);
  EXPECT_EQ(float_to_half(0x1p-25f), 0x0000);  // half of the smallest subnormal, to even
  EXPECT_EQ(float_to_half(0x1.8p-25f), 0x0001);
}

TEST(Half, KeepsSignsInfinitiesAndNaN) {
  EXPECT_EQ(float_to_half(-0.0f), 0x8000);
  EXPECT_EQ(half_to_float(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(std::numeric_limits<float>::quiet_NaN()))));
}

}  // namespace
}  // namespace chestlight
