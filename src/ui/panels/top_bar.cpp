// The top bar: name, model, backend, bytes sent, and the way to open, export and get help.
#include "base/text.h"
#include "ui/panels.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

/// A quiet label that opens a popup below it; returns the x after it.
float menu_label(const View& view, Actions& out, const char* id, std::string_view label, float x, Box bar, float most,
                 viewer::Popup popup) {
  float width = std::min(most, text_width(view.small(), label) + 34);
  float row = view.layout.touch ? kTouchTarget : kRow;
  Box area = box(x, bar.min.y + (bar.height() - row) / 2, width, row);
  ButtonState state = hot_area(view, id, area);
  bool open = view.state.popup == popup;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.hovered || open) list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
  ImU32 ink = state.hovered || open ? colour::kText : colour::kQuiet;
  draw_text_in(view, {{area.min.x + 8, area.min.y}, {area.max.x - 22, area.max.y}}, view.small(ink), label);
  draw_caret(list, {area.max.x - 14, (area.min.y + area.max.y) / 2 + 0.5f}, true, ink);
  if (state.clicked) out.push_back(viewer::OpenPopup{popup});
  return x + width + 4;
}

}  // namespace

void draw_top_bar(const View& view, Actions& out) {
  Panel panel(view, "top", box(view.layout.top), colour::kPanel);
  Box bar = panel.area();
  const viewer::State& state = view.state;
  float row = view.layout.touch ? kTouchTarget : kRow, y = bar.min.y + (bar.height() - row) / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({bar.min.x, bar.max.y - 0.5f}, {bar.max.x, bar.max.y - 0.5f}, colour::kLine);

  // From the right: help, report, export, open.
  float right = bar.max.x - 4;
  auto place = [&](const char* id, ButtonLook look) {
    float width = button_width(view, viewer::find_command(id)->label);
    right -= width;
    command_button(view, out, id, box(right, y, width, row), look);
    right -= 4;
  };
  place("help", ButtonLook::kQuiet);
  if (!state.films.empty()) {
    if (!view.layout.phone()) place("report", ButtonLook::kQuiet);
    place("export", ButtonLook::kQuiet);
    // On a phone it comes with the labels, where the name leaves room for it.
    const float name = bar.min.x + kPadding + text_width(view.body_medium(), "Chestlight") + kGap;
    const float wide = button_width(view, viewer::find_command("evaluation")->label);
    if (!view.layout.phone() || (state.evaluation.labels && right - wide > name)) place("evaluation", ButtonLook::kQuiet);
    place("open", ButtonLook::kQuiet);
  }

  float x = bar.min.x + kPadding;
  x += draw_text(view, {x, bar.min.y + (bar.height() - 20) / 2}, view.body_medium(), "Chestlight") + kPadding;
  const viewer::NetworkCounted& network = state.network;
  std::string sent = "Bytes sent: " + text(network.bytes_sent);
  if (network.foreign_requests > 0) sent += text(", foreign requests: ", network.foreign_requests);
  ImU32 sent_ink = network.foreign_requests > 0 || network.bytes_sent > 0 ? colour::kAbove : colour::kQuiet;
  float sent_width = text_width(view.small(), sent);

  if (!view.layout.phone()) {
    float room = right - x - sent_width - 2 * kPadding;
    std::string model = state.model.id.empty() ? "No model yet" : state.model.name;
    if (room > 120) x = menu_label(view, out, "model", model, x, bar, room * 0.6f, viewer::Popup::kModel);
    if (room > 120 && !state.backend.name.empty())
      x = menu_label(view, out, "backend", viewer::backend_in_words(state.backend.name), x, bar, room * 0.4f,
                     viewer::Popup::kBackend);
    x += kGap;
  }
  if (x + sent_width < right - kPadding)
    draw_text_in(view, box(x, bar.min.y, sent_width + 1, bar.height()), view.small(sent_ink), sent);
}

}  // namespace chestlight::ui
