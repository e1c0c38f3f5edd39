#include "findings/feature_heads_json.h"

#include <cmath>

#include "findings/evaluation_json.h"
#include "findings/manifest_fields.h"

namespace chestlight {
namespace {

constexpr std::size_t kMostFeatures = 65536;

Result<float> read_finite(const JsonReader& at) {
  if (!at.json().is_number()) return complaint(at, "a number", at.json().type_name());
  const auto value = static_cast<float>(at.json().get<double>());
  if (!std::isfinite(value)) return complaint(at, "a finite number", "another");
  return value;
}

/// `expected`: the number of weights of the heads before, or 0; set by the first.
Result<FeatureHead> read_head(const JsonReader& at, std::size_t& expected) {
  CHESTLIGHT_TRY(std::vector<JsonReader> weights, at.items("weights"));
  CHESTLIGHT_TRY(JsonReader list, at.member("weights"));
  if (weights.empty() || weights.size() > kMostFeatures || (expected != 0 && weights.size() != expected))
    return complaint(list, expected ? text(expected, " numbers, as the heads before") : text("1 to ", kMostFeatures, " numbers"),
                     text(weights.size()));
  expected = weights.size();
  FeatureHead head;
  for (const JsonReader& weight : weights) {
    CHESTLIGHT_TRY(float value, read_finite(weight));
    head.weights.push_back(value);
  }
  CHESTLIGHT_TRY(JsonReader bias, at.member("bias"));
  CHESTLIGHT_TRY(head.bias, read_finite(bias));
  return head;
}

Result<LearnedReason> read_reason(const JsonReader& at, std::size_t& features) {
  static constexpr std::pair<const char*, Severity> kSeverities[] = {{"refuse", Severity::kRefuse}, {"warn", Severity::kWarn}};
  LearnedReason learned;
  CHESTLIGHT_TRY(learned.reason.id, read_id(at, "id", false, "-"));
  CHESTLIGHT_TRY(learned.reason.severity, read_choice(at, "severity", kSeverities));
  CHESTLIGHT_TRY(learned.reason.text, read_text(at, "text"));
  CHESTLIGHT_TRY(learned.measured, read_text(at, "measured"));
  CHESTLIGHT_TRY(learned.head, read_head(at, features));
  return learned;
}

/// Of any finding, at the operating points; none where they are not named.
Result<std::vector<Calibrated>> read_thresholds(const JsonReader& at) {
  std::vector<Calibrated> thresholds;
  if (!at.has("thresholds")) return thresholds;
  CHESTLIGHT_TRY(std::vector<JsonReader> items, at.items("thresholds"));
  for (const JsonReader& item : items) {
    CHESTLIGHT_TRY(float value, read_finite(item));
    if (!(value > 0 && value < 1)) return complaint(item, "a number between 0 and 1", text(value));
    thresholds.push_back({value});
  }
  return thresholds;
}

}  // namespace

Result<FeatureHeads> read_feature_heads(const JsonReader& heads, int films) {
  FeatureHeads read;
  std::size_t features = 0;
  if (heads.has("reasons")) {
    CHESTLIGHT_TRY(std::vector<JsonReader> reasons, heads.items("reasons"));
    if (reasons.size() > kListLength) {
      CHESTLIGHT_TRY(JsonReader list, heads.member("reasons"));
      return complaint(list, text("at most ", kListLength, " reasons"), text(reasons.size()));
    }
    for (const JsonReader& reason : reasons) {
      CHESTLIGHT_TRY(LearnedReason learned, read_reason(reason, features));
      read.reasons.push_back(std::move(learned));
    }
  }
  if (heads.has("any_finding")) {
    CHESTLIGHT_TRY(JsonReader at, heads.member("any_finding"));
    AnyFinding any;
    CHESTLIGHT_TRY(any.measured, read_text(at, "measured"));
    CHESTLIGHT_TRY(any.calibration, read_calibration(at));
    CHESTLIGHT_TRY(any.head, read_head(at, features));
    CHESTLIGHT_TRY(any.evaluation, read_evaluation(at, films));
    CHESTLIGHT_TRY(any.thresholds, read_thresholds(at));
    read.any_finding = std::move(any);
  }
  return read;
}

}  // namespace chestlight
