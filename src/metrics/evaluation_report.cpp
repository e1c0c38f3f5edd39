#include "metrics/evaluation_report.h"

#include "base/markup.h"
#include "base/text.h"
#include "metrics/evaluation_plots.h"
#include "metrics/evaluation_words.h"

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

std::string cell(std::string_view words) { return text("<td>", escape_markup(words), "</td>"); }

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
              cell(share_words(f.rates.sensitivity)) + cell(share_words(f.rates.specificity)) + cell(share_words(f.rates.ppv)) +
              cell(share_words(f.rates.npv)) + "</tr>";
  }
  return table(text("At the model's thresholds (", model.operating_point, "), with intervals of 95 %"),
               {"finding", "with it", "without it", "AUROC", "average precision", "sensitivity", "specificity", "PPV", "NPV"},
               rows);
}

std::string thresholds_table(const FindingEvaluation& f) {
  std::string rows;
  const auto add = [&rows](std::string_view name, double threshold, const Rates& rates) {
    rows += "<tr>" + cell(name) + cell(threshold_words(threshold)) + cell(share_words(rates.sensitivity)) +
            cell(share_words(rates.specificity)) + cell(share_words(rates.ppv)) + cell(share_words(rates.npv)) + "</tr>";
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
            cell(area_or_dash(group.auroc)) + cell(share_words(group.rates.sensitivity)) +
            cell(share_words(group.rates.specificity)) + cell(group.p ? chance_words(*group.p) : "–") +
            (group.differs ? "<td class=\"mark\">differs beyond chance</td>" : "<td></td>") + "</tr>";
  if (rows.empty()) return "";
  return table("Groups; p is of the area against that of all other films, the mark allows for the number of groups (Holm)",
               {"group", "with it", "without it", "AUROC", "sensitivity", "specificity", "p", ""}, rows);
}

std::string finding_section(const FindingEvaluation& f) {
  if (!f.measures) return "";
  std::string html =
      text("<section><h3>", escape_markup(f.id), "</h3><p>", escape_markup(f.measures->sample_size), "</p><div class=\"plots\">");
  for (const Plot& plot : evaluation_plots(f)) html += plot_svg(plot);
  html += text("</div><p class=\"small\">", escape_markup(confusion_sentence(f)), "</p>");
  html += text("<p class=\"small\">", escape_markup(prevalence_words(f)), "</p>");
  html += thresholds_table(f) + "<p>Three zones with a guarantee:</p>" + list_of(zone_sentences(f));
  return html + groups_table(f) + "</section>\n";
}

std::string comparisons_table(const Evaluation& evaluation) {
  std::string rows;
  for (const Comparison& c : evaluation.comparisons)
    rows += "<tr>" + cell(c.finding) + cell(c.first) + cell(fixed(c.difference.first, 3)) + cell(c.second) +
            cell(fixed(c.difference.second, 3)) +
            cell(text(fixed(c.difference.difference, 3), " (", interval_words(c.difference.interval, 3), ")")) +
            cell(chance_words(c.difference.p)) + cell(text(c.films)) + "</tr>";
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
