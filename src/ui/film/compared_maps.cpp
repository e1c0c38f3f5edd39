// Maps kept beside the film: the same film in the same way, each with a map of its own, its name, its legend, and the
// button that gives it up.
#include "base/text.h"
#include "ui/panels.h"
#include "viewer/actions/film_commands.h"
#include "viewer/state/map_comparison.h"

namespace chestlight::ui {
namespace {

constexpr ImU32 kTextPlate = rgb(0x0B0D10, 0.86f);
constexpr float kRoomForName = 120, kRoomForWords = 160;  // ScreenPx

/// Its buttons, its name, and why there is no map. Only the buttons can be clicked, and they lie in the topmost row.
void header(const View& view, Actions& out, const viewer::KeptMap& kept, int index, Box area) {
  const bool touch = view.layout.touch;
  const float row = touch ? kTouchTarget : 28, top = area.min.y + (touch ? 0 : 4);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float right = area.max.x - 4;
  auto put = [&](const char* id, const char* label, const viewer::Action& action) {
    const float width = button_width(view, label);
    const Box place = box(right - width, top, width, row);
    list.AddRectFilled(place.min, place.max, kTextPlate, kRadius);
    if (button(view, text(id, index).c_str(), place, label, ButtonLook::kOutlined)) out.push_back(action);
    right -= width + 4;
  };
  put("close-kept-", area.width() < kRoomForWords ? "×" : "Close", viewer::CloseKept{index});
  if (kept.can_run) put("run-kept-", "Run it", viewer::RunKept{index});

  // Beside the buttons where there is room, else below them.
  const float left = area.min.x + kGap;
  const bool beside = right - left >= kRoomForName;
  const float width = beside ? right - left : area.width() - 2 * kGap;
  float y = beside ? top + (row - 18) / 2 : top + row + 4;
  const std::size_t lines = wrapped_lines(view.small_medium(), kept.name, width).size() +
                            (kept.note.empty() ? 0 : wrapped_lines(view.small(), kept.note, width).size());
  list.AddRectFilled({left - 4, y - 2}, {left + width, y + static_cast<float>(lines) * 18 + 2}, kTextPlate, kRadius);
  y += draw_wrapped(view, {left, y}, width, view.small_medium(), kept.name);
  if (!kept.note.empty()) draw_wrapped(view, {left, y}, width, view.small(colour::kQuiet), kept.note);
}

}  // namespace

void draw_kept(const View& view, Actions& out) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded() || !view.state.pixels || !film->analysis) return;
  for (std::size_t i = 0; i < view.layout.kept.size() && i < view.state.kept.size(); ++i) {
    const viewer::ScreenRect& pane = view.layout.kept[i];
    const int index = static_cast<int>(i);
    const std::string id = text("kept-", index);
    Panel panel(view, id.c_str(), box(pane), colour::kNone);
    const Box area = panel.area();
    const viewer::KeptMap kept = viewer::kept_map(view.state, *film, view.state.kept[i]);
    view.painter.draw(*ImGui::GetWindowDrawList(), make_kept_drawing(view.state, *film, pane, kept));
    film_input(view, out, *film, area, text("film-", id).c_str(), static_cast<float>(viewer::kKeptHeader));
    draw_region_boxes(view, *film, kept.drawn ? kept.finding : nullptr, kept.explanation, area);
    if (kept.drawn) draw_map_legend(view, area, *film, *kept.finding, kept.explanation, "");
    header(view, out, kept, index, area);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine({area.min.x + 0.5f, area.min.y}, {area.min.x + 0.5f, area.max.y}, colour::kLine);
    list.AddLine({area.min.x, area.min.y + 0.5f}, {area.max.x, area.min.y + 0.5f}, colour::kLine);
  }
}

}  // namespace chestlight::ui
