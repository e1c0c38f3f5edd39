// The parts of the popup that shows what scores are worth against labels (evaluation_popup.cpp). Each draws from (x, y) in
// `width` and returns its height.
#pragma once

#include "ui/widgets/popup_frame.h"
#include "viewer/state/evaluations.h"

namespace chestlight::ui {

/// Which labels belong to which films, what is odd about them, and what of that can be chosen.
float draw_labels_join(const View& view, Actions& out, float x, float y, float width);
/// The figures of each finding as a table, with what an opened row shows.
float draw_evaluation_table(const View& view, Actions& out, float x, float y, float width);
/// What an opened row shows: plots, thresholds, zones, films that are called wrongly, groups.
float draw_evaluated_finding(const View& view, Actions& out, const viewer::EvaluatedFinding& finding, float x, float y,
                             float width, bool with_figures);

/// The site profile that can be saved of these results, and how its thresholds are found.
float draw_profile_choices(const View& view, Actions& out, float x, float y, float width);

/// Buttons in lines, as many in each as it has room for.
class ButtonFlow {
 public:
  ButtonFlow(const View& view, float x, float y, float width);
  /// Whether it was clicked.
  bool add(const std::string& id, const std::string& label, ButtonLook look);
  float bottom() const { return y_ + row_; }

 private:
  const View& view_;
  float left_, x_, y_, right_, row_;
};

/// Sentences below each other, a dash before each; returns their height.
float draw_sentences(const View& view, float x, float y, float width, const std::vector<std::string>& sentences, ImU32 ink);

}  // namespace chestlight::ui
