// One good manifest, and every rule of the schema broken once.
#include "findings/manifest.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "base/json.h"
#include "base/sha256.h"
#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

constexpr char kGood[] = R"({
  "schema_version": 1, "id": "tiny-2", "name": "Tiny", "version": "1.0", "licence": "Apache-2.0",
  "sources": ["made for this test"],
  "files": {"weights.safetensors": {"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "bytes": 3}},
  "architecture": {"family": "densenet"},
  "input": {"width": 128, "height": 96, "channels": 1, "fit": "letterbox", "filter": "area", "mean": [0.5], "std": [0.25]},
  "labels": [
    {"id": "Effusion", "name": "Pleural effusion", "explanation": "Fluid.",
     "calibration": {"kind": "platt", "scale": 1.5, "offset": -0.5}, "cutoff": 0.6},
    {"id": "Pleural_Thickening", "name": "Pleural thickening", "explanation": "Scar.",
     "calibration": {"kind": "none"}, "cutoff": 0.5}],
  "operating_points": [
    {"id": "sensitive", "name": "Sensitive", "explanation": "Misses less.", "data": "ten films", "thresholds": [0.1, 0.2]},
    {"id": "balanced", "name": "Balanced", "explanation": "Both.", "data": "ten films", "thresholds": [0.3, 0.4]}],
  "default_operating_point": "balanced",
  "limits": ["two labels"], "notice": "For tests.", "golden": "golden.json"
})";

Json good() { return parse_json(kGood, "test").value(); }

TEST(Manifest, ReadsEveryField) {
  auto manifest = parse_manifest(kGood);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->id, "tiny-2");
  EXPECT_EQ(manifest->name, "Tiny");
  EXPECT_EQ(manifest->version, "1.0");
  EXPECT_EQ(manifest->licence, "Apache-2.0");
  EXPECT_EQ(manifest->sources, std::vector<std::string>{"made for this test"});
  ASSERT_EQ(manifest->files.size(), 1u);
  EXPECT_EQ(manifest->files[0].name, "weights.safetensors");
  EXPECT_EQ(manifest->files[0].bytes, 3u);
  EXPECT_EQ(manifest->family, "densenet");
  EXPECT_EQ(manifest->input.width, 128);
  EXPECT_EQ(manifest->input.height, 96);
  EXPECT_EQ(manifest->input.channels, 1);
  EXPECT_EQ(manifest->input.fit, Fit::kLetterbox);
  EXPECT_EQ(manifest->input.filter, Filter::kArea);
  EXPECT_EQ(manifest->input.mean, std::vector<float>{0.5f});
  EXPECT_EQ(manifest->input.std_dev, std::vector<float>{0.25f});
  ASSERT_EQ(manifest->labels.size(), 2u);
  EXPECT_EQ(manifest->labels[0].calibration.kind, Calibration::Kind::kPlatt);
  EXPECT_FLOAT_EQ(manifest->labels[0].calibration.scale, 1.5f);
  EXPECT_FLOAT_EQ(manifest->labels[0].calibration.offset, -0.5f);
  EXPECT_EQ(manifest->labels[1].calibration.kind, Calibration::Kind::kNone);
  EXPECT_EQ(manifest->labels[1].name, "Pleural thickening");
  EXPECT_FLOAT_EQ(manifest->labels[0].cutoff, 0.6f);
  EXPECT_EQ(manifest->default_operating_point, 1u);
  EXPECT_FLOAT_EQ(manifest->operating_points[0].thresholds[1].value, 0.2f);
  EXPECT_EQ(manifest->operating_points[1].data, "ten films");
  EXPECT_EQ(manifest->find_operating_point("sensitive"), 0u);
  EXPECT_EQ(manifest->find_operating_point("screening"), std::nullopt);
  EXPECT_EQ(manifest->limits.size(), 1u);
  EXPECT_EQ(manifest->notice, "For tests.");
  EXPECT_EQ(manifest->golden, "golden.json");
}

TEST(Manifest, EvidenceIsMeasuredFromTheHighestThresholdWhicheverIsChosen) {
  auto manifest = parse_manifest(kGood);
  ASSERT_TRUE(manifest);
  EXPECT_NEAR(manifest->evidence_zero(0).value, (std::log(0.3 / 0.7) + 0.5) / 1.5, 1e-6) << "Platt's calibration taken back";
  EXPECT_NEAR(manifest->evidence_zero(1).value, std::log(0.4 / 0.6), 1e-6);
  manifest->default_operating_point = 0;
  std::swap(manifest->operating_points[0], manifest->operating_points[1]);
  EXPECT_NEAR(manifest->evidence_zero(1).value, std::log(0.4 / 0.6), 1e-6) << "in any order";
}

TEST(Manifest, WhatIsOptionalAndWhatIsUnknown) {
  Json json = good();
  json.erase("golden");
  json["limits"] = Json::array();
  json["written_by"] = "a later version";
  auto manifest = parse_manifest(write_json(json));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->golden, "");
  EXPECT_TRUE(manifest->limits.empty());
}

TEST(Manifest, BringsEvaluationsOfItsLabelsAndOfAnyFinding) {
  Json json = good();
  json["evaluation"] = testing::model_evaluation_json();
  json["labels"][0]["evaluation"] = testing::even_evaluation_json();
  json["labels"][1]["trained"] = false;
  json["feature_heads"]["any_finding"] = {{"weights", {1}},
                                          {"bias", 0},
                                          {"measured", "well"},
                                          {"calibration", {{"kind", "none"}}},
                                          {"evaluation", testing::even_evaluation_json()},
                                          {"thresholds", {0.25, 0.5}}};
  const auto manifest = parse_manifest(write_json(json));
  ASSERT_TRUE(manifest) << manifest.error().message;
  ASSERT_TRUE(manifest->evaluation);
  EXPECT_EQ(manifest->evaluation->films, 300);
  ASSERT_TRUE(manifest->labels[0].evaluation);
  EXPECT_EQ(manifest->labels[0].evaluation->positives, 100);
  EXPECT_TRUE(manifest->labels[0].trained);
  EXPECT_FALSE(manifest->labels[1].evaluation);
  EXPECT_FALSE(manifest->labels[1].trained);
  ASSERT_TRUE(manifest->feature_heads.any_finding->evaluation);
  EXPECT_FLOAT_EQ(manifest->feature_heads.any_finding->thresholds[1].value, 0.5f);

  json["feature_heads"]["any_finding"]["thresholds"] = {0.5};
  EXPECT_NE(parse_manifest(write_json(json)).error().message.find("expected any_finding.thresholds: one for each of 2"),
            std::string::npos);
  json["feature_heads"]["any_finding"]["thresholds"] = {0.5, 1};
  EXPECT_NE(parse_manifest(write_json(json)).error().message.find("thresholds[1]: expected a number between 0 and 1"),
            std::string::npos);
  json["labels"][1]["trained"] = "no";
  EXPECT_NE(parse_manifest(write_json(json)).error().message.find("labels[1].trained: expected"), std::string::npos);
}

struct Broken {
  const char* pointer;    // JSON pointer of the value that is replaced; "null" removes nothing, it is a value too
  const char* value;      // JSON
  const char* complaint;  // must be part of the message
};

// Every row is a rule of the schema in manifest.h.
const Broken kBroken[] = {
    {"/schema_version", "2", "schema_version: expected 1, found 2"},
    {"/schema_version", "\"1\"", "schema_version: expected a whole number, found string"},
    {"/id", "\"\"", "id: expected"},
    {"/id", "\"../etc\"", "id: expected"},
    {"/id", "\"Tiny\"", "id: expected"},
    {"/id", "\".hidden\"", "id: expected"},
    {"/name", "\"\"", "name: expected a text, found an empty one"},
    {"/version", "1", "version: expected a string, found number"},
    {"/licence", "null", "licence: expected a string, found null"},
    {"/sources", "[]", "sources: expected at least one source, found none"},
    {"/sources", "[7]", "sources[0]: expected a string, found number"},
    {"/files", "{}", "files: expected \"weights.safetensors\""},
    {"/files", "[]", "files: expected an object, found array"},
    {"/files", R"({"../weights.safetensors": {}})", "files: expected file names without a path"},
    {"/files/weights.safetensors/sha256", "\"abc\"", "files.weights.safetensors.sha256: expected 64 lower-case"},
    {"/files/weights.safetensors/sha256", "\"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD\"",
     "64 lower-case hexadecimal digits"},
    {"/files/weights.safetensors/bytes", "0", "bytes: expected 1 to 1073741824, found 0"},
    {"/files/weights.safetensors/bytes", "18446744073709551615", "bytes: expected 1 to 1073741824"},
    {"/files/weights.safetensors/bytes", "3.5", "bytes: expected a whole number"},
    {"/architecture", "{}", "architecture.family: missing"},
    {"/architecture/family", "\"ResNet 50\"",
     "architecture.family: expected 1 to 64 letters (a-z), digits or one of \"_-\", found \"ResNet 50\""},
    {"/architecture/family", "\"onnx\"", "files: expected \"model.onnx\", found no file of that name"},
    {"/input/width", "31", "input.width: expected 32 to 1024, found 31"},
    {"/input/detail", "128", "input.detail: expected 32 to 127, found 128"},
    {"/input/detail", "31", "input.detail: expected 32 to 127, found 31"},
    {"/input/detail", "\"all\"", "input.detail: expected a whole number, found string"},
    {"/input/height", "1025", "input.height: expected 32 to 1024, found 1025"},
    {"/input/channels", "2", "input.channels: expected 1 or 3, found 2"},
    {"/input/channels", "3", "input.mean: expected one number for each of 3 channels, found 1"},
    {"/input/fit", "\"squash\"", "input.fit: expected \"centre-square-crop\" or \"letterbox\" or \"stretch\""},
    {"/input/filter", "\"nearest\"", "input.filter: expected \"lanczos3\" or"},
    {"/input/std", "[0]", "input.std[0]: expected a number above 0, found 0"},
    {"/input/std", "[-0.25]", "input.std[0]: expected a number above 0"},
    {"/input/std", "[1e-60]", "input.std[0]: expected a number above 0"},
    {"/input/mean", "[1e300]", "input.mean[0]: expected a finite number"},
    {"/input/mean", "[\"0.5\"]", "input.mean[0]: expected a number, found string"},
    {"/labels", "[]", "labels: expected 1 to 64 labels, found 0"},
    {"/labels", "{}", "labels: expected an array, found object"},
    {"/labels/0/id", "\"Pleural_Thickening\"", "labels[1]: expected an id of its own"},
    {"/labels/0/id", "\"<b>\"", "labels[0].id: expected"},
    {"/labels/1/name", "\"\"", "labels[1].name: expected a text"},
    {"/labels/1/explanation", "5", "labels[1].explanation: expected a string"},
    {"/labels/1/calibration/kind", "\"isotonic\"", "labels[1].calibration.kind: expected \"platt\" or \"none\""},
    {"/labels/0/calibration/scale", "0", "labels[0].calibration.scale: expected a number between 0 and 1000"},
    {"/labels/0/calibration/scale", "-1", "labels[0].calibration.scale: expected a number between 0 and 1000"},
    {"/labels/0/calibration/offset", "1e9", "labels[0].calibration.offset: expected a number between -1000"},
    {"/labels/0/cutoff", "0", "labels[0].cutoff: expected a number between 0 and 1, found 0"},
    {"/labels/0/cutoff", "1", "labels[0].cutoff: expected a number between 0 and 1, found 1"},
    {"/operating_points", "[]", "operating_points: expected 1 to 16 operating points, found 0"},
    {"/operating_points/0/id", "\"balanced\"", "operating_points[1]: expected an id of its own"},
    {"/operating_points/0/data", "\"\"", "operating_points[0].data: expected a text"},
    {"/operating_points/0/thresholds", "[0.5]",
     "operating_points[0].thresholds: expected one threshold for each of 2 labels, found 1"},
    {"/operating_points/1/thresholds", "[0.5, 1]", "thresholds[1]: expected a number between 0 and 1, found 1"},
    {"/operating_points/1/thresholds", "[0.5, 0]", "thresholds[1]: expected a number between 0 and 1, found 0"},
    {"/operating_points/1/thresholds", "[0.5, null]", "thresholds[1]: expected a number, found null"},
    {"/default_operating_point", "\"screening\"",
     "default_operating_point: expected the id of one of operating_points, found \"screening\""},
    {"/limits", "\"none\"", "limits: expected an array, found string"},
    {"/notice", "\"\"", "notice: expected a text"},
    {"/golden", "\"\"", "golden: expected a text"},
};

TEST(Manifest, NamesTheRuleThatIsBroken) {
  for (const Broken& row : kBroken) {
    Json json = good();
    json[Json::json_pointer(row.pointer)] = parse_json(row.value, "row").value();
    auto manifest = parse_manifest(write_json(json));
    ASSERT_FALSE(manifest) << row.pointer << " = " << row.value;
    EXPECT_EQ(manifest.error().code, ErrorCode::kInvalidManifest) << row.pointer;
    EXPECT_NE(manifest.error().message.find(row.complaint), std::string::npos)
        << row.pointer << " = " << row.value << " gave: " << manifest.error().message;
    EXPECT_FALSE(manifest.error().hint.empty());
  }
}

TEST(Manifest, EveryKeyIsNeeded) {
  const Json whole = good();
  for (const auto& [key, value] : whole.items()) {
    if (key == "golden") continue;
    Json json = good();
    json.erase(key);
    auto manifest = parse_manifest(write_json(json));
    ASSERT_FALSE(manifest) << key;
    EXPECT_NE(manifest.error().message.find(key + ": missing"), std::string::npos) << manifest.error().message;
  }
}

TEST(Manifest, TextThatIsNoManifest) {
  EXPECT_EQ(parse_manifest("").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_manifest("{\"schema_version\": 1").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parse_manifest("[]").error().code, ErrorCode::kInvalidManifest);
  EXPECT_EQ(parse_manifest("null").error().code, ErrorCode::kInvalidManifest);
  EXPECT_EQ(parse_manifest(std::string(2 << 20, ' ')).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(parse_manifest(std::string(500000, '[')).error().code, ErrorCode::kCorrupt);
}

// A poor man's fuzzer: every prefix, and every byte replaced, must give a manifest or an error and never a
// crash.
TEST(Manifest, SurvivesEveryDamage) {
  const std::string whole = kGood;
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_manifest(std::string_view(whole).substr(0, length))) << length;
  int accepted = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 + at % 127));
    accepted += static_cast<bool>(parse_manifest(damaged));
  }
  EXPECT_LT(accepted, static_cast<int>(whole.size()));
}

TEST(VerifyFile, BytesAndHash) {
  const Manifest manifest = parse_manifest(kGood).value();
  EXPECT_TRUE(verify_file(manifest, "weights.safetensors", as_bytes("abc")));  // FIPS 180-4, example 1

  auto missing = verify_file(manifest, "golden.bin", as_bytes("abc"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kMissing);

  auto truncated = verify_file(manifest, "weights.safetensors", as_bytes("ab"));
  ASSERT_FALSE(truncated);
  EXPECT_EQ(truncated.error().code, ErrorCode::kTruncated);
  EXPECT_NE(truncated.error().message.find("has 2 bytes, the manifest says 3"), std::string::npos);
  EXPECT_NE(truncated.error().hint.find("download the model again"), std::string::npos);

  auto longer = verify_file(manifest, "weights.safetensors", as_bytes("abcd"));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, ErrorCode::kHashMismatch);
  EXPECT_NE(longer.error().message.find("expected 3 bytes, found 4 bytes"), std::string::npos);

  auto other = verify_file(manifest, "weights.safetensors", as_bytes("abd"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kHashMismatch);
  EXPECT_NE(other.error().message.find(sha256_hex(as_bytes("abd"))), std::string::npos);
  EXPECT_NE(other.error().hint.find("Download the model again"), std::string::npos);
}

}  // namespace
}  // namespace chestlight
