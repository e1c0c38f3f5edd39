// What an opened finding tells: its zone in a sentence, where, its state at the operating point, what is known of its score, and
// the checks behind the figures.
#include <cmath>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/state/stability.h"
#include "viewer/text/explanation_snapshot.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

std::string signed_figure(double value) { return (value < 0 ? "−" : "+") + fixed(std::abs(value), 3); }

std::string small_number(double value) {
  if (value <= 0) return "0";
  int exponent = static_cast<int>(std::floor(std::log10(value)));
  return text(fixed(value / std::pow(10.0, exponent), 0), "e", exponent);
}

}  // namespace

float draw_finding_details(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding, float x,
                           float y, float width) {
  float begun = y;
  y += 4;
  if (!finding.reading.empty()) y += draw_wrapped(view, {x, y}, width, view.small(), finding.reading) + kGap;

  y += draw_verdict(view, out, film, finding, x, y, width);

  constexpr float kLabel = 84;
  auto fact = [&](const char* label, std::string_view words) {
    if (words.empty()) return;
    draw_text(view, {x, y}, view.small(colour::kQuiet), label, kLabel - kGap);
    y += draw_wrapped(view, {x + kLabel, y}, width - kLabel, view.small(), words) + 4;
  };
  fact("Where", finding.where);
  if (!finding.boxes.empty()) fact("Region", viewer::regions_in_words(finding.boxes, finding.area, finding.cutoff));
  if (finding.possible_shortcut) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddQuad({x + 6, y + 4}, {x + 11, y + 9}, {x + 6, y + 14}, {x + 1, y + 9}, colour::kBorderline, 1.5f);
    y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(colour::kBorderline), finding.evidence_text) + 4;
  } else {
    fact("Evidence", finding.evidence_text);
  }
  fact(film.analysis->operating_point.name.c_str(), finding.sentence);
  fact("Stability", viewer::stability_in_words(film, finding.id));
  fact("Known of it", viewer::evaluation_in_words(view.state, finding));
  fact("Other model", viewer::comparison_in_words(view.state, film, finding));
  fact("What it is", finding.explanation);

  y += draw_threshold_trial(view, out, finding, x, y, width);
  y += draw_explanation_details(view, out, film, finding, x, y, width);

  float row = view.layout.touch ? kTouchTarget : 28;
  bool open = view.state.checks_open;
  Box area = box(x, y, width, row);
  ButtonState state = hot_area(view, "checks", area);
  ImU32 ink = state.hovered ? colour::kText : colour::kQuiet;
  draw_caret(*ImGui::GetWindowDrawList(), {x + 4, y + row / 2}, open, ink);
  draw_text_in(view, box(x + 16, y, width - 16, row), view.small(ink), "Checks");
  if (state.clicked) out.push_back(viewer::ToggleChecks{});
  y += row;
  if (open) {
    fact("State", viewer::state_in_words(finding.state));
    fact("Logit", text(signed_figure(finding.logit), ", bias ", signed_figure(finding.bias)));
    fact("Sigmoid", text(fixed(finding.probability, 3), ", calibrated ", fixed(finding.calibrated, 3)));
    fact("Map", text("Adds up to the logit: residual ", small_number(finding.residual)));
    fact("Model", film.analysis->model.id);
  }
  return y + 4 - begun;
}

}  // namespace chestlight::ui
