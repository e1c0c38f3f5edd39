#include "imaging/drawing.h"

#include <gtest/gtest.h>

#include "imaging/dicom/stored_image.h"

namespace chestlight {
namespace {

using Bits = std::vector<std::uint8_t>;

StoredImage picture_of_three_by_two() {
  StoredImage image;
  image.width = 3;
  image.height = 2;
  image.bits = 8;
  image.values = std::vector<std::int32_t>{10, 20, 30, 40, 50, 60};
  image.facts.photometric = "MONOCHROME2";
  image.drawing = {0b010010};  // the second and the fifth pixel
  return image;
}

TEST(Drawing, LiesOverThePictureForTheScreenAlone) {
  const auto film = film_from_stored(picture_of_three_by_two());
  ASSERT_TRUE(film);
  EXPECT_EQ(film->pixels.values(), (std::vector<std::uint16_t>{10, 20, 30, 40, 50, 60}));
  EXPECT_EQ(drawn_over(film->pixels.values(), film->drawing, 255), (std::vector<std::uint16_t>{10, 255, 30, 40, 255, 60}));
}

TEST(Drawing, GrowsWithPixelsThatAreMadeSquare) {
  StoredImage image = picture_of_three_by_two();
  image.facts.aspect = 2;  // twice as high as wide: two rows become four
  const auto film = film_from_stored(image);
  ASSERT_TRUE(film);
  ASSERT_EQ(film->height(), 4);
  EXPECT_EQ(film->drawing, (Bits{0b10010010, 0b0100}));
}

TEST(Drawing, ResizedTakesTheBitUnderTheMiddle) {
  EXPECT_EQ(resized_drawing(Bits{0b01}, {2, 1}, {4, 2}), (Bits{0b00110011}));
  EXPECT_EQ(resized_drawing(Bits{0b0110}, {4, 1}, {2, 1}), (Bits{0b01}));
  EXPECT_EQ(resized_drawing({}, {4, 1}, {2, 1}), Bits{});
}

TEST(Drawing, OfAnotherSizeThanThePictureIsRefused) {
  StoredImage image = picture_of_three_by_two();
  image.drawing = {1, 2};
  const auto film = film_from_stored(image);
  ASSERT_FALSE(film);
  EXPECT_EQ(film.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(film.error().message, "The drawing over the picture has 2 bytes; 1 were expected.");
}

}  // namespace
}  // namespace chestlight
