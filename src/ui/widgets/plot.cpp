// See plot.h.
#include "ui/widgets/plot.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace chestlight::ui {
namespace {

constexpr float kLeft = 40, kRight = 8, kTop = 38, kBottom = 38;
constexpr int kTicks = 4;

ImU32 curve_colour(contract::CurveTone tone, float alpha = 1) {
  switch (tone) {
    case contract::CurveTone::kMain: return rgb(0x4CC2FF, alpha);
    case contract::CurveTone::kOther: return rgb(0xFFB454, alpha);
    case contract::CurveTone::kReference: return rgb(0x9AA4B0, alpha);
  }
  return colour::kText;
}

/// From the plot's units to ScreenPx.
struct PlotScale {
  Box area;
  const contract::EvaluationPlot& plot;

  static float share(double value, const std::array<double, 2>& range) {
    const double part = (value - range[0]) / (range[1] - range[0]);
    return std::isfinite(part) ? static_cast<float>(std::clamp(part, 0.0, 1.0)) : 0;
  }
  float left() const { return area.min.x + kLeft; }
  float right() const { return area.max.x - kRight; }
  float top() const { return area.min.y + kTop; }
  float bottom() const { return area.max.y - kBottom; }
  float x(double value) const { return left() + share(value, plot.x) * (right() - left()); }
  float y(double value) const { return bottom() - share(value, plot.y) * (bottom() - top()); }
};

/// Digits that tell the ticks of a range apart.
int tick_digits(const std::array<double, 2>& range) {
  const double step = (range[1] - range[0]) / kTicks;
  for (int digits = 0; digits < 4; ++digits) {
    const double scaled = step * std::pow(10, digits);
    if (scaled >= 1 && std::abs(scaled - std::round(scaled)) < 0.01) return digits;
  }
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(std::max(step, 1e-9)))), 0, 4);
}

void draw_axes(const View& view, const PlotScale& scale) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const contract::EvaluationPlot& plot = scale.plot;
  const TextStyle small{view.fonts.regular, 11, colour::kQuiet};
  const ImVec2 corner[3] = {{scale.left(), scale.top()}, {scale.left(), scale.bottom()}, {scale.right(), scale.bottom()}};
  list.AddPolyline(corner, 3, colour::kLine, 0, 1);
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double along = static_cast<double>(tick) / kTicks;
    const double x = plot.x[0] + (plot.x[1] - plot.x[0]) * along, y = plot.y[0] + (plot.y[1] - plot.y[0]) * along;
    list.AddLine({scale.x(x), scale.bottom()}, {scale.x(x), scale.bottom() + 3}, colour::kLine);
    list.AddLine({scale.left() - 3, scale.y(y)}, {scale.left(), scale.y(y)}, colour::kLine);
    const std::string across = fixed(x, tick_digits(plot.x)), up = fixed(y, tick_digits(plot.y));
    const float width = text_width(small, across), begin = std::min(scale.x(x) - width / 2, scale.area.max.x - width);
    list.AddText(const_cast<ImFont*>(small.font), small.size, {begin, scale.bottom() + 4}, small.colour, across.c_str());
    list.AddText(const_cast<ImFont*>(small.font), small.size, {scale.left() - 5 - text_width(small, up), scale.y(y) - 6},
                 small.colour, up.c_str());
  }
  list.AddText(const_cast<ImFont*>(small.font), small.size, {scale.area.min.x, scale.area.min.y + 19}, small.colour,
               plot.y_label.c_str());
  const float label = text_width(small, plot.x_label);
  list.AddText(const_cast<ImFont*>(small.font), small.size, {(scale.left() + scale.right() - label) / 2, scale.bottom() + 19},
               small.colour, plot.x_label.c_str());
}

void draw_bars(ImDrawList& list, const PlotScale& scale, const contract::PlotCurve& curve) {
  for (const auto& [left, height] : curve.points)
    list.AddRectFilled({scale.x(left), scale.y(height)}, {scale.x(left + scale.plot.bar_width), scale.bottom()},
                       curve_colour(curve.tone, 0.5f));
}

void draw_curve(ImDrawList& list, const PlotScale& scale, const contract::PlotCurve& curve) {
  if (curve.kind == contract::CurveKind::kBars) return draw_bars(list, scale, curve);
  const ImU32 ink = curve_colour(curve.tone, curve.tone == contract::CurveTone::kReference ? 0.6f : 1);
  std::vector<ImVec2> points;
  for (const auto& [x, y] : curve.points) {
    if (curve.kind == contract::CurveKind::kSteps && !points.empty()) points.push_back({points.back().x, scale.y(y)});
    points.push_back({scale.x(x), scale.y(y)});
  }
  if (curve.kind == contract::CurveKind::kDots)
    for (const ImVec2& point : points) list.AddCircleFilled(point, 3, ink, 16);
  else
    list.AddPolyline(points.data(), static_cast<int>(points.size()), ink, 0,
                     curve.tone == contract::CurveTone::kReference ? 1 : 1.6f);
}

}  // namespace

void draw_plot(const View& view, Box area, const contract::EvaluationPlot& plot) {
  const PlotScale scale{area, plot};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  draw_text(view, area.min, view.small_medium(), plot.title);
  draw_axes(view, scale);
  for (const contract::PlotCurve& curve : plot.curves) draw_curve(list, scale, curve);
  // The curves' names, on the side that they leave free.
  int names = 0;
  for (const contract::PlotCurve& curve : plot.curves) names += !curve.name.empty();
  const bool low = plot.curves.back().kind == contract::CurveKind::kLine || plot.curves.back().kind == contract::CurveKind::kDots;
  float line = low && plot.y[0] >= 0 ? scale.bottom() - 4 - 16 * static_cast<float>(names) : scale.top() + 2;
  for (const contract::PlotCurve& curve : plot.curves) {
    if (curve.name.empty()) continue;
    const TextStyle style{view.fonts.regular, 12, curve_colour(curve.tone)};
    const float width = text_width(style, curve.name);
    list.AddText(const_cast<ImFont*>(style.font), style.size, {scale.right() - 4 - width, line}, style.colour,
                 curve.name.c_str());
    line += 16;
  }
}

}  // namespace chestlight::ui
