// The legend of the map on the film: its ramp with numbers, in logit units.
#include <algorithm>

#include "base/text.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

ImU32 ramp_colour(double fraction, bool is_signed) {
  auto pack = [](float r, float g, float b, double alpha) {
    // On the legend's dark plate, as the overlay is on dark film.
    return ImGui::ColorConvertFloat4ToU32({r, g, b, static_cast<float>(alpha)});
  };
  if (is_signed) {
    double t = 2 * fraction - 1;
    const auto& c = t < 0 ? kAgainst : kFor;
    return pack(c[0], c[1], c[2], ramp_alpha(std::abs(t)));
  }
  double at = fraction * (kRampStops - 1);
  int low = std::min(static_cast<int>(at), kRampStops - 2);
  float mix = static_cast<float>(at - low);
  const auto& a = evidence_ramp()[static_cast<std::size_t>(low)];
  const auto& b = evidence_ramp()[static_cast<std::size_t>(low) + 1];
  return pack(a[0] + (b[0] - a[0]) * mix, a[1] + (b[1] - a[1]) * mix, a[2] + (b[2] - a[2]) * mix,
              ramp_alpha(fraction));
}

}  // namespace

float draw_legend(const View& view, Box area) {
  const app::FilmEntry* film = app::selected_film(view.state);
  const app::Finding* finding = app::overlaid_finding(view.state);
  if (!film || !finding || film->analysis->map_width == 0) return 0;
  const app::Analysis& analysis = *film->analysis;
  bool is_signed = view.state.settings.overlay.mode == app::OverlayMode::kSigned;
  double scale = is_signed ? app::signed_scale(analysis) : app::evidence_scale(analysis);

  // On a phone the sheet below already names the finding.
  bool named = !view.layout.phone();
  float width = std::min(named ? 232.0f : 176.0f, area.width() - 2 * kPadding),
        height = named ? 68.0f : 44.0f;
  Box plate = box(area.min.x + kPadding, area.max.y - kGap - height, width, height);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(plate.min, plate.max, rgb(0x0B0D10, 0.86f), kRadius);
  float left = plate.min.x + kGap, right = plate.max.x - kGap, y = plate.min.y + 4;
  if (named) {
    draw_text(view, {left, y}, view.small_medium(), finding->name, right - left);
    y += 22;
  } else {
    y += 4;
  }
  int steps = static_cast<int>(right - left);
  for (int i = 0; i < steps; ++i) {
    float x = left + static_cast<float>(i);
    list.AddRectFilled({x, y}, {x + 1, y + 10}, ramp_colour((i + 0.5) / steps, is_signed));
  }
  list.AddRect({left - 0.5f, y - 0.5f}, {right + 0.5f, y + 10.5f}, colour::kLine);
  y += 14;
  int digits = scale < 1 ? 2 : 1;
  TextStyle style = view.small(colour::kQuiet);
  Box figures = box(left, y, right - left, 18);
  draw_text_in(view, figures, style, is_signed ? "−" + fixed(scale, digits) : "0", 0);
  draw_text_in(view, figures, style, is_signed ? "below · above, logit" : "above threshold, logit", 0.5f);
  draw_text_in(view, figures, style, fixed(scale, digits), 1);
  return height;
}

}  // namespace chestlight::ui
