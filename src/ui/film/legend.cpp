// The legend of the map on the film: its ramp with numbers and unit, as render/map_drawing.h has them.
#include <algorithm>

#include "base/text.h"
#include "render/colour_map.h"
#include "ui/panels.h"
#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"

namespace chestlight::ui {
namespace {

ImU32 ramp_colour(double fraction, bool is_signed) {
  const Rgba colour =
      is_signed ? signed_evidence_colour(static_cast<float>(2 * fraction - 1)) : evidence_colour(static_cast<float>(fraction));
  // On the legend's dark plate, as the overlay is on dark film.
  return IM_COL32(colour.r, colour.g, colour.b, colour.a);
}

}  // namespace

float draw_legend(const View& view, Box area) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  const viewer::Finding* finding = viewer::overlaid_finding(view.state);
  if (!film || !finding || !film->analysis->has_maps()) return 0;
  const viewer::DrawnExplanation* other = viewer::overlaid_explanation(view.state);
  // On a phone the sheet below already names the finding.
  std::string title = view.layout.phone() ? "" : finding->name;
  if (other && !title.empty())
    title += ", " + viewer::find_method(view.state, viewer::chosen_method(*film, finding->id).method)->name;
  return draw_map_legend(view, area, *film, *finding, other, title);
}

float draw_map_legend(const View& view, Box area, const viewer::FilmEntry& film, const viewer::Finding& finding,
                      const viewer::DrawnExplanation* other, const std::string& title) {
  const MapLegend legend =
      legend_of(other ? other->facts : viewer::drawn_facts(view.state, film, finding), view.state.settings.overlay.look());
  const bool named = !title.empty();
  const TextStyle style = view.small(colour::kQuiet);
  const float outer = std::max(text_width(style, legend.least), text_width(style, legend.most));  // the unit stands in the middle
  const float needed = text_width(style, legend.unit) + 2 * (outer + kGap) + 2 * kGap;
  const float width = std::min(std::max(named ? 232.0f : 176.0f, needed), area.width() - 2 * kPadding);
  const bool broken = width < needed;  // a narrow pane: the unit gets lines of its own
  const auto lines = broken ? wrapped_lines(style, legend.unit, width - 2 * kGap) : std::vector<std::string>{};
  const float height = (named ? 68.0f : 44.0f) + 18 * static_cast<float>(lines.size());
  Box plate = box(area.min.x + kPadding, area.max.y - kGap - height, width, height);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(plate.min, plate.max, rgb(0x0B0D10, 0.86f), kRadius);
  float left = plate.min.x + kGap, right = plate.max.x - kGap, y = plate.min.y + 4;
  if (named) {
    draw_text(view, {left, y}, view.small_medium(), title, right - left);
    y += 22;
  } else {
    y += 4;
  }
  int steps = static_cast<int>(right - left);
  for (int i = 0; i < steps; ++i) {
    float x = left + static_cast<float>(i);
    list.AddRectFilled({x, y}, {x + 1, y + 10}, ramp_colour((i + 0.5) / steps, legend.is_signed));
  }
  list.AddRect({left - 0.5f, y - 0.5f}, {right + 0.5f, y + 10.5f}, colour::kLine);
  y += 14;
  Box figures = box(left, y, right - left, 18);
  draw_text_in(view, figures, style, legend.least, 0);
  draw_text_in(view, figures, style, legend.most, 1);
  if (broken) draw_wrapped(view, {left, y + 18}, right - left, style, legend.unit);
  else draw_text_in(view, figures, style, legend.unit, 0.5f);
  return height;
}

}  // namespace chestlight::ui
