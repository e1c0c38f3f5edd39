// What was just taken away, with the way back, over the lower edge of the film for some seconds.
#include <algorithm>

#include "ui/panels.h"
#include "viewer/actions/undo.h"

namespace chestlight::ui {

void draw_undo_offer(const View& view, Actions& out) {
  const std::string words = viewer::undo_offer(view.state);
  if (words.empty()) return;
  const float row = view.layout.touch ? kTouchTarget : kRow, undo = button_width(view, "Undo");
  const float room = static_cast<float>(view.layout.page.width) - 2 * kPadding;
  const float width = std::min(room, text_width(view.small(), words) + undo + 3 * kPadding);
  const float x = (static_cast<float>(view.layout.page.width) - width) / 2;
  const float y = static_cast<float>(view.layout.status.y) - row - 2 * kGap - kPadding;
  Panel panel(view, "undo-offer", box(x, y, width, row + 2 * kGap), colour::kRaised);
  const Box area = panel.area();
  ImGui::GetWindowDrawList()->AddRect({area.min.x + 0.5f, area.min.y + 0.5f}, {area.max.x - 0.5f, area.max.y - 0.5f},
                                      colour::kLine, kRadius);
  draw_text_in(view, {{area.min.x + kPadding, area.min.y}, {area.max.x - undo - 2 * kPadding, area.max.y}}, view.small(), words);
  command_button(view, out, "undo", box(area.max.x - undo - kPadding, area.min.y + kGap, undo, row), ButtonLook::kSelected);
}

}  // namespace chestlight::ui
