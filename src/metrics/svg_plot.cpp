#include "metrics/svg_plot.h"

#include <algorithm>
#include <cmath>

#include "base/markup.h"
#include "base/text.h"

namespace chestlight {
namespace {

constexpr double kWidth = 260, kHeight = 250;
constexpr double kLeft = 46, kRight = 12, kTop = 26, kBottom = 42;
constexpr std::size_t kMostPoints = 400;  // finer steps are below a pixel

struct Scale {
  const Plot& plot;
  double x(double value) const { return kLeft + part(value, plot.x) * (kWidth - kLeft - kRight); }
  double y(double value) const { return kHeight - kBottom - part(value, plot.y) * (kHeight - kTop - kBottom); }
  static double part(double value, const Interval& range) {
    return std::clamp((value - range.low) / (range.high - range.low), 0.0, 1.0);
  }
  std::string at(const std::pair<double, double>& point) const {
    return fixed(x(point.first), 1) + "," + fixed(y(point.second), 1);
  }
};

std::string label(double x, double y, std::string_view anchor, std::string_view words, std::string_view more = "") {
  return text("<text x=\"", fixed(x, 1), "\" y=\"", fixed(y, 1), "\" text-anchor=\"", anchor, "\"", more, ">",
              escape_markup(words), "</text>");
}

/// Digits that tell the five ticks of a range apart.
int tick_digits(const Interval& range) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10((range.high - range.low) / 4))), 0, 4) +
         ((range.high - range.low) / 4 < 1 && std::fmod((range.high - range.low) * 2.5, 1) > 1e-9 ? 1 : 0);
}

std::string axes(const Plot& plot, const Scale& scale) {
  std::string svg = text("<path d=\"M", fixed(kLeft, 1), " ", fixed(kTop, 1), "V", fixed(kHeight - kBottom, 1), "H",
                         fixed(kWidth - kRight, 1), "\" fill=\"none\" stroke=\"#667\"/>");
  for (int tick = 0; tick <= 4; ++tick) {
    const double x = plot.x.low + (plot.x.high - plot.x.low) * tick / 4, y = plot.y.low + (plot.y.high - plot.y.low) * tick / 4;
    svg += label(scale.x(x), kHeight - kBottom + 13, "middle", fixed(x, tick_digits(plot.x)));
    svg += label(kLeft - 5, scale.y(y) + 3, "end", fixed(y, tick_digits(plot.y)));
  }
  svg += label((kLeft + kWidth - kRight) / 2, kHeight - kBottom + 29, "middle", plot.x_label);
  const double middle = (kTop + kHeight - kBottom) / 2;
  svg += label(12, middle, "middle", plot.y_label, text(" transform=\"rotate(-90 12 ", fixed(middle, 1), ")\""));
  return svg + label(kLeft, 15, "start", plot.title, " font-weight=\"bold\"");
}

/// The first, the last and evenly chosen points between.
std::vector<std::pair<double, double>> thinned(const std::vector<std::pair<double, double>>& points) {
  if (points.size() <= kMostPoints) return points;
  std::vector<std::pair<double, double>> few;
  for (std::size_t i = 0; i < kMostPoints; ++i) few.push_back(points[i * (points.size() - 1) / (kMostPoints - 1)]);
  return few;
}

std::string series_svg(const Plot& plot, const PlotSeries& series, const Scale& scale) {
  std::string svg;
  using Kind = PlotSeries::Kind;
  if (series.kind == Kind::kBars) {
    for (const auto& [left, height] : series.points) {
      const double top = scale.y(height);
      svg += text("<rect x=\"", fixed(scale.x(left), 1), "\" y=\"", fixed(top, 1), "\" width=\"",
                  fixed(scale.x(left + plot.bar_width) - scale.x(left), 1), "\" height=\"", fixed(kHeight - kBottom - top, 1),
                  "\" fill=\"", series.colour, "\" fill-opacity=\"0.5\"/>");
    }
    return svg;
  }
  const std::vector<std::pair<double, double>> points = thinned(series.points);
  if (series.kind == Kind::kDots) {
    for (const auto& point : points)
      svg += text("<circle cx=\"", fixed(scale.x(point.first), 1), "\" cy=\"", fixed(scale.y(point.second), 1),
                  "\" r=\"3\" fill=\"", series.colour, "\"/>");
    return svg;
  }
  std::string path;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && series.kind == Kind::kSteps)
      path += text("V", fixed(scale.y(points[i].second), 1), "H", fixed(scale.x(points[i].first), 1));
    else path += (i == 0 ? "M" : "L") + scale.at(points[i]);
  }
  const bool reference = series.kind == Kind::kReference;
  return text("<path d=\"", path, "\" fill=\"none\" stroke=\"", series.colour, "\"",
              reference ? " stroke-dasharray=\"3 3\"" : " stroke-width=\"1.6\"", "/>");
}

}  // namespace

std::string plot_svg(const Plot& plot) {
  const Scale scale{plot};
  std::string svg =
      text("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", kWidth, "\" height=\"", kHeight, "\" viewBox=\"0 0 ", kWidth,
           " ", kHeight, "\" font-family=\"sans-serif\" font-size=\"9.5\" fill=\"#223\" role=\"img\" aria-label=\"",
           escape_markup(plot.title), "\">");
  for (const PlotSeries& series : plot.series)
    if (!series.points.empty()) svg += series_svg(plot, series, scale);
  svg += axes(plot, scale);
  double line = kTop + 10;
  for (const PlotSeries& series : plot.series) {
    if (series.name.empty()) continue;
    svg += label(kWidth - kRight - 2, line, "end", series.name, text(" fill=\"", series.colour, "\""));
    line += 12;
  }
  return svg + "</svg>";
}

}  // namespace chestlight
