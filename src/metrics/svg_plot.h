// A small plot as SVG text, for reports: axes with ticks, lines, steps, dots and bars. Not for the screen, which has its own.
//
// Everything is in attributes, so that a plot stands alone. Text is escaped. Points outside the ranges are drawn at their border.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "metrics/sample.h"

namespace chestlight {

struct PlotSeries {
  enum class Kind { kLine, kSteps, kDots, kBars, kReference };
  Kind kind = Kind::kLine;
  std::string name;                               // in the legend; empty for none
  std::string colour;                             // "#1f6f8b"
  std::vector<std::pair<double, double>> points;  // of bars: left edge and height
};

struct Plot {
  std::string title, x_label, y_label;
  Interval x{0, 1}, y{0, 1};
  double bar_width = 0;  // in units of x
  std::vector<PlotSeries> series;
};

std::string plot_svg(const Plot& plot);

}  // namespace chestlight
