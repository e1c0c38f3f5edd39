#include "engine/head_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <set>

#include "base/sha256.h"
#include "base/text.h"
#include "contract/json_fields.h"
#include "engine/label_request.h"
#include "findings/evaluation.h"
#include "findings/finding_words.h"
#include "metrics/cross_validation.h"
#include "metrics/distributions.h"
#include "metrics/evaluation_json.h"
#include "metrics/thresholds.h"
#include "model/weights/safetensors_writer.h"

namespace chestlight {
namespace {

constexpr std::string_view kHeadWeight = "classifier.weight", kHeadBias = "classifier.bias";
constexpr double kEdge = 1e-4;         // thresholds lie this far from 0 and 1
constexpr double kTargetShare = 0.95;  // of sensitivity for rule-out, of specificity for rule-in
constexpr const char* kPoints[][3] = {
    {"rule-out", "Rule out", "Misses little, many false alarms."},
    {"balanced", "Balanced", "Balances missed findings and false alarms (Youden)."},
    {"rule-in", "Rule in", "Few false alarms, but misses more disease. Use to prioritise."},
};

/// A finding that was learnt, with its out-of-fold scores.
struct Learnt {
  std::string id;
  TrainedHead head;
  std::vector<double> with, without;   // logits out of fold
  std::array<double, 3> thresholds{};  // of calibrated probabilities, in the order of kPoints
};

struct Order {
  std::string id, name, date;
  std::vector<std::string> findings;  // as the table names them
  int folds = 5;
  std::uint64_t seed = 1;
  HeadOptions head;
};

Result<Order> order_argument(const JsonReader& args, const Labels& labels) {
  Order order;
  CHESTLIGHT_TRY(order.id, args.string("id"));
  CHESTLIGHT_TRY(order.name, args.string("name"));
  CHESTLIGHT_TRY(order.date, string_or(args, "date", ""));
  CHESTLIGHT_CHECK(contract::take_field(args, "findings", order.findings));
  CHESTLIGHT_CHECK(contract::take_field(args, "folds", order.folds));
  int seed = 1;
  CHESTLIGHT_CHECK(contract::take_field(args, "seed", seed));
  order.seed = static_cast<std::uint64_t>(seed);
  CHESTLIGHT_CHECK(contract::take_field(args, "balance", order.head.balance_classes));
  if (order.folds < 2 || order.folds > 20) return args.error("folds: expected 2 to 20");
  if (order.findings.empty()) order.findings = labels.findings;
  for (const std::string& finding : order.findings)
    if (labels.find(finding) < 0)
      return Error{ErrorCode::kInvalidRequest, text("The table has no finding \"", finding, "\"."),
                   "Name findings as the table's columns are named."};
  return order;
}

/// The films that have features and a row, with what the table says of them.
Result<TrainingSet> training_set(const Order& order, const Labels& labels, Bytes features, int columns) {
  const std::size_t images = labels.has_row.size(), row_bytes = static_cast<std::size_t>(columns) * sizeof(float);
  if (features.size() != images * row_bytes)
    return Error{ErrorCode::kInvalidRequest,
                 text("Expected ", images, " × ", columns, " features, found ", features.size() / sizeof(float), "."), ""};
  TrainingSet set;
  set.features.columns = columns;
  set.labels.resize(order.findings.size());
  std::vector<float> row(static_cast<std::size_t>(columns));
  for (std::size_t image = 0; image < images; ++image) {
    std::memcpy(row.data(), features.data() + image * row_bytes, row_bytes);
    if (!labels.has_row[image] || !std::isfinite(row[0])) continue;
    set.features.values.insert(set.features.values.end(), row.begin(), row.end());
    set.patients.push_back(labels.patients[image]);
    for (std::size_t f = 0; f < order.findings.size(); ++f)
      set.labels[f].push_back(labels.labels[static_cast<std::size_t>(labels.find(order.findings[f]))][image]);
    ++set.features.rows;
  }
  return set;
}

/// Rule-out, balanced and rule-in, rising.
Result<std::array<double, 3>> thresholds_of(const Sample& probabilities) {
  CHESTLIGHT_TRY(const double out, threshold_by_sensitivity(probabilities, kTargetShare));
  CHESTLIGHT_TRY(const double youden, threshold_by_youden(probabilities));
  const Result<double> in = threshold_by_specificity(probabilities, kTargetShare);
  const double balanced = std::max(youden, out);
  const double rule_in = std::max(in ? *in : balanced, balanced);
  const auto inside = [](double threshold) { return std::clamp(threshold, kEdge, 1 - kEdge); };
  return std::array{inside(out), inside(balanced), inside(rule_in)};
}

Result<Learnt> learnt(std::string id, TrainedHead head, const std::vector<std::int8_t>& labels) {
  Learnt found{std::move(id), std::move(head), {}, {}, {}};
  std::vector<double> probabilities;
  std::vector<std::uint8_t> truth;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) continue;
    const double logit = found.head.logits[row];
    (labels[row] > 0 ? found.with : found.without).push_back(logit);
    probabilities.push_back(1 / (1 + std::exp(-(found.head.scale * logit + found.head.offset))));
    truth.push_back(static_cast<std::uint8_t>(labels[row]));
  }
  std::ranges::sort(found.with);
  std::ranges::sort(found.without);
  CHESTLIGHT_TRY(const Sample sample, Sample::make(std::move(probabilities), std::move(truth)));
  CHESTLIGHT_TRY(found.thresholds, thresholds_of(sample));
  return found;
}

/// The quantiles at (i + ½) / 64 of sorted logits, in a straight line between neighbours.
Json knots_of(const std::vector<double>& sorted) {
  Json knots = Json::array();
  for (int i = 0; i < kKnots; ++i) knots.push_back(std::round(1000 * linear_quantile(sorted, (i + 0.5) / kKnots)) / 1000);
  return knots;
}

Json interval_json(const Interval& interval) { return {interval.low, interval.high}; }

Json label_json(const Learnt& finding) {
  const FindingWords* words = find_finding_words(finding.id);
  return {{"id", finding.id},
          {"name", words ? std::string(words->name) : finding.id},
          {"explanation", words ? std::string(words->explanation) : "Learnt here, from labels of that name."},
          {"calibration", {{"kind", "platt"}, {"scale", finding.head.scale}, {"offset", finding.head.offset}}},
          {"cutoff", words ? words->cutoff : 0.5f},
          {"evaluation",
           {{"positives", finding.with.size()},
            {"negatives", finding.without.size()},
            {"auroc", finding.head.auroc.area},
            {"auroc_interval", interval_json(finding.head.auroc.interval)},
            {"with", knots_of(finding.with)},
            {"without", knots_of(finding.without)}}}};
}

/// The mean area and its interval. Findings are taken to err together, so the interval is wide rather than narrow.
Json mean_json(const std::vector<Learnt>& findings, const std::string& data, int films, int patients) {
  double mean = 0, deviation = 0;
  for (const Learnt& finding : findings) {
    mean += finding.head.auroc.area / static_cast<double>(findings.size());
    deviation += std::sqrt(finding.head.auroc.variance) / static_cast<double>(findings.size());
  }
  const double reach = normal_reach(0.95) * deviation;
  return {{"kind", "out-of-fold"}, {"data", data},
          {"films", films},        {"patients", patients},
          {"mean_auroc", mean},    {"mean_auroc_interval", {std::max(0.0, mean - reach), std::min(1.0, mean + reach)}}};
}

Json points_json(const std::vector<Learnt>& findings, const std::string& data) {
  Json points = Json::array();
  for (std::size_t p = 0; p < std::size(kPoints); ++p) {
    Json thresholds = Json::array();
    for (const Learnt& finding : findings) thresholds.push_back(finding.thresholds[p]);
    const auto& [id, name, explanation] = kPoints[p];
    points.push_back({{"id", id}, {"name", name}, {"explanation", explanation}, {"data", data}, {"thresholds", thresholds}});
  }
  return points;
}

/// The base network's tensors with another head; `bytes` owns its numbers.
Result<TensorMap> with_head(const Architecture& network, const std::vector<Learnt>& findings,
                            std::array<std::vector<std::uint8_t>, 2>& bytes) {
  TensorMap tensors = network.tensors();
  const Head& head = network.head();
  const auto old = tensors.find(kHeadWeight);
  const std::vector<std::int64_t> expected{head.classes, head.features};
  if (old == tensors.end() || !tensors.contains(kHeadBias) || old->second.shape != expected)
    return Error{ErrorCode::kUnavailable, text(network.name(), " does not end in one linear layer on its pooled features."),
                 "Train the head on another model."};
  std::erase_if(tensors, [](const auto& entry) { return entry.first.starts_with(kHeadTensors); });
  std::vector<float> weights, biases;
  for (const Learnt& finding : findings) {
    for (double weight : finding.head.head.weights) weights.push_back(static_cast<float>(weight));
    biases.push_back(static_cast<float>(finding.head.head.bias));
  }
  const auto put = [&](std::string_view name, std::vector<std::int64_t> shape, const std::vector<float>& values,
                       std::vector<std::uint8_t>& owner) {
    owner.resize(values.size() * sizeof(float));
    std::memcpy(owner.data(), values.data(), owner.size());
    tensors.emplace(name, Tensor{DataType::kF32, std::move(shape), owner});
  };
  const auto count = static_cast<std::int64_t>(findings.size());
  put(kHeadWeight, {count, head.features}, weights, bytes[0]);
  put(kHeadBias, {count}, biases, bytes[1]);
  return tensors;
}

/// The base model's manifest, made the new one's.
Result<std::vector<std::uint8_t>> manifest_of(Bytes base, const Model& model, const Order& order,
                                              const std::vector<Learnt>& findings, int films, int patients, Bytes weights) {
  CHESTLIGHT_TRY(Json json, parse_manifest_json(as_text(base)));
  const Manifest& old = model.manifest();
  if (json.value("id", "") != old.id)
    return Error{ErrorCode::kInvalidRequest, text("The manifest is not that of ", old.id, ", the model in use."), ""};
  const std::string data = text(films, " films of ", patients,
                                " patients that were labelled by the user, each scored by a head that was"
                                " not trained on its patient");
  json["id"] = order.id;
  json["name"] = order.name;
  json["version"] = order.date.empty() ? "trained here" : "trained here on " + order.date;
  json["sources"].push_back(text("The body is that of ", old.name, " (", old.id, " ", old.version, ", SHA-256 ", model.sha256(),
                                 "); its head was trained on this device."));
  json["files"] = {{"weights.safetensors", {{"sha256", sha256_hex(weights)}, {"bytes", weights.size()}}}};
  json["labels"] = Json::array();
  for (const Learnt& finding : findings) json["labels"].push_back(label_json(finding));
  json["evaluation"] = mean_json(findings, data, films, patients);
  json["operating_points"] = points_json(findings, data);
  json["default_operating_point"] = kPoints[1][0];
  if (json.contains("feature_heads")) json["feature_heads"].erase("any_finding");  // of other findings
  json["limits"] = {
      text("Its head knows ", films, " films of ", patients, " patients; of films from elsewhere nothing is known."),
      "Films of one patient were kept together; films of one place are more alike than films of two."};
  json.erase("golden");
  const std::string made = json.dump(1);
  CHESTLIGHT_CHECK(parse_manifest(made));
  return std::vector<std::uint8_t>(made.begin(), made.end());
}

Json finding_json(const std::string& id, const std::vector<std::int8_t>& labels, const TrainedFinding& result) {
  const auto count = [&](int value) { return std::ranges::count(labels, static_cast<std::int8_t>(value)); };
  Json json = {{"id", id},         {"positives", count(1)}, {"negatives", count(0)},
               {"auroc", nullptr}, {"interval", nullptr},   {"refusal", nullptr}};
  if (result.refusal) json["refusal"] = result.refusal->message;
  if (!result.trained) return json;
  json["auroc"] = result.trained->auroc.area;
  json["interval"] = interval_json(result.trained->auroc.interval);
  return json;
}

int count_patients(const std::vector<std::string>& patients) {
  const std::set<std::string> named(patients.begin(), patients.end());
  const auto nameless = static_cast<int>(std::ranges::count(patients, std::string()));
  return nameless + static_cast<int>(named.size() - named.count(""));
}

}  // namespace

Result<EvaluationReply> train_head_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs,
                                           const Model& model) {
  if (blobs.size() != 3) return args.error(text("expected 3 buffers, found ", blobs.size()));
  CHESTLIGHT_TRY(const std::vector<ImageName> images, images_argument(args));
  CHESTLIGHT_TRY(const Labels labels, labels_argument(args, blobs[0], images));
  CHESTLIGHT_TRY(const Order order, order_argument(args, labels));
  CHESTLIGHT_TRY(const TrainingSet set, training_set(order, labels, blobs[1], model.head().features));
  CHESTLIGHT_TRY(const std::vector<TrainedFinding> trained, train_heads(set, order.folds, order.seed, order.head));

  Json rows = Json::array();
  std::vector<Learnt> findings;
  for (std::size_t f = 0; f < trained.size(); ++f) {
    rows.push_back(finding_json(order.findings[f], set.labels[f], trained[f]));
    if (!trained[f].trained) continue;
    CHESTLIGHT_TRY(Learnt finding, learnt(order.findings[f], *trained[f].trained, set.labels[f]));
    findings.push_back(std::move(finding));
  }
  if (findings.empty())
    return Error{
        ErrorCode::kUnavailable,
        text("No finding can be learnt: ", trained.empty() ? std::string("the table has none.") : trained[0].refusal->message),
        "Add films with and without the finding, of more patients."};
  const int films = set.features.rows, patients = count_patients(set.patients);
  std::array<std::vector<std::uint8_t>, 2> head;
  CHESTLIGHT_TRY(const TensorMap tensors, with_head(model.architecture(), findings, head));
  EvaluationReply reply{{{"labels", labels_json(labels)},
                         {"id", order.id},
                         {"name", order.name},
                         {"films", films},
                         {"patients", patients},
                         {"findings", rows}},
                        {}};
  std::vector<std::uint8_t> weights = write_safetensors(tensors);
  CHESTLIGHT_TRY(std::vector<std::uint8_t> manifest, manifest_of(blobs[2], model, order, findings, films, patients, weights));
  reply.blobs = {std::move(manifest), std::move(weights)};
  return reply;
}

}  // namespace chestlight
