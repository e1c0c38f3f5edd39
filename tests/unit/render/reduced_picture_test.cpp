// Means of whole blocks, also at the edges, and never larger.
#include "render/reduced_picture.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

TEST(ReducedPicture, IsTheMeanOfBlocksAndOfWhatIsLeftAtTheEdges) {
  Grid<Rgba> picture(5, 3, {10, 20, 30, 255});
  picture(0, 0) = {50, 20, 30, 255};
  picture(4, 2) = {90, 0, 255, 255};
  const Grid<Rgba> small = reduced(picture, 3);
  ASSERT_EQ(small.width(), 3);
  ASSERT_EQ(small.height(), 2);
  EXPECT_EQ(small(0, 0).r, 20);
  EXPECT_EQ(small(1, 0).r, 10);
  EXPECT_EQ(small(2, 1).r, 90) << "one pixel is left over";
  EXPECT_EQ(small(2, 1).b, 255);
  EXPECT_EQ(small(1, 1).a, 255);
}

TEST(ReducedPicture, AFittingOneStaysAsItIs) {
  const Grid<Rgba> same = reduced(Grid<Rgba>(7, 4, {1, 2, 3, 255}), 7);
  EXPECT_EQ(same.width(), 7);
  EXPECT_EQ(same.height(), 4);
}

}  // namespace
}  // namespace chestlight
