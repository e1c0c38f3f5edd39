// Breaking text into lines, with the page's own font where it is.
#include <gtest/gtest.h>

#include <string>

#include "platform/native/headless_ui.h"
#include "ui/widgets/widgets.h"

namespace chestlight::ui {
namespace {

TEST(WrappedLines, ANumberKeepsItsPercentSign) {
  platform::HeadlessUi ui(800, 600, CHESTLIGHT_FONTS);
  ui.settle();
  const TextStyle style{ImGui::GetIO().Fonts->Fonts[0], 14, IM_COL32_WHITE};
  const std::string words = "Mainly right lower zone: 31 % of it, or 7 %";
  for (float width = text_width(style, "31 %"); width < text_width(style, words) + 2; width += 1) {
    std::string again;
    for (const std::string& line : wrapped_lines(style, words, width)) {
      EXPECT_NE(line.front(), '%') << width;
      again += (again.empty() ? "" : " ") + line;
    }
    if (width > text_width(style, "Mainly")) {
      EXPECT_EQ(again, words) << width;
    }
  }
}

}  // namespace
}  // namespace chestlight::ui
