// The caption's text and bar: what is drawn where, and what does not fit.
#include "render/caption.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace chestlight {
namespace {

Typeface typeface() { return Typeface::read(testing::read_font()).value(); }

int inked(const Grid<Rgba>& picture, int top, int bottom) {
  const Rgba ground = picture(picture.width() - 1, picture.height() - 1);
  int count = 0;
  for (int y = top; y < bottom; ++y)
    for (int x = 0; x < picture.width(); ++x) count += picture(x, y).g > ground.g + 40;
  return count;
}

TEST(Typeface, TextIsAsWideAsItsCharacters) {
  const Typeface font = typeface();
  EXPECT_EQ(font.width("", 20), 0);
  EXPECT_NEAR(font.width("ab", 20), font.width("a", 20) + font.width("b", 20), 1e-9);
  EXPECT_NEAR(font.width("−≥·", 40), 2 * font.width("−≥·", 20), 1e-5) << "characters of several bytes";
  EXPECT_NEAR(font.width("0000", 20), font.width("1999", 20), 1e-9) << "figures of one width";
  EXPECT_GT(font.width("\xFF\xC3", 20), 0) << "what is no UTF-8 has a box";
}

TEST(Typeface, LinesBreakBetweenWordsAndWithinLongOnes) {
  const Typeface font = typeface();
  const double room = font.width("one two", 20);
  EXPECT_EQ(font.lines("one two three", 20, room), (std::vector<std::string>{"one two", "three"}));
  const auto broken = font.lines("a_name_that_is_much_longer_than_the_room_there_is.png", 20, room);
  std::string whole;
  for (const std::string& line : broken) {
    EXPECT_LE(font.width(line, 20), room);
    whole += line;
  }
  EXPECT_EQ(whole, "a_name_that_is_much_longer_than_the_room_there_is.png");
  EXPECT_EQ(font.lines("ab", 20, 1), (std::vector<std::string>{"a", "b"})) << "one character at least";
  EXPECT_TRUE(font.lines("", 20, room).empty());
}

TEST(Typeface, InkStaysInThePicture) {
  Grid<Rgba> picture(20, 10, Rgba{0, 0, 0, 255});
  typeface().draw(picture, -5, 9, "Wide text that leaves it", 24, {255, 255, 255, 255});
  EXPECT_GT(picture(6, 5).r + picture(3, 5).r + picture(9, 5).r, 0);
}

TEST(Typeface, RefusesWhatIsNoFont) {
  std::vector<std::uint8_t> font = testing::read_font();
  for (std::size_t size : {std::size_t{0}, std::size_t{11}, std::size_t{40}, font.size() - 1})
    EXPECT_FALSE(Typeface::read({font.data(), size})) << size;
  font[4] = 0, font[5] = 0;
  EXPECT_FALSE(Typeface::read(font)) << "no tables";
}

TEST(Caption, AStripBelowThePictureWithTextAndTheBar) {
  const Grid<Rgba> film(400, 60, Rgba{90, 90, 90, 255});
  const Caption caption{"Effusion, Evidence", {true, "−4.0", "4.0", "against · for, logits"}, {"a.png", "2026-11-30 · tiny"}};
  const Grid<Rgba> whole = with_caption(film, caption, typeface());
  ASSERT_EQ(whole.width(), 400);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 400; ++x) ASSERT_EQ(whole(x, y).r, 90) << "the picture itself is untouched";
  EXPECT_GT(inked(whole, 60, whole.height()), 500);
  int blue = 0, orange = 0;
  for (int y = 60; y < whole.height(); ++y)
    for (int x = 0; x < 400; ++x) {
      blue += whole(x, y).b > whole(x, y).r + 100;
      orange += whole(x, y).r > whole(x, y).b + 100;
    }
  EXPECT_GT(blue, 100) << "evidence against";
  EXPECT_GT(orange, 100) << "evidence for";
  Caption longer = caption;
  longer.facts.push_back("One line more.");
  EXPECT_GT(with_caption(film, longer, typeface()).height(), whole.height());
}

TEST(Caption, ANarrowPictureGetsMoreLinesAndLosesNothing) {
  const Caption caption{
      "Pleural thickening, Integrated gradients", {false, "0", "≥ 0.30", "logits per unit of input"}, {"a.png"}};
  const Typeface font = typeface();
  int before = 0;
  for (int width : {640, 160, 40, 24}) {
    const Grid<Rgba> whole = with_caption(Grid<Rgba>(width, 10), caption, font);
    EXPECT_GT(whole.height(), before) << width;
    before = whole.height();
  }
}

}  // namespace
}  // namespace chestlight
