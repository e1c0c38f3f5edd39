// Before the first film: where to drop one, how to open one, and examples that belong to nobody.
#include <algorithm>

#include "ui/panels.h"

namespace chestlight::ui {
namespace {

void dashed(ImDrawList& list, ImVec2 a, ImVec2 b, ImU32 ink) {
  float length = std::max(b.x - a.x, b.y - a.y);
  ImVec2 step{(b.x - a.x) / length, (b.y - a.y) / length};
  for (float at = 0; at < length; at += 10)
    list.AddLine({a.x + step.x * at, a.y + step.y * at},
                 {a.x + step.x * std::min(at + 5, length), a.y + step.y * std::min(at + 5, length)}, ink);
}

}  // namespace

void draw_empty_state(const View& view, Actions& out) {
  Panel panel(view, "empty", box(view.layout.film), colour::kNone, true);
  Box area = panel.area();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  bool phone = view.layout.phone();
  float margin = phone ? 16.0f : 32.0f;
  Box drop = {{area.min.x + margin + 0.5f, area.min.y + margin + 0.5f}, {area.max.x - margin - 0.5f, area.max.y - margin - 0.5f}};
  dashed(list, drop.min, {drop.max.x, drop.min.y}, colour::kLine);
  dashed(list, {drop.min.x, drop.max.y}, drop.max, colour::kLine);
  dashed(list, drop.min, {drop.min.x, drop.max.y}, colour::kLine);
  dashed(list, {drop.max.x, drop.min.y}, drop.max, colour::kLine);

  float width = std::min(560.0f, drop.width() - 2 * kPadding);
  float row = view.layout.touch ? kTouchTarget : 40;
  const viewer::State& state = view.state;
  std::string_view title = view.layout.touch ? "Open chest X-rays" : "Drop chest X-rays here";
  std::string_view promise = "DICOM, PNG, JPEG, folders or ZIP. Nothing leaves this device.";
  if (text_width(view.body(), promise) > width) promise = "DICOM, PNG, JPEG. Nothing leaves this device.";
  std::string_view about = "Scores 14 findings and shows where the model found evidence.";
  auto about_lines = wrapped_lines(view.small(colour::kQuiet), about, std::min(width, 420.0f));
  float height = 28 + kGap + 20 + 24 + row + 24 + static_cast<float>(about_lines.size()) * 18 + 24;
  float y = std::max(drop.min.y + kPadding, (drop.min.y + drop.max.y - height) / 2);
  float middle = (drop.min.x + drop.max.x) / 2;
  auto centred = [&](const TextStyle& style, std::string_view line) {
    float x = std::floor(middle - std::min(width, text_width(style, line)) / 2);
    draw_text(view, {x, y}, style, line, width);
    y += line_height(style);
  };
  centred(view.title(), title);
  y += kGap;
  centred(view.body(colour::kQuiet), promise);
  y += 24;

  std::string_view example = "Try a synthetic film";
  bool examples = !state.examples.empty();
  float open = std::max(112.0f, button_width(view, "Open…") + 24), try_one = button_width(view, example) + 24;
  float folder = view.layout.touch ? 0 : button_width(view, "Folder…") + 24;  // phones have no folders to choose
  float total = open + (folder > 0 ? kGap + folder : 0) + (examples ? kGap + try_one : 0);
  float x = std::floor(middle - total / 2);
  if (button(view, "open", box(x, y, open, row), "Open…", ButtonLook::kPrimary)) out.push_back(viewer::RunCommand{"open"});
  x += open + kGap;
  if (folder > 0) {
    if (button(view, "open-folder", box(x, y, folder, row), "Folder…", ButtonLook::kOutlined))
      out.push_back(viewer::RunCommand{"open-folder"});
    x += folder + kGap;
  }
  if (examples && button(view, "try-example", box(x, y, try_one, row), example, ButtonLook::kOutlined)) {
    if (state.examples.size() == 1) out.push_back(viewer::OpenExample{state.examples.front().file});
    else out.push_back(viewer::OpenPopup{viewer::Popup::kExamples});
  }
  y += row + 24;
  for (const std::string& line : about_lines) centred(view.small(colour::kQuiet), line);
  panel.content_to(y + kPadding + margin);
}

}  // namespace chestlight::ui
