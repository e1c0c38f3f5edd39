// How the opened finding is explained: each method with what it does and what it costs; and for methods that can look at
// several layers of the network, which one.
#include "ui/widgets/popup_frame.h"
#include "viewer/state/explanations.h"
#include "viewer/text/explanation_snapshot.h"

namespace chestlight::ui {

void draw_method_popup(const View& view, Actions& out) {
  const viewer::Finding* finding = viewer::pinned_finding(view.state);
  if (!finding) return;
  const std::string used = viewer::chosen_method(*viewer::selected_film(view.state), finding->id).method;
  std::vector<ExplainedChoice> choices;
  for (const viewer::MethodInfo& method : view.state.methods)
    choices.push_back({method.name, method.explanation,
                       method.unavailable.empty() ? viewer::cost_in_words(method) : method.unavailable, method.id == used,
                       method.unavailable.empty()});
  int clicked =
      explained_choices_popup(view, out, "method", viewer::Popup::kMethod, "How " + finding->name + " is explained", choices);
  if (clicked >= 0) out.push_back(viewer::ChooseMethod{view.state.methods[static_cast<std::size_t>(clicked)].id, ""});
}

void draw_layer_popup(const View& view, Actions& out) {
  const viewer::Finding* finding = viewer::pinned_finding(view.state);
  if (!finding) return;
  const viewer::MethodChoice used = viewer::chosen_method(*viewer::selected_film(view.state), finding->id);
  const viewer::MethodInfo* method = viewer::find_method(view.state, used.method);
  if (!method || method->layers.empty()) return;
  std::vector<std::pair<std::string, std::string>> items;
  for (const std::string& layer : method->layers)
    items.push_back({viewer::layer_in_words(layer), layer == used.layer ? "in use" : ""});
  constexpr float kWidth = 280;
  float height = 32 + static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  popup(view, out, "layer", viewer::Popup::kLayer, beside_findings(view, kWidth, height), [&](float x, float y, float room) {
    float title = popup_title(view, x, y, method->name + ": where to look");
    int clicked = -1;
    float rows = choices(view, x, y + title, room, items, &clicked);
    if (clicked >= 0) out.push_back(viewer::ChooseMethod{method->id, method->layers[static_cast<std::size_t>(clicked)]});
    return title + rows;
  });
}

}  // namespace chestlight::ui
