// What a reader says of the film of a study: of each finding whether it is there, and how sure they are.
#include <algorithm>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::ui {

float draw_study_questions(const View& view, Actions& out, float x, float y, float width) {
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
  const viewer::State& state = view.state;
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), viewer::study_in_words(state)) + 2;
  y +=
      draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet),
                   "Say of each finding whether it is there, and how sure you are. Scores and maps of the model are hidden until "
                   "then.") +
      kPadding;
  for (const std::string& id : state.study.running->findings) {
    const viewer::LabelInfo* label = viewer::find_label(state, id);
    y += draw_wrapped(view, {x, y}, width, view.small_medium(), label ? label->name : id) + 4;
    const auto verdict = viewer::study_verdict(state, id);
    const int said =
        segments(view, ("study-verdict-" + id).c_str(), box(x, y, std::min(width, 200.0f), row), {"There", "Not there"},
                 !verdict   ? -1
                 : *verdict ? 0
                            : 1);
    if (said >= 0) out.push_back(viewer::GiveStudyVerdict{id, said == 0});
    y += row + 4;
    const auto confidence = viewer::study_confidence(state, id);
    std::vector<std::string> steps;
    int chosen = -1;
    for (std::size_t i = 0; i < std::size(viewer::kConfidences); ++i) {
      steps.push_back(text(viewer::kConfidences[i], " %"));
      if (confidence == viewer::kConfidences[i]) chosen = static_cast<int>(i);
    }
    const int sure = segments(view, ("study-sure-" + id).c_str(), box(x, y, std::min(width, 300.0f), row), steps, chosen);
    if (sure >= 0) out.push_back(viewer::GiveStudyConfidence{id, viewer::kConfidences[sure]});
    y += row + kPadding;
  }
  const std::string next = viewer::study_next_in_words(state);
  const float wide = button_width(view, next);
  if (button(view, "study-next", box(x, y, wide, row), next, ButtonLook::kPrimary, viewer::study_film_is_read(state)))
    out.push_back(viewer::RunCommand{"study-next"});
  const auto end = viewer::find_command("end-study")->label;
  command_button(view, out, "end-study", box(x + wide + kGap, y, button_width(view, end), row));
  return y + row + kPadding - begun;
}

}  // namespace chestlight::ui
