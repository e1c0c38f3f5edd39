// A reader study: which findings it reads for, whether films are read a second time with the model, and what came of one.
#include <algorithm>

#include "base/text.h"
#include "ui/popups/evaluation_parts.h"
#include "ui/widgets/plot.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::ui {
namespace {

constexpr float kStudyPopup = 640, kChoicesHeight = 400, kRocSide = 240;

float draw_study_results(const View& view, float x, float y, float width) {
  const float begun = y;
  y += draw_wrapped(view, {x, y}, width, view.small(), viewer::study_in_words(view.state)) + kGap;
  const auto& results = view.state.study.results;
  if (!results) return y - begun;
  if (results->error) y += draw_wrapped(view, {x, y}, width, view.small(colour::kBorderline), results->error->sentence()) + kGap;
  for (const viewer::StudyFinding& one : results->findings) {
    y += draw_wrapped(view, {x, y}, width, view.small_medium(),
                      text(one.name, ": ", one.with, " with it, ", one.without, " without")) +
         2;
    if (!one.note.empty()) {
      y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), one.note) + kGap;
      continue;
    }
    std::string words = "AUROC without the model " + one.unaided.text;
    if (one.aided.value) words += text(", with it ", one.aided.text, ". ", one.difference);
    y += draw_wrapped(view, {x, y}, width, view.small(), words) + 4;
    if (!one.roc) continue;
    draw_plot(view, box(x, y, std::min(width, kRocSide * 1.3f), kRocSide), *one.roc);
    y += kRocSide + kPadding;
  }
  return y - begun;
}

}  // namespace

void draw_study_popup(const View& view, Actions& out) {
  const float page = static_cast<float>(view.layout.page.height) - (view.layout.phone() ? 16 : 96);
  const bool choices_alone = !viewer::has_study(view.state) && !view.layout.phone();
  popup(view, out, "study", viewer::Popup::kStudy,
        centred(view, kStudyPopup, choices_alone ? std::min(page, kChoicesHeight) : page), [&](float x, float y, float room) {
          const float begun = y, row = view.layout.touch ? kTouchTarget : kRow;
          room -= 10;  // for the bar that scrolls
          y += popup_title(view, x, y, "Reader study");
          if (viewer::has_study(view.state)) {
            y += draw_study_results(view, x, y, room);
            const auto label = viewer::find_command("export-study")->label;
            command_button(view, out, "export-study", box(x, y, button_width(view, label), row), ButtonLook::kOutlined);
            y += row + kPadding;
          }
          y += draw_wrapped(
                   view, {x, y}, room, view.small(colour::kQuiet),
                   "Films come in an order of chance, and nothing of what the model says can be seen until you have said of each "
                   "finding whether it is there and how sure you are. Choose what the films are read for.") +
               kGap;
          ButtonFlow flow(view, x, y, room);
          const auto& chosen = view.state.study.findings;
          for (const std::string& id : viewer::study_choices(view.state)) {
            const viewer::LabelInfo* label = viewer::find_label(view.state, id);
            const bool on = std::ranges::find(chosen, id) != chosen.end();
            if (flow.add("study-finding-" + id, label->name, on ? ButtonLook::kSelected : ButtonLook::kOutlined))
              out.push_back(viewer::ToggleStudyFinding{id});
          }
          y = flow.bottom() + kPadding;
          const bool with_model = view.state.study.with_model;
          if (check(view, "study-model", box(x, y, room, row), "Read each film a second time, with the model", with_model))
            out.push_back(viewer::SetStudyModel{!with_model});
          y += row + kGap;
          ButtonFlow below(view, x, y, room);
          if (below.add("study-reader", "Reader: " + view.state.study.reader, ButtonLook::kOutlined))
            out.push_back(viewer::BeginText{"reader"});
          if (viewer::can_start_study(view.state) && below.add("start-study", "Start", ButtonLook::kPrimary))
            out.push_back(viewer::StartStudy{});
          return below.bottom() - begun;
        });
}

}  // namespace chestlight::ui
