#include "imaging/coordinates.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"

namespace chestlight {
namespace {

const SourceToModel kMap{0.5, 0.25, -3, -0.125, 2, 7};

TEST(Coordinates, InverseUndoesTheMap) {
  for (SourcePx p : {SourcePx{0, 0}, SourcePx{1, 0}, SourcePx{0, 1}, SourcePx{1234.5, -77.25}}) {
    SourcePx back = kMap.inverse()(kMap(p));
    EXPECT_NEAR(back.x, p.x, kGeometryPx);
    EXPECT_NEAR(back.y, p.y, kGeometryPx);
  }
}

TEST(Coordinates, ComposeIsFirstThenSecond) {
  Map<ModelSpace, ScreenSpace> to_screen{0, -1, 10, 1, 0, 20};
  SourcePx p{3, 4};
  auto direct = to_screen(kMap(p));
  auto composed = compose(kMap, to_screen)(p);
  EXPECT_NEAR(composed.x, direct.x, kGeometryPx);
  EXPECT_NEAR(composed.y, direct.y, kGeometryPx);
}

}  // namespace
}  // namespace chestlight
