// The windows to choose from, each with its figures in the file's own terms.
#include "base/text.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/state/window_presets.h"

namespace chestlight::ui {

void draw_window_popup(const View& view, Actions& out) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded()) return;
  std::vector<viewer::WindowPreset> presets = viewer::window_presets(*film);
  std::vector<std::pair<std::string, std::string>> items;
  for (const viewer::WindowPreset& preset : presets) {
    viewer::FilmEntry tried = *film;
    tried.window = preset.window;
    Window stated = viewer::stated_window(tried);
    bool chosen = preset.id == film->preset;
    items.push_back(
        {preset.name, text(chosen ? "in use   " : "", "W ", fixed(stated.width, 0), "  L ", fixed(stated.centre, 0))});
  }
  constexpr float kWidth = 340;
  const viewer::ScreenRect& tools = view.layout.tools;
  bool row = tools.height > 0;
  float x = row ? static_cast<float>(tools.x) + 120 : 8,
        y = row ? static_cast<float>(tools.y + tools.height) + 4 : static_cast<float>(view.layout.film.y) + 8;
  float height = 32 + static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  popup(view, out, "window", viewer::Popup::kWindow, clamped_to_page(view, box(x, y, kWidth, height)),
        [&](float left, float top, float room) {
          float title = popup_title(view, left, top, "Window");
          int clicked = -1;
          float used = choices(view, left, top + title, room, items, &clicked);
          if (clicked >= 0) out.push_back(viewer::ChoosePreset{presets[static_cast<std::size_t>(clicked)].id});
          return title + used;
        });
}

}  // namespace chestlight::ui
