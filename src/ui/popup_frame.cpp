// See popup_frame.h.
#include "ui/popup_frame.h"

namespace chestlight::ui {

Box clamped_to_page(const View& view, Box wanted) {
  float width = static_cast<float>(view.layout.page.width),
        height = static_cast<float>(view.layout.page.height);
  float w = std::min(wanted.width(), width - 16), h = std::min(wanted.height(), height - 16);
  float x = std::clamp(wanted.min.x, 8.0f, std::max(8.0f, width - 8 - w)),
        y = std::clamp(wanted.min.y, 8.0f, std::max(8.0f, height - 8 - h));
  return box(x, y, w, h);
}

Box centred(const View& view, float width, float height) {
  return clamped_to_page(view,
                         box((static_cast<float>(view.layout.page.width) - width) / 2,
                             (static_cast<float>(view.layout.page.height) - height) / 2, width, height));
}

float popup_title(const View& view, float x, float y, std::string_view words) {
  draw_text(view, {x, y}, view.body_medium(), words);
  return 20 + kPadding;
}

float choices(const View& view, float x, float y, float width,
              const std::vector<std::pair<std::string, std::string>>& items, int* clicked) {
  float row = view.layout.touch ? kTouchTarget : kRow, begun = y;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    Box area = box(x - 8, y, width + 16, row);
    ButtonState state = hot_area(view, items[i].first.c_str(), area);
    if (state.hovered) ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour::kHover, kRadius);
    float right = items[i].second.empty() ? 0 : text_width(view.small(), items[i].second);
    draw_text_in(view, box(x, y, width - right - kGap, row), view.small(), items[i].first);
    if (right > 0)
      draw_text_in(view, box(x + width - right, y, right + 1, row), view.small(colour::kQuiet),
                   items[i].second);
    if (state.clicked) *clicked = static_cast<int>(i);
    ImGui::PopID();
    y += row;
  }
  return y - begun;
}

float popup_inner(const View& view, float width) {
  return std::min(width, static_cast<float>(view.layout.page.width) - 16) - 2 * kInset;
}

}  // namespace chestlight::ui
