// The part of an opened finding about how it is explained: the method, its progress or what became of it, what its map
// says, the check of the map, and its export.
#include <algorithm>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/state/explanations.h"
#include "viewer/text/explanation_snapshot.h"

namespace chestlight::ui {
namespace {

/// Draws downwards and keeps count of where it is.
struct Column {
  const View& view;
  Actions& out;
  float x, y, width;

  float row() const { return view.layout.touch ? kTouchTarget : 28; }
  void words(std::string_view text, ImU32 ink = colour::kText) {
    if (!text.empty()) y += draw_wrapped(view, {x, y}, width, view.small(ink), text) + 4;
  }
  void fact(const char* label, std::string_view text) {
    constexpr float kLabel = 84;
    if (text.empty()) return;
    draw_text(view, {x, y}, view.small(colour::kQuiet), label, kLabel - kGap);
    y += draw_wrapped(view, {x + kLabel, y}, width - kLabel, view.small(), text) + 4;
  }
  /// A choice that opens a list.
  void opener(const char* id, const std::string& label, viewer::Popup popup, const char* hint) {
    Box area = box(x, y, width, row());
    ButtonState state = hot_area(view, id, area);
    ImU32 ink = state.hovered || view.state.popup == popup ? colour::kText : colour::kQuiet;
    draw_caret(*ImGui::GetWindowDrawList(), {x + 4, y + row() / 2}, true, ink);
    draw_text_in(view, {{x + 16, y}, area.max}, view.small(ink), label);
    if (state.clicked) out.push_back(viewer::OpenPopup{popup});
    if (state.hovered) set_hint(view, hint);
    y += row();
  }
  void mind(std::string_view text) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddQuad({x + 6, y + 4}, {x + 11, y + 9}, {x + 6, y + 14}, {x + 1, y + 9}, colour::kBorderline, 1.5f);
    y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(colour::kBorderline), text) + 4;
  }
  void running(const viewer::Work& work) {
    viewer::Progress p = viewer::explanation_progress(view.state);
    std::optional<viewer::RunningWork> first = viewer::running_work(view.state);
    const bool its_turn = first && first->work == &work;
    words(its_turn ? p.text : "Waiting for another explanation", colour::kQuiet);
    draw_progress(*ImGui::GetWindowDrawList(), box(x, y, width, 4), its_turn ? p.fraction : -1);
    y += 4 + kGap;
    command_button(view, out, "cancel", box(x, y, button_width(view, "Cancel"), row()), ButtonLook::kOutlined);
    y += row() + 4;
  }
  void missing(const viewer::Work& work, const std::string& what) {
    viewer::Failure failure = viewer::missing_map(work, what);
    if (failure.message.empty()) return;
    draw_dash(*ImGui::GetWindowDrawList(), {x + 6, y + 9}, colour::kQuiet);
    y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(), failure.message) + 2;
    if (!failure.hint.empty()) y += draw_wrapped(view, {x + 20, y}, width - 20, view.small(colour::kQuiet), failure.hint) + 4;
  }
};

void map_in_words(Column& column, const viewer::DrawnExplanation& explanation) {
  column.fact("Where", explanation.sentence);
  column.fact("Region", viewer::regions_in_words(explanation.boxes, explanation.area, explanation.facts.cutoff));
  for (const std::string& note : explanation.notes) column.mind(note);
  for (const auto& measure : explanation.measures) {
    auto [name, value] = viewer::measure_in_words(measure);
    column.fact(name.c_str(), value);
  }
}

void trust(Column& column, const viewer::ExplanationEntry* entry) {
  if (entry && entry->check && entry->check->stage == viewer::WorkStage::kRunning) return column.running(*entry->check);
  if (entry && entry->check) column.missing(*entry->check, "The check");
  if (!entry || !entry->trust) return;
  const View& view = column.view;
  const bool open = view.state.trust_details_open;
  auto lines = wrapped_lines(view.small_medium(), entry->trust->line, column.width - 16);
  const float height = std::max(column.row(), static_cast<float>(lines.size()) * 18 + 6);
  ButtonState state = hot_area(view, "trust-details", box(column.x, column.y, column.width, height));
  draw_caret(*ImGui::GetWindowDrawList(), {column.x + 4, column.y + 12}, open, state.hovered ? colour::kText : colour::kQuiet);
  draw_wrapped(view, {column.x + 16, column.y + 3}, column.width - 16, view.small_medium(), entry->trust->line);
  if (state.clicked) column.out.push_back(viewer::ToggleTrustDetails{});
  column.y += height;
  if (!open) return;
  for (const viewer::TrustCheck& check : entry->trust->checks) {
    column.words(check.name + ": " + viewer::verdict_in_words(check.verdict),
                 check.verdict == "passed" ? colour::kText : colour::kBorderline);
    column.words(check.text, colour::kQuiet);
  }
}

}  // namespace

float draw_explanation_details(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::Finding& finding,
                               float x, float y, float width) {
  if (view.state.methods.empty() || finding.id != view.state.pinned) return 0;
  Column column{view, out, x, y, width};
  const viewer::MethodChoice choice = viewer::chosen_method(film, finding.id);
  const viewer::MethodInfo* method = viewer::find_method(view.state, choice.method);
  const viewer::ExplanationEntry* entry = viewer::chosen_entry(film, finding.id);
  if (!method) return 0;
  column.opener("method", "Method: " + method->name, viewer::Popup::kMethod, "How the finding is explained  (Shift+E)");
  if (!method->layers.empty())
    column.opener("layer", "Layer: " + viewer::layer_in_words(choice.layer), viewer::Popup::kLayer,
                  "Where in the network to look");
  if (method->id != viewer::kEvidenceMethod) column.words(method->explanation, colour::kQuiet);
  if (entry && entry->work.request && entry->work.stage == viewer::WorkStage::kRunning) {
    column.running(entry->work);
  } else if (entry && entry->explanation) {
    map_in_words(column, *entry->explanation);
  } else if (method->id != viewer::kEvidenceMethod) {
    if (entry) column.missing(entry->work, method->name);
    if (button(view, "run-method", box(x, column.y, button_width(view, "Run it"), column.row()), "Run it", ButtonLook::kOutlined))
      out.push_back(viewer::ChooseMethod{choice.method, choice.layer});
    column.y += column.row() + 4;
  }
  trust(column, entry);

  const bool shown = method->id == viewer::kEvidenceMethod || (entry && entry->explanation);
  if (shown) {
    float left = x;
    for (const char* command : {"keep-map", "check-map", "export-map"}) {
      if (std::string_view(command) == "check-map" && entry &&
          (entry->trust || (entry->check && entry->check->stage == viewer::WorkStage::kRunning)))
        continue;
      float wide = button_width(view, viewer::find_command(command)->label);
      if (left > x && left + wide > x + width) {
        left = x;
        column.y += column.row() + 4;
      }
      command_button(view, out, command, box(left, column.y, wide, column.row()), ButtonLook::kOutlined);
      left += wide + kGap;
    }
    column.y += column.row() + 4;
  }
  return column.y - y;
}

}  // namespace chestlight::ui
