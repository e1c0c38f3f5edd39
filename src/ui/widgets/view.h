// What a panel is given: the state, where things lie, the fonts, and the painter of films. Panels change
// nothing; what the reader does with them comes out as Actions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ui/film/film_painter.h"
#include "ui/widgets/layout.h"
#include "ui/widgets/theme.h"
#include "viewer/actions/action.h"
#include "viewer/actions/commands.h"
#include "viewer/input/keys.h"
#include "viewer/state/state.h"

namespace chestlight::ui {

using Actions = std::vector<viewer::Action>;

/// What was drawn where, for tests: texts must fit, widgets must lie in their panel, nothing may overlap.
struct LayoutLog {
  struct Entry {
    std::string panel;
    bool widget = false;  // else a text
    std::string label;
    ImVec2 min, max;  // ScreenPx
    bool shortened = false;
  };
  struct Region {
    ImVec2 min, max;
    bool scrolls = false;
  };
  std::string panel;
  std::vector<Entry> entries;
  std::map<std::string, Region> panels;
};

struct View {
  const viewer::State& state;
  const Layout& layout;
  const Fonts& fonts;
  FilmPainter& painter;
  LayoutLog* log = nullptr;     // null outside tests
  std::string* hint = nullptr;  // help on what is under the pointer, shown in the status bar

  TextStyle small(ImU32 colour = colour::kText) const { return {fonts.regular, kSmallText, colour}; }
  TextStyle small_medium(ImU32 colour = colour::kText) const { return {fonts.medium, kSmallText, colour}; }
  TextStyle body(ImU32 colour = colour::kText) const { return {fonts.regular, kBodyText, colour}; }
  TextStyle body_medium(ImU32 colour = colour::kText) const { return {fonts.medium, kBodyText, colour}; }
  TextStyle title(ImU32 colour = colour::kText) const { return {fonts.medium, kTitleText, colour}; }
};

/// Draws the whole page for one frame, between ImGui::NewFrame() and ImGui::Render().
void draw_page(const View& view, Actions& out);

}  // namespace chestlight::ui
