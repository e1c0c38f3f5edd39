// The popup of results against labels, in the states that a reader meets.
#pragma once

#include "unit/ui/page_values.h"
#include "unit/viewer/evaluation_values.h"

namespace chestlight::ui {

inline void labels_are_asked_for(platform::HeadlessUi& ui) {
  ui.act(viewer::engine_ready());
  add_films(ui, 3);
  ui.act(viewer::RunCommand{"evaluation"});
}

inline void table_that_cannot_be_used(platform::HeadlessUi& ui) {
  ui.act(viewer::engine_ready());
  add_films(ui, 3);
  viewer::LabelsJoined bad{1};
  bad.tables = {viewer::LabelTable{50, "labels.xlsx"}};
  bad.tables[0].error = bad.error = contract::Failure{"unsupported-format", "This is a workbook.", "Save it as CSV."};
  bad.folders = true;
  ui.act(bad);
}

inline void column_is_being_chosen(platform::HeadlessUi& ui) {
  ui.act(evaluated_ready());
  add_films(ui, 3);
  ui.act(viewer::labels_joined_message());
  ui.act(viewer::OpenJoinPart{viewer::JoinPart::kColumn});
}

inline void results_with_a_row_open(platform::HeadlessUi& ui) {
  ui.act(evaluated_ready());
  add_films(ui, 3);
  ui.act(viewer::labels_joined_message());
  ui.act(viewer::OpenEvaluated{"b"});
  viewer::FilmsEvaluated told = viewer::films_evaluated_message(1, "b");
  told.remarks = {"1 film with labels could not be read. c.png: The file ends early."};
  told.films = {12, 8, 1, 1, 2};
  ui.act(told);
  ui.act(viewer::ToggleEvaluatedGroups{});
}

}  // namespace chestlight::ui
