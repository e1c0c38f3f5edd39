// What scores are worth against labels: the join of labels and films, then the results. Nothing that was computed is lost when it
// is closed.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/popups/evaluation_parts.h"

namespace chestlight::ui {
namespace {

constexpr float kWidest = 1180;

/// The title, what can be exported, and the way out.
float evaluation_heading(const View& view, Actions& out, float x, float y, float width) {
  const float row = view.layout.touch ? kTouchTarget : kRow;
  float right = x + width;
  const auto place = [&](const char* id, const char* label, bool enabled) {
    const float wide = button_width(view, label);
    right -= wide;
    const bool clicked = button(view, id, box(right, y, wide, row), label, ButtonLook::kQuiet, enabled);
    right -= 4;
    return clicked;
  };
  if (place("close-evaluation", "Close", true)) out.push_back(viewer::ClosePopup{viewer::Popup::kEvaluation});
  const bool phone = view.layout.phone();
  const bool enabled = viewer::has_results(view.state);
  float below = 0;
  if (phone) {
    right = x + width;
    below = row + 4;
    y += below;
  }
  struct File {
    const char *id, *label, *format;
  };
  for (const File& file : {File{"export-scores", phone ? "Scores" : "Scores (CSV)", "csv"},
                           File{"export-figures", phone ? "Figures" : "Figures (JSON)", "json"},
                           File{"export-report", phone ? "Report" : "Report (HTML)", "html"}})
    if (place(file.id, file.label, enabled)) out.push_back(viewer::ExportEvaluation{file.format});
  y -= below;
  draw_text_in(view, box(x, y, width - 90, row), view.body_medium(), phone ? "Evaluation" : "Evaluation on films with labels");
  return row + below + kPadding;
}

/// How many films are measured, and the way to have the others analysed.
float evaluation_progress(const View& view, Actions& out, const viewer::FilmsEvaluated& results, float x, float y, float width) {
  const float begun = y;
  std::string words = viewer::labelled_films_in_words(results.films);
  if (!results.operating_point_name.empty()) words += " Thresholds: " + results.operating_point_name + ".";
  y += draw_wrapped(view, {x, y}, width, view.small(), words) + 4;
  if (results.films.waiting > 0) {
    draw_progress(*ImGui::GetWindowDrawList(), box(x, y, std::min(width, 240.0f), 4),
                  1 - static_cast<double>(results.films.waiting) / std::max(1, results.films.with_labels));
    y += kGap;
    if (viewer::has_rest(view.state)) {
      const float row = view.layout.touch ? kTouchTarget : kRow;
      command_button(view, out, "analyse-rest", box(x, y, button_width(view, "Analyse the rest"), row), ButtonLook::kOutlined);
      y += row + kGap;
    }
  }
  if (!results.remarks.empty()) y += draw_sentences(view, x, y, width, results.remarks, colour::kQuiet);
  return y - begun + kGap;
}

}  // namespace

float draw_sentences(const View& view, float x, float y, float width, const std::vector<std::string>& sentences, ImU32 ink) {
  const float begun = y;
  for (const std::string& sentence : sentences) {
    draw_dash(*ImGui::GetWindowDrawList(), {x + 6, y + 9}, colour::kDisabled);
    y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(ink), sentence) + 2;
  }
  return y - begun;
}

float draw_profile_choices(const View& view, Actions& out, float x, float y, float width) {
  const float begun = y;
  y += draw_wrapped(view, {x, y}, width, view.small_medium(), "Site profile") + 4;
  y +=
      draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet),
                   "One small file with the thresholds found here and the zones that were proved. Dropped on this page, or given "
                   "to cxr predict --profile, it takes the place of the model's own.") +
      kGap;
  ButtonFlow flow(view, x, y, width);
  const auto options = viewer::profile_options(view.state);
  for (std::size_t i = 0; i < options.size(); ++i)
    if (flow.add(text("profile-option-", i), options[i].label, options[i].chosen ? ButtonLook::kSelected : ButtonLook::kQuiet))
      std::visit([&](const auto& action) { out.push_back(action); }, options[i].action);
  if (flow.add("export-profile", "Save the site profile (JSON)", ButtonLook::kOutlined))
    out.push_back(viewer::ExportEvaluation{"profile"});
  if (flow.add("export-card", "Save a model card (JSON)", ButtonLook::kOutlined)) out.push_back(viewer::ExportEvaluation{"card"});
  return flow.bottom() + kGap - begun;
}

void draw_evaluation_popup(const View& view, Actions& out) {
  const float page = static_cast<float>(view.layout.page.width), high = static_cast<float>(view.layout.page.height);
  const float width = std::min(kWidest, page - 16);
  popup(view, out, "evaluation", viewer::Popup::kEvaluation, centred(view, width, high - (view.layout.phone() ? 16 : 64)),
        [&](float x, float y, float room) {
          room -= 10;  // for the bar that scrolls
          const float begun = y;
          y += evaluation_heading(view, out, x, y, room);
          y += draw_labels_join(view, out, x, y, room);
          const viewer::EvaluationView& evaluation = view.state.evaluation;
          if (!evaluation.labels || !evaluation.labels->join) return y - begun;
          ImGui::GetWindowDrawList()->AddLine({x, y + kGap}, {x + room, y + kGap}, colour::kLine);
          y += 2 * kGap + 4;
          if (!evaluation.results) {
            const bool loading = view.state.engine != viewer::EnginePhase::kReady;
            y += draw_wrapped(view, {x, y}, room, view.small(colour::kQuiet),
                              loading ? "Results come when the model is loaded." : "Measuring.");
            return y - begun;
          }
          const viewer::FilmsEvaluated& results = *evaluation.results;
          y += evaluation_progress(view, out, results, x, y, room);
          if (results.error) {
            y += draw_wrapped(view, {x, y}, room, view.small(colour::kBorderline), results.error->sentence()) + kGap;
            return y - begun;
          }
          y += draw_evaluation_table(view, out, x, y, room) + kPadding;
          y += draw_profile_choices(view, out, x, y, room);
          return y - begun;
        });
}

}  // namespace chestlight::ui
