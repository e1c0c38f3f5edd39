// See popup_frame.h.
#include "ui/widgets/popup_frame.h"

namespace chestlight::ui {
namespace {

constexpr float kMark = 20;  // column of the mark of the one in use
constexpr float kExplainedWidth = 420;
constexpr float kBetweenFacts = 6;

float lines_height(const View& view, const std::string& words, float room) {
  return words.empty() ? 0 : static_cast<float>(wrapped_lines(view.small(), words, room).size()) * 18;
}

}  // namespace

Box clamped_to_page(const View& view, Box wanted) {
  float width = static_cast<float>(view.layout.page.width), height = static_cast<float>(view.layout.page.height);
  float w = std::min(wanted.width(), width - 16), h = std::min(wanted.height(), height - 16);
  float x = std::clamp(wanted.min.x, 8.0f, std::max(8.0f, width - 8 - w)),
        y = std::clamp(wanted.min.y, 8.0f, std::max(8.0f, height - 8 - h));
  return box(x, y, w, h);
}

Box centred(const View& view, float width, float height) {
  return clamped_to_page(view, box((static_cast<float>(view.layout.page.width) - width) / 2,
                                   (static_cast<float>(view.layout.page.height) - height) / 2, width, height));
}

float popup_title(const View& view, float x, float y, std::string_view words) {
  draw_text(view, {x, y}, view.body_medium(), words);
  return 20 + kPadding;
}

float choices(const View& view, float x, float y, float width, const std::vector<std::pair<std::string, std::string>>& items,
              int* clicked) {
  float row = view.layout.touch ? kTouchTarget : kRow, begun = y;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    Box area = box(x - 8, y, width + 16, row);
    ButtonState state = hot_area(view, items[i].first.c_str(), area);
    if (state.hovered) ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour::kHover, kRadius);
    float right = items[i].second.empty() ? 0 : text_width(view.small(), items[i].second);
    draw_text_in(view, box(x, y, width - right - kGap, row), view.small(), items[i].first);
    if (right > 0) draw_text_in(view, box(x + width - right, y, right + 1, row), view.small(colour::kQuiet), items[i].second);
    if (state.clicked) *clicked = static_cast<int>(i);
    ImGui::PopID();
    y += row;
  }
  return y - begun;
}

Box beside_findings(const View& view, float width, float height) {
  const viewer::ScreenRect& findings = view.layout.findings;
  return clamped_to_page(view,
                         box(static_cast<float>(findings.x) - width - 8, static_cast<float>(findings.y) + 8, width, height));
}

float explained_choice_height(const View& view, const ExplainedChoice& choice, float width) {
  const float room = width - kMark;
  return std::max(view.layout.row(),
                  kGap + 20 + lines_height(view, choice.explanation, room) + lines_height(view, choice.remark, room) + kGap);
}

bool draw_explained_choice(const View& view, const ExplainedChoice& choice, float x, float y, float width) {
  const float room = width - kMark;
  Box area = box(x - 8, y, width + 16, explained_choice_height(view, choice, width));
  const ButtonState state = choice.available ? hot_area(view, choice.name.c_str(), area) : ButtonState{};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.hovered) list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
  if (choice.used) list.AddCircleFilled({x + 6, y + kGap + 9}, 4, colour::kAccent, 16);
  list.AddCircle({x + 6, y + kGap + 9}, 6, choice.used ? colour::kAccent : colour::kQuiet, 20, 1.2f);
  float at = y + kGap;
  draw_text(view, {x + kMark, at}, view.small_medium(choice.available ? colour::kText : colour::kQuiet), choice.name, room);
  at += 20;
  const TextStyle explained = choice.available ? view.small() : view.small(colour::kQuiet);
  if (!choice.explanation.empty()) at += draw_wrapped(view, {x + kMark, at}, room, explained, choice.explanation);
  if (!choice.remark.empty()) draw_wrapped(view, {x + kMark, at}, room, view.small(colour::kQuiet), choice.remark);
  return state.clicked;
}

int explained_choices_popup(const View& view, Actions& out, const char* name, viewer::Popup which, std::string_view title,
                            const std::vector<ExplainedChoice>& choices) {
  float inner = popup_inner(view, kExplainedWidth), height = 32 + 2 * kInset;
  for (const ExplainedChoice& choice : choices) height += explained_choice_height(view, choice, inner) + 4;
  int clicked = -1;
  popup(view, out, name, which, beside_findings(view, kExplainedWidth, height), [&](float x, float y, float room) {
    float at = y + popup_title(view, x, y, title);
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (draw_explained_choice(view, choices[i], x, at, room)) clicked = static_cast<int>(i);
      at += explained_choice_height(view, choices[i], room) + 4;
    }
    return at - y;
  });
  return clicked;
}

float popup_inner(const View& view, float width) {
  return std::min(width, static_cast<float>(view.layout.page.width) - 16) - 2 * kInset;
}

float facts_height(const View& view, float width, float label_width, const Facts& rows) {
  float height = 0;
  for (const auto& [label, words] : rows)
    if (!words.empty()) height += lines_height(view, words, width - label_width) + kBetweenFacts;
  return height;
}

float draw_facts(const View& view, float x, float y, float width, float label_width, const Facts& rows) {
  const float begun = y;
  for (const auto& [label, words] : rows) {
    if (words.empty()) continue;
    draw_text(view, {x, y}, view.small(colour::kQuiet), label, label_width - kGap);
    y += draw_wrapped(view, {x + label_width, y}, width - label_width, view.small(), words) + kBetweenFacts;
  }
  return y - begun;
}

}  // namespace chestlight::ui
