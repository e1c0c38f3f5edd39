// What the reader says of an opened finding: agree, disagree, a note. It stands beside the score and changes none.
#include <algorithm>

#include "ui/panels.h"

namespace chestlight::ui {

float draw_verdict(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding, float x,
                   float y, float width) {
  const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
  const viewer::Verdict verdict = verdict_on(film.reading, finding.id).value_or(viewer::Verdict{finding.id});
  float at = x;
  const auto place = [&](const char* command, bool chosen) {
    const float wide = button_width(view, viewer::find_command(command)->label);
    if (at > x && at + wide > x + width) at = x, y += row + 4;
    command_button(view, out, command, box(at, y, wide, row), chosen ? ButtonLook::kSelected : ButtonLook::kOutlined);
    if (chosen)
      ImGui::GetWindowDrawList()->AddRect({at + 0.5f, y + 0.5f}, {at + wide - 0.5f, y + row - 0.5f}, colour::kAccent, kRadius);
    at += wide + 4;
  };
  place("agree", verdict.opinion == viewer::Opinion::kAgree);
  place("disagree", verdict.opinion == viewer::Opinion::kDisagree);
  place("note", !verdict.note.empty());
  y += row + 4;
  const auto& editing = view.state.editing;
  if (editing && editing->field == "note" && editing->film == film.id && editing->finding == finding.id) {
    const Box field = box(x, y, width, row);
    ImGui::GetWindowDrawList()->AddRect(field.min, field.max, colour::kAccent, kRadius);
    // Scrolled out of the panel, the field stays at its edge, where it can be seen.
    const float top = std::clamp(y, static_cast<float>(view.layout.findings.y),
                                 static_cast<float>(view.layout.findings.y + view.layout.findings.height) - row);
    if (editing->place != viewer::ScreenRect{x, top, width, row}) out.push_back(viewer::PlaceText{x, top, width, row});
    y += row + 4;
  } else if (!verdict.note.empty()) {
    y += draw_wrapped(view, {x, y}, width, view.small(), "“" + verdict.note + "”") + 4;
  }
  return y + 4 - begun;
}

}  // namespace chestlight::ui
