// A threshold of the reader's own in the details of a finding: two sliders, what they mean in words, and the ROC curve with the
// point that is tried.
#include "viewer/state/threshold_trial.h"

#include <cmath>

#include "findings/calibration.h"
#include "findings/evaluation.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

constexpr float kSide = 132;  // of the curve

void draw_curve(const View& view, const viewer::LabelInfo& label, double logit, float x, float y, float width) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ScoreEvaluation& evaluation = *label.evaluation;
  auto at = [&](const CurvePoint& point) {
    return ImVec2{x + static_cast<float>(point.false_positives) * kSide, y + static_cast<float>(1 - point.sensitivity) * kSide};
  };
  list.AddRectFilled({x, y}, {x + kSide, y + kSide}, colour::kBackground);
  list.AddRect({x, y}, {x + kSide, y + kSide}, colour::kLine);
  list.AddLine({x, y + kSide}, {x + kSide, y}, colour::kLine);
  std::vector<ImVec2> points;
  for (const CurvePoint& point : roc_curve(evaluation)) points.push_back(at(point));
  list.AddPolyline(points.data(), static_cast<int>(points.size()), colour::kAccent, 0, 1.5f);
  const CurvePoint tried{1 - specificity(evaluation, logit).value, sensitivity(evaluation, logit).value};
  list.AddCircleFilled(at(tried), 4, colour::kText, 16);
  draw_wrapped(view, {x + kSide + kPadding, y}, width - kSide - kPadding, view.small(colour::kQuiet),
               "ROC curve: sensitivity upwards, false alarms (1 − specificity) to the right. The point is this threshold.");
}

}  // namespace

float draw_threshold_trial(const View& view, Actions& out, const viewer::Finding& finding, float x, float y, float width) {
  const auto trial = viewer::threshold_trial(view.state, finding);
  if (!trial) return 0;
  const viewer::LabelInfo& label = *viewer::find_label(view.state, finding.id);
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
  const Box head = box(x, y, width, row);
  const ButtonState state = hot_area(view, "try-threshold", head);
  const ImU32 ink = state.hovered ? colour::kText : colour::kQuiet;
  draw_caret(*ImGui::GetWindowDrawList(), {x + 4, y + row / 2}, view.state.trial_open, ink);
  draw_text_in(view, box(x + 16, y, width - 16, row), view.small(ink), "Try a threshold");
  if (state.clicked) out.push_back(viewer::ToggleTrial{});
  if (state.hovered) set_hint(view, "What a threshold of your own would call, and how often rightly  (;)");
  y += row;
  bool& was_open = *ImGui::GetStateStorage()->GetBoolRef(ImGui::GetID("trial-open"));
  const bool just_opened = view.state.trial_open && !was_open;
  was_open = view.state.trial_open;
  if (!view.state.trial_open) return y - begun;

  auto labelled = [&](const char* words, const std::string& figure) {
    draw_text_in(view, box(x, y, 76, row), view.small(colour::kQuiet), words);
    draw_figures(view, box(x + width - 48, y, 48, row), view.small(), figure);
    return box(x + 84, y, width - 84 - 56, row);
  };
  if (const auto scale = viewer::score_scale(label)) {
    double logit = std::clamp(trial->logit, scale->low, scale->high);
    if (slider(view, "tried-threshold", labelled("Threshold", trial->threshold_text), logit, scale->low, scale->high))
      out.push_back(
          viewer::TryThreshold{finding.id, calibrate({static_cast<float>(logit)}, viewer::calibration_of(label)).value});
    y += row;
  }
  double rarity = std::log(trial->prevalence);
  if (slider(view, "prevalence", labelled("Prevalence", trial->prevalence_text), rarity, std::log(viewer::kRarest),
             std::log(viewer::kCommonest)))
    out.push_back(viewer::SetPrevalence{finding.id, std::exp(rarity)});
  y += row + 4;
  for (const std::string& words : {trial->verdict, trial->evaluation, trial->at_prevalence})
    y += draw_wrapped(view, {x, y}, width, view.small(), words) + 4;
  draw_curve(view, label, trial->logit, x, y + 4, width);
  y += 4 + kSide + kGap;
  if (just_opened) scroll_into_sight(begun, y);
  return y - begun;
}

}  // namespace chestlight::ui
