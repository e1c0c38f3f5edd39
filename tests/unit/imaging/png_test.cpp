#include "imaging/codecs/png.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace chestlight {
namespace {

TEST(Crc32, CheckValues) {
  // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms; IEND's from the PNG standard.
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(crc32(as_bytes("IEND")), 0xae426082u);
  EXPECT_EQ(crc32({}), 0u);
}

TEST(Crc32, EightAtATimeEqualsOneAtATime) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t slow = 0xffffffffu;
  for (int n = 0; n < 100; ++n) {
    bytes.push_back(static_cast<std::uint8_t>(n * 73 + 5));
    slow ^= bytes.back();
    for (int bit = 0; bit < 8; ++bit) slow = slow & 1 ? 0xedb88320u ^ (slow >> 1) : slow >> 1;
    ASSERT_EQ(crc32(bytes), ~slow) << bytes.size();
  }
}

TEST(PngHeader, SaysWhatTheFileIs) {
  auto header = png_header(testing::read_fixture("images/interlaced_rgb16.png"));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->width, 5u);
  EXPECT_EQ(header->height, 7u);
  EXPECT_EQ(header->bits, 16);
  EXPECT_EQ(header->channels(), 3);
  EXPECT_TRUE(header->interlaced);
}

}  // namespace
}  // namespace chestlight
