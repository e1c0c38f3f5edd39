#include "metrics/evaluation_plots.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight {
namespace {

Plot roc_plot(const Measures& m) {
  Plot plot{"ROC", "1 − specificity", "sensitivity"};
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kPlotReference), {{0, 0}, {1, 1}}},
                 {PlotSeries::Kind::kLine, "AUROC " + fixed(m.auroc.area, 3), std::string(kPlotMain), {}}};
  for (const RocPoint& point : m.roc) plot.series[1].points.emplace_back(point.false_positive_rate, point.true_positive_rate);
  return plot;
}

Plot precision_plot(const FindingEvaluation& f) {
  Plot plot{"Precision and recall", "recall (sensitivity)", "precision (PPV)"};
  const double share = static_cast<double>(f.positives) / (f.positives + f.negatives);
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kPlotReference), {{0, share}, {1, share}}},
                 {PlotSeries::Kind::kSteps, "mean " + fixed(f.measures->average_precision, 3), std::string(kPlotMain), {}}};
  // Nothing is known between no recall and that of the highest score; its precision stands for all of it.
  plot.series[1].points.emplace_back(0, f.measures->precision_recall.front().precision);
  for (const PrecisionRecallPoint& point : f.measures->precision_recall)
    plot.series[1].points.emplace_back(point.recall, point.precision);
  return plot;
}

Plot calibration_plot(const FindingEvaluation& f) {
  Plot plot{"Calibration", "score", "share with the finding"};
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kPlotReference), {{0, 0}, {1, 1}}},
                 {PlotSeries::Kind::kLine, "error " + fixed(f.calibration_error, 3), std::string(kPlotMain), {}},
                 {PlotSeries::Kind::kDots, "", std::string(kPlotMain), {}}};
  for (const CalibrationBin& bin : f.bins)
    for (std::size_t k : {1, 2}) plot.series[k].points.emplace_back(bin.mean_score, bin.share());
  return plot;
}

Plot decision_plot(const FindingEvaluation& f) {
  Plot plot{"Decision curve", "threshold", "net benefit"};
  double top = 0.01;
  for (const DecisionPoint& point : f.decision) top = std::max({top, point.model, point.all});
  plot.y = {-0.25 * top, top};
  plot.series = {{PlotSeries::Kind::kReference, "act on none", std::string(kPlotReference), {{0, 0}, {1, 0}}},
                 {PlotSeries::Kind::kLine, "act on all", std::string(kPlotOther), {}},
                 {PlotSeries::Kind::kLine, "model", std::string(kPlotMain), {}}};
  for (const DecisionPoint& point : f.decision) {
    if (point.all >= plot.y.low) plot.series[1].points.emplace_back(point.threshold, point.all);
    plot.series[2].points.emplace_back(point.threshold, point.model);
  }
  return plot;
}

/// Shares of each class: the classes may differ a hundredfold.
Plot histogram_plot(const FindingEvaluation& f) {
  Plot plot{"Scores", "score", "share of the class"};
  const double classes[2] = {static_cast<double>(f.negatives), static_cast<double>(f.positives)};
  const std::size_t steps = f.histogram[0].size();
  plot.bar_width = 1.0 / static_cast<double>(steps);
  plot.series = {{PlotSeries::Kind::kBars, "without", std::string(kPlotMain), {}},
                 {PlotSeries::Kind::kBars, "with the finding", std::string(kPlotOther), {}}};
  double top = 0;
  for (std::size_t truth : {0, 1})
    for (std::size_t k = 0; k < steps; ++k) {
      const double share = classes[truth] > 0 ? f.histogram[truth][k] / classes[truth] : 0;
      plot.series[truth].points.emplace_back(plot.bar_width * static_cast<double>(k), share);
      top = std::max(top, share);
    }
  plot.y = {0, top};
  return plot;
}

}  // namespace

std::vector<Plot> evaluation_plots(const FindingEvaluation& finding) {
  return {roc_plot(*finding.measures), precision_plot(finding), calibration_plot(finding), decision_plot(finding),
          histogram_plot(finding)};
}

}  // namespace chestlight
