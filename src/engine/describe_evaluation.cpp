#include "engine/describe_evaluation.h"

#include "base/text.h"
#include "metrics/evaluation_plots.h"
#include "metrics/evaluation_words.h"

namespace chestlight {
namespace {

/// More would lie within a pixel.
constexpr std::size_t kMostCurvePoints = 400;

contract::Figure figure_of(const Share& share) { return {share_words(share), share.value}; }

contract::EvaluatedThreshold threshold_row(const std::string& name, double threshold, const Rates& rates) {
  return {name,
          threshold_words(threshold),
          share_words(rates.sensitivity),
          share_words(rates.specificity),
          share_words(rates.ppv),
          share_words(rates.npv)};
}

contract::PlotCurve curve_of(const PlotSeries& series) {
  using Kind = PlotSeries::Kind;
  contract::PlotCurve curve;
  curve.kind = series.kind == Kind::kSteps  ? contract::CurveKind::kSteps
               : series.kind == Kind::kDots ? contract::CurveKind::kDots
               : series.kind == Kind::kBars ? contract::CurveKind::kBars
                                            : contract::CurveKind::kLine;
  curve.tone = series.colour == kPlotMain    ? contract::CurveTone::kMain
               : series.colour == kPlotOther ? contract::CurveTone::kOther
                                             : contract::CurveTone::kReference;
  curve.name = series.name;
  const std::size_t count = series.points.size(), kept = std::min(count, kMostCurvePoints);
  for (std::size_t i = 0; i < kept; ++i) {
    const auto& [x, y] = series.points[kept < count ? i * (count - 1) / (kept - 1) : i];
    curve.points.push_back({x, y});
  }
  return curve;
}

contract::EvaluationPlot plot_of(const Plot& plot) {
  contract::EvaluationPlot made{plot.title,    plot.x_label, plot.y_label, {plot.x.low, plot.x.high}, {plot.y.low, plot.y.high},
                                plot.bar_width};
  for (const PlotSeries& series : plot.series) made.curves.push_back(curve_of(series));
  return made;
}

}  // namespace

contract::EvaluatedFinding describe(const FindingEvaluation& finding, const std::string& name) {
  contract::EvaluatedFinding made{finding.id, name, finding.label, finding.positives, finding.negatives, finding.note};
  if (!finding.measures) return made;
  const Measures& measures = *finding.measures;
  made.auroc = {area_words(measures.auroc), measures.auroc.area};
  made.average_precision = {fixed(measures.average_precision, 3), measures.average_precision};
  made.sensitivity = figure_of(finding.rates.sensitivity);
  made.specificity = figure_of(finding.rates.specificity);
  made.ppv = figure_of(finding.rates.ppv);
  made.npv = figure_of(finding.rates.npv);
  made.sentence = measures.sample_size;
  return made;
}

contract::FindingMeasures describe_measures(const FindingEvaluation& finding) {
  contract::FindingMeasures made{finding.id, confusion_sentence(finding), prevalence_words(finding)};
  made.thresholds.push_back(threshold_row("the model's", finding.threshold, finding.rates));
  for (const ChosenThreshold& chosen : finding.measures->thresholds)
    made.thresholds.push_back(threshold_row(chosen.name, chosen.threshold, chosen.rates));
  made.zones = zone_sentences(finding);
  for (const GroupEvaluation& group : finding.groups)
    made.groups.push_back({group.group + ": " + group.value, group.positives, group.negatives, area_or_dash(group.auroc),
                           share_words(group.rates.sensitivity), share_words(group.rates.specificity),
                           group.p ? chance_words(*group.p) : "–", group.differs});
  for (const Plot& plot : evaluation_plots(finding)) made.plots.push_back(plot_of(plot));
  return made;
}

}  // namespace chestlight
