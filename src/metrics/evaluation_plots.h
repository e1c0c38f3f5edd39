// The plots of one finding's evaluation, for the report and for the screen: ROC, precision and recall, calibration, decision
// curve, and the scores of films with and without the finding. Values only; svg_plot.h and the page draw them.
#pragma once

#include <vector>

#include "metrics/evaluation.h"
#include "metrics/svg_plot.h"

namespace chestlight {

/// Colours on paper; who draws on another ground takes them for what they mean.
inline constexpr std::string_view kPlotMain = "#1f6f8b", kPlotOther = "#c2571a", kPlotReference = "#889";

/// In that order. `finding` has measures.
std::vector<Plot> evaluation_plots(const FindingEvaluation& finding);

}  // namespace chestlight
