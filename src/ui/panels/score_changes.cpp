// The change of scores between two films side by side, in place of the findings: a row for each finding with both scores and
// their zones. A finding in another zone is framed, a change within the bands of stability is marked with ≈.
#include "viewer/state/score_changes.h"

#include <algorithm>
#include <cmath>

#include "ui/panels/findings_table.h"
#include "viewer/state/side_by_side.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kScoreCell = 64, kChangeCell = 62, kShapeRoom = 8, kChangesRow = 26;

struct ChangesTable {
  const View& view;
  Actions& out;
  Box area;
  std::string& hovered;

  float left() const { return area.min.x + kPadding; }
  float name_width() const { return area.width() - 2 * kPadding - 2 * kScoreCell - kChangeCell; }
  Box score_cell(int column, float y, float height) const {
    return box(left() + name_width() + kScoreCell * static_cast<float>(column), y, kScoreCell, height);
  }
  Box change_cell(float y, float height) const { return box(area.max.x - kPadding - kChangeCell, y, kChangeCell, height); }

  float head(float y) const {
    constexpr float kHeight = 22;
    const bool stacked = view.layout.stacked();
    const TextStyle quiet = view.small(colour::kQuiet);
    draw_text_in(view, box(left(), y, name_width(), kHeight), quiet, "Finding");
    draw_text_in(view, score_cell(0, y, kHeight), quiet, stacked ? "Above" : "Left", 1);
    draw_text_in(view, score_cell(1, y, kHeight), quiet, stacked ? "Below" : "Right", 1);
    draw_text_in(view, change_cell(y, kHeight), quiet, "Change", 1);
    return kHeight;
  }

  /// A score with the shape of its zone.
  void score(const viewer::Finding& finding, Box cell) const {
    draw_zone_shape(*ImGui::GetWindowDrawList(), {cell.min.x + kShapeRoom, (cell.min.y + cell.max.y) / 2}, finding.zone);
    const bool loud = finding.zone == viewer::Zone::kLikely || finding.zone == viewer::Zone::kUncertain;
    draw_figures(view, cell, view.small(loud ? zone_colour(finding.zone) : colour::kText),
                 viewer::score_in_figures(finding.calibrated));
  }

  float row(const viewer::ScoreChange& change, float y) const {
    const bool pinned = view.state.pinned == change.first->id, within = change.within_bands.value_or(false);
    const TextStyle style = pinned ? view.small_medium() : view.small();
    const float room = name_width() - kGap;
    const auto lines = wrapped_lines(style, change.first->name, room);
    const float least = view.layout.touch ? view.layout.row() : kChangesRow;
    const float height = std::max(least, static_cast<float>(lines.size()) * 18 + 8);
    const Box whole = box(area.min.x, y, area.width(), height);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ButtonState state = hot_area(view, change.first->id.c_str(), whole);
    if (state.clicked) out.push_back(viewer::PinFinding{change.first->id});
    if (state.hovered || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible)) {
      hovered = change.first->id;
      set_hint(view, change.first->name + ": " + change.text);
    }
    if (pinned || state.hovered) list.AddRectFilled(whole.min, whole.max, pinned ? colour::kRaised : rgb(0x1C2128, 0.7f));
    if (pinned) list.AddRectFilled(whole.min, {whole.min.x + 2, whole.max.y}, colour::kAccent);

    const float top = y + std::floor((height - static_cast<float>(lines.size()) * 18) / 2);
    draw_wrapped(view, {left(), top}, room, style, change.first->name);
    const Box first = score_cell(0, y, height), last = score_cell(1, y, height);
    score(*change.first, first);
    score(*change.last, last);
    if (change.zone_changed)
      list.AddRect({first.min.x - 2, y + 3}, {last.max.x + 4, y + height - 3}, colour::kBorderline, kRadius, 0, 1.5f);
    const bool moved = viewer::is_change(change.difference);
    const char* arrow = !moved ? "" : change.difference > 0 ? "↑ " : "↓ ";
    draw_figures(view, change_cell(y, height),
                 moved && !within ? view.small_medium(change.zone_changed ? colour::kBorderline : colour::kText)
                                  : view.small(colour::kQuiet),
                 (within ? "≈ " : arrow) + viewer::change_in_figures(change.difference));
    if (!pinned) return height;
    const float told =
        draw_wrapped(view, {left(), y + height}, area.width() - 2 * kPadding, view.small(colour::kQuiet), change.text);
    return height + told + kGap;
  }
};

}  // namespace

float draw_score_changes(const View& view, Actions& out, Box area, float y, std::string& hovered) {
  const float begun = y, x = area.min.x + kPadding, width = area.width() - 2 * kPadding;
  const viewer::ScoreChanges changes = viewer::score_changes(view.state);
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), "Change of scores");
  y += draw_wrapped(view, {x, y + 2}, width, view.small(colour::kQuiet), viewer::pair_in_words(view.state)) + kGap;
  if (!changes.note.empty()) return y + draw_wrapped(view, {x, y}, width, view.small(), changes.note) - begun;

  const bool by_change = view.state.settings.order == viewer::FindingsOrder::kZone;
  const char* order = by_change ? "Most changed first" : "Fixed order";
  const float button_height = view.layout.touch ? kTouchTarget : 28;
  if (button(view, "order", box(x - 10, y, button_width(view, order), button_height), order, ButtonLook::kQuiet))
    out.push_back(viewer::RunCommand{"order"});
  y += button_height;
  const ChangesTable table{view, out, area, hovered};
  y += table.head(y);
  bool has_bands = false;
  for (const viewer::ScoreChange& change : changes.rows) {
    y += table.row(change, y);
    has_bands = has_bands || change.within_bands;
  }
  y += kGap;
  if (has_bands)
    y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), "≈ Small changes of the pictures move the scores as far.");
  y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), viewer::kMindOfChanges);
  return y - begun;
}

}  // namespace chestlight::ui
