// What every window over the page is made of: its frame, its place, its title and its list of choices. Esc or a click
// beside closes.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ui/panels.h"

namespace chestlight::ui {

constexpr float kInset = 16;

/// A window above the page. The content callback draws from (x, y) in `width` and returns its height.
template <class Content>
void popup(const View& view, Actions& out, const char* name, viewer::Popup which, Box place, Content content) {
  ImGui::SetNextWindowPos(place.min);
  ImGui::SetNextWindowSize({place.width(), place.height()});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour::kRaised);
  ImGui::PushStyleColor(ImGuiCol_Border, colour::kLine);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1.0f);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  std::string outer;
  if (view.log) {
    outer = view.log->panel;
    view.log->panel = name;
    view.log->panels[name] = {place.min, place.max, true};
  }
  float top = place.min.y - ImGui::GetScrollY();
  float height = content(place.min.x + kInset, top + kInset, place.width() - 2 * kInset);
  ImGui::SetCursorScreenPos({place.min.x, top + 2 * kInset + height});
  ImGui::Dummy({1, 0});
  if (view.log) view.log->panel = outer;
  bool beside = ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                !ImGui::IsMouseHoveringRect(place.min, place.max, false);
  if (beside) out.push_back(viewer::ClosePopup{which});
  ImGui::End();
}

/// Moved and made smaller so that it lies on the page.
Box clamped_to_page(const View& view, Box wanted);
Box centred(const View& view, float width, float height);
/// Width inside a popup that is `width` wide where the page has room.
float popup_inner(const View& view, float width);
float popup_title(const View& view, float x, float y, std::string_view words);
/// One of several, to be clicked as a whole: its name, what it does and a quiet remark, with a mark at the one in use.
struct ExplainedChoice {
  std::string name;
  std::string explanation;
  std::string remark;
  bool used = false;
  bool available = true;  // else it is faint, cannot be clicked, and the remark says why
};
float explained_choice_height(const View& view, const ExplainedChoice& choice, float width);
/// Whether it was clicked.
bool draw_explained_choice(const View& view, const ExplainedChoice& choice, float x, float y, float width);
/// A popup of them, as high as they need, beside the findings; returns the index of the one clicked, or -1.
int explained_choices_popup(const View& view, Actions& out, const char* name, viewer::Popup which, std::string_view title,
                            const std::vector<ExplainedChoice>& choices);

/// Rows of a label and its words, words wrapped in what of `width` the column of labels leaves; no row without words.
using Facts = std::vector<std::pair<std::string, std::string>>;
float facts_height(const View& view, float width, float label_width, const Facts& rows);
/// Draws them from (x, y); returns their height.
float draw_facts(const View& view, float x, float y, float width, float label_width, const Facts& rows);

/// Left of the findings, where there is room.
Box beside_findings(const View& view, float width, float height);

/// Rows of {left, right} to click; returns their height. `clicked` becomes the index of one.
float choices(const View& view, float x, float y, float width, const std::vector<std::pair<std::string, std::string>>& items,
              int* clicked);

}  // namespace chestlight::ui
