// Evaluations in a manifest: what is read, and every rule broken once.
#include "findings/evaluation_json.h"

#include <gtest/gtest.h>

#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

Json whole() {
  Json json = {{"evaluation", testing::model_evaluation_json()}};
  json["label"]["evaluation"] = testing::even_evaluation_json();
  return json;
}

/// Both readings of `json`, as a manifest does them; the first error.
Result<std::optional<ScoreEvaluation>> read(const Json& json) {
  const JsonReader root(json, "", ErrorCode::kInvalidManifest);
  CHESTLIGHT_TRY(auto model, read_model_evaluation(root));
  CHESTLIGHT_TRY(JsonReader label, root.member("label"));
  return read_evaluation(label, model ? model->films : 0);
}

TEST(EvaluationJson, IsReadInFull) {
  const Json json = whole();
  const auto model = read_model_evaluation(JsonReader(json, "", ErrorCode::kInvalidManifest));
  ASSERT_TRUE(model && *model);
  EXPECT_EQ((*model)->kind, "held-out");
  EXPECT_EQ((*model)->data, "300 made-up films");
  EXPECT_EQ((*model)->films, 300);
  EXPECT_EQ((*model)->patients, 250);
  EXPECT_EQ((*model)->mean_auroc_interval, (Bounds{0.85, 0.94}));
  const auto label = read(json);
  ASSERT_TRUE(label && *label) << label.error().message;
  const ScoreEvaluation expected = testing::even_evaluation();
  EXPECT_EQ((*label)->positives, expected.positives);
  EXPECT_EQ((*label)->negatives, expected.negatives);
  EXPECT_EQ((*label)->auroc_interval, expected.auroc_interval);
  EXPECT_EQ((*label)->with, expected.with);
  EXPECT_EQ((*label)->without, expected.without);
}

TEST(EvaluationJson, AllOfItIsOptional) {
  Json json = whole();
  json["label"].erase("evaluation");
  ASSERT_TRUE(read(json));
  EXPECT_FALSE(*read(json));
  json.erase("evaluation");
  ASSERT_TRUE(read(json));
  EXPECT_FALSE(*read(json));
}

struct Broken {
  const char* pointer;
  const char* value;
  const char* complaint;
};

// Every row is a rule of the schema in evaluation_json.h.
const Broken kBroken[] = {
    {"/evaluation", "[]", "evaluation: expected an object, found array"},
    {"/evaluation/kind", "\"guessed\"", "evaluation.kind: expected \"out-of-fold\" or \"held-out\""},
    {"/evaluation/data", "\"\"", "evaluation.data: expected a text"},
    {"/evaluation/films", "0", "evaluation.films: expected 1 to 100000000, found 0"},
    {"/evaluation/films", "299", "label.evaluation: expected at most the 299 films of the evaluation, found 300"},
    {"/evaluation/patients", "301", "evaluation.patients: expected 1 to 300, found 301"},
    {"/evaluation/mean_auroc", "1.01", "evaluation.mean_auroc: expected a number from 0 to 1"},
    {"/evaluation/mean_auroc_interval", "[0.5]", "expected a low and a high end, found 1 numbers"},
    {"/evaluation/mean_auroc_interval", "[0.9, 0.5]", "expected two numbers from 0 to 1, the lower first"},
    {"/evaluation", "null", "label.evaluation: expected an evaluation at the root that says on which films, found none"},
    {"/label/evaluation/positives", "0", "label.evaluation.positives: expected 1 to 100000000, found 0"},
    {"/label/evaluation/negatives", "1.5", "label.evaluation.negatives: expected a whole number"},
    {"/label/evaluation/negatives", "1e99", "label.evaluation.negatives: expected"},
    {"/label/evaluation/auroc", "-0.1", "label.evaluation.auroc: expected a number from 0 to 1"},
    {"/label/evaluation/auroc", "\"0.8\"", "label.evaluation.auroc: expected a number, found string"},
    {"/label/evaluation/auroc_interval", "[-0.1, 0.5]", "expected two numbers from 0 to 1, the lower first"},
    {"/label/evaluation/with", "[1, 2, 3]", "label.evaluation.with: expected 64 numbers, found 3"},
    {"/label/evaluation/with/0", "7", "label.evaluation.with: expected numbers that never fall"},
    {"/label/evaluation/with/63", "1e9", "label.evaluation.with: expected logits of ordinary size"},
    {"/label/evaluation/without/5", "null", "label.evaluation.without[5]: expected a number, found null"},
    {"/label/evaluation/without", "{}", "label.evaluation.without: expected an array, found object"},
};

TEST(EvaluationJson, NamesTheRuleThatIsBroken) {
  for (const Broken& row : kBroken) {
    SCOPED_TRACE(std::string(row.pointer) + " = " + row.value);
    Json json = whole();
    json[Json::json_pointer(row.pointer)] = parse_json(row.value, "row").value();
    const auto result = read(json);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find(row.complaint), std::string::npos) << result.error().message;
  }
}

}  // namespace
}  // namespace chestlight
