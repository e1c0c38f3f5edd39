// See evaluation_parts.h: the join of labels to films.
#include "base/text.h"
#include "ui/popups/evaluation_parts.h"

namespace chestlight::ui {
namespace {

/// Nothing is joined: what to do about that.
float without_labels(const View& view, float x, float y, float width) {
  const float begun = y;
  const auto& labels = view.state.evaluation.labels;
  const bool failed = labels && labels->error;
  if (failed) {
    y += draw_wrapped(view, {x, y}, width, view.small(colour::kBorderline), labels->error->sentence()) + kGap;
  } else {
    y += draw_wrapped(view, {x, y}, width, view.small(),
                      "Drop a table that says what is true of the films: CSV or TSV, as ChestX-ray14, CheXpert, MIMIC-CXR, "
                      "PadChest, VinDr-CXR and the covid-chestxray-dataset have it, or a column of 0 and 1 for each finding. It "
                      "stays on this device, as the films do.") +
         kGap;
  }
  if (labels)
    for (const viewer::LabelTable& table : labels->tables)
      if (table.error && table.error->sentence() != (failed ? labels->error->sentence() : ""))
        y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), table.name + ": " + table.error->sentence()) + 4;
  return y - begun;
}

}  // namespace

ButtonFlow::ButtonFlow(const View& view, float x, float y, float width)
    : view_(view), left_(x), x_(x), y_(y), right_(x + width), row_(view.layout.touch ? kTouchTarget : 28) {}

bool ButtonFlow::add(const std::string& id, const std::string& label, ButtonLook look) {
  const float width = std::min(button_width(view_, label), right_ - left_);
  if (x_ > left_ && x_ + width > right_) {
    x_ = left_;
    y_ += row_ + 4;
  }
  // A name that is longer than the line ends in dots; it can be read in the table itself.
  const std::vector<std::string> lines = wrapped_lines(view_.small_medium(), label, width - 9, 1);
  const bool clicked = button(view_, id.c_str(), box(x_, y_, width, row_), lines.empty() ? "" : lines[0], look);
  x_ += width + 4;
  return clicked;
}

float draw_labels_join(const View& view, Actions& out, float x, float y, float width) {
  const float begun = y;
  const viewer::EvaluationView& evaluation = view.state.evaluation;
  const auto& labels = evaluation.labels;
  if (labels && labels->join) y += draw_wrapped(view, {x, y}, width, view.body(), labels->join->sentence) + kGap;
  else y += without_labels(view, x, y, width);

  ButtonFlow parts(view, x, y, width);
  if (parts.add("open-labels", "Open labels…", labels && labels->join ? ButtonLook::kOutlined : ButtonLook::kPrimary))
    out.push_back(viewer::RunCommand{"open-labels"});
  if (labels && !labels->join && labels->folders && parts.add("use-folders", "Use the folders' names", ButtonLook::kOutlined))
    out.push_back(viewer::ChooseLabels{viewer::LabelsChoice{-1}});
  for (viewer::JoinPart part : viewer::kJoinParts) {
    const std::string words = viewer::join_part_in_words(view.state, part);
    if (words.empty()) continue;
    const bool open = evaluation.part == part;
    if (parts.add(text("join-part-", static_cast<int>(part)), words, open ? ButtonLook::kSelected : ButtonLook::kOutlined))
      out.push_back(viewer::OpenJoinPart{part});
  }
  y = parts.bottom() + kGap;
  if (evaluation.part != viewer::JoinPart::kNone) {
    const std::vector<viewer::JoinOption> options = viewer::join_options(view.state, evaluation.part);
    ButtonFlow flow(view, x + kPadding, y, width - kPadding);
    for (std::size_t i = 0; i < options.size(); ++i) {
      const viewer::JoinOption& option = options[i];
      if (!flow.add(text("join-option-", i), option.label, option.chosen ? ButtonLook::kSelected : ButtonLook::kQuiet)) continue;
      if (option.choice) out.push_back(viewer::ChooseLabels{*option.choice});
      else out.push_back(viewer::NameFinding{option.naming});
    }
    if (!options.empty()) y = flow.bottom() + kGap;
  }
  if (labels && labels->join) y += draw_sentences(view, x, y, width, labels->join->remarks, colour::kQuiet);
  return y - begun;
}

}  // namespace chestlight::ui
