// The page: one window that fills the canvas, the panels in it, and what lies over them.
#include "base/text.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

/// A thin line that can be dragged to resize the panel beside it.
void splitter(const View& view, Actions& out, const char* id, float x, const viewer::ScreenRect& beside, bool films) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float top = static_cast<float>(beside.y), bottom = static_cast<float>(beside.y + beside.height);
  if (view.layout.form == PageForm::kWide && !view.layout.touch) {
    Panel grip(view, id, {{x - 3, top}, {x + 3, bottom}}, colour::kNone);
    ImGui::SetCursorScreenPos({x - 3, top});
    ImGui::InvisibleButton(id, {6, bottom - top});
    bool active = ImGui::IsItemActive();
    if (active || ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (active && ImGui::GetIO().MouseDelta.x != 0) {
      double mouse = ImGui::GetIO().MousePos.x;
      out.push_back(viewer::SetPanelWidth{films, films ? mouse - beside.x : beside.x + beside.width - mouse});
    }
    ImGui::GetWindowDrawList()->AddLine({x, top}, {x, bottom}, active ? colour::kAccent : colour::kLine);
    return;
  }
  list.AddLine({x, top}, {x, bottom}, colour::kLine);
}

}  // namespace

void draw_page(const View& given, Actions& out) {
  std::string hint;
  View view{given.state, given.layout, given.fonts, given.painter, given.log, &hint};
  const Layout& layout = view.layout;
  ImGui::PushFont(const_cast<ImFont*>(view.fonts.regular), kSmallText);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({static_cast<float>(layout.page.width), static_cast<float>(layout.page.height)});
  ImGui::Begin("page", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground);

  draw_top_bar(view, out);
  if (layout.empty) {
    draw_empty_state(view, out);
  } else {
    if (layout.worklist) draw_worklist(view, out);
    else draw_film_strip(view, out);
    draw_film_tools(view, out);
    draw_pair_bar(view, out);
    draw_film(view, out);
    draw_kept(view, out);
    if (layout.phone()) {
      draw_phone_tabs(view, out);
    } else {
      draw_findings(view, out);
      auto edge = [](double value) { return static_cast<float>(value); };
      if (layout.films.width > 0) splitter(view, out, "films-edge", edge(layout.films.width), layout.films, true);
      if (layout.findings.width > 0) splitter(view, out, "findings-edge", edge(layout.findings.x), layout.findings, false);
    }
  }
  draw_undo_offer(view, out);
  draw_status_bar(view, out);
  ImGui::End();

  draw_popups(view, out);
  draw_drop_highlight(view);
  ImGui::PopFont();
}

void draw_drop_highlight(const View& view) {
  if (!view.state.dragging_files) return;
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  Box page = box(view.layout.page);
  list.AddRectFilled(page.min, page.max, rgb(0x0B0D10, 0.72f));
  list.AddRectFilled(page.min, page.max, rgb(0x4CC2FF, 0.08f));
  list.AddRect({page.min.x + 3, page.min.y + 3}, {page.max.x - 3, page.max.y - 3}, colour::kAccent, kRadius, 0, 2);
  TextStyle style = view.title();
  std::string_view words = "Drop to open";
  float width = text_width(style, words);
  ImFont* font = const_cast<ImFont*>(style.font);
  list.AddText(font, style.size, {(page.min.x + page.max.x - width) / 2, (page.min.y + page.max.y - style.size) / 2},
               style.colour, words.data(), words.data() + words.size());
}

}  // namespace chestlight::ui
