// How a reader looks at a film, as a message and back, and what is refused.
#include "render/picture_look.h"

#include <gtest/gtest.h>

#include <functional>

namespace chestlight {
namespace {

TEST(PictureLook, ComesBackAsItWas) {
  for (int degrees : {0, 90, 180, 270})
    for (bool mirrored : {false, true})
      for (WindowShape shape : {WindowShape::kLinear, WindowShape::kSigmoid, WindowShape::kTable}) {
        const PictureLook look{{1200, 350, shape, shape == WindowShape::kTable ? 2 : -1},
                               mirrored,
                               orientation_of(degrees, mirrored),
                               {true, 0.25, true, 0.4, mirrored}};
        const auto back = picture_look_of(to_contract(look), {});
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->window, look.window);
        EXPECT_EQ(back->inverted, look.inverted);
        EXPECT_EQ(back->orientation, look.orientation) << degrees << mirrored;
        EXPECT_EQ(back->map, look.map);
      }
}

TEST(PictureLook, WithoutAWindowTheFilmsOwnIsUsed) {
  const Window usual{12, 34, WindowShape::kSigmoid};
  const auto look = picture_look_of({.map = {.contour = true}}, usual);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->window, usual);
  EXPECT_FALSE(look->inverted);
  EXPECT_TRUE(look->orientation.upright());
  EXPECT_EQ(look->map, (MapLook{.contour = true}));
}

TEST(PictureLook, AFigureThatMakesNoPictureIsRefusedByItsName) {
  struct Row {
    const char* field;
    std::function<void(contract::PictureLook&)> spoil;
  };
  const Row rows[] = {
      {"look.window.width: expected a number above 0, found 0.", [](auto& look) { look.window = Window{1, 0}; }},
      {"look.window.table: expected the number of a table, found -1.",
       [](auto& look) { look.window = Window{1, 2, WindowShape::kTable}; }},
      {"look.orientation.rotate: expected 0, 90, 180 or 270, found 45.", [](auto& look) { look.orientation.rotate = 45; }},
      {"look.orientation.rotate: expected 0, 90, 180 or 270, found -90.", [](auto& look) { look.orientation.rotate = -90; }},
      {"look.map.opacity: expected 0 to 1, found 1.5.", [](auto& look) { look.map.opacity = 1.5; }},
      {"look.map.contour_level: expected 0 to 1, found -0.1.", [](auto& look) { look.map.contour_level = -0.1; }},
  };
  for (const Row& row : rows) {
    contract::PictureLook look;
    row.spoil(look);
    const auto refused = picture_look_of(look, {});
    ASSERT_FALSE(refused) << row.field;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidRequest);
    EXPECT_EQ(refused.error().message, row.field);
  }
}

}  // namespace
}  // namespace chestlight
