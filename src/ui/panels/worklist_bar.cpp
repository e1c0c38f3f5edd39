// Above the worklist: its search, its filters, what is shown and why; and the popup that chooses findings.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "ui/panels.h"
#include "ui/panels/findings_table.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::ui {
namespace {

using viewer::VerdictFilter;
using viewer::WorklistFilter;
using viewer::Zone;

std::string name_of(const View& view, const std::string& finding) {
  const viewer::LabelInfo* label = viewer::find_label(view.state, finding);
  return label ? label->name : finding;
}

const char* in_words(VerdictFilter filter) {
  switch (filter) {
    case VerdictFilter::kAny: return "Any verdict";
    case VerdictFilter::kWith: return "With verdict";
    case VerdictFilter::kWithout: return "No verdict";
  }
  return "";
}

std::string finding_filter_in_words(const View& view) {
  const WorklistFilter& filter = view.state.worklist.filter;
  if (!filter.zone) return "Findings…";
  const char* zone = *filter.zone == Zone::kLikely ? "likely" : *filter.zone == Zone::kUncertain ? "uncertain" : "unlikely";
  return (filter.finding.empty() ? "Any finding" : name_of(view, filter.finding)) + " " + zone;
}

void search_box(const View& view, Actions& out, Box area) {
  const viewer::State& state = view.state;
  const bool editing = state.editing && state.editing->field == "search";
  ButtonState hot = hot_area(view, "search", area);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(area.min, area.max, colour::kBackground, kRadius);
  list.AddRect({area.min.x + 0.5f, area.min.y + 0.5f}, {area.max.x - 0.5f, area.max.y - 0.5f},
               editing       ? colour::kAccent
               : hot.hovered ? colour::kDisabled
                             : colour::kLine,
               kRadius);
  const std::string& search = state.worklist.search;
  if (!editing)
    draw_text_in(view, {{area.min.x + kGap, area.min.y}, {area.max.x - kGap, area.max.y}},
                 view.small(search.empty() ? colour::kQuiet : colour::kText), search.empty() ? "Search names  (/)" : search);
  if (hot.clicked) out.push_back(viewer::BeginText{"search"});
  // Told once: an action asks for frames, and this is drawn in each of them.
  if (editing && state.editing->place != viewer::ScreenRect{area.min.x, area.min.y, area.width(), area.height()})
    out.push_back(viewer::PlaceText{area.min.x, area.min.y, area.width(), area.height()});
}

/// Every finding of the model, or of the films where no model says which there are.
std::vector<std::pair<std::string, std::string>> findings_of(const viewer::State& state) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const viewer::LabelInfo& label : state.model.labels) all.emplace_back(label.id, label.name);
  for (const viewer::FilmEntry& film : state.films) {
    if (!all.empty()) break;
    if (film.analysis)
      for (const viewer::Finding& finding : film.analysis->findings) all.emplace_back(finding.id, finding.name);
  }
  return all;
}

constexpr std::array<Zone, 3> kZones = {Zone::kLikely, Zone::kUncertain, Zone::kUnlikely};
constexpr float kZoneWidth = 44, kColumnWidth = 64;

/// A finding of the popup: its name, a button for each zone to filter by, and whether it has a column.
void finding_choice(const View& view, Actions& out, const std::string& id, const std::string& name, float x, float y, float width,
                    float row) {
  const viewer::Worklist& worklist = view.state.worklist;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float zones = x + width - 3 * kZoneWidth - kColumnWidth;
  draw_text_in(view, box(x, y, zones - x - kGap, row), view.small(), name);
  ImGui::PushID(id.c_str());
  for (std::size_t i = 0; i < kZones.size(); ++i) {
    const Box area = box(zones + kZoneWidth * static_cast<float>(i), y, kZoneWidth, row);
    const bool on = worklist.filter.zone == kZones[i] && worklist.filter.finding == id;
    const ButtonState state = hot_area(view, text("zone-", id, i).c_str(), area);
    if (on || state.hovered) list.AddRectFilled(area.min, area.max, on ? colour::kLine : colour::kHover, kRadius);
    draw_zone_shape(list, {(area.min.x + area.max.x) / 2, (area.min.y + area.max.y) / 2}, kZones[i]);
    if (!state.clicked) continue;
    WorklistFilter filter = worklist.filter;
    filter.finding = on ? "" : id;
    filter.zone = on ? std::nullopt : std::optional(kZones[i]);
    out.push_back(viewer::FilterWorklist{filter});
  }
  if (!id.empty()) {
    const bool shown = std::find(worklist.columns.begin(), worklist.columns.end(), id) != worklist.columns.end();
    const Box area = box(x + width - kColumnWidth, y, kColumnWidth, row);
    if (check(view, text("column-", id).c_str(), {{area.min.x + 20, area.min.y}, area.max}, "", shown))
      out.push_back(viewer::ShowFindingColumn{id, !shown});
  }
  ImGui::PopID();
}

}  // namespace

float draw_worklist_bar(const View& view, Actions& out, float x, float y, float width) {
  const viewer::State& state = view.state;
  const WorklistFilter& filter = state.worklist.filter;
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28, close = button_width(view, "Strip");
  const bool phone = view.layout.phone();
  search_box(view, out, box(x, y, phone ? width : width - close - kGap, row));
  if (!phone && button(view, "worklist", box(x + width - close, y, close, row), "Strip", ButtonLook::kQuiet))
    out.push_back(viewer::RunCommand{"worklist"});
  y += row + 4;

  float at = x;
  const auto place = [&](const char* id, const std::string& label, bool on) {
    const float wide = std::min(width, button_width(view, label));
    if (at > x && at + wide > x + width) at = x, y += row + 4;
    const bool clicked = button(view, id, box(at, y, wide, row), label, on ? ButtonLook::kSelected : ButtonLook::kQuiet);
    at += wide + 4;
    return clicked;
  };
  WorklistFilter changed = filter;
  if (place("filter-unread", "Unread", filter.unread)) changed.unread = !filter.unread;
  if (place("filter-refused", "Refused", filter.refused)) changed.refused = !filter.refused;
  if (place("filter-verdict", in_words(filter.verdict), filter.verdict != VerdictFilter::kAny))
    changed.verdict = static_cast<VerdictFilter>((static_cast<int>(filter.verdict) + 1) % 3);
  if (place("filter-finding", finding_filter_in_words(view), filter.zone.has_value()))
    out.push_back(viewer::OpenPopup{viewer::Popup::kWorklistFindings});
  if (!(changed == filter)) out.push_back(viewer::FilterWorklist{changed});
  y += row + 4;
  draw_text_in(view, box(x, y, width, 18), view.small(colour::kQuiet), viewer::worklist_in_words(state));
  return y + 18 + 4 - begun;
}

void draw_worklist_findings_popup(const View& view, Actions& out) {
  const auto findings = findings_of(view.state);
  const float row = view.layout.touch ? kTouchTarget : 28, count = static_cast<float>(findings.size()) + 1;
  constexpr float kWidth = 400;
  const viewer::ScreenRect& films = view.layout.films;
  const float head = 32 + 20;
  popup(view, out, "worklist-findings", viewer::Popup::kWorklistFindings,
        clamped_to_page(view, box(static_cast<float>(films.x) + kPadding, static_cast<float>(films.y) + 100, kWidth,
                                  head + count * row + 2 * kInset)),
        [&](float x, float y, float room) {
          const float begun = y;
          y += popup_title(view, x, y, "Films by finding");
          const float zones = x + room - 3 * kZoneWidth - kColumnWidth;
          draw_text_in(view, box(zones, y, 3 * kZoneWidth, 18), view.small(colour::kQuiet), "Only films where", 0.5f);
          draw_text_in(view, box(x + room - kColumnWidth, y, kColumnWidth, 18), view.small(colour::kQuiet), "Column", 0.5f);
          y += 20;
          finding_choice(view, out, "", "Any finding", x, y, room, row);
          y += row;
          for (const auto& [id, name] : findings) {
            finding_choice(view, out, id, name, x, y, room, row);
            y += row;
          }
          return y - begun;
        });
}

}  // namespace chestlight::ui
