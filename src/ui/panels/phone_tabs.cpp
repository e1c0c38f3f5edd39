// The lower half of a phone's page: a tab for the findings, one for everything done to the film, one for the list of films.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/version.h"
#include "ui/panels.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

/// Buttons of equal width in rows of `columns`; returns the height.
float button_grid(const View& view, Actions& out, float x, float y, float width, int columns,
                  const std::vector<const char*>& ids) {
  float cell = std::floor((width - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  int i = 0;
  for (const char* id : ids) {
    float left = x + (cell + kGap) * static_cast<float>(i % columns);
    float top = y + (kTouchTarget + kGap) * static_cast<float>(i / columns);
    command_button(view, out, id, box(left, top, cell, kTouchTarget), ButtonLook::kOutlined);
    ++i;
  }
  return (kTouchTarget + kGap) * std::ceil(static_cast<float>(ids.size()) / static_cast<float>(columns));
}

void film_tab(const View& view, Actions& out) {
  Box area = box(view.layout.findings);
  Panel panel(view, "film-tab", area, colour::kPanel, true);
  const viewer::State& state = view.state;
  const viewer::FilmEntry* film = viewer::selected_film(state);
  float x = area.min.x + kPadding, width = area.width() - 2 * kPadding, y = panel.top() + kPadding;
  float controls = overlay_controls_height(view);
  y += button_grid(
      view, out, x, y, width, 3,
      {"fit", "one-to-one", "windows", "reset", "invert", "rotate-left", "rotate-right", "flip-horizontal", "flip-vertical"});
  y += button_grid(view, out, x, y, width, 3,
                   {"tool-length", "tool-angle", "tool-probe", "tool-magnifier", "remove-measurement", "corner-text"});
  draw_overlay_controls(view, out, box(area.min.x, y, area.width(), controls));
  y += controls;
  y += button_grid(view, out, x, y, width, 2, {"model-input", "corrections", "film-facts", "identifiers"});
  if (film && film->info.has_drawing) y += button_grid(view, out, x, y, width, 1, {"file-drawing"});
  y += button_grid(view, out, x, y, width, 3, {"previous-film", "next-film", "remove-film"});
  y += button_grid(view, out, x, y, width, 3, {"compare-before", "compare-next", "compare-film"});
  if (film) {
    std::string model = state.model.id.empty() ? "No model yet" : state.model.name;
    for (const std::string& line :
         {text("Film: ", film->name), "Model: " + model, "Runs on: " + viewer::backend_in_words(state.backend.name),
          text("Bytes sent: ", state.network.bytes_sent), app_name_and_version()})
      y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), line);
  }
  panel.content_to(y + kPadding);
}

}  // namespace

void draw_phone_tabs(const View& view, Actions& out) {
  {
    Panel bar(view, "tabs", box(view.layout.tabs), colour::kPanel);
    Box area = bar.area();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine({area.min.x, area.min.y + 0.5f}, {area.max.x, area.min.y + 0.5f}, colour::kLine);
    list.AddLine({area.min.x, area.max.y - 0.5f}, {area.max.x, area.max.y - 0.5f}, colour::kLine);
    float third = std::floor(area.width() / 3);
    auto tab = [&](const char* id, const char* label, viewer::PhoneTab which, float x) {
      bool on = view.state.tab == which;
      Box place = box(x, area.min.y, third, area.height());
      if (hot_area(view, id, place).clicked) out.push_back(viewer::SetTab{which});
      draw_text_in(view, place, on ? view.small_medium() : view.small(colour::kQuiet), label, 0.5f);
      if (on) list.AddRectFilled({place.min.x, place.max.y - 2}, place.max, colour::kAccent);
    };
    std::size_t count = view.state.films.size(), at = 0;
    while (at < count && view.state.films[at].id != view.state.selected) ++at;
    std::string film = count > 1 ? text("Film ", at + 1, " of ", count) : "Film";
    tab("tab-findings", "Findings", viewer::PhoneTab::kFindings, area.min.x);
    tab("tab-film", film.c_str(), viewer::PhoneTab::kFilm, area.min.x + third);
    tab("tab-films", "All films", viewer::PhoneTab::kFilms, area.min.x + 2 * third);
  }
  if (view.state.tab == viewer::PhoneTab::kFindings) draw_findings(view, out);
  else if (view.state.tab == viewer::PhoneTab::kFilm) film_tab(view, out);
  else draw_film_list(view, out);
}

}  // namespace chestlight::ui
