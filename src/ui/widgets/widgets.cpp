// See widgets.h.
#include "ui/widgets/widgets.h"

#include <algorithm>
#include <cmath>

namespace chestlight::ui {

Panel::Panel(const View& view, const char* name, Box area, ImU32 background, bool scrolls) : view_(view), area_(area) {
  ImGui::SetCursorScreenPos(area.min);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, background);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, 0.0f);
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
  if (!scrolls) flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::BeginChild(name, {std::max(1.0f, area.width()), std::max(1.0f, area.height())}, ImGuiChildFlags_NavFlattened, flags);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  top_ = area.min.y - ImGui::GetScrollY();
  if (view.log) {
    outer_ = view.log->panel;
    view.log->panel = name;
    view.log->panels[name] = {area.min, area.max, scrolls};
  }
}

void scroll_into_sight(float top, float bottom) {
  const float above = ImGui::GetWindowPos().y, below = above + ImGui::GetWindowHeight();
  const float down = std::min(bottom - below, top - above);  // what is higher than the window begins at its edge
  if (top < above) ImGui::SetScrollY(ImGui::GetScrollY() + top - above);
  else if (down > 0) ImGui::SetScrollY(ImGui::GetScrollY() + down);
}

Panel::~Panel() {
  ImGui::EndChild();
  if (view_.log) view_.log->panel = outer_;
}

void Panel::content_to(float y) const {
  ImGui::SetCursorScreenPos({area_.min.x, y});
  ImGui::Dummy({1, 0});
}

void log_entry(const View& view, bool widget, std::string_view label, ImVec2 min, ImVec2 max, bool shortened) {
  if (view.log) view.log->entries.push_back({view.log->panel, widget, std::string(label), min, max, shortened});
}

void set_hint(const View& view, std::string text) {
  if (view.hint) *view.hint = std::move(text);
}

ButtonState hot_area(const View& view, const char* id, Box area, bool enabled) {
  log_entry(view, true, id, area.min, area.max);
  if (!enabled) return {};
  ImGui::SetCursorScreenPos(area.min);
  ButtonState state;
  state.clicked =
      ImGui::InvisibleButton(id, {std::max(1.0f, area.width()), std::max(1.0f, area.height())}, ImGuiButtonFlags_EnableNav);
  state.hovered = ImGui::IsItemHovered();
  state.held = ImGui::IsItemActive();
  if (state.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  return state;
}

float button_width(const View& view, std::string_view label) {
  return std::max(view.layout.touch ? kTouchTarget : 40.0f, std::ceil(text_width(view.small_medium(), label)) + 20);
}

bool button(const View& view, const char* id, Box area, std::string_view label, ButtonLook look, bool enabled) {
  ButtonState state = hot_area(view, id, area, enabled);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImU32 ink = colour::kText;
  switch (look) {
    case ButtonLook::kPrimary:
      list.AddRectFilled(area.min, area.max,
                         !enabled        ? colour::kRaised
                         : state.hovered ? rgb(0x7AD2FF)
                                         : colour::kAccent,
                         kRadius);
      ink = colour::kBackground;
      break;
    case ButtonLook::kOutlined:
      if (state.hovered) list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
      list.AddRect({area.min.x + 0.5f, area.min.y + 0.5f}, {area.max.x - 0.5f, area.max.y - 0.5f},
                   state.hovered ? colour::kDisabled : colour::kLine, kRadius);
      break;
    case ButtonLook::kSelected:
      list.AddRectFilled(area.min, area.max, state.hovered ? colour::kHover : colour::kRaised, kRadius);
      ink = colour::kAccent;
      break;
    case ButtonLook::kQuiet:
      if (state.hovered) list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
      ink = state.hovered ? colour::kText : colour::kQuiet;
      break;
  }
  if (!enabled) ink = colour::kDisabled;
  draw_text_in(view, {{area.min.x + 4, area.min.y}, {area.max.x - 4, area.max.y}}, view.small_medium(ink), label, 0.5f);
  return state.clicked;
}

void command_button(const View& view, Actions& out, const char* id, Box area, ButtonLook look) {
  const viewer::Command* command = viewer::find_command(id);
  if (!command) return;
  bool enabled = command->enabled(view.state);
  if (button(view, id, area, command->label, look, enabled)) out.push_back(viewer::RunCommand{id});
  if (enabled && ImGui::IsItemHovered()) {
    std::string hint(command->help);
    std::string key = viewer::shortcut_of(view.state.settings, *command);
    if (!key.empty()) hint += "  (" + key + ")";
    set_hint(view, hint);
  }
}

int segments(const View& view, const char* id, Box area, const std::vector<std::string>& labels, int chosen, bool enabled) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(area.min, area.max, colour::kBackground, kRadius);
  list.AddRect({area.min.x + 0.5f, area.min.y + 0.5f}, {area.max.x - 0.5f, area.max.y - 0.5f}, colour::kLine, kRadius);
  int clicked = -1;
  float width = std::floor(area.width() / static_cast<float>(labels.size()));
  ImGui::PushID(id);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    float x = area.min.x + width * static_cast<float>(i);
    Box part{{x, area.min.y}, {i + 1 == labels.size() ? area.max.x : x + width, area.max.y}};
    bool is_chosen = static_cast<int>(i) == chosen;
    ButtonState state = hot_area(view, labels[i].c_str(), part, enabled);
    if (is_chosen || state.hovered)
      list.AddRectFilled({part.min.x + 2, part.min.y + 2}, {part.max.x - 2, part.max.y - 2},
                         is_chosen ? colour::kLine : colour::kRaised, kRadius - 1);
    ImU32 ink = !enabled ? colour::kDisabled : is_chosen ? colour::kText : colour::kQuiet;
    draw_text_in(view, {{part.min.x + 4, part.min.y}, {part.max.x - 4, part.max.y}},
                 is_chosen ? view.small_medium(ink) : view.small(ink), labels[i], 0.5f);
    if (state.clicked) clicked = static_cast<int>(i);
  }
  ImGui::PopID();
  return clicked;
}

bool slider(const View& view, const char* id, Box area, double& value, double low, double high, bool enabled) {
  constexpr float kKnob = 7;
  ButtonState state = hot_area(view, id, area, enabled);
  float left = area.min.x + kKnob, right = area.max.x - kKnob, middle = std::floor((area.min.y + area.max.y) / 2) + 0.5f;
  bool changed = false;
  if (state.held) {
    double fraction = std::clamp((ImGui::GetIO().MousePos.x - left) / std::max(1.0f, right - left), 0.0f, 1.0f);
    double wanted = low + fraction * (high - low);
    changed = wanted != value && ImGui::IsMouseDown(ImGuiMouseButton_Left);
    if (changed) value = wanted;
  }
  if (enabled && ImGui::IsItemFocused()) {
    double step = (high - low) / 20;
    if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) value = std::max(low, value - step), changed = true;
    if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) value = std::min(high, value + step), changed = true;
  }
  float at = left + static_cast<float>((value - low) / (high - low)) * (right - left);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({left, middle}, {right, middle}, colour::kLine, 2);
  ImU32 ink = !enabled ? colour::kDisabled : state.hovered || state.held ? colour::kText : colour::kQuiet;
  list.AddLine({left, middle}, {at, middle}, ink, 2);
  list.AddCircleFilled({at, middle}, state.held ? kKnob : kKnob - 1, ink, 24);
  return changed;
}

bool check(const View& view, const char* id, Box area, std::string_view label, bool on, bool enabled) {
  ButtonState state = hot_area(view, id, area, enabled);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float y = std::floor((area.min.y + area.max.y) / 2) - 7;
  Box square = box(area.min.x, y, 14, 14);
  if (on) list.AddRectFilled(square.min, square.max, enabled ? colour::kAccent : colour::kDisabled, 3);
  else
    list.AddRect({square.min.x + 0.5f, square.min.y + 0.5f}, {square.max.x - 0.5f, square.max.y - 0.5f},
                 state.hovered ? colour::kText : colour::kDisabled, 3, 0, 1.2f);
  if (on) {
    ImVec2 tick[3] = {{square.min.x + 3.2f, y + 7.2f}, {square.min.x + 6, y + 10}, {square.min.x + 11, y + 4.2f}};
    list.AddPolyline(tick, 3, colour::kBackground, 0, 1.8f);
  }
  ImU32 ink = !enabled ? colour::kDisabled : state.hovered || on ? colour::kText : colour::kQuiet;
  draw_text_in(view, {{area.min.x + 22, area.min.y}, area.max}, view.small(ink), label);
  return state.clicked;
}

void draw_state_shape(ImDrawList& list, ImVec2 c, viewer::FindingState state) {
  ImU32 ink = finding_colour(state);
  switch (state) {
    case viewer::FindingState::kAbove:
      list.AddTriangleFilled({c.x, c.y - 5}, {c.x + 5.5f, c.y + 4.5f}, {c.x - 5.5f, c.y + 4.5f}, ink);
      break;
    case viewer::FindingState::kBorderline:
      list.AddQuad({c.x, c.y - 5}, {c.x + 5, c.y}, {c.x, c.y + 5}, {c.x - 5, c.y}, ink, 1.5f);
      break;
    case viewer::FindingState::kBelow: list.AddCircleFilled(c, 2, ink, 12); break;
  }
}

void draw_dash(ImDrawList& list, ImVec2 c, ImU32 ink) { list.AddLine({c.x - 5, c.y}, {c.x + 5, c.y}, ink, 2); }

void draw_score_bar(ImDrawList& list, Box area, double score, double threshold, viewer::FindingState state) {
  float middle = std::floor((area.min.y + area.max.y) / 2);
  float width = area.width();
  auto x_of = [&](double value) { return area.min.x + static_cast<float>(std::clamp(value, 0.0, 1.0)) * width; };
  list.AddRectFilled({area.min.x, middle - 3}, {area.max.x, middle + 3}, colour::kLine, 2);
  float end = std::max(area.min.x + 2, x_of(score));
  ImU32 ink = state == viewer::FindingState::kBelow ? colour::kBarBelow : finding_colour(state);
  list.AddRectFilled({area.min.x, middle - 3}, {end, middle + 3}, ink, 2);
  float tick = std::clamp(std::floor(x_of(threshold)), area.min.x, area.max.x - 2);
  list.AddRectFilled({tick - 1, middle - 8}, {tick + 3, middle + 8},
                     colour::kPanel);  // a gap, so that it reads on any fill
  list.AddRectFilled({tick, middle - 8}, {tick + 2, middle + 8}, colour::kText);
}

void draw_progress(ImDrawList& list, Box area, double fraction) {
  list.AddRectFilled(area.min, area.max, colour::kLine, 2);
  if (fraction <= 0) return;
  float end = area.min.x + area.width() * static_cast<float>(std::clamp(fraction, 0.0, 1.0));
  list.AddRectFilled(area.min, {std::max(end, area.min.x + 4), area.max.y}, colour::kAccent, 2);
}

void draw_caret(ImDrawList& list, ImVec2 c, bool open, ImU32 ink) {
  ImVec2 down[3] = {{c.x - 4, c.y - 2}, {c.x, c.y + 2}, {c.x + 4, c.y - 2}};
  ImVec2 right[3] = {{c.x - 2, c.y - 4}, {c.x + 2, c.y}, {c.x - 2, c.y + 4}};
  list.AddPolyline(open ? down : right, 3, ink, 0, 1.5f);
}

}  // namespace chestlight::ui
