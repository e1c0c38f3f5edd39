// How the opened finding is explained: each method with what it does and what it costs; and for methods that can look at
// several layers of the network, which one.
#include <algorithm>

#include "app/explanation_snapshot.h"
#include "app/explanations.h"
#include "ui/popup_frame.h"

namespace chestlight::ui {
namespace {

constexpr float kMark = 20;  // column of the mark of the one in use

/// One method, to be clicked as a whole; returns its height.
float method_choice(const View& view, const app::MethodInfo& method, bool used, float x, float y, float width, bool draw,
                    bool* clicked) {
  float room = width - kMark;
  auto lines = [&](const std::string& words) {
    return static_cast<float>(wrapped_lines(view.small(), words, room).size()) * 18;
  };
  const std::string cost = app::cost_in_words(method);
  float height = std::max(view.layout.row(), kGap + 20 + lines(method.explanation) + lines(cost) + kGap);
  if (!draw) return height;
  Box area = box(x - 8, y, width + 16, height);
  ButtonState state = hot_area(view, method.name.c_str(), area);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.hovered) list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
  if (used) list.AddCircleFilled({x + 6, y + kGap + 9}, 4, colour::kAccent, 16);
  list.AddCircle({x + 6, y + kGap + 9}, 6, used ? colour::kAccent : colour::kQuiet, 20, 1.2f);
  float at = y + kGap;
  draw_text(view, {x + kMark, at}, view.small_medium(), method.name, room);
  at += 20;
  at += draw_wrapped(view, {x + kMark, at}, room, view.small(), method.explanation);
  draw_wrapped(view, {x + kMark, at}, room, view.small(colour::kQuiet), cost);
  *clicked = state.clicked;
  return height;
}

/// Left of the findings, where there is room.
Box beside_findings(const View& view, float width, float height) {
  const app::ScreenRect& findings = view.layout.findings;
  return clamped_to_page(view, box(static_cast<float>(findings.x) - width - 8, static_cast<float>(findings.y) + 8, width, height));
}

}  // namespace

void draw_method_popup(const View& view, Actions& out) {
  const app::Finding* finding = app::pinned_finding(view.state);
  if (!finding) return;
  const std::string used = app::chosen_method(*app::selected_film(view.state), finding->id).method;
  constexpr float kWidth = 420;
  bool clicked = false;
  float inner = popup_inner(view, kWidth), height = 32 + 2 * kInset;
  for (const app::MethodInfo& method : view.state.methods)
    height += method_choice(view, method, false, 0, 0, inner, false, &clicked) + 4;
  popup(view, out, "method", app::Popup::kMethod, beside_findings(view, kWidth, height), [&](float x, float y, float room) {
    float at = y + popup_title(view, x, y, "How " + finding->name + " is explained");
    for (const app::MethodInfo& method : view.state.methods) {
      at += method_choice(view, method, method.id == used, x, at, room, true, &clicked) + 4;
      if (clicked) out.push_back(app::ChooseMethod{method.id, ""});
      clicked = false;
    }
    return at - y;
  });
}

void draw_layer_popup(const View& view, Actions& out) {
  const app::Finding* finding = app::pinned_finding(view.state);
  if (!finding) return;
  const app::MethodChoice used = app::chosen_method(*app::selected_film(view.state), finding->id);
  const app::MethodInfo* method = app::find_method(view.state, used.method);
  if (!method || method->layers.empty()) return;
  std::vector<std::pair<std::string, std::string>> items;
  for (const std::string& layer : method->layers)
    items.push_back({app::layer_in_words(layer), layer == used.layer ? "in use" : ""});
  constexpr float kWidth = 280;
  float height = 32 + static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  popup(view, out, "layer", app::Popup::kLayer, beside_findings(view, kWidth, height), [&](float x, float y, float room) {
    float title = popup_title(view, x, y, method->name + ": where to look");
    int clicked = -1;
    float rows = choices(view, x, y + title, room, items, &clicked);
    if (clicked >= 0) out.push_back(app::ChooseMethod{method->id, method->layers[static_cast<std::size_t>(clicked)]});
    return title + rows;
  });
}

}  // namespace chestlight::ui
