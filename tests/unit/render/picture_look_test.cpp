// How a reader looks at a film, to JSON and back, and what is refused.
#include <gtest/gtest.h>

#include "render/picture_look_json.h"

namespace chestlight {
namespace {

JsonReader reader_of(const Json& json) { return {json, "look", ErrorCode::kInvalidRequest}; }

TEST(PictureLook, ComesBackAsItWas) {
  for (int degrees : {0, 90, 180, 270})
    for (bool mirrored : {false, true})
      for (WindowShape shape : {WindowShape::kLinear, WindowShape::kSigmoid, WindowShape::kTable}) {
        const PictureLook look{{1200, 350, shape, shape == WindowShape::kTable ? 2 : -1},
                               mirrored,
                               orientation_of(degrees, mirrored),
                               {true, 0.25, true, 0.4, mirrored}};
        const Json json = picture_look_json(look);
        const auto back = picture_look_from_json(reader_of(json), {});
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->window, look.window);
        EXPECT_EQ(back->inverted, look.inverted);
        EXPECT_EQ(back->orientation, look.orientation) << degrees << mirrored;
        EXPECT_EQ(back->map, look.map);
      }
}

TEST(PictureLook, WhatIsLeftOutStaysAsItUsuallyIs) {
  const PictureLook usual{{12, 34}, true, orientation_of(90, false), {.opacity = 0.5}};
  const auto look = picture_look_from_json(reader_of(Json{{"map", {{"contour", true}}}}), usual);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->window, usual.window);
  EXPECT_TRUE(look->inverted);
  EXPECT_EQ(look->orientation, usual.orientation);
  EXPECT_EQ(look->map, (MapLook{.opacity = 0.5, .contour = true}));
}

}  // namespace
}  // namespace chestlight
