#include "imaging/codecs/exif.h"

#include <gtest/gtest.h>

#include "imaging/orientation.h"

namespace chestlight {
namespace {

using Values = std::vector<std::uint8_t>;

// TIFF 6.0 header, one entry: tag 0x0112, SHORT, count 1.
Values little(std::uint8_t value) {
  return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
}
Values big(std::uint8_t value) {
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
}

TEST(Exif, ReadsEveryOrientationInBothByteOrders) {
  for (std::uint8_t n = 1; n <= 8; ++n) {
    EXPECT_EQ(exif_orientation(little(n)), n);
    EXPECT_EQ(exif_orientation(big(n)), n);
  }
}

TEST(Exif, FindsTheTagAfterOthers) {
  Values two{'I',  'I',  42, 0, 8, 0, 0, 0, 2, 0, 0x0f, 0x01, 2, 0, 4, 0, 0, 0, 'a', 'b', 'c', 0,  // Make
             0x12, 0x01, 3,  0, 1, 0, 0, 0, 8, 0, 0,    0,    0, 0, 0, 0};
  EXPECT_EQ(exif_orientation(two), 8);
}

TEST(Exif, UnsoundBlocksMeanUpright) {
  EXPECT_EQ(exif_orientation({}), 1);
  EXPECT_EQ(exif_orientation(little(0)), 1);
  EXPECT_EQ(exif_orientation(little(9)), 1);
  auto bytes = big(6);
  for (std::size_t n = 0; n < 20; ++n) EXPECT_EQ(exif_orientation(Bytes(bytes).first(n)), 1) << n;
  bytes[7] = 200;  // the directory lies outside
  EXPECT_EQ(exif_orientation(bytes), 1);
  bytes = big(6);
  bytes[3] = 43;  // BigTIFF
  EXPECT_EQ(exif_orientation(bytes), 1);
  bytes = big(6);
  bytes[13] = 5;  // RATIONAL
  EXPECT_EQ(exif_orientation(bytes), 1);
}

// Not what the standard says, and written by several programs.
TEST(Exif, ReadsAnOrientationWrittenAsLong) {
  for (std::uint8_t n = 1; n <= 8; ++n) {
    auto bytes = little(n);
    bytes[12] = 4;
    EXPECT_EQ(exif_orientation(bytes), n);
    bytes = big(0);
    bytes[13] = 4;
    bytes[21] = n;
    EXPECT_EQ(exif_orientation(bytes), n);
    bytes[18] = 1;  // more than 16 bits
    EXPECT_EQ(exif_orientation(bytes), 1);
  }
}

// The eight cases drawn in the Exif standard, for the stored picture  1 2 3 / 4 5 6.
TEST(Orientation, TurnsTheStoredPictureUpright) {
  struct Row {
    int orientation, width;
    std::vector<std::uint16_t> upright;
  };
  const Row rows[] = {
      {1, 3, {1, 2, 3, 4, 5, 6}}, {2, 3, {3, 2, 1, 6, 5, 4}}, {3, 3, {6, 5, 4, 3, 2, 1}},
      {4, 3, {4, 5, 6, 1, 2, 3}}, {5, 2, {1, 4, 2, 5, 3, 6}}, {6, 2, {4, 1, 5, 2, 6, 3}},
      {7, 2, {6, 3, 5, 2, 4, 1}}, {8, 2, {3, 6, 2, 5, 1, 4}}, {9, 3, {1, 2, 3, 4, 5, 6}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.orientation);
    auto upright = turn_upright(Grid<std::uint16_t>(3, 2, {1, 2, 3, 4, 5, 6}), row.orientation);
    EXPECT_EQ(upright.width(), row.width);
    EXPECT_EQ(upright.height(), 6 / row.width);
    EXPECT_EQ(upright.values(), row.upright);
  }
}

}  // namespace
}  // namespace chestlight
