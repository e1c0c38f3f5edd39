#include "findings/feature_heads.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "findings/feature_heads_json.h"

namespace chestlight {
namespace {

const char* kGood = R"({
  "reasons": [
    {"id": "no-radiograph", "severity": "refuse", "text": "No radiograph.", "measured": "9 of 10 found",
     "weights": [1, -2, 0.5], "bias": -0.25},
    {"id": "inverted", "severity": "warn", "text": "Inverted.", "measured": "8 of 10 found",
     "weights": [0, 1, 0], "bias": 0}],
  "any_finding": {"weights": [2, 0, 1], "bias": -1, "measured": "AUROC 0.7",
                  "calibration": {"kind": "platt", "scale": 2, "offset": 0.5}}})";

Result<FeatureHeads> read(const Json& json) {
  return read_feature_heads(JsonReader(json, "feature_heads", ErrorCode::kInvalidManifest));
}

TEST(FeatureHeads, PoolsCellsPerChannel) {
  EXPECT_EQ(pooled_features(std::vector<float>{1, 2, 3, 6, -4, 4, 0, 8}, 2), (std::vector<float>{3, 2}));
}

TEST(FeatureHeads, RaiseReasonsAboveZeroInOrderAndSayWhatWasMeasured) {
  auto heads = read(Json::parse(kGood));
  ASSERT_TRUE(heads) << heads.error().message;
  ASSERT_EQ(heads->reasons.size(), 2u);
  // Scores by hand: 1·3 − 2·1 + 0.5·0 − 0.25 = 0.75 and 1.
  auto both = check_features(heads->reasons, std::vector<float>{3, 1, 0});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].id, "no-radiograph");
  EXPECT_EQ(both[0].severity, Severity::kRefuse);
  EXPECT_EQ(both[0].text, "No radiograph. (9 of 10 found)");
  EXPECT_EQ(both[1].severity, Severity::kWarn);
  // −0.25 + 0.5·0.5 = 0 is not above 0.
  EXPECT_TRUE(check_features(heads->reasons, std::vector<float>{0, 0, 0.5f}).empty());
}

TEST(FeatureHeads, ScoreAnyFindingOnItsOwnCalibration) {
  auto heads = read(Json::parse(kGood));
  ASSERT_TRUE(heads && heads->any_finding);
  // Score by hand: 2·0.5 + 1·0.25 − 1 = 0.25; 2·0.25 + 0.5 = 1; sigmoid(1) = 0.7310586.
  EXPECT_FLOAT_EQ(any_finding_score(*heads->any_finding, std::vector<float>{0.5f, 9, 0.25f}).value, 0.7310586f);
}

TEST(FeatureHeads, AreOptionalOneByOne) {
  auto none = read(Json::object());
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->reasons.empty());
  EXPECT_FALSE(none->any_finding);
}

struct Broken {
  const char* pointer;
  const char* value;
  const char* complaint;
};

const Broken kBroken[] = {
    {"/reasons", "{}", "reasons: expected an array, found object"},
    {"/reasons/0/id", "\"No radiograph\"", "reasons[0].id: expected"},
    {"/reasons/0/severity", "\"stop\"", "reasons[0].severity: expected \"refuse\" or \"warn\""},
    {"/reasons/0/text", "\"\"", "reasons[0].text: expected a text"},
    {"/reasons/0/measured", "7", "reasons[0].measured: expected a string"},
    {"/reasons/0/weights", "[]", "reasons[0].weights: expected 1 to 65536 numbers, found 0"},
    {"/reasons/1/weights", "[1, 2]", "reasons[1].weights: expected 3 numbers, as the heads before, found 2"},
    {"/reasons/1/weights/2", "\"1\"", "expected a number, found string"},
    {"/reasons/1/weights/2", "1e300", "expected a finite number"},
    {"/reasons/1/bias", "null", "reasons[1].bias: expected a number, found null"},
    {"/any_finding/weights", "[1]", "any_finding.weights: expected 3 numbers"},
    {"/any_finding/calibration/scale", "0", "any_finding.calibration.scale: expected a number between"},
};

TEST(FeatureHeads, BrokenOnesAreNamed) {
  for (const auto& row : kBroken) {
    SCOPED_TRACE(std::string(row.pointer) + " = " + row.value);
    Json json = Json::parse(kGood);
    json[Json::json_pointer(row.pointer)] = Json::parse(row.value);
    auto heads = read(json);
    ASSERT_FALSE(heads);
    EXPECT_NE(heads.error().message.find(row.complaint), std::string::npos) << heads.error().message;
  }
}

}  // namespace
}  // namespace chestlight
