#include "base/bytes.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

const std::uint8_t kBytes[] = {0x01, 0x02, 0x03, 0x04, 0x05};

TEST(ByteReader, ReadsBothByteOrders) {
  EXPECT_EQ(ByteReader(kBytes).little<std::uint16_t>(), 0x0201);
  EXPECT_EQ(ByteReader(kBytes).big<std::uint32_t>(), 0x01020304u);
  const std::uint8_t one[] = {0x3f, 0x80, 0, 0};
  EXPECT_EQ(ByteReader(one).big<float>(), 1.0f);
}

TEST(ByteReader, AReadPastTheEndReturnsNothingAndStaysPut) {
  ByteReader reader(kBytes);
  ASSERT_TRUE(reader.skip(3));
  EXPECT_FALSE(reader.little<std::uint32_t>());
  EXPECT_FALSE(reader.take(3));
  EXPECT_FALSE(reader.skip(3));
  EXPECT_FALSE(reader.seek(6));
  EXPECT_EQ(reader.position(), 3u);
  EXPECT_EQ(reader.take(2)->size(), 2u);
  EXPECT_EQ(reader.remaining(), 0u);
}

}  // namespace
}  // namespace chestlight
