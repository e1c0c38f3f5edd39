// See findings_table.h.
#include "ui/panels/findings_table.h"

#include <algorithm>
#include <cmath>

#include "findings/calibration.h"
#include "viewer/state/stability.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kShape = 20, kFlipMark = 12, kScoreWidth = 46, kBesideWidth = 62, kNarrow = 290, kNarrowest = 260;
constexpr float kMouseRow = 26;  // more rows in sight than with kRow on a page 720 high

/// Widths of the columns; together the width of the table.
struct Columns {
  float name, bar, score, percentile;  // percentile 0: no room for it beside another model's scores
  float mark = 0;                      // within the name, of scores that small changes move into another zone; 0: there are none
  float beside = 0;                    // of the other model's score; 0: no model is compared with
  const char* percentile_head;
};

/// The widest name decides, so that bars of one film begin at one place.
Columns columns(const View& view, const viewer::FilmEntry& film, float width) {
  const viewer::Analysis& analysis = *film.analysis;
  Columns c;
  if (film.stability && std::ranges::any_of(film.stability->findings, &viewer::FindingStability::flips)) c.mark = kFlipMark;
  c.score = kScoreWidth;
  if (!view.state.own.beside.empty()) c.beside = kBesideWidth;
  const float room = width - c.beside;
  c.percentile_head = room < kNarrow ? "%ile" : "Percentile";
  c.percentile = room < kNarrow ? 44 : std::ceil(text_width(view.small(), "Percentile")) + kGap;
  if (c.beside > 0 && room < kNarrowest) c.percentile = 0;
  float widest = 0;
  for (const viewer::Finding& finding : analysis.findings)
    widest = std::max(widest, text_width(view.small_medium(), finding.name));
  c.name = kShape + std::min(std::ceil(widest) + 1, width * 0.36f) + kGap + c.mark;
  c.bar = std::max(24.0f, width - c.name - c.score - c.percentile - c.beside);
  return c;
}

/// The cell that the table is at, of a row `height` high.
Box cell(const Columns& c, int column, float left, float top, float height) {
  const float widths[] = {c.name, c.bar, c.score, c.percentile, c.beside};
  for (int i = 0; i < column; ++i) left += widths[i];
  return box(left, top, widths[column], height);
}

/// The scale in its zones, a tick at each limit, and the score on it; below it a thin band over which small changes of the
/// picture move the score, where that was checked.
void draw_zone_bar(const View& view, Box area, const viewer::Finding& finding, const viewer::FindingStability* stability) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const viewer::LabelInfo* label = viewer::find_label(view.state, finding.id);
  const float middle = std::floor((area.min.y + area.max.y) / 2), left = area.min.x, right = area.max.x - kGap;
  const auto scale = label ? viewer::score_scale(*label) : std::nullopt;
  auto x_of = [&](double share) { return left + static_cast<float>(share) * (right - left); };
  auto strip = [&](double from, double to, ImU32 ink) {
    list.AddRectFilled({x_of(from), middle - 6}, {x_of(to), middle + 6}, ink);
  };
  double at = std::clamp(finding.calibrated, 0.0, 1.0);
  if (scale) at = scale->at(finding.logit);
  auto share_of = [&](double calibrated) {
    if (!scale) return std::clamp(calibrated, 0.0, 1.0);
    return scale->at(logit_at({static_cast<float>(calibrated)}, viewer::calibration_of(*label)).value);
  };
  const bool assessed = scale && finding.rule_out && finding.rule_in;
  if (assessed) {
    const double out = share_of(*finding.rule_out), in = share_of(*finding.rule_in);
    strip(0, out, colour::kUnlikelyZone);
    strip(out, in, colour::kUncertainZone);
    strip(in, 1, colour::kLikelyZone);
    for (double limit : {out, in})
      list.AddRectFilled({x_of(limit) - 0.5f, middle - 8}, {x_of(limit) + 0.5f, middle + 8}, colour::kQuiet);
  } else {
    list.AddRectFilled({left, middle - 2}, {right, middle + 2}, colour::kLine, 2);
  }
  const ImU32 ink = assessed ? zone_colour(finding.zone) : colour::kBarBelow;
  list.AddRectFilled({left, middle - 2}, {std::max(left + 2, x_of(at)), middle + 2}, ink, 1);
  if (assessed) list.AddRectFilled({x_of(at) - 1.5f, middle - 7}, {x_of(at) + 1.5f, middle + 7}, colour::kText, 1);
  if (!stability) return;
  const ImVec2 from{x_of(share_of(stability->low)) - 1, middle + 9}, to{x_of(share_of(stability->high)) + 1, middle + 11};
  list.AddRectFilled(from, to, stability->flips ? colour::kBorderline : colour::kQuiet, 1);
  log_entry(view, false, "band of " + finding.id, from, to);
}

struct Table {
  const View& view;
  Actions& out;
  const viewer::FilmEntry& film;
  Box area;
  Columns c;
  std::string& hovered;

  float row_height() const { return view.layout.touch ? view.layout.row() : kMouseRow; }
  float left() const { return area.min.x + kPadding; }

  bool begin(float y) const {
    ImGui::SetCursorScreenPos({area.min.x, y});
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {0, 0});
    const bool compares = c.beside > 0;
    const bool open = ImGui::BeginTable("findings-table", compares ? 5 : 4,
                                        ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_NoPadOuterX |
                                            ImGuiTableFlags_NoPadInnerX | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoClip,
                                        {area.width(), 0});
    if (!open) return ImGui::PopStyleVar(), false;
    ImGui::TableSetupColumn("Finding", ImGuiTableColumnFlags_WidthFixed, kPadding + c.name);
    ImGui::TableSetupColumn("Bar", ImGuiTableColumnFlags_WidthFixed, c.bar);
    ImGui::TableSetupColumn("Score", ImGuiTableColumnFlags_WidthFixed, c.score);
    ImGui::TableSetupColumn("Percentile", ImGuiTableColumnFlags_WidthFixed,
                            std::max(1.0f, c.percentile + (compares ? 0 : kPadding)));
    if (compares) ImGui::TableSetupColumn("Other", ImGuiTableColumnFlags_WidthFixed, c.beside + kPadding);
    return true;
  }
  static void end() {
    ImGui::EndTable();
    ImGui::PopStyleVar();
  }

  float head(float y) const {
    constexpr float kHeight = 22;
    ImGui::TableNextRow(ImGuiTableRowFlags_None, kHeight);
    ImGui::TableNextColumn();
    Box name = cell(c, 0, left(), y, kHeight);
    name.min.x += kShape;
    draw_text_in(view, name, view.small(colour::kQuiet), "Finding");
    draw_text_in(view, cell(c, 2, left(), y, kHeight), view.small(colour::kQuiet), "Score", 1);
    if (c.percentile > 0) draw_text_in(view, cell(c, 3, left(), y, kHeight), view.small(colour::kQuiet), c.percentile_head, 1);
    if (c.beside > 0) draw_text_in(view, cell(c, 4, left(), y, kHeight), view.small(colour::kQuiet), "Other", 1);
    return kHeight;
  }

  void row(const viewer::Finding& finding, float y) const {
    const float height = row_height();
    const Box whole = box(area.min.x, y, area.width(), height);
    ImGui::TableNextRow(ImGuiTableRowFlags_None, height);
    ImGui::TableNextColumn();
    ImGui::SetCursorScreenPos(whole.min);
    ImGui::PushID(finding.id.c_str());
    const bool clicked = ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns, {0, height});
    const bool under = ImGui::IsItemHovered(), focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    ImGui::PopID();
    log_entry(view, true, finding.id, whole.min, whole.max);
    if (under) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (under || focused) {
      hovered = finding.id;
      const std::string known = viewer::evaluation_in_words(view.state, finding);
      const auto* stability = viewer::stability_of(film, finding.id);
      set_hint(view, finding.zone == viewer::Zone::kNotAssessed ? "Not assessed. " + finding.zone_reason
                     : stability && stability->flips            ? stability->text
                                                                : known);
    }
    if (clicked) out.push_back(viewer::PinFinding{finding.id});
    draw(finding, whole, under);
  }

  void draw(const viewer::Finding& finding, Box whole, bool under) const {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool pinned = view.state.pinned == finding.id, muted = finding.zone == viewer::Zone::kNotAssessed;
    if (pinned || under) list.AddRectFilled(whole.min, whole.max, pinned ? colour::kRaised : rgb(0x1C2128, 0.7f));
    if (pinned) list.AddRectFilled(whole.min, {whole.min.x + 2, whole.max.y}, colour::kAccent);
    const bool loud = finding.zone == viewer::Zone::kLikely || finding.zone == viewer::Zone::kUncertain;
    Box name = cell(c, 0, left(), whole.min.y, whole.height());
    draw_zone_shape(list, {name.min.x + 6, (whole.min.y + whole.max.y) / 2}, finding.zone);
    name.min.x += kShape;
    name.max.x -= kGap + c.mark;
    const auto* stability = viewer::stability_of(film, finding.id);
    if (stability && stability->flips)
      draw_text_in(view, {{name.max.x, name.min.y}, {name.max.x + c.mark, name.max.y}}, view.small(colour::kBorderline), "±", 1);
    const ImU32 plain = pinned || under ? colour::kText : muted ? colour::kQuiet : rgb(0xC5CBD3);
    draw_text_in(view, name, loud ? view.small_medium() : view.small(plain), finding.name);
    draw_zone_bar(view, cell(c, 1, left(), whole.min.y, whole.height()), finding, stability);
    draw_figures(view, cell(c, 2, left(), whole.min.y, whole.height()),
                 loud ? view.small_medium(zone_colour(finding.zone)) : view.small(muted ? colour::kQuiet : colour::kText),
                 viewer::score_in_figures(finding.calibrated));
    if (c.percentile > 0)
      draw_figures(view, cell(c, 3, left(), whole.min.y, whole.height()), view.small(colour::kQuiet),
                   finding.percentile_text.empty() ? "–" : finding.percentile_text);
    if (c.beside > 0) draw_beside(finding, cell(c, 4, left(), whole.min.y, whole.height()));
  }

  /// The other model's score, with its zone's shape; where the zones differ, framed.
  void draw_beside(const viewer::Finding& finding, Box place) const {
    const viewer::Finding* other = viewer::beside_finding(film, finding);
    if (!other) return draw_figures(view, place, view.small(colour::kQuiet), "–");
    const bool apart = viewer::disagrees(finding, *other);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_zone_shape(list, {place.min.x + 12, (place.min.y + place.max.y) / 2}, other->zone);
    if (apart)
      list.AddRect({place.min.x + 2, place.min.y + 3}, {place.max.x + 4, place.max.y - 3}, colour::kBorderline, kRadius, 0, 1.5f);
    draw_figures(view, place, apart ? view.small_medium(colour::kBorderline) : view.small(colour::kQuiet),
                 viewer::score_in_figures(other->calibrated));
  }

  /// What the row tells when it is opened, on a raised ground.
  float details(const viewer::Finding& finding, float y) const {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.ChannelsSplit(2);
    list.ChannelsSetCurrent(1);
    const float x = left() + kShape;
    const float height = draw_finding_details(view, out, film, finding, x, y, area.max.x - kPadding - x);
    list.ChannelsSetCurrent(0);
    list.AddRectFilled({area.min.x, y}, {area.max.x, y + height}, colour::kRaised);
    list.AddRectFilled({area.min.x, y}, {area.min.x + 2, y + height}, colour::kAccent);
    list.ChannelsMerge();
    return height;
  }
};

}  // namespace

void draw_zone_shape(ImDrawList& list, ImVec2 c, viewer::Zone zone) {
  switch (zone) {
    case viewer::Zone::kLikely: draw_state_shape(list, c, viewer::FindingState::kAbove); break;
    case viewer::Zone::kUncertain: draw_state_shape(list, c, viewer::FindingState::kBorderline); break;
    case viewer::Zone::kUnlikely: draw_state_shape(list, c, viewer::FindingState::kBelow); break;
    case viewer::Zone::kNotAssessed: draw_dash(list, c, colour::kDisabled); break;
  }
}

float draw_findings_table(const View& view, Actions& out, const viewer::FilmEntry& film, Box area, float y, bool with_details,
                          std::string& hovered) {
  const viewer::Analysis& analysis = *film.analysis;
  const Table table{view, out, film, area, columns(view, film, area.width() - 2 * kPadding), hovered};
  const float begun = y;
  bool open = table.begin(y);
  if (!open) return 0;
  y += table.head(y);
  for (int index : viewer::displayed_order(view.state, film)) {
    const viewer::Finding& finding = analysis.findings[static_cast<std::size_t>(index)];
    if (!open) open = table.begin(y);
    if (!open) break;
    table.row(finding, y);
    y += table.row_height();
    if (!with_details || finding.id != view.state.pinned) continue;
    Table::end();
    open = false;
    y += table.details(finding, y);
  }
  if (open) Table::end();
  return y - begun;
}

}  // namespace chestlight::ui
