// The request `evaluate`: what it takes, what it answers, and how wrong requests are refused.
#include "engine/evaluate.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace chestlight {
namespace {

using EvaluateBlob = std::vector<std::uint8_t>;

EvaluateBlob bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

EvaluateBlob bytes_of(const std::vector<float>& scores) {
  EvaluateBlob blob(scores.size() * sizeof(float));
  std::memcpy(blob.data(), scores.data(), blob.size());
  return blob;
}

Result<EvaluationReply> request(const Json& args, const std::vector<EvaluateBlob>& blobs) {
  return evaluate_request(JsonReader(args, "", ErrorCode::kInvalidRequest), blobs);
}

Json four_images() {
  return {{"images", {{{"file", "a.png"}}, {{"file", "b.png"}}, {{"file", "c.png"}}, {{"file", "d.png"}}}},
          {"models", Json::array()}};
}

Json one_model() {
  Json args = four_images();
  args["notice"] = "A notice.";
  args["models"] = {
      {{"id", "m"}, {"sha256", "ab"}, {"operating_point", "balanced"}, {"findings", {"Effusion"}}, {"thresholds", {0.5}}}};
  return args;
}

constexpr std::string_view kTable = "image,Effusion\na.png,1\nb.png,0\nc.png,1\n";

TEST(EvaluateRequest, WithoutModelsSaysHowLabelsAndImagesMeet) {
  const EvaluationReply reply = request(four_images(), {bytes_of(kTable)}).value();
  EXPECT_EQ(reply.value["labels"]["images_with_row"], 3);
  EXPECT_EQ(reply.value["with_row"], Json({1, 1, 1, 0}));
  EXPECT_TRUE(reply.blobs.empty());
}

TEST(EvaluateRequest, MeasuresAndWritesReportAndScores) {
  const float none = std::numeric_limits<float>::quiet_NaN();
  const EvaluationReply reply =
      request(one_model(), {bytes_of(kTable), bytes_of(std::vector<float>{0.9f, 0.3f, 0.2f, none})}).value();
  const Json& finding = reply.value["models"][0]["findings"][0];
  EXPECT_EQ(finding["positives"], 2);
  EXPECT_EQ(finding["negatives"], 1);
  EXPECT_EQ(finding["auroc"], 0.5);
  ASSERT_EQ(reply.blobs.size(), 4u);
  EXPECT_TRUE(reply.blobs[2].empty() && reply.blobs[3].empty())
      << "of a model whose facts are not told there is no profile and no card";
  EXPECT_NE(as_text(reply.blobs[0]).find("A notice."), std::string_view::npos);
  EXPECT_EQ(as_text(reply.blobs[1]).substr(0, 43), "file,model,finding,score,threshold,label\r\na");
}

TEST(EvaluateRequest, WritesASiteProfileByTheRuleThatIsAskedFor) {
  Json args = one_model();
  args["models"][0]["info"] = {{"id", "m"}, {"version", "1.2"}, {"sha256", "ab"}};
  args["rule"] = "sensitivity";
  args["sensitivity"] = 1;
  args["date"] = "2026-12-01";
  const EvaluationReply reply = request(args, {bytes_of(kTable), bytes_of(std::vector<float>{0.75f, 0.5f, 0.25f, 0.1f})}).value();
  const Json profile = *parse_json(as_text(reply.blobs[2]), "site-profile.json");
  EXPECT_EQ(profile["kind"], "chestlight-site-profile");
  EXPECT_EQ(profile["model"], Json({{"id", "m"}, {"sha256", "ab"}, {"version", "1.2"}}));
  EXPECT_EQ(profile["films"], 3);
  EXPECT_EQ(profile["date"], "2026-12-01");
  EXPECT_EQ(profile["findings"][0]["threshold"]["value"], 0.25);
  EXPECT_EQ(profile["findings"][0]["threshold"]["chosen_by"], "sensitivity of 100 %");
  EXPECT_EQ(profile["findings"][0]["threshold"]["sensitivity"], 1);
  EXPECT_TRUE(profile["findings"][0]["likely"].is_null()) << "three films prove nothing";
  const Json card = (*parse_json(as_text(reply.blobs[3]), "model-card.json"))["AppliedModelCard"];
  // The elements of CHAI's schema that may not be missing.
  const std::pair<const char*, std::vector<const char*>> elements[] = {
      {"BasicInfo", {"ModelName", "ModelDeveloper", "DeveloperContact"}},
      {"ReleaseInfo", {"ReleaseStage", "ReleaseDate", "ReleaseVersion", "GlobalAvailability"}},
      {"ModelSummary", {"Summary", "Keywords"}},
      {"UsesAndDirections",
       {"IntendedUseAndWorkflow", "PrimaryIntendedUsers", "HowToUse", "TargetedPatientPopulation",
        "CautionedOutOfScopeSettings"}},
      {"Warnings", {"KnownRisksAndLimitations", "KnownBiasesOrEthicalConsiderations", "ClinicalRiskLevel"}},
      {"TrustIngredients", {"AISystemFacts", "TransparencyInformation"}},
      {"KeyMetrics", {"UsefulnessUsabilityEfficacy", "FairnessEquity", "SafetyReliability"}},
      {"Resources", {"PeerReviewedPublications", "PatientConsentOrDisclosure"}}};
  for (const auto& [part, names] : elements)
    for (const char* name : names) EXPECT_TRUE(card.contains(part) && card[part].contains(name)) << part << " " << name;
  const Json& efficacy = card["KeyMetrics"]["UsefulnessUsabilityEfficacy"];
  EXPECT_EQ(efficacy["Results"]["MetricResult"][0]["Label"], "Effusion");
  EXPECT_EQ(efficacy["Results"]["MetricResult"][0]["ValueJson"]["auroc"], 0.5);
  EXPECT_EQ(card["BasicInfo"]["ModelDeveloper"], "Not stated.") << "nothing is made up";
  args["rule"] = "luck";
  EXPECT_EQ(request(args, {bytes_of(kTable), bytes_of(std::vector<float>(4, 0.5f))}).error().code, ErrorCode::kInvalidRequest);
}

TEST(EvaluateRequest, FoldersAreLabelsWhereThereIsNoTable) {
  Json args = four_images();
  args["images"] = {{{"file", "NORMAL/a.png"}}, {{"file", "PNEUMONIA/b.png"}}};
  EXPECT_EQ(request(args, {{}}).value().value["labels"]["findings"], Json({"PNEUMONIA"}));
}

TEST(EvaluateRequest, WrongOnesAreRefused) {
  const EvaluateBlob table = bytes_of(kTable);
  const std::vector<float> scores(4, 0.5f);
  Json unknown_word = four_images(), unknown_key = four_images(), no_images = four_images();
  unknown_word["uncertain"] = "maybe";
  unknown_key["join_by"] = "magic";
  no_images.erase("images");
  EXPECT_EQ(request(unknown_word, {table}).error().message, "uncertain: expected one of ignore, positive, negative");
  EXPECT_EQ(request(unknown_key, {table}).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(request(no_images, {table}).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(request(one_model(), {table}).error().message, "expected 2 buffers, found 1");
  EXPECT_EQ(request(one_model(), {table, bytes_of(std::vector<float>(3, 0.5f))}).error().message,
            "models[0]: expected 4 × 1 scores, found 3");
  EXPECT_EQ(request(one_model(), {table, bytes_of(std::vector<float>(4, 2.0f))}).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace chestlight
