// The row of buttons above the film; what does not fit is behind "More".
#include <algorithm>
#include <utility>

#include "ui/panels.h"

namespace chestlight::ui {
namespace {

struct Tool {
  const char* command;
  bool ends_group;
};
constexpr Tool kTools[] = {{"fit", false},         {"one-to-one", true},    {"windows", false},         {"invert", true},
                           {"rotate-left", false}, {"rotate-right", false}, {"flip-horizontal", false}, {"flip-vertical", true},
                           {"reset", true},        {"model-input", false},  {"corrections", true},      {"tool-length", false},
                           {"tool-angle", false},  {"tool-probe", false},   {"tool-magnifier", true},   {"film-facts", false}};
constexpr std::size_t kToolCount = std::size(kTools);
constexpr float kDivider = 12;

float tool_width(const View& view, const Tool& tool) {
  return button_width(view, viewer::find_command(tool.command)->label) + (tool.ends_group ? kDivider : 0);
}

/// How many tools, from the first, fit into `room`; all, or some and "More".
std::size_t tools_that_fit(const View& view, float room) {
  float all = 0;
  for (const Tool& tool : kTools) all += tool_width(view, tool);
  if (all <= room) return kToolCount;
  room -= button_width(view, "More");
  std::size_t count = 0;
  while (count < kToolCount && tool_width(view, kTools[count]) <= room) room -= tool_width(view, kTools[count++]);
  return count;
}

float room_for_tools(const View& view) {
  return static_cast<float>(view.layout.tools.width) - 8 - 2 * kPadding - kDivider - button_width(view, "Films") -
         button_width(view, "Findings");
}

bool is_on(const View& view, std::string_view command) {
  viewer::Tool tool = view.state.measuring.tool;
  if (tool != viewer::Tool::kNone)
    for (auto [id, which] : {std::pair{"tool-length", viewer::Tool::kLength},
                             {"tool-angle", viewer::Tool::kAngle},
                             {"tool-probe", viewer::Tool::kProbe},
                             {"tool-magnifier", viewer::Tool::kMagnifier}})
      if (command == id) return tool == which;
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded()) return false;
  return (command == "fit" && film->view.fitted) || (command == "invert" && film->inverted) ||
         (command == "corrections" && film->request.correction.any());
}

}  // namespace

void draw_film_tools(const View& view, Actions& out) {
  const viewer::ScreenRect& rect = view.layout.tools;
  if (rect.height <= 0) return;
  Panel panel(view, "tools", box(rect), colour::kPanel);
  Box area = panel.area();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float row = view.layout.touch ? kTouchTarget : kRow, y = area.min.y + (area.height() - row) / 2;
  const viewer::Settings& settings = view.state.settings;
  auto edge = [&](const char* id, const char* label, float x, bool open) {
    ButtonLook look = open ? ButtonLook::kSelected : ButtonLook::kQuiet;
    if (button(view, id, box(x, y, button_width(view, label), row), label, look)) out.push_back(viewer::RunCommand{id});
  };
  edge("films-panel", "Films", area.min.x + 4, settings.films_open);
  edge("findings-panel", "Findings", area.max.x - button_width(view, "Findings") - 4, settings.findings_open);

  float x = area.min.x + 4 + button_width(view, "Films") + kPadding;
  auto divider = [&] {
    list.AddLine({x + kDivider / 2 + 0.5f, area.min.y + 10}, {x + kDivider / 2 + 0.5f, area.max.y - 10}, colour::kLine);
    x += kDivider;
  };
  divider();
  std::size_t count = tools_that_fit(view, room_for_tools(view));
  for (std::size_t i = 0; i < count; ++i) {
    float width = button_width(view, viewer::find_command(kTools[i].command)->label);
    ButtonLook look = is_on(view, kTools[i].command) ? ButtonLook::kSelected : ButtonLook::kQuiet;
    command_button(view, out, kTools[i].command, box(x, y, width, row), look);
    x += width;
    if (kTools[i].ends_group) divider();
  }
  if (count < kToolCount && button(view, "more-tools", box(x, y, button_width(view, "More"), row), "More", ButtonLook::kQuiet))
    out.push_back(viewer::OpenPopup{viewer::Popup::kMoreTools});
  list.AddLine({area.min.x, area.max.y - 0.5f}, {area.max.x, area.max.y - 0.5f}, colour::kLine);
}

std::vector<const char*> tools_behind_more(const View& view) {
  std::vector<const char*> rest;
  for (std::size_t i = tools_that_fit(view, room_for_tools(view)); i < kToolCount; ++i) rest.push_back(kTools[i].command);
  return rest;
}

}  // namespace chestlight::ui
