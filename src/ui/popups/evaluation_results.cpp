// See evaluation_parts.h: the figures of each finding, and what an opened row shows.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/popups/evaluation_parts.h"
#include "ui/widgets/plot.h"

namespace chestlight::ui {
namespace {

constexpr float kCaret = 20, kWidePlot = 300, kNarrowPlot = 220, kPlotHeight = 228;
constexpr std::size_t kMostFilmsListed = 12;

struct ResultColumn {
  viewer::EvaluationColumn column;
  const char* head;
  float width;  // of the narrowest table that has it
  float from;   // ScreenPx of room that it needs to be there
};
constexpr ResultColumn kColumns[] = {{viewer::EvaluationColumn::kFinding, "Finding", 0, 0},
                                     {viewer::EvaluationColumn::kFilms, "With / without", 112, 560},
                                     {viewer::EvaluationColumn::kAuroc, "AUROC", 160, 0},
                                     {viewer::EvaluationColumn::kPrecision, "Avg. precision", 112, 1060},
                                     {viewer::EvaluationColumn::kSensitivity, "Sensitivity", 126, 640},
                                     {viewer::EvaluationColumn::kSpecificity, "Specificity", 126, 640},
                                     {viewer::EvaluationColumn::kPpv, "PPV", 126, 900},
                                     {viewer::EvaluationColumn::kNpv, "NPV", 126, 900}};

/// Columns there is room for, with their places from the left.
struct PlacedColumn {
  const ResultColumn* column;
  float left, width;
};
std::vector<PlacedColumn> placed_columns(float room) {
  std::vector<PlacedColumn> placed;
  float rest = room;
  for (const ResultColumn& column : kColumns)
    if (room >= column.from) placed.push_back({&column, 0, column.width}), rest -= column.width;
  placed[0].width = rest;
  float left = 0;
  for (PlacedColumn& one : placed) one.left = left, left += one.width;
  return placed;
}

std::string words_of(const viewer::EvaluatedFinding& finding, viewer::EvaluationColumn column) {
  switch (column) {
    case viewer::EvaluationColumn::kFinding: return finding.name;
    case viewer::EvaluationColumn::kFilms: return text(finding.with, " / ", finding.without);
    case viewer::EvaluationColumn::kAuroc: return finding.auroc.text;
    case viewer::EvaluationColumn::kPrecision: return finding.average_precision.text;
    case viewer::EvaluationColumn::kSensitivity: return finding.sensitivity.text;
    case viewer::EvaluationColumn::kSpecificity: return finding.specificity.text;
    case viewer::EvaluationColumn::kPpv: return finding.ppv.text;
    case viewer::EvaluationColumn::kNpv: return finding.npv.text;
  }
  return "";
}

struct ResultsTable {
  const View& view;
  Actions& out;
  float x, width;
  std::vector<PlacedColumn> columns;

  float row_height() const { return view.layout.touch ? kTouchRow : 28; }

  bool begin(float y) const {
    ImGui::SetCursorScreenPos({x, y});
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {0, 0});
    const bool open = ImGui::BeginTable("evaluation-table", static_cast<int>(columns.size()),
                                        ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_NoPadOuterX |
                                            ImGuiTableFlags_NoPadInnerX | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoClip,
                                        {width, 0});
    if (!open) return ImGui::PopStyleVar(), false;
    for (const PlacedColumn& one : columns)
      ImGui::TableSetupColumn(one.column->head, ImGuiTableColumnFlags_WidthFixed, one.width);
    return true;
  }
  static void end() {
    ImGui::EndTable();
    ImGui::PopStyleVar();
  }

  float head(float y) const {
    const viewer::EvaluationView& evaluation = view.state.evaluation;
    const float height = view.layout.touch ? kTouchTarget : 26;
    for (const PlacedColumn& one : columns) {
      const bool sorted = evaluation.column == one.column->column, first = one.left == 0;
      const Box area = box(x + one.left, y, one.width, height);
      const ButtonState state = hot_area(view, text("sort-", one.column->head).c_str(), area);
      if (state.clicked) out.push_back(viewer::SortEvaluation{one.column->column});
      const TextStyle style = view.small(sorted || state.hovered ? colour::kText : colour::kQuiet);
      const float words = text_width(style, one.column->head);
      if (first) draw_text_in(view, {{area.min.x + kCaret, y}, area.max}, style, one.column->head);
      else draw_text_in(view, {area.min, {area.max.x - 14, area.max.y}}, style, one.column->head, 1);
      const float mark = first ? area.min.x + kCaret + words + 8 : area.max.x - 6;
      if (sorted) draw_sort_mark({mark, y + height / 2}, evaluation.rising);
    }
    ImGui::GetWindowDrawList()->AddLine({x, y + height - 0.5f}, {x + width, y + height - 0.5f}, colour::kLine);
    return height;
  }
  static void draw_sort_mark(ImVec2 c, bool rising) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float tip = rising ? -3.0f : 3.0f;
    list.AddTriangleFilled({c.x - 4, c.y - tip / 2}, {c.x + 4, c.y - tip / 2}, {c.x, c.y + tip}, colour::kText);
  }

  float row(const viewer::EvaluatedFinding& finding, float y) const {
    const bool opened = view.state.evaluation.opened == finding.id, measured = finding.note.empty();
    const bool below = columns.size() < 3 || width - columns[2].left < 300;
    const float note_left = below ? kCaret : columns[2].left;
    float height = row_height();
    if (!measured) {
      const auto lines = static_cast<float>(wrapped_lines(view.small(), finding.note, width - note_left).size());
      height = below ? height + lines * 18 : std::max(height, lines * 18 + 10);
    }
    const Box whole = box(x, y, width, height);
    ImGui::TableNextRow(ImGuiTableRowFlags_None, height);
    ImGui::TableNextColumn();
    ImGui::SetCursorScreenPos(whole.min);
    ImGui::PushID(finding.id.c_str());
    const bool clicked = ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns, {0, height});
    const bool under = ImGui::IsItemHovered();
    ImGui::PopID();
    log_entry(view, true, "evaluated-" + finding.id, whole.min, whole.max);
    if (under && measured) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (clicked && measured) out.push_back(viewer::OpenEvaluated{finding.id});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (opened || (under && measured)) list.AddRectFilled(whole.min, whole.max, opened ? colour::kLine : colour::kHover, kRadius);
    const float line = row_height();
    if (measured) draw_caret(list, {x + 8, y + line / 2}, opened, under ? colour::kText : colour::kQuiet);
    const ImU32 ink = measured ? colour::kText : colour::kQuiet;
    for (const PlacedColumn& one : columns) {
      const bool first = one.left == 0;
      if (!measured && !first && !(one.column->column == viewer::EvaluationColumn::kFilms && !below)) continue;
      const Box cell = box(x + one.left + (first ? kCaret : 0), y, one.width - (first ? kCaret : 0), line);
      if (first) draw_text_in(view, cell, view.small_medium(ink), words_of(finding, one.column->column));
      else draw_figures(view, {cell.min, {cell.max.x - 2, cell.max.y}}, view.small(ink), words_of(finding, one.column->column));
    }
    if (!measured)
      draw_wrapped(view, {x + note_left + (below ? 0 : kGap), below ? y + line - 4 : y + 5}, width - note_left - kGap,
                   view.small(colour::kQuiet), finding.note);
    return height;
  }
};

/// Rows of words under heads of equal width but for the first; where there is no room for that, a paragraph for each row.
float draw_grid(const View& view, float x, float y, float width, const std::vector<std::string>& head,
                const std::vector<std::vector<std::string>>& rows) {
  const float begun = y;
  float first = text_width(view.small(), head[0]) + kPadding, other = 0;
  for (const auto& row : rows) {
    first = std::max(first, text_width(view.small(), row[0]) + kPadding);
    for (std::size_t i = 1; i < row.size(); ++i) other = std::max(other, text_width(view.small(), row[i]) + kPadding);
  }
  for (std::size_t i = 1; i < head.size(); ++i) other = std::max(other, text_width(view.small(), head[i]) + kPadding);
  if (first + other * static_cast<float>(head.size() - 1) > width) {
    for (const auto& row : rows) {
      std::string words;
      for (std::size_t i = 1; i < row.size(); ++i)
        if (!row[i].empty()) words += (words.empty() ? "" : ", ") + (head[i].empty() ? row[i] : head[i] + " " + row[i]);
      y += draw_wrapped(view, {x, y}, width, view.small(), row[0] + ": " + words) + 4;
    }
    return y - begun;
  }
  const auto line = [&](const std::vector<std::string>& words, ImU32 ink) {
    draw_text(view, {x, y}, view.small(ink), words[0]);
    for (std::size_t i = 1; i < words.size(); ++i)
      draw_figures(view, box(x + first + other * static_cast<float>(i - 1), y, other, 18), view.small(ink), words[i]);
    y += 20;
  };
  line(head, colour::kQuiet);
  for (const auto& row : rows) line(row, colour::kText);
  return y - begun;
}

float part_title(const View& view, float x, float y, float width, const std::string& words) {
  return draw_wrapped(view, {x, y}, width, view.small_medium(), words) + 4;
}

float draw_plots(const View& view, const std::vector<viewer::EvaluationPlot>& plots, float x, float y, float width) {
  const int across = std::max(1, static_cast<int>((width + kPadding) / (kNarrowPlot + kPadding)));
  const float wide = std::min(kWidePlot, std::floor((width + kPadding) / static_cast<float>(across)) - kPadding);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const auto column = static_cast<float>(static_cast<int>(i) % across), row = static_cast<float>(static_cast<int>(i) / across);
    draw_plot(view, box(x + column * (wide + kPadding), y + row * (kPlotHeight + kPadding), wide, kPlotHeight), plots[i]);
  }
  return static_cast<float>((static_cast<int>(plots.size()) + across - 1) / across) * (kPlotHeight + kPadding);
}

/// Films that are called wrongly, each one click from being looked at.
float draw_misjudged(const View& view, Actions& out, const std::string& finding, const std::string& title, const char* id,
                     const std::vector<viewer::MisjudgedFilm>& films, float x, float y, float width) {
  const float begun = y;
  y += part_title(view, x, y, width, text(title, ": ", films.size()));
  const float row = view.layout.touch ? kTouchTarget : 24;
  for (std::size_t i = 0; i < std::min(films.size(), kMostFilmsListed); ++i) {
    const viewer::MisjudgedFilm& film = films[i];
    const Box area = box(x - 4, y, width + 4, row);
    const ButtonState state = hot_area(view, text(id, film.id).c_str(), area);
    if (state.hovered) {
      ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour::kHover, kRadius);
      set_hint(view, "Look at " + film.name);
    }
    if (state.clicked) out.push_back(viewer::LookAtFilm{film.id, finding});
    const float score = text_width(view.small(), film.score) + kGap;
    const std::vector<std::string> name = wrapped_lines(view.small(), film.name, width - score - kGap, 1);
    draw_text_in(view, box(x, y, width - score, row), view.small(colour::kAccent), name.empty() ? "" : name[0]);
    draw_figures(view, box(x + width - score, y, score, row), view.small(colour::kQuiet), film.score);
    y += row;
  }
  if (films.size() > kMostFilmsListed) {
    draw_text(view, {x, y}, view.small(colour::kQuiet), text("and ", films.size() - kMostFilmsListed, " more, in the scores"));
    y += 20;
  }
  return y - begun;
}

float draw_groups(const View& view, Actions& out, const std::vector<viewer::EvaluatedGroup>& groups, float x, float y,
                  float width) {
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
  const bool open = view.state.evaluation.groups_open;
  const std::string words = text("Groups: ", groups.size());
  const ButtonState state =
      hot_area(view, "evaluated-groups", box(x - 4, y, std::max(120.0f, text_width(view.small_medium(), words) + 32), row));
  const ImU32 ink = state.hovered ? colour::kAccent : colour::kText;
  draw_caret(*ImGui::GetWindowDrawList(), {x + 4, y + row / 2}, open, ink);
  draw_text_in(view, box(x + 16, y, width - 16, row), view.small_medium(ink), words);
  if (state.clicked) out.push_back(viewer::ToggleEvaluatedGroups{});
  y += row;
  if (!open) return y - begun;
  std::vector<std::vector<std::string>> rows;
  for (const viewer::EvaluatedGroup& group : groups)
    rows.push_back({group.name, text(group.with, " / ", group.without), group.auroc, group.sensitivity, group.specificity,
                    group.p, group.differs ? "differs beyond chance" : ""});
  y += draw_grid(view, x, y, width, {"group", "with / without", "AUROC", "sensitivity", "specificity", "p", ""}, rows);
  y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet),
                    "p is of the area against that of all other films; what is marked allows for the number of groups (Holm).");
  return y - begun;
}

}  // namespace

float draw_evaluated_finding(const View& view, Actions& out, const viewer::EvaluatedFinding& finding, float x, float y,
                             float width, bool with_figures) {
  const float begun = y;
  y += kGap;
  y += draw_wrapped(view, {x, y}, width, view.small(), finding.sentence) + 4;
  const auto& results = view.state.evaluation.results;
  if (!results->measures || results->measures->finding != finding.id)
    return y + draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), "Measuring.") + kGap - begun;
  const viewer::FindingMeasures& measures = *results->measures;
  y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), measures.counts) + 4;
  if (!measures.prevalence.empty())
    y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), measures.prevalence) + kGap;
  if (with_figures)
    y += draw_facts(view, x, y, width, 112,
                    {{"Label", finding.label},
                     {"With / without", text(finding.with, " / ", finding.without)},
                     {"Avg. precision", finding.average_precision.text},
                     {"Sensitivity", finding.sensitivity.text},
                     {"Specificity", finding.specificity.text},
                     {"PPV", finding.ppv.text},
                     {"NPV", finding.npv.text}});
  y += draw_plots(view, measures.plots, x, y, width) + kGap;

  const bool beside = width >= 640;
  const float half = beside ? std::floor((width - 2 * kPadding) / 2) : width;
  const float missed = draw_misjudged(view, out, finding.id, "Missed films", "missed-", measures.missed, x, y, half);
  const float at = beside ? y : y + missed + kGap;
  const float wrong = draw_misjudged(view, out, finding.id, "Films called wrongly", "called-", measures.false_calls,
                                     beside ? x + half + 2 * kPadding : x, at, half);
  y = (beside ? y + std::max(missed, wrong) : at + wrong) + kPadding;

  y += part_title(view, x, y, width, "Thresholds; those chosen on these films do worse on others");
  std::vector<std::vector<std::string>> rows;
  for (const viewer::EvaluatedThreshold& one : measures.thresholds)
    rows.push_back({one.name, one.threshold, one.sensitivity, one.specificity, one.ppv, one.npv});
  y += draw_grid(view, x, y, width, {"threshold", "score", "sensitivity", "specificity", "PPV", "NPV"}, rows) + kPadding;
  y += part_title(view, x, y, width, "Three zones with a guarantee");
  y += draw_sentences(view, x, y, width, measures.zones, colour::kText) + kGap;
  if (!measures.groups.empty()) y += draw_groups(view, out, measures.groups, x, y, width);
  return y - begun + kGap;
}

float draw_evaluation_table(const View& view, Actions& out, float x, float y, float width) {
  const float begun = y;
  const ResultsTable table{view, out, x, width, placed_columns(width)};
  y += table.head(y);
  bool open = false;
  for (int index : viewer::evaluated_order(view.state)) {
    const viewer::EvaluatedFinding& finding = view.state.evaluation.results->findings[static_cast<std::size_t>(index)];
    if (!open) open = table.begin(y);
    if (!open) break;
    y += table.row(finding, y);
    if (finding.id != view.state.evaluation.opened || !finding.note.empty()) continue;
    ResultsTable::end();
    open = false;
    const float left = view.layout.phone() ? 0 : kCaret;
    y += draw_evaluated_finding(view, out, finding, x + left, y, width - left, table.columns.size() < std::size(kColumns));
  }
  if (open) ResultsTable::end();
  std::string others;
  for (const std::string& name : viewer::findings_without_labels(view.state)) others += (others.empty() ? "" : ", ") + name;
  if (!others.empty())
    y += kGap + draw_wrapped(view, {x, y + kGap}, width, view.small(colour::kQuiet), "The labels do not name: " + others + ".");
  return y - begun;
}

}  // namespace chestlight::ui
