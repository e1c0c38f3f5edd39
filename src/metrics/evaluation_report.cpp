#include "metrics/evaluation_report.h"

#include <algorithm>
#include <cmath>

#include "base/markup.h"
#include "base/text.h"
#include "metrics/svg_plot.h"

namespace chestlight {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.45 sans-serif;color:#223;max-width:1100px;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.6em 0;font-size:13px}th,td{padding:.25em .6em;border-bottom:1px solid "
    "#ccd;text-align:right;"
    "vertical-align:top}th:first-child,td:first-child{text-align:left}caption{text-align:left;font-weight:bold}"
    ".plots{display:flex;flex-wrap:wrap;gap:6px}.mark{font-weight:bold;color:#a3341f}.small{font-size:13px;color:#556}h2{margin-"
    "top:2em}"
    "@media print{section{break-inside:avoid}}";
constexpr std::string_view kInk = "#1f6f8b", kOther = "#c2571a", kGrey = "#889";

std::string cell(std::string_view words) { return text("<td>", escape_markup(words), "</td>"); }

std::string range(const Interval& interval, int digits) {
  return fixed(interval.low, digits) + " to " + fixed(interval.high, digits);
}

std::string percent(const Share& share) {
  if (!share.value) return "–";
  return text(fixed(100 * *share.value, 0), " % (", range({100 * share.interval.low, 100 * share.interval.high}, 0), ")");
}

std::string area_words(const Auroc& area) { return text(fixed(area.area, 3), " (", range(area.interval, 3), ")"); }

/// A chance in digits that a reader takes in.
std::string chance(double p) { return p < 0.001 ? "< 0.001" : fixed(p, 3); }

std::string table(std::string_view caption, std::initializer_list<std::string_view> head, const std::string& rows) {
  std::string html = text("<table><caption>", escape_markup(caption), "</caption><tr>");
  for (std::string_view name : head) html += text("<th>", escape_markup(name), "</th>");
  return html + "</tr>" + rows + "</table>\n";
}

std::string list_of(const std::vector<std::string>& sentences) {
  std::string html;
  for (const std::string& sentence : sentences) html += "<li>" + escape_markup(sentence) + "</li>";
  return html.empty() ? "" : "<ul>" + html + "</ul>\n";
}

std::string summary_table(const ModelEvaluation& model) {
  std::string rows;
  for (const FindingEvaluation& f : model.findings) {
    if (f.label.empty()) continue;
    rows += "<tr>" + cell(f.id) + cell(text(f.positives)) + cell(text(f.negatives));
    if (!f.measures) rows += text("<td colspan=\"6\">", escape_markup(f.note), "</td></tr>");
    else
      rows += cell(area_words(f.measures->auroc)) + cell(fixed(f.measures->average_precision, 3)) +
              cell(percent(f.rates.sensitivity)) + cell(percent(f.rates.specificity)) + cell(percent(f.rates.ppv)) +
              cell(percent(f.rates.npv)) + "</tr>";
  }
  return table(text("At the model's thresholds (", model.operating_point, "), with intervals of 95 %"),
               {"finding", "with it", "without it", "AUROC", "average precision", "sensitivity", "specificity", "PPV", "NPV"},
               rows);
}

Plot roc_plot(const Measures& m) {
  Plot plot{"ROC", "1 − specificity", "sensitivity"};
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kGrey), {{0, 0}, {1, 1}}},
                 {PlotSeries::Kind::kLine, "AUROC " + fixed(m.auroc.area, 3), std::string(kInk), {}}};
  for (const RocPoint& point : m.roc) plot.series[1].points.emplace_back(point.false_positive_rate, point.true_positive_rate);
  return plot;
}

Plot precision_plot(const FindingEvaluation& f) {
  Plot plot{"Precision and recall", "recall (sensitivity)", "precision (PPV)"};
  const double share = static_cast<double>(f.positives) / (f.positives + f.negatives);
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kGrey), {{0, share}, {1, share}}},
                 {PlotSeries::Kind::kSteps, "mean " + fixed(f.measures->average_precision, 3), std::string(kInk), {}}};
  for (const PrecisionRecallPoint& point : f.measures->precision_recall)
    plot.series[1].points.emplace_back(point.recall, point.precision);
  return plot;
}

Plot calibration_plot(const FindingEvaluation& f) {
  Plot plot{"Calibration", "score", "share with the finding"};
  plot.series = {{PlotSeries::Kind::kReference, "", std::string(kGrey), {{0, 0}, {1, 1}}},
                 {PlotSeries::Kind::kLine, "error " + fixed(f.calibration_error, 3), std::string(kInk), {}},
                 {PlotSeries::Kind::kDots, "", std::string(kInk), {}}};
  for (const CalibrationBin& bin : f.bins)
    for (std::size_t k : {1, 2}) plot.series[k].points.emplace_back(bin.mean_score, bin.share());
  return plot;
}

Plot decision_plot(const FindingEvaluation& f) {
  Plot plot{"Decision curve", "threshold", "net benefit"};
  double top = 0.01;
  for (const DecisionPoint& point : f.decision) top = std::max({top, point.model, point.all});
  plot.y = {-0.25 * top, top};
  plot.series = {{PlotSeries::Kind::kReference, "act on none", std::string(kGrey), {{0, 0}, {1, 0}}},
                 {PlotSeries::Kind::kLine, "act on all", std::string(kOther), {}},
                 {PlotSeries::Kind::kLine, "model", std::string(kInk), {}}};
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
  plot.series = {{PlotSeries::Kind::kBars, "without", std::string(kInk), {}},
                 {PlotSeries::Kind::kBars, "with the finding", std::string(kOther), {}}};
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

std::string zone_words(const std::optional<TriageZone>& zone, const std::optional<TriageRefusal>& refusal, std::string_view what,
                       int films) {
  if (zone)
    return text("<li>", what, escape_markup(fixed(zone->edge, 4)), ": ", zone->films, " of ", films, " films, ", zone->right,
                " of them rightly.</li>");
  return refusal ? text("<li>", escape_markup(refusal->reason), "</li>") : "";
}

std::string thresholds_table(const FindingEvaluation& f) {
  std::string rows;
  const auto add = [&rows](std::string_view name, double threshold, const Rates& rates) {
    rows += "<tr>" + cell(name) + cell(std::isfinite(threshold) ? fixed(threshold, 4) : "none") +
            cell(percent(rates.sensitivity)) + cell(percent(rates.specificity)) + cell(percent(rates.ppv)) +
            cell(percent(rates.npv)) + "</tr>";
  };
  add("the model's", f.threshold, f.rates);
  for (const ChosenThreshold& chosen : f.measures->thresholds) add(chosen.name, chosen.threshold, chosen.rates);
  return table("Thresholds; those chosen on these films do worse on others",
               {"threshold", "score", "sensitivity", "specificity", "PPV", "NPV"}, rows);
}

std::string groups_table(const FindingEvaluation& f) {
  std::string rows;
  for (const GroupEvaluation& group : f.groups)
    rows += "<tr>" + cell(group.group + ": " + group.value) + cell(text(group.positives)) + cell(text(group.negatives)) +
            cell(group.auroc ? area_words(*group.auroc) : "–") + cell(percent(group.rates.sensitivity)) +
            cell(percent(group.rates.specificity)) + cell(group.p ? chance(*group.p) : "–") +
            (group.differs ? "<td class=\"mark\">differs beyond chance</td>" : "<td></td>") + "</tr>";
  if (rows.empty()) return "";
  return table("Groups; p is of the area against that of all other films, the mark allows for the number of groups (Holm)",
               {"group", "with it", "without it", "AUROC", "sensitivity", "specificity", "p", ""}, rows);
}

std::string finding_section(const FindingEvaluation& f) {
  if (!f.measures) return "";
  std::string html =
      text("<section><h3>", escape_markup(f.id), "</h3><p>", escape_markup(f.measures->sample_size), "</p><div class=\"plots\">");
  for (const Plot& plot : {roc_plot(*f.measures), precision_plot(f), calibration_plot(f), decision_plot(f), histogram_plot(f)})
    html += plot_svg(plot);
  const Confusion& c = f.confusion;
  html += text("</div><p class=\"small\">At the model's threshold of ", fixed(f.threshold, 4), ": ", c.true_positives, " found, ",
               c.false_negatives, " missed, ", c.false_positives, " false, ", c.true_negatives, " rightly left. Mean score ",
               fixed(f.mean_score, 3), ", share with the finding ",
               fixed(static_cast<double>(f.positives) / (f.positives + f.negatives), 3), ", Brier score ", fixed(f.brier, 4),
               ".</p>");
  html += thresholds_table(f);
  const Triage& triage = f.measures->triage;
  const int films = f.positives + f.negatives;
  html += "<p>Three zones with a guarantee:</p><ul>" + zone_words(triage.called, triage.called_refusal, "called above ", films) +
          zone_words(triage.cleared, triage.cleared_refusal, "cleared below ", films) +
          text("<li>", triage.undecided, " films are left to a reader.</li></ul>");
  return html + groups_table(f) + "</section>\n";
}

std::string comparisons_table(const Evaluation& evaluation) {
  std::string rows;
  for (const Comparison& c : evaluation.comparisons)
    rows += "<tr>" + cell(c.finding) + cell(c.first) + cell(fixed(c.difference.first, 3)) + cell(c.second) +
            cell(fixed(c.difference.second, 3)) +
            cell(text(fixed(c.difference.difference, 3), " (", range(c.difference.interval, 3), ")")) +
            cell(chance(c.difference.p)) + cell(text(c.films)) + "</tr>";
  if (rows.empty()) return "";
  return "<h2>Models against each other</h2>\n" +
         table("DeLong's paired test on the films that both scored; p is not corrected for the number of findings",
               {"finding", "model", "AUROC", "model", "AUROC", "difference", "p", "films"}, rows);
}

}  // namespace

std::string evaluation_report(const Evaluation& evaluation, const Labels& labels, const ReportFacts& facts) {
  std::string html =
      text("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Evaluation</title><style>", kStyle,
           "</style></head><body>\n<h1>Evaluation on films with labels</h1>\n<p class=\"small\">", escape_markup(facts.date),
           " · ", escape_markup(facts.app), " · ", escape_markup(facts.notice), "</p>\n");
  html +=
      text("<p>", labels.images_with_row, " of ", labels.patients.size(), " images have labels (",
           escape_markup(label_format_name(labels.format)),
           labels.key ? text(", joined by ", join_key_name(*labels.key), " with the column ", escape_markup(labels.column)) : "",
           ").</p>\n");
  html += list_of(labels.remarks) + list_of(facts.remarks);
  for (const ModelEvaluation& model : evaluation.models) {
    html += text("<h2>", escape_markup(model.id), "</h2><p class=\"small\">", model.films, " films scored · SHA-256 ",
                 escape_markup(model.sha256), "</p>\n");
    html += summary_table(model);
    for (const FindingEvaluation& finding : model.findings) html += finding_section(finding);
  }
  return html + comparisons_table(evaluation) + "</body></html>\n";
}

}  // namespace chestlight
