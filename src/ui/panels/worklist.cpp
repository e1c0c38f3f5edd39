// The worklist as a table. Only the rows in sight are drawn, and drawing makes no text: the rows are made when something changed
// (viewer/worklist/worklist.h).
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels/film_row.h"
#include "ui/panels/findings_table.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::ui {
namespace {

using viewer::WorklistColumn;
using viewer::WorklistRow;

constexpr float kPictureColumn = 44, kHead = 26, kPointedRow = 40, kTouchedRow = 52;
constexpr float kLeastName = 120, kStudyWidth = 96, kViewWidth = 62, kStateWidth = 100, kFindingWidth = 176, kVerdictWidth = 96,
                kScoreColumn = 84;
constexpr float kInCell = 6;

struct TableColumn {
  WorklistColumn which;
  const char* name;
  float width;
  std::string finding = "";  // of kScore
};

/// A column that would say nothing of any film is left out.
std::vector<TableColumn> columns(const View& view, float width) {
  const viewer::Worklist& worklist = view.state.worklist;
  std::vector<TableColumn> all = {{WorklistColumn::kArrival, "", kPictureColumn}, {WorklistColumn::kName, "Name", kLeastName}};
  if (worklist.has_studies) all.push_back({WorklistColumn::kStudy, "Study", kStudyWidth});
  if (worklist.has_views) all.push_back({WorklistColumn::kView, "View", kViewWidth});
  if (worklist.has_states) all.push_back({WorklistColumn::kState, "State", kStateWidth});
  all.push_back({WorklistColumn::kFinding, "Highest finding", kFindingWidth});
  if (worklist.has_verdicts) all.push_back({WorklistColumn::kVerdict, "Verdict", kVerdictWidth});
  for (const std::string& id : worklist.columns) {
    const viewer::LabelInfo* label = viewer::find_label(view.state, id);
    all.push_back({WorklistColumn::kScore, label ? label->name.c_str() : id.c_str(), kScoreColumn, id});
  }
  float used = 0;
  for (const TableColumn& column : all) used += column.width;
  all[1].width += std::max(0.0f, width - used);
  return all;
}

struct WorklistTable {
  const View& view;
  Actions& out;
  Box area;  // in sight
  std::vector<TableColumn> columns;

  float row_height() const { return view.layout.touch ? kTouchedRow : kPointedRow; }
  float head_height() const { return view.layout.touch ? kTouchTarget : kHead; }

  /// Clipped to what is in sight, for tests.
  void log(const std::string& label, Box place, Box seen) const {
    const ImVec2 min{std::clamp(place.min.x, seen.min.x, seen.max.x), std::clamp(place.min.y, seen.min.y, seen.max.y)};
    const ImVec2 max{std::clamp(place.max.x, seen.min.x, seen.max.x), std::clamp(place.max.y, seen.min.y, seen.max.y)};
    if (max.x > min.x && max.y > min.y) log_entry(view, true, label, min, max);
  }

  Box cell(float height) const {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    return box(at.x, at.y, ImGui::GetContentRegionAvail().x, height);
  }

  void head(const TableColumn& column, Box place) const {
    const viewer::WorklistSort& sort = view.state.worklist.sort;
    const bool sorted = sort.column == column.which && sort.finding == column.finding;
    const std::string id = text("sort-", column.name);
    ImGui::SetCursorScreenPos(place.min);
    const bool clicked =
        ImGui::InvisibleButton(id.c_str(), {std::max(1.0f, place.width()), place.height()}, ImGuiButtonFlags_EnableNav);
    const bool hovered = ImGui::IsItemHovered();
    log(id, place, area);
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const ImU32 ink = sorted || hovered ? colour::kText : colour::kQuiet;
    const float arrow = sorted ? 14 : 0;
    const Box words = {{place.min.x + kInCell, place.min.y}, {place.max.x - kInCell - arrow, place.max.y}};
    draw_cell(words, view.small(ink), column.name);
    if (sorted) {
      const float x = std::min(words.min.x + text_width(view.small(), column.name) + 9, place.max.x - 8);
      const float y = (place.min.y + place.max.y) / 2, tip = sort.descending ? 3.0f : -3.0f;
      ImGui::GetWindowDrawList()->AddTriangleFilled({x - 3.5f, y - tip}, {x + 3.5f, y - tip}, {x, y + tip}, ink);
    }
    if (clicked) out.push_back(viewer::SortWorklist{column.which, column.finding});
  }

  /// Text of a cell: shortened to it, and told in full when the pointer is on it.
  void draw_cell(Box place, const TextStyle& style, std::string_view words) const {
    if (words.empty() || place.width() < 8) return;
    View quiet = view;
    quiet.log = nullptr;  // a cell may lie out of sight to the right
    draw_text_in(quiet, place, style, words);
  }

  void row(const WorklistRow& row) const {
    const viewer::FilmEntry& film = view.state.films[row.at];
    const float height = row_height();
    const bool selected = film.id == view.state.selected, read = film.reading.read;
    ImGui::TableNextRow(ImGuiTableRowFlags_None, height);
    ImGui::TableNextColumn();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    ImGui::PushID(row.film);
    const bool clicked = ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns, {0, height});
    const bool hovered = ImGui::IsItemHovered();
    const Box whole = {{area.min.x, corner.y}, {area.max.x, corner.y + height}};
    ImGui::PopID();
    log(text("film-", row.film), whole, {{area.min.x, area.min.y + head_height()}, area.max});
    if (clicked) out.push_back(row_action(row.film));
    if (hovered) {
      ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
      set_hint(view, row_hint(view, film));
    }
    if (selected || hovered) ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0, selected ? colour::kRaised : rgb(0x1C2128, 0.7f));
    View quiet = view;
    quiet.log = nullptr;
    const float side = height - 6;
    draw_film_picture(quiet, film, box(corner.x + 4, corner.y + 3, std::min(side, kPictureColumn - 8), side), false);
    if (selected)
      ImGui::GetWindowDrawList()->AddRectFilled({area.min.x, corner.y}, {area.min.x + 2, corner.y + height}, colour::kAccent);
    const ImU32 plain = read && !selected ? colour::kQuiet : colour::kText;
    for (std::size_t i = 1; i < columns.size(); ++i) {
      if (!ImGui::TableNextColumn()) continue;
      const Box all = cell(height);
      draw(columns[i], i, row, film, {{all.min.x + kInCell, all.min.y}, {all.max.x - kInCell, all.max.y}}, plain);
    }
  }

  void draw(const TableColumn& column, std::size_t index, const WorklistRow& row, const viewer::FilmEntry& film, Box place,
            ImU32 plain) const {
    switch (column.which) {
      case WorklistColumn::kArrival: break;
      case WorklistColumn::kName: {
        const TextStyle style = film.reading.read ? view.small(plain) : view.small_medium(plain);
        if (film.copies.empty()) return draw_cell(place, style, row.name);
        const float middle = (place.min.y + place.max.y) / 2;
        draw_cell({place.min, {place.max.x, middle + 2}}, style, row.name);
        draw_cell({{place.min.x, middle - 2}, place.max}, view.small(colour::kQuiet), text(film.copies.size() + 1, " copies"));
        break;
      }
      case WorklistColumn::kStudy: draw_cell(place, view.small(colour::kQuiet), row.study); break;
      case WorklistColumn::kView: draw_cell(place, view.small(colour::kQuiet), row.view); break;
      case WorklistColumn::kState: draw_cell(place, view.small(colour::kQuiet), row.state); break;
      case WorklistColumn::kFinding:
        if (!row.finding.empty()) draw_scored(place, row.zone, row.finding, row.score);
        break;
      case WorklistColumn::kVerdict: draw_cell(place, view.small(plain), row.verdict); break;
      case WorklistColumn::kScore: {
        const std::size_t at = index + row.scores.size() - columns.size();
        if (!row.scores[at].text.empty()) draw_scored(place, row.scores[at].zone, row.scores[at].text, "");
        break;
      }
    }
  }

  /// The zone's shape, then a name and a score, or a score alone.
  void draw_scored(Box place, viewer::Zone zone, const std::string& words, const std::string& score) const {
    draw_zone_shape(*ImGui::GetWindowDrawList(), {place.min.x + 6, (place.min.y + place.max.y) / 2}, zone);
    const bool loud = zone == viewer::Zone::kLikely || zone == viewer::Zone::kUncertain;
    const ImU32 ink = loud ? zone_colour(zone) : colour::kQuiet;
    const float figures = score.empty() ? 0 : text_width(view.small(), score) + kInCell;
    draw_cell({{place.min.x + 18, place.min.y}, {place.max.x - figures, place.max.y}}, view.small(ink), words);
    if (figures > 0) draw_cell({{place.max.x - figures + kInCell, place.min.y}, place.max}, view.small(colour::kText), score);
  }

  void draw_all() const {
    const std::vector<WorklistRow>& rows = view.state.worklist.rows;
    float inner = 0;
    for (const TableColumn& column : columns) inner += column.width;
    ImGui::SetCursorScreenPos(area.min);
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {0, 0});
    const bool open =
        ImGui::BeginTable("worklist-table", static_cast<int>(columns.size()),
                          ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_NoPadInnerX |
                              ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY,
                          {area.width(), area.height()}, inner);
    if (!open) return ImGui::PopStyleVar();
    ImGui::TableSetupScrollFreeze(2, 1);
    for (const TableColumn& column : columns)
      ImGui::TableSetupColumn(text(column.name, "##", column.finding).c_str(), ImGuiTableColumnFlags_WidthFixed, column.width);
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers, head_height());
    ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0, colour::kPanel);
    for (const TableColumn& column : columns)
      if (ImGui::TableNextColumn() && column.which != WorklistColumn::kArrival) head(column, cell(head_height()));
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows.size()), row_height());
    const int sought = row_to_show(rows);
    if (sought >= 0) clipper.IncludeItemByIndex(sought);
    while (clipper.Step())
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) row(rows[static_cast<std::size_t>(i)]);
    if (sought >= 0) show_row(sought);
    ImGui::EndTable();
    ImGui::PopStyleVar();
  }

  /// The selected film's row, where it is another than before; -1 where there is nothing to follow.
  int row_to_show(const std::vector<WorklistRow>& rows) const {
    ImGuiStorage* memory = ImGui::GetStateStorage();
    const ImGuiID key = ImGui::GetID("last-selected");
    if (memory->GetInt(key) == view.state.selected) return -1;
    auto at = std::find_if(rows.begin(), rows.end(), [&](const WorklistRow& one) { return one.film == view.state.selected; });
    if (at == rows.end()) return -1;
    memory->SetInt(key, view.state.selected);
    return static_cast<int>(at - rows.begin());
  }

  /// Scrolls as little as brings it into sight.
  void show_row(int index) const {
    const float top = static_cast<float>(index) * row_height(), scroll = ImGui::GetScrollY();
    const float room = area.height() - head_height() - ImGui::GetStyle().ScrollbarSize;
    if (top < scroll) ImGui::SetScrollY(top);
    if (top + row_height() > scroll + room) ImGui::SetScrollY(top + row_height() - room);
  }
};

}  // namespace

void draw_worklist(const View& view, Actions& out) {
  const Box area = box(view.layout.films);
  const float row = view.layout.touch ? kTouchTarget : kRow, foot = row + 2 * kGap;
  float bar = 0;
  {
    // As high as its filters need: measured where it is drawn, used from the next frame on.
    ImGuiStorage* memory = ImGui::GetStateStorage();
    const ImGuiID key = ImGui::GetID("worklist-bar-height");
    bar = memory->GetFloat(key, 110);
    Panel panel(view, "worklist-bar", {area.min, {area.max.x, area.min.y + bar}}, colour::kPanel);
    const float x = area.min.x + kPadding, y = area.min.y + kGap;
    memory->SetFloat(key, kGap + draw_worklist_bar(view, out, x, y, area.width() - 2 * kPadding));
  }
  const Box list = {{area.min.x, area.min.y + bar}, {area.max.x, area.max.y - foot}};
  {
    Panel panel(view, "worklist", list, colour::kPanel, true);
    if (view.state.worklist.rows.empty()) {
      draw_wrapped(view, {list.min.x + kPadding, list.min.y + kPadding}, list.width() - 2 * kPadding, view.small(colour::kQuiet),
                   "No film of this list fits. Esc shows all of them again.");
    } else {
      WorklistTable{view, out, list, columns(view, list.width() - ImGui::GetStyle().ScrollbarSize)}.draw_all();
    }
  }
  Panel footer(view, "worklist-footer", {{area.min.x, list.max.y}, area.max}, colour::kPanel);
  ImGui::GetWindowDrawList()->AddLine({area.min.x, list.max.y + 0.5f}, {area.max.x, list.max.y + 0.5f}, colour::kLine);
  const float y = list.max.y + kGap, third = std::floor((area.width() - 2 * kPadding - 2 * kGap) / 3);
  float x = area.min.x + kPadding;
  if (button(view, "add-films", box(x, y, third, row), "Add films", ButtonLook::kOutlined))
    out.push_back(viewer::RunCommand{"open"});
  x += third + kGap;
  command_button(view, out, "read-next", box(x, y, third, row), ButtonLook::kOutlined);
  command_button(view, out, "clear-films", box(x + third + kGap, y, third, row));
}

}  // namespace chestlight::ui
