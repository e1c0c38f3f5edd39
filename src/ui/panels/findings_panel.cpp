// The findings of the selected film: summary, gate, the table of findings, and what is known when there are none.
#include <algorithm>
#include <cmath>

#include "ui/panels/findings_table.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/state/warnings.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

/// The operating point in use; opens the choice between them.
void operating_point_menu(const View& view, Actions& out, const viewer::OperatingPoint& point, float x, float right, float y,
                          float height) {
  float width = std::min(text_width(view.small(), point.name) + 28, right - x);
  if (width < 60) return;
  Box area = box(x, y, width, height);
  ButtonState state = hot_area(view, "operating-point", area);
  ImU32 ink = state.hovered ? colour::kText : colour::kQuiet;
  draw_caret(*ImGui::GetWindowDrawList(), {x + 8, y + height / 2}, true, ink);
  draw_text_in(view, box(x + 20, y, width - 20, height), view.small(ink), point.name);
  if (state.clicked) out.push_back(viewer::RunCommand{"operating-point"});
  if (state.hovered) set_hint(view, "Operating point: rule out, balanced or rule in  (Shift+U)");
}

/// The preview of a map follows the row under the pointer, and goes when the pointer leaves the panel.
void follow_pointer(const View& view, Actions& out, const std::string& hovered) {
  bool pointing = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) || !hovered.empty();
  if (hovered != view.state.hovered && (pointing || !view.state.hovered.empty()) && !view.layout.touch)
    out.push_back(viewer::HoverFinding{hovered});
}

/// The order of the rows and the operating point, above the table.
float heading(const View& view, Actions& out, float x, float right, float y) {
  const bool by_zone = view.state.settings.order == viewer::FindingsOrder::kZone;
  const char* label = by_zone ? "By zone" : "Fixed order";
  float height = view.layout.touch ? kTouchTarget : 28;
  Box area = box(x, y, button_width(view, label) + 8, height);
  ButtonState state = hot_area(view, "order", area);
  draw_text_in(view, box(x + 20, y, 120, height), view.small(state.hovered ? colour::kText : colour::kQuiet), label);
  draw_caret(*ImGui::GetWindowDrawList(), {x + 8, y + height / 2}, true, state.hovered ? colour::kText : colour::kQuiet);
  if (state.clicked) out.push_back(viewer::RunCommand{"order"});
  if (state.hovered) set_hint(view, "Sort by zone, or keep a fixed order  (G)");
  if (const viewer::OperatingPoint* point = viewer::operating_point_in_use(view.state);
      point && viewer::has_operating_points(view.state))
    operating_point_menu(view, out, *point, area.max.x + 4, right, y, height);
  return height;
}

/// What speaks against the film or its scores, each with its remedy.
float warnings(const View& view, Actions& out, const viewer::FilmEntry& film, float x, float y, float width) {
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
  for (const viewer::Warning& warning : viewer::warnings_of(film)) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (warning.refuses) draw_dash(list, {x + 6, y + 9}, colour::kQuiet);
    else list.AddQuad({x + 6, y + 4}, {x + 11, y + 9}, {x + 6, y + 14}, {x + 1, y + 9}, colour::kBorderline, 1.5f);
    y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(warning.refuses ? colour::kText : colour::kBorderline),
                      warning.text) +
         4;
    if (warning.remedy.empty()) continue;
    const std::string id = "remedy-" + warning.id;
    if (button(view, id.c_str(), box(x + 20, y, button_width(view, warning.remedy), row), warning.remedy,
               ButtonLook::kOutlined)) {
      if (warning.correction) out.push_back(viewer::SetCorrection{*warning.correction});
      else out.push_back(viewer::RunCommand{warning.command});
    }
    y += row + kGap;
  }
  return y - begun;
}

/// What was changed for the model, before anything that came of it; returns its height, 0 when nothing was.
float request_note(const View& view, const viewer::FilmEntry& film, float x, float y, float width) {
  std::string words = viewer::request_in_words(film);
  if (words.empty()) return 0;
  ImGui::GetWindowDrawList()->AddQuad({x + 6, y + 4}, {x + 11, y + 9}, {x + 6, y + 14}, {x + 1, y + 9}, colour::kBorderline,
                                      1.5f);
  return draw_wrapped(view, {x + 20, y}, width - 20, view.small_medium(colour::kBorderline), words) + kGap;
}

/// Summary above the rows; returns the y below it.
float summary(const View& view, Actions& out, const viewer::FilmEntry& film, float x, float y, float width) {
  const viewer::Analysis& analysis = *film.analysis;
  y += request_note(view, film, x, y, width);
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), analysis.summary.sentence);
  const std::string more = viewer::operating_point_in_words(analysis) + " " + analysis.summary.caveat;
  y += 2 + draw_wrapped(view, {x, y + 2}, width, view.small(colour::kQuiet), more);
  if (const std::string compared = viewer::comparison_summary(view.state, film); !compared.empty())
    y += kGap + draw_wrapped(view, {x, y + kGap}, width, view.small(colour::kBorderline), compared);
  if (!analysis.site_profile.empty()) {  // whose zones these are
    const float row = view.layout.touch ? kTouchTarget : 28;
    y += kGap + draw_wrapped(view, {x, y + kGap}, width, view.small(colour::kAccent), "Zones by " + analysis.site_profile + ".");
    command_button(view, out, "remove-profile",
                   box(x, y + 4, button_width(view, viewer::find_command("remove-profile")->label), row), ButtonLook::kOutlined);
    y += 4 + row;
  }
  if (const float height = warnings(view, out, film, x, y + kGap, width); height > 0) y += kGap + height;
  return y;
}

/// Below the table: what small changes of the picture do to the scores, or the way to ask; returns its height.
float stability_line(const View& view, Actions& out, const viewer::FilmEntry& film, float x, float y, float width) {
  if (const std::string words = viewer::stability_summary(film); !words.empty())
    return kGap + draw_wrapped(view, {x, y + kGap}, width, view.small(colour::kQuiet), words);
  const float row = view.layout.touch ? kTouchTarget : 28;
  if (film.checks_stability) {
    draw_text_in(view, box(x, y + 4, width, row), view.small(colour::kQuiet), "Checking the stability of the scores");
  } else {
    const auto label = viewer::find_command("stability")->label;
    command_button(view, out, "stability", box(x, y + 4, button_width(view, label), row), ButtonLook::kQuiet);
  }
  return 4 + row;
}

/// No findings: waiting, refused, failed. Says what and what to do.
void without_findings(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  float x = area.min.x + kPadding, y = area.min.y + kPadding, width = area.width() - 2 * kPadding;
  float row = view.layout.touch ? kTouchTarget : kRow;
  auto act = [&](const char* command) {
    const viewer::Command* entry = viewer::find_command(command);
    command_button(view, out, command, box(x, y, button_width(view, entry->label), row), ButtonLook::kOutlined);
    x += button_width(view, entry->label) + kGap;
  };
  const viewer::State& state = view.state;
  y += request_note(view, film, x, y, width);
  if (film.analysis && !film.analysis->analysed) {
    y += draw_wrapped(view, {x, y}, width, view.body_medium(), "Not analysed") + kGap;
    y += warnings(view, out, film, x, y, width) + kGap;
    if (film.analysis->may_be_overridden) act("analyse-anyway");
    act("corrections");
    return;
  }
  if (film.stage == viewer::FilmStage::kUnreadable) {  // the film's own area says why
    draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), "No findings: the file could not be read.");
    return;
  }
  if (film.failure) {
    y += draw_wrapped(view, {x, y}, width, view.body_medium(), viewer::stage_in_words(film.stage)) + kGap;
    y += draw_wrapped(view, {x, y}, width, view.small(), film.failure->message) + 4;
    if (!film.failure->hint.empty()) y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), film.failure->hint);
    y += kPadding;
    if (film.stage == viewer::FilmStage::kAnalysisFailed) act("analyse-again");
    if (button(view, "copy-details", box(x, y, button_width(view, "Copy details"), row), "Copy details", ButtonLook::kQuiet))
      out.push_back(viewer::CopyText{viewer::failure_details(state, &film, *film.failure)});
    return;
  }
  if (state.engine == viewer::EnginePhase::kFailed && state.engine_failure) {
    bool cancelled = state.engine_failure->code == "cancelled";
    y += draw_wrapped(view, {x, y}, width, view.body_medium(), cancelled ? "No model" : "The model cannot run here") + kGap;
    y += draw_wrapped(view, {x, y}, width, view.small(), state.engine_failure->message) + 4;
    y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), state.engine_failure->hint) + kPadding;
    if (viewer::can_load_again(state)) act("load-again");
    if (cancelled) return;
    if (button(view, "copy-details", box(x, y, button_width(view, "Copy details"), row), "Copy details", ButtonLook::kOutlined))
      out.push_back(viewer::CopyText{viewer::failure_details(state, nullptr, *state.engine_failure)});
    return;
  }
  if (film.stage == viewer::FilmStage::kCancelled) {
    y += draw_wrapped(view, {x, y}, width, view.body_medium(), "Cancelled") + kPadding;
    act("analyse-again");
    return;
  }
  viewer::Progress p = viewer::progress(state);
  std::string title = film.stage == viewer::FilmStage::kQueued        ? "Reading the film"
                      : state.engine == viewer::EnginePhase::kLoading ? "Waiting for the model"
                                                                      : "Analysing";
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), title) + 4;
  if (p.text != title) y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), p.text);
  draw_progress(*ImGui::GetWindowDrawList(), box(x, y + kGap, width, 4), p.fraction);
  y += kGap + 4 + kPadding;
  if (p.can_cancel) act("cancel");
}

/// From the bottom up: the row in full over the list. Phones only.
void bottom_sheet(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding, Box area) {
  Panel sheet(view, "sheet", area, colour::kRaised, true);
  float x = area.min.x + kPadding, right = area.max.x - kPadding, y = sheet.top();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({area.min.x, y + 0.5f}, {area.max.x, y + 0.5f}, colour::kLine);
  float close = button_width(view, "Close");
  draw_zone_shape(list, {x + 6, y + kTouchRow / 2}, finding.zone);
  std::string figures = viewer::score_in_figures(finding.calibrated);
  float figures_width = std::ceil(text_width(view.small(), figures)) + 1;
  draw_text_in(view, box(x + 20, y, right - x - 20 - close - kGap - figures_width - kGap, kTouchRow), view.body_medium(),
               finding.name);
  draw_figures(view, box(right - close - kGap - figures_width, y, figures_width, kTouchRow), view.small(colour::kQuiet), figures);
  if (button(view, "close-sheet", box(right - close, y + 2, close, kTouchTarget), "Close", ButtonLook::kQuiet))
    out.push_back(viewer::PinFinding{finding.id});
  y += kTouchRow;
  y += draw_finding_details(view, out, film, finding, x, y, right - x);
  sheet.content_to(y + kPadding);
}

}  // namespace

void draw_findings(const View& view, Actions& out) {
  const viewer::ScreenRect& rect = view.layout.findings;
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (rect.width <= 0 || !film) return;
  bool phone = view.layout.phone();
  Box area = box(rect);
  bool has_findings = film->analysis && !film->analysis->findings.empty();
  float controls = has_findings && !phone ? overlay_controls_height(view) : 0;
  const viewer::Finding* pinned = viewer::find_finding(*film, view.state.pinned);
  const bool changes = view.state.second.scores && viewer::second_film(view.state);

  {
    Box list_area = {area.min, {area.max.x, area.max.y - controls}};
    Panel panel(view, "findings", list_area, colour::kPanel, true);
    if (viewer::study_is_running(view.state)) {
      const float x = area.min.x + kPadding, width = area.width() - 2 * kPadding;
      float y = panel.top() + kPadding;
      y += draw_study_questions(view, out, x, y, width);
      if (has_findings) {  // the second arm: with the model
        std::string hovered;
        y = summary(view, out, *film, x, y, width) + kGap;
        y += draw_findings_table(view, out, *film, list_area, y, false, hovered);
      }
      panel.content_to(y + kPadding);
    } else if (changes) {
      std::string hovered;
      const float y = panel.top() + kPadding;
      panel.content_to(y + draw_score_changes(view, out, list_area, y, hovered) + kPadding);
      follow_pointer(view, out, hovered);
    } else if (!has_findings) {
      without_findings(view, out, *film, list_area);
    } else {
      float x = area.min.x + kPadding, right = area.max.x - kPadding, y = panel.top() + kPadding;
      y = summary(view, out, *film, x, y, right - x) + kGap;
      y += heading(view, out, x, right, y);
      std::string hovered;
      y += draw_findings_table(view, out, *film, list_area, y, !phone, hovered);
      y += stability_line(view, out, *film, x, y, right - x);
      if (film->analysis->any_finding)
        y += kGap +
             draw_wrapped(view, {x, y + kGap}, right - x, view.small(colour::kQuiet), film->analysis->any_finding->sentence);
      if (const std::string words = viewer::anatomy_in_words(*film); !words.empty())
        y += kGap + draw_wrapped(view, {x, y + kGap}, right - x, view.small(colour::kQuiet), words);
      panel.content_to(y + kPadding + (phone && pinned ? area.height() * 0.5f : 0));
      follow_pointer(view, out, hovered);
    }
  }
  if (controls > 0) draw_overlay_controls(view, out, {{area.min.x, area.max.y - controls}, area.max});
  if (phone && pinned && !changes) {
    float height = std::min(area.height() - kTouchRow, 236.0f);
    bottom_sheet(view, out, *film, *pinned, {{area.min.x, area.max.y - height}, area.max});
  }
}

}  // namespace chestlight::ui
