#include "metrics/evaluation_json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "study/export.h"

namespace chestlight {
namespace {

Json pair_json(const Interval& interval) { return Json::array({interval.low, interval.high}); }

/// JSON has no infinity.
Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json share_json(const Share& share) {
  return {{"value", share.value ? Json(*share.value) : Json(nullptr)},
          {"part", share.part},
          {"whole", share.whole},
          {"interval", pair_json(share.interval)}};
}

Json rates_json(const Rates& rates) {
  return {{"sensitivity", share_json(rates.sensitivity)},
          {"specificity", share_json(rates.specificity)},
          {"ppv", share_json(rates.ppv)},
          {"npv", share_json(rates.npv)}};
}

Json zone_json(const std::optional<TriageZone>& zone, const std::optional<TriageRefusal>& refusal) {
  if (zone) return {{"edge", zone->edge}, {"films", zone->films}, {"right", zone->right}};
  if (!refusal) return nullptr;
  return {{"refused", refusal->reason}, {"enough", refusal->enough ? Json(*refusal->enough) : Json(nullptr)}};
}

Json bins_json(const std::vector<CalibrationBin>& bins) {
  Json list = Json::array();
  for (const CalibrationBin& bin : bins)
    list.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"films", bin.films},
                    {"positives", bin.positives},
                    {"mean_score", bin.mean_score}});
  return list;
}

void add_area(Json& json, const std::optional<Auroc>& area) {
  json["auroc"] = area ? Json(area->area) : Json(nullptr);
  json["interval"] = area ? pair_json(area->interval) : Json(nullptr);
  json["interval_method"] = area ? Json(area->method == AreaInterval::kDeLong ? "delong" : "score") : Json(nullptr);
}

Json group_json(const GroupEvaluation& group) {
  Json json = {{"group", group.group}, {"value", group.value}, {"positives", group.positives}, {"negatives", group.negatives}};
  add_area(json, group.auroc);
  json["p"] = group.p ? Json(*group.p) : Json(nullptr);
  json["differs"] = group.differs;
  json["sensitivity"] = share_json(group.rates.sensitivity);
  json["specificity"] = share_json(group.rates.specificity);
  return json;
}

Json finding_json(const FindingEvaluation& finding) {
  const int films = finding.positives + finding.negatives;
  Json json = {{"id", finding.id},
               {"label", finding.label.empty() ? Json(nullptr) : Json(finding.label)},
               {"positives", finding.positives},
               {"negatives", finding.negatives}};
  add_area(json, finding.measures ? std::optional(finding.measures->auroc) : std::nullopt);
  json["average_precision"] = finding.measures ? Json(finding.measures->average_precision) : Json(nullptr);
  json["prevalence"] = films > 0 ? Json(static_cast<double>(finding.positives) / films) : Json(nullptr);
  json["prevalence_estimated"] = nullptr;
  if (const auto& here = finding.prevalence)
    json["prevalence_estimated"] = {{"value", here->estimated},
                                    {"interval", pair_json(here->interval)},
                                    {"model", here->model},
                                    {"brier", here->brier},
                                    {"calibration_error", here->calibration_error}};
  json["mean_score"] = films > 0 ? Json(finding.mean_score) : Json(nullptr);
  json["brier"] = films > 0 ? Json(finding.brier) : Json(nullptr);
  json["calibration_error"] = films > 0 ? Json(finding.calibration_error) : Json(nullptr);
  json["threshold"] = finding.threshold;
  const Confusion& c = finding.confusion;
  json["confusion"] = {{"true_positives", c.true_positives},
                       {"false_positives", c.false_positives},
                       {"true_negatives", c.true_negatives},
                       {"false_negatives", c.false_negatives}};
  json.update(rates_json(finding.rates));
  json["thresholds"] = Json::array();
  json["triage"] = nullptr;
  if (finding.measures) {
    for (const ChosenThreshold& chosen : finding.measures->thresholds) {
      Json entry = {{"id", chosen.id}, {"threshold", number_or_null(chosen.threshold)}};
      entry.update(rates_json(chosen.rates));
      json["thresholds"].push_back(std::move(entry));
    }
    const Triage& triage = finding.measures->triage;
    json["triage"] = {{"called", zone_json(triage.called, triage.called_refusal)},
                      {"cleared", zone_json(triage.cleared, triage.cleared_refusal)},
                      {"undecided", triage.undecided}};
  }
  json["calibration"] = bins_json(finding.bins);
  json["sentence"] = finding.measures ? Json(finding.measures->sample_size) : Json(nullptr);
  json["note"] = finding.note.empty() ? Json(nullptr) : Json(finding.note);
  json["groups"] = Json::array();
  for (const GroupEvaluation& group : finding.groups) json["groups"].push_back(group_json(group));
  return json;
}

/// The shortest text that reads back as the same number.
std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

}  // namespace

Json labels_json(const Labels& labels) {
  return {{"format", label_format_name(labels.format)},
          {"joined_by", labels.key ? Json(join_key_name(*labels.key)) : Json(nullptr)},
          {"column", labels.column.empty() ? Json(nullptr) : Json(labels.column)},
          {"images", labels.patients.size()},
          {"images_with_row", labels.images_with_row},
          {"rows", labels.rows},
          {"rows_without_image", labels.rows_without_image},
          {"findings", labels.findings},
          {"remarks", labels.remarks}};
}

Json evaluation_json(const Evaluation& evaluation, const Labels& labels) {
  Json models = Json::array();
  for (const ModelEvaluation& model : evaluation.models) {
    Json findings = Json::array();
    for (const FindingEvaluation& finding : model.findings) findings.push_back(finding_json(finding));
    models.push_back({{"id", model.id},
                      {"sha256", model.sha256},
                      {"operating_point", model.operating_point},
                      {"films", model.films},
                      {"findings", std::move(findings)}});
  }
  Json comparisons = Json::array();
  for (const Comparison& c : evaluation.comparisons)
    comparisons.push_back({{"first", c.first},
                           {"second", c.second},
                           {"finding", c.finding},
                           {"films", c.films},
                           {"first_auroc", c.difference.first},
                           {"second_auroc", c.difference.second},
                           {"difference", c.difference.difference},
                           {"interval", pair_json(c.difference.interval)},
                           {"z", c.difference.z},
                           {"p", c.difference.p}});
  return {{"labels", labels_json(labels)}, {"models", std::move(models)}, {"comparisons", std::move(comparisons)}};
}

std::string scores_csv(const std::vector<ModelScores>& models, const Labels& labels, std::span<const ImageName> images,
                       const EvaluationOptions& options) {
  std::string csv = "file,model,finding,score,threshold,label";
  for (const Grouping& group : labels.groups) csv += "," + csv_field(group.name);
  csv += "\r\n";
  for (const ModelScores& model : models)
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (model.scores.empty() || std::isnan(model.scores[0][i])) continue;
      std::string groups;
      for (const Grouping& group : labels.groups) groups += "," + csv_field(group.values[i]);
      for (std::size_t f = 0; f < model.findings.size(); ++f) {
        std::string name = model.findings[f];
        for (const auto& [finding, other] : options.names)
          if (finding_key(finding) == finding_key(name)) name = other;
        const int column = labels.find(name);
        const std::int8_t label = column < 0 ? kUnknownLabel : labels.labels[static_cast<std::size_t>(column)][i];
        csv += csv_field(images[i].path) + "," + csv_field(model.id) + "," + csv_field(model.findings[f]) + "," +
               shortest(model.scores[f][i]) + "," + shortest(model.thresholds[f]) + "," +
               (label == kUnknownLabel ? ""
                : label                ? "1"
                                       : "0") +
               groups + "\r\n";
      }
    }
  return csv;
}

}  // namespace chestlight
