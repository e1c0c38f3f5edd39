// Which bytes are taken for a font: those of a whole one only. ImGui would read beyond the end of one that is cut short.
#include "ui/widgets/theme.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace chestlight::ui {
namespace {

std::vector<std::uint8_t> inter() {
  std::ifstream file(std::string(CHESTLIGHT_FONTS) + "/Inter-Regular.otf", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Font, AWholeOneIsTaken) {
  const std::vector<std::uint8_t> font = inter();
  ASSERT_GT(font.size(), 1000u);
  EXPECT_TRUE(is_whole_font(font));
}

TEST(Font, OneThatIsCutShortIsNot) {
  const std::vector<std::uint8_t> font = inter();
  ASSERT_GT(font.size(), 1000u);
  for (std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{11}, std::size_t{40}, font.size() / 2, font.size() - 1000})
    EXPECT_FALSE(is_whole_font(Bytes(font).first(size))) << size;
}

TEST(Font, OtherBytesAreNot) {
  for (const std::string& other :
       {std::string("<!doctype html><title>404</title>"), std::string("wOF2 a font for the web"), std::string(64, '\0')})
    EXPECT_FALSE(is_whole_font(as_bytes(other))) << other;
}

}  // namespace
}  // namespace chestlight::ui
