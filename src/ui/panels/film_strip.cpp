// The films of this sitting as a strip of tiles beside the film, or as a list with whole sentences on a phone. What could
// not be read says why. Only visible rows are drawn.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels/film_row.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kLine = 18;
constexpr float kKind = 28;  // least width for the kind of a file
constexpr float kListRow = 88, kListPicture = 64;

bool can_retry(const viewer::FilmEntry& film) { return film.stage == viewer::FilmStage::kUnreadable && film.can_retry; }

/// What a row does and shows wherever it lies: select, highlight, hint.
void row_behind(const View& view, Actions& out, const viewer::FilmEntry& film, Box area, Box whole) {
  bool selected = film.id == view.state.selected;
  std::string id = text("film-", film.id);
  ButtonState state = hot_area(view, id.c_str(), area);
  if (state.clicked) out.push_back(row_action(film.id));
  if (selected || state.hovered)
    ImGui::GetWindowDrawList()->AddRectFilled(whole.min, whole.max, selected ? colour::kRaised : rgb(0x1C2128, 0.7f), kRadius);
  if (state.hovered) set_hint(view, row_hint(view, film));
}

/// Height of a tile's last line, which holds its buttons.
float tile_foot(const View& view) { return view.layout.touch ? kTouchTarget : 24.0f; }

void film_tile(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  bool selected = film.id == view.state.selected;
  float foot = tile_foot(view), line = area.max.y - foot;
  row_behind(view, out, film, {area.min, {area.max.x, line}}, area);
  Box picture = {{area.min.x + 8, area.min.y + 8}, {area.max.x - 8, line - 2 * kLine - 4}};
  draw_film_picture(view, film, picture, true);
  draw_text_in(view, box(picture.min.x, line - 2 * kLine, picture.width(), kLine),
               view.small(selected ? colour::kText : colour::kQuiet), last_part(film.name));
  draw_film_state(view, film, box(picture.min.x, line - kLine, picture.width(), kLine));
  float x = area.max.x - foot;
  draw_remove_button(view, out, film, box(x, line, foot, foot));
  // Where there is no room for it and a short kind, the film's own place has the button.
  if (can_retry(film) && x - foot - area.min.x >= kKind) draw_retry_button(view, out, film, box(x -= foot, line, foot, foot));
  // A part of a kind misleads ("JPEG…" is another one than JPEG 2000): where the whole has no room, the picture's place says
  // what the file is.
  const float room = x - picture.min.x + 4;  // a button's sign stands in its middle
  if (text_width(view.small(), film.kind) <= room)
    draw_text_in(view, box(picture.min.x, line, room, kLine), view.small(colour::kQuiet), film.kind);
}

/// Keeps the selected film in sight when it changes.
void follow_selection(const View& view, float top, float row, float height) {
  ImGuiStorage* memory = ImGui::GetStateStorage();
  ImGuiID key = ImGui::GetID("last-selected");
  if (memory->GetInt(key) == view.state.selected) return;
  const std::vector<int> films = viewer::shown_order(view.state);
  auto at = std::find(films.begin(), films.end(), view.state.selected);
  if (at == films.end()) return;
  memory->SetInt(key, view.state.selected);
  float begins = top + static_cast<float>(at - films.begin()) * row, scroll = ImGui::GetScrollY();
  if (begins < scroll) ImGui::SetScrollY(begins - kGap);
  if (begins + row > scroll + height) ImGui::SetScrollY(begins + row - height + kGap);
}

/// One film of the list: name, kind and state, then the whole sentence where there is something to say.
void film_line(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  float buttons = kTouchTarget * (can_retry(film) ? 2 : 1);
  row_behind(view, out, film, {area.min, {area.max.x - buttons, area.max.y}}, area);
  float y = area.min.y + (kListRow - kListPicture) / 2;
  draw_film_picture(view, film, box(area.min.x + kGap, y, kListPicture, kListPicture), false);
  float x = area.min.x + kGap + kListPicture + kGap, width = area.max.x - buttons - x;
  float kind = film.kind.empty() ? 0 : text_width(view.small(), film.kind) + kGap;
  y = area.min.y + kGap;
  draw_text_in(view, box(x, y, width, kLine), view.small_medium(), last_part(film.name));
  if (kind > 0) draw_text_in(view, box(x, y + kLine, std::min(kind, width), kLine), view.small(colour::kQuiet), film.kind);
  draw_film_state(view, film, box(x + kind, y + kLine, std::max(1.0f, width - kind), kLine));
  if (!viewer::reason_in_short(film).empty())
    draw_wrapped(view, {x, y + 2 * kLine}, width, view.small(colour::kQuiet), viewer::headline(film), 2);
  float top = area.min.y + (kListRow - kTouchTarget) / 2;
  draw_remove_button(view, out, film, box(area.max.x - kTouchTarget, top, kTouchTarget, kTouchTarget));
  if (can_retry(film)) draw_retry_button(view, out, film, box(area.max.x - 2 * kTouchTarget, top, kTouchTarget, kTouchTarget));
}

}  // namespace

void draw_film_strip(const View& view, Actions& out) {
  const viewer::ScreenRect& rect = view.layout.films;
  if (rect.width <= 0) return;
  Box area = box(rect);
  float row = view.layout.touch ? kTouchTarget : kRow;
  Box list_area = {area.min, {area.max.x, area.max.y - 2 * row - 3 * kGap}};
  {
    Panel panel(view, "films", list_area, colour::kPanel, true);
    float gutter = 4, width = list_area.width() - 2 * gutter;
    float tile = std::floor(std::min(width, 160.0f)) + 2 * kLine + tile_foot(view);
    float y = panel.top() + gutter;
    for (const viewer::FilmEntry& film : view.state.films) {
      Box place = box(list_area.min.x + gutter, y, width, tile);
      bool seen = place.max.y > list_area.min.y && place.min.y < list_area.max.y;
      if (seen) film_tile(view, out, film, place);
      y += tile + 4;
    }
    panel.content_to(y);
    follow_selection(view, gutter, tile + 4, list_area.height());
  }
  Panel footer(view, "films-footer", {{area.min.x, list_area.max.y}, area.max}, colour::kPanel);
  ImGui::GetWindowDrawList()->AddLine({area.min.x, list_area.max.y + 0.5f}, {area.max.x, list_area.max.y + 0.5f}, colour::kLine);
  float x = area.min.x + kGap, y = list_area.max.y + kGap, width = area.width() - 2 * kGap;
  if (button(view, "add-films", box(x, y, width, row), "Add films", ButtonLook::kOutlined))
    out.push_back(viewer::RunCommand{"open"});
  command_button(view, out, "clear-films", box(x, y + row + kGap, width, row));
}

void draw_film_list(const View& view, Actions& out) {
  Box area = box(view.layout.findings);
  Panel panel(view, "film-list", area, colour::kPanel, true);
  float y = panel.top() + kGap, x = area.min.x + kPadding, width = area.width() - 2 * kPadding;
  float half = std::floor((width - kGap) / 2);
  if (button(view, "add-films", box(x, y, half, kTouchTarget), "Add films", ButtonLook::kOutlined))
    out.push_back(viewer::RunCommand{"open"});
  command_button(view, out, "clear-films", box(x + half + kGap, y, half, kTouchTarget), ButtonLook::kOutlined);
  y += kTouchTarget + kGap;
  if (viewer::worklist_shown(view.state)) y += draw_worklist_bar(view, out, x, y, width);
  float head = y - panel.top();
  const bool worklist = viewer::worklist_shown(view.state);
  const std::size_t count = worklist ? view.state.worklist.rows.size() : view.state.films.size();
  for (std::size_t i = 0; i < count; ++i) {
    const viewer::FilmEntry& film = view.state.films[worklist ? view.state.worklist.rows[i].at : i];
    Box place = box(area.min.x + 4, y, area.width() - 8, kListRow);
    if (place.max.y > area.min.y && place.min.y < area.max.y) film_line(view, out, film, place);
    y += kListRow + 4;
  }
  panel.content_to(y);
  follow_selection(view, head, kListRow + 4, area.height());
}

}  // namespace chestlight::ui
