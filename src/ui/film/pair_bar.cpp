// The bar above two films side by side: the name of each over its pane, or a line for each where that is narrow; how far apart
// they are; whether they are linked, what stands in the findings' place, and the way back to one film.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/state/side_by_side.h"
#include "viewer/text/film_description.h"

namespace chestlight::ui {
namespace {

constexpr float kLineOfPair = 20, kLeastFilmName = 96;

/// "Left: a.png", and to its right what is said besides, where there is room for it.
void film_name(const View& view, Box line, const std::string& place, const viewer::FilmEntry& film, const std::string& besides) {
  const bool selected = film.id == view.state.selected;
  const TextStyle style = selected ? view.small_medium() : view.small(colour::kQuiet);
  const std::string words = text(place, ": ", viewer::short_name(film));
  const float extra = besides.empty() ? 0 : text_width(view.small(), besides) + kGap;
  const bool fits = extra > 0 && line.width() - extra >= std::min(kLeastFilmName, text_width(style, words));
  const float room = line.width() - (fits ? extra : 0);
  draw_text_in(view, {line.min, {line.min.x + room, line.max.y}}, style, words);
  if (!fits) return;
  const float x = line.min.x + std::min(room, text_width(style, words)) + kGap;
  draw_text_in(view, {{x, line.min.y}, line.max}, view.small(colour::kQuiet), besides);
}

}  // namespace

void draw_pair_bar(const View& view, Actions& out) {
  const Layout& l = view.layout;
  const viewer::FilmPair pair = viewer::film_pair(view.state);
  if (l.pair.height <= 0 || !pair.first) return;
  Panel panel(view, "pair", box(l.pair), colour::kPanel);
  const Box area = panel.area();
  const float row = l.touch ? kTouchTarget : 28, y = area.min.y + std::floor((area.height() - row) / 2);

  float right = area.max.x - 4;
  const auto place = [&](std::string_view label) {
    const float width = button_width(view, label);
    right -= width + 4;
    return box(right + 4, y, width, row);
  };
  if (button(view, "end-comparison", place("Close"), "Close", ButtonLook::kQuiet))
    out.push_back(viewer::CompareFilm{view.state.second.id});
  const auto toggle = [&](const char* command, bool on) {
    command_button(view, out, command, place(viewer::find_command(command)->label),
                   on ? ButtonLook::kSelected : ButtonLook::kQuiet);
  };
  toggle("compare-link", view.state.second.linked);
  toggle("score-changes", view.state.second.scores);

  const bool stacked = l.stacked();
  const std::string interval = viewer::interval_in_words(*pair.first, *pair.last);
  const std::string apart = interval.empty() ? "no dates" : interval;
  const float left = area.min.x + kPadding, width = right - kGap - left;
  Box first = box(left, area.min.y + 2, width, kLineOfPair), last = box(left, area.min.y + 2 + kLineOfPair, width, kLineOfPair);
  if (area.height() < 2 * kLineOfPair) {  // each name over its pane
    const float middle = area.min.x + static_cast<float>(std::min(l.film.width, l.second.width));
    first = {{left, area.min.y}, {middle - kGap, area.max.y}};
    last = {{middle + kPadding, area.min.y}, {right - kGap, area.max.y}};
  }
  film_name(view, first, stacked ? "Above" : "Left", *pair.first, "");
  film_name(view, last, stacked ? "Below" : "Right", *pair.last, apart);
}

}  // namespace chestlight::ui
