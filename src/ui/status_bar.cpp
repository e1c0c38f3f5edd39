// The status bar: what is happening in bytes or steps, help on what is under the pointer, and what this tool
// is not.
#include "app/words.h"
#include "ui/panels.h"

namespace chestlight::ui {

void draw_status_bar(const View& view, Actions& out) {
  Panel panel(view, "status", box(view.layout.status), colour::kPanel);
  Box bar = panel.area();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({bar.min.x, bar.min.y + 0.5f}, {bar.max.x, bar.min.y + 0.5f}, colour::kLine);
  float x = bar.min.x + kPadding, right = bar.max.x - kPadding;

  app::Progress p = app::progress(view.state);
  bool narrow = view.layout.phone();
  std::string_view disclaimer =
      narrow ? "Not a medical device" : "Research and teaching, not a medical device";
  float width = text_width(view.small(), disclaimer);
  draw_text_in(view, box(right - width, bar.min.y, width + 1, bar.height()), view.small(colour::kQuiet),
               disclaimer);
  right -= width + 2 * kPadding;

  bool failed = view.state.engine == app::EnginePhase::kFailed;
  if (p.busy) {
    float bar_width = narrow ? 56.0f : 120.0f, middle = (bar.min.y + bar.max.y) / 2;
    draw_progress(list, box(x, middle - 2, bar_width, 4), p.fraction);
    x += bar_width + kPadding;
    if (p.can_cancel && !narrow) {
      const app::Command* cancel = app::find_command("cancel");
      float button = button_width(view, cancel->label);
      float text = std::min(text_width(view.small(), p.text), right - x - button - kGap);
      command_button(view, out, "cancel", box(x + text + kGap, bar.min.y + 2, button, bar.height() - 4));
      right = x + text;
    }
  }
  bool hinted = view.hint && !view.hint->empty() && !p.busy;
  std::string words = hinted ? *view.hint : app::status_line(view.state, narrow);
  draw_text_in(view, box(x, bar.min.y, std::max(8.0f, right - x + 1), bar.height()),
               view.small(failed && !hinted ? colour::kAbove : colour::kQuiet), words);
}

}  // namespace chestlight::ui
