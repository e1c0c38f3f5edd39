// A small plot on the screen: axes with figures, lines, steps, dots and bars. The report has the same one on paper
// (metrics/svg_plot.h).
#pragma once

#include "contract/evaluation.h"
#include "ui/widgets/widgets.h"

namespace chestlight::ui {

/// What is outside the plot's ranges is drawn at their border.
void draw_plot(const View& view, Box area, const contract::EvaluationPlot& plot);

}  // namespace chestlight::ui
