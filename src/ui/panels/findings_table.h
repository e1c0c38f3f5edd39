// The findings of a film as a table: name, bar over the logit with its zones, score and percentile in figures. What is not
// assessed stands faint and never alarms. The row in focus tells how good its score is, in the status bar.
#pragma once

#include <string>

#include "ui/panels.h"

namespace chestlight::ui {

/// Draws from `y` down across `area`, the details of the pinned finding below its row where `with_details`; returns the height.
/// `hovered` becomes the finding under the pointer or the keyboard's focus.
float draw_findings_table(const View& view, Actions& out, const viewer::FilmEntry& film, Box area, float y, bool with_details,
                          std::string& hovered);

/// Likely: filled triangle; uncertain: hollow diamond; unlikely: small dot; not assessed: dash.
void draw_zone_shape(ImDrawList& list, ImVec2 centre, viewer::Zone zone);

/// In its place, while two films stand side by side: the change of their scores, from `y` down; returns its height. `hovered` as
/// above.
float draw_score_changes(const View& view, Actions& out, Box area, float y, std::string& hovered);

}  // namespace chestlight::ui
