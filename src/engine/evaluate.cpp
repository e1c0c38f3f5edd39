#include "engine/evaluate.h"

#include <cstring>

#include "base/text.h"
#include "base/version.h"
#include "contract/json_fields.h"
#include "engine/label_request.h"
#include "metrics/evaluation_json.h"
#include "metrics/evaluation_report.h"

namespace chestlight {
namespace {

Result<ModelScores> model_argument(const JsonReader& item, std::span<const std::uint8_t> blob, std::size_t images) {
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
  return options;
}

Json rows_json(const Labels& labels) {
  Json flags = Json::array();
  for (bool found : labels.has_row) flags.push_back(found ? 1 : 0);
  return flags;
}

}  // namespace

Result<EvaluationReply> evaluate_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs) {
  CHESTLIGHT_TRY(const std::vector<JsonReader> items, args.items("models"));
  if (blobs.size() != items.size() + 1) return args.error(text("expected ", items.size() + 1, " buffers, found ", blobs.size()));
  CHESTLIGHT_TRY(const std::vector<ImageName> images, images_argument(args));
  CHESTLIGHT_TRY(const Labels labels, labels_argument(args, blobs[0], images));
  if (items.empty()) return EvaluationReply{{{"labels", labels_json(labels)}, {"with_row", rows_json(labels)}}, {}};

  std::vector<ModelScores> models;
  for (std::size_t i = 0; i < items.size(); ++i) {
    CHESTLIGHT_TRY(ModelScores model, model_argument(items[i], blobs[i + 1], images.size()));
    models.push_back(std::move(model));
  }
  CHESTLIGHT_TRY(const EvaluationOptions options, options_argument(args));
  CHESTLIGHT_TRY(const Evaluation evaluation, evaluate(models, labels, options));
  ReportFacts facts;
  CHESTLIGHT_TRY(facts.notice, args.string("notice"));
  CHESTLIGHT_TRY(facts.date, string_or(args, "date", ""));
  CHESTLIGHT_CHECK(contract::take_field(args, "remarks", facts.remarks));
  facts.app = app_name_and_version();
  const std::string report = evaluation_report(evaluation, labels, facts);
  const std::string csv = scores_csv(models, labels, images, options);
  Json value = evaluation_json(evaluation, labels);
  value["app"] = facts.app;
  return EvaluationReply{std::move(value), {{report.begin(), report.end()}, {csv.begin(), csv.end()}}};
}

}  // namespace chestlight
