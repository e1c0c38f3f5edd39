// The sets of thresholds that the model offers: what each is good for, and the films it was chosen on.
#include "ui/widgets/popup_frame.h"
#include "viewer/state/operating_points.h"

namespace chestlight::ui {

void draw_operating_point_popup(const View& view, Actions& out) {
  const std::string used = viewer::operating_point_id(view.state);
  std::vector<ExplainedChoice> choices;
  const auto points = viewer::operating_points(view.state);
  for (const viewer::OperatingPoint* point : points)
    choices.push_back(
        {point->name, point->explanation, point->data.empty() ? "" : "Chosen on " + point->data + ".", point->id == used});
  int clicked = explained_choices_popup(view, out, "operating-point", viewer::Popup::kOperatingPoint, "Operating point", choices);
  if (clicked >= 0) out.push_back(viewer::ChooseOperatingPoint{points[static_cast<std::size_t>(clicked)]->id});
}

}  // namespace chestlight::ui
