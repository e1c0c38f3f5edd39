#include "engine/evaluate.h"

#include <cstring>

#include "base/text.h"
#include "base/version.h"
#include "contract/evaluation_json.h"
#include "contract/json_fields.h"
#include "contract/model_json.h"
#include "engine/label_request.h"
#include "metrics/evaluation_json.h"
#include "metrics/evaluation_report.h"
#include "metrics/model_card.h"
#include "metrics/profile.h"

namespace chestlight {
namespace {

/// What an evaluation needs of one model.
struct JudgedModel {
  ModelScores scores;
  std::optional<contract::ModelInfo> info;
};

Result<ModelScores> scores_argument(const JsonReader& item, std::span<const std::uint8_t> blob, std::size_t images) {
  ModelScores model;
  CHESTLIGHT_TRY(model.id, item.string("id"));
  CHESTLIGHT_TRY(model.sha256, item.string("sha256"));
  CHESTLIGHT_TRY(model.operating_point, item.string("operating_point"));
  CHESTLIGHT_CHECK(contract::take_field(item, "findings", model.findings));
  CHESTLIGHT_TRY(model.thresholds, item.numbers("thresholds"));
  const std::size_t findings = model.findings.size();
  if (blob.size() != images * findings * sizeof(float))
    return item.error(text("expected ", images, " × ", findings, " scores, found ", blob.size() / sizeof(float)));
  model.scores.assign(findings, std::vector<double>(images));
  for (std::size_t i = 0; i < images; ++i)
    for (std::size_t f = 0; f < findings; ++f) {
      float score = 0;
      std::memcpy(&score, blob.data() + (i * findings + f) * sizeof(float), sizeof(float));
      model.scores[f][i] = score;
    }
  return model;
}

Result<JudgedModel> model_argument(const JsonReader& item, std::span<const std::uint8_t> blob, std::size_t images) {
  JudgedModel model;
  CHESTLIGHT_TRY(model.scores, scores_argument(item, blob, images));
  CHESTLIGHT_CHECK(contract::take_field(item, "info", model.info));
  if (model.info) {
    model.scores.version = model.info->version;
    model.scores.prevalences = evaluated_prevalences(*model.info, model.scores.findings);
  }
  return model;
}

Result<EvaluationOptions> options_argument(const JsonReader& args) {
  EvaluationOptions options;
  if (args.has("names")) {
    CHESTLIGHT_TRY(const std::vector<JsonReader> items, args.items("names"));
    for (const JsonReader& item : items) {
      CHESTLIGHT_TRY(std::string finding, item.string("finding"));
      CHESTLIGHT_TRY(std::string column, item.string("column"));
      options.names.emplace_back(std::move(finding), std::move(column));
    }
  }
  if (args.has("goal")) {
    CHESTLIGHT_TRY(const JsonReader goal, args.member("goal"));
    CHESTLIGHT_TRY(options.goal.ppv, goal.number("ppv"));
    CHESTLIGHT_TRY(options.goal.npv, goal.number("npv"));
    CHESTLIGHT_TRY(options.goal.confidence, goal.number("confidence"));
  }
  CHESTLIGHT_CHECK(contract::take_field(args, "costs", options.costs));
  CHESTLIGHT_CHECK(contract::take_field(args, "sensitivity", options.sensitivity));
  CHESTLIGHT_CHECK(contract::take_field(args, "specificity", options.specificity));
  return options;
}

std::vector<std::uint8_t> bytes_of_text(const std::string& text) { return {text.begin(), text.end()}; }

Json rows_json(const Labels& labels) {
  Json flags = Json::array();
  for (bool found : labels.has_row) flags.push_back(found ? 1 : 0);
  return flags;
}

}  // namespace

std::vector<std::optional<double>> evaluated_prevalences(const contract::ModelInfo& model,
                                                         const std::vector<std::string>& findings) {
  std::vector<std::optional<double>> prevalences(findings.size());
  for (std::size_t f = 0; f < findings.size(); ++f)
    for (const contract::LabelInfo& label : model.labels)
      if (label.id == findings[f] && label.evaluation && label.evaluation->positives > 0 && label.evaluation->negatives > 0)
        prevalences[f] =
            static_cast<double>(label.evaluation->positives) / (label.evaluation->positives + label.evaluation->negatives);
  return prevalences;
}

Result<EvaluationReply> evaluate_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs) {
  CHESTLIGHT_TRY(const std::vector<JsonReader> items, args.items("models"));
  if (blobs.size() != items.size() + 1) return args.error(text("expected ", items.size() + 1, " buffers, found ", blobs.size()));
  CHESTLIGHT_TRY(const std::vector<ImageName> images, images_argument(args));
  CHESTLIGHT_TRY(const Labels labels, labels_argument(args, blobs[0], images));
  if (items.empty()) return EvaluationReply{{{"labels", labels_json(labels)}, {"with_row", rows_json(labels)}}, {}};

  std::vector<ModelScores> models;
  std::vector<std::optional<contract::ModelInfo>> infos;
  for (std::size_t i = 0; i < items.size(); ++i) {
    CHESTLIGHT_TRY(JudgedModel model, model_argument(items[i], blobs[i + 1], images.size()));
    models.push_back(std::move(model.scores));
    infos.push_back(std::move(model.info));
  }
  CHESTLIGHT_TRY(const EvaluationOptions options, options_argument(args));
  contract::ThresholdRule rule = contract::ThresholdRule::kYouden;
  CHESTLIGHT_CHECK(contract::take_field(args, "rule", rule));
  CHESTLIGHT_TRY(const Evaluation evaluation, evaluate(models, labels, options));
  ReportFacts facts;
  CHESTLIGHT_TRY(facts.notice, args.string("notice"));
  CHESTLIGHT_TRY(facts.date, string_or(args, "date", ""));
  CHESTLIGHT_CHECK(contract::take_field(args, "remarks", facts.remarks));
  facts.app = app_name_and_version();
  EvaluationReply reply{
      evaluation_json(evaluation, labels),
      {bytes_of_text(evaluation_report(evaluation, labels, facts)), bytes_of_text(scores_csv(models, labels, images, options))}};
  reply.value["app"] = facts.app;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const ModelEvaluation& judged = evaluation.models[i];
    reply.blobs.push_back(infos[i] ? bytes_of_text(site_profile_json(site_profile(judged, options, rule, facts.date)))
                                   : std::vector<std::uint8_t>());
    reply.blobs.push_back(infos[i] ? bytes_of_text(applied_model_card(*infos[i], judged, labels, facts))
                                   : std::vector<std::uint8_t>());
  }
  return reply;
}

}  // namespace chestlight
