// The status bar: what is happening in bytes or steps and the way to stop it, help on what is under the pointer, and
// what this tool is not. On a narrow page the way to stop it comes first: the rest is shortened to make room.
#include "ui/panels.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {

void draw_status_bar(const View& view, Actions& out) {
  Panel panel(view, "status", box(view.layout.status), colour::kPanel);
  Box bar = panel.area();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({bar.min.x, bar.min.y + 0.5f}, {bar.max.x, bar.min.y + 0.5f}, colour::kLine);
  float x = bar.min.x + kPadding, right = bar.max.x - kPadding;

  viewer::Progress p = viewer::progress(view.state);
  bool narrow = view.layout.phone();
  bool failed = view.state.engine == viewer::EnginePhase::kFailed;
  const char* command = p.can_cancel ? "cancel" : viewer::can_load_again(view.state) ? "load-again" : nullptr;
  if (view.layout.touch && bar.height() < kTouchTarget) command = nullptr;  // the findings have it for a short wait
  float button = command ? button_width(view, viewer::find_command(command)->label) : 0;
  auto place_button = [&](float left) {
    command_button(view, out, command, box(left, bar.min.y + 2, button, bar.height() - 4),
                   narrow ? ButtonLook::kOutlined : ButtonLook::kQuiet);
  };
  if (command && narrow) {
    place_button(right - button);
    right -= button + kGap;
  } else {
    std::string_view disclaimer = narrow ? "Not a medical device" : "Research and teaching, not a medical device";
    float width = text_width(view.small(), disclaimer);
    draw_text_in(view, box(right - width, bar.min.y, width + 1, bar.height()), view.small(colour::kQuiet), disclaimer);
    right -= width + 2 * kPadding;
  }
  if (p.busy) {
    float bar_width = narrow ? 56.0f : 120.0f, middle = (bar.min.y + bar.max.y) / 2;
    draw_progress(list, box(x, middle - 2, bar_width, 4), p.fraction);
    x += bar_width + kPadding;
  }
  bool hinted = view.hint && !view.hint->empty() && !p.busy;
  std::string words = hinted ? *view.hint : viewer::status_line(view.state, narrow);
  if (command && !narrow && !hinted) {
    float text = std::min(text_width(view.small(), words), right - x - button - kGap);
    place_button(x + text + kGap);
    right = x + text;
  }
  draw_text_in(view, box(x, bar.min.y, std::max(8.0f, right - x + 1), bar.height()),
               view.small(failed && !hinted ? colour::kAbove : colour::kQuiet), words);
}

}  // namespace chestlight::ui
