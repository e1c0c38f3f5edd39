// The panels of the page, one file each. Each draws itself where the layout says and adds what the reader
// does to `out`.
#pragma once

#include "ui/widgets/view.h"
#include "ui/widgets/widgets.h"

namespace chestlight::ui {

void draw_top_bar(const View& view, Actions& out);
/// The films as a table, in place of the strip; its search and filters stand above it.
void draw_worklist(const View& view, Actions& out);
/// Search and filters of the worklist, from `y` down; returns their height.
float draw_worklist_bar(const View& view, Actions& out, float x, float y, float width);
/// Which findings have a column, and which filter the worklist.
void draw_worklist_findings_popup(const View& view, Actions& out);
/// "Removed 12 films", with the way back; nothing when there is nothing to offer.
void draw_undo_offer(const View& view, Actions& out);
void draw_film_strip(const View& view, Actions& out);
/// The same films as a list in the lower half of a phone's page.
void draw_film_list(const View& view, Actions& out);
void draw_film_tools(const View& view, Actions& out);
/// Commands of the tool row that the film's width has no room for.
std::vector<const char*> tools_behind_more(const View& view);
void draw_film(const View& view, Actions& out);
/// Above two films side by side: which they are, how far apart, and what can be done with both.
void draw_pair_bar(const View& view, Actions& out);
/// Measurements; of the selected film the cross and what it reads, and the magnifier.
void draw_film_marks(const View& view, const viewer::FilmEntry& film, const viewer::ScreenRect& pane);
/// Its lower right corner is given; returns its height, 0 where there are no mm.
float draw_scale_bar(const View& view, const viewer::FilmEntry& film, const viewer::ScreenRect& pane, ImVec2 corner);
void draw_edge_letters(const View& view, const viewer::FilmEntry& film, Box pane);
/// On the film, bottom left; returns its height, 0 when no map is shown.
float draw_legend(const View& view, Box film_area);
/// The same for a given map of a finding, `explanation` null for the evidence; without a title where that is empty.
float draw_map_legend(const View& view, Box film_area, const viewer::FilmEntry& film, const viewer::Finding& finding,
                      const viewer::DrawnExplanation* explanation, const std::string& title);
/// Maps kept beside the film, each in its pane.
void draw_kept(const View& view, Actions& out);
/// What the pointer does over the film, in its own pane or in one beside it whose uppermost part is not for the film.
void film_input(const View& view, Actions& out, const viewer::FilmEntry& film, Box pane, const char* id, float header = 0);
/// Over the film beside it: a press selects that film, and goes on as its own.
void second_film_input(const View& view, Actions& out, const viewer::FilmEntry& film, Box pane);
/// The regions of a map, drawn with its contour; `explanation` null for the evidence, `finding` null where no map is shown.
void draw_region_boxes(const View& view, const viewer::FilmEntry& film, const viewer::Finding* finding,
                       const viewer::DrawnExplanation* explanation, Box area);
void draw_findings(const View& view, Actions& out);
/// What an opened row tells, from `y` down; returns its height. Also the phone's bottom sheet.
float draw_finding_details(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding, float x,
                           float y, float width);
/// The part of the details where the reader says what they think of it.
float draw_verdict(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding, float x,
                   float y, float width);
/// The part of the details that tries a threshold; nothing where nothing is known of the score.
float draw_threshold_trial(const View& view, Actions& out, const viewer::Finding& finding, float x, float y, float width);
/// The part of the details about methods; nothing where the engine offers none.
float draw_explanation_details(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding,
                               float x, float y, float width);
void draw_overlay_controls(const View& view, Actions& out, Box area);
float overlay_controls_height(const View& view);
void draw_status_bar(const View& view, Actions& out);
void draw_empty_state(const View& view, Actions& out);
void draw_phone_tabs(const View& view, Actions& out);
/// Labels joined to the films, and what scores are worth against them.
void draw_evaluation_popup(const View& view, Actions& out);
/// What the findings mean.
void draw_glossary_popup(const View& view, Actions& out);
void draw_help_popup(const View& view, Actions& out);
void draw_window_popup(const View& view, Actions& out);
/// The very pixels that the network got of the film, and how they came to be.
void draw_model_input_popup(const View& view, Actions& out);
/// What a reader may change about them, apart from the tools of the screen.
void draw_corrections_popup(const View& view, Actions& out);
/// The models there are, with what can be done with each.
void draw_models_popup(const View& view, Actions& out);
/// Labels and input of a model that was added.
void draw_model_form_popup(const View& view, Actions& out);
/// The model's sets of thresholds, what each is good for, and the films it was chosen on.
void draw_operating_point_popup(const View& view, Actions& out);
/// What a reader study reads for and how; what came of one.
void draw_study_popup(const View& view, Actions& out);
/// In place of the findings while a study is read: what the reader says of the film; from `y` down, returns its height.
float draw_study_questions(const View& view, Actions& out, float x, float y, float width);
void draw_method_popup(const View& view, Actions& out);
void draw_layer_popup(const View& view, Actions& out);
void draw_popups(const View& view, Actions& out);
void draw_drop_highlight(const View& view);

}  // namespace chestlight::ui
