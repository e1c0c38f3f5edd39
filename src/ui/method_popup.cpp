// How the opened finding is explained: each method with what it does and what it costs; and for methods that can look at
// several layers of the network, which one.
#include "app/explanation_snapshot.h"
#include "app/explanations.h"
#include "ui/popup_frame.h"

namespace chestlight::ui {

void draw_method_popup(const View& view, Actions& out) {
  const app::Finding* finding = app::pinned_finding(view.state);
  if (!finding) return;
  const std::string used = app::chosen_method(*app::selected_film(view.state), finding->id).method;
  std::vector<ExplainedChoice> choices;
  for (const app::MethodInfo& method : view.state.methods)
    choices.push_back({method.name, method.explanation,
                       method.unavailable.empty() ? app::cost_in_words(method) : method.unavailable, method.id == used,
                       method.unavailable.empty()});
  int clicked =
      explained_choices_popup(view, out, "method", app::Popup::kMethod, "How " + finding->name + " is explained", choices);
  if (clicked >= 0) out.push_back(app::ChooseMethod{view.state.methods[static_cast<std::size_t>(clicked)].id, ""});
}

void draw_layer_popup(const View& view, Actions& out) {
  const app::Finding* finding = app::pinned_finding(view.state);
  if (!finding) return;
  const app::MethodChoice used = app::chosen_method(*app::selected_film(view.state), finding->id);
  const app::MethodInfo* method = app::find_method(view.state, used.method);
  if (!method || method->layers.empty()) return;
  std::vector<std::pair<std::string, std::string>> items;
  for (const std::string& layer : method->layers)
    items.push_back({app::layer_in_words(layer), layer == used.layer ? "in use" : ""});
  constexpr float kWidth = 280;
  float height = 32 + static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  popup(view, out, "layer", app::Popup::kLayer, beside_findings(view, kWidth, height), [&](float x, float y, float room) {
    float title = popup_title(view, x, y, method->name + ": where to look");
    int clicked = -1;
    float rows = choices(view, x, y + title, room, items, &clicked);
    if (clicked >= 0) out.push_back(app::ChooseMethod{method->id, method->layers[static_cast<std::size_t>(clicked)]});
    return title + rows;
  });
}

}  // namespace chestlight::ui
