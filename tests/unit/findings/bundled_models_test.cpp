// The models that the page ships: each manifest obeys the schema, vouches for the weights beside it, and
// names examples that fit it.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/sha256.h"
#include "findings/manifest.h"
#include "findings/zone.h"
#include "support/files.h"

namespace chestlight {
namespace {

using testing::read_file;

std::string models() { return std::string(CHESTLIGHT_MODELS) + "/"; }

std::vector<std::string> bundled_ids() {
  const auto bytes = read_file(models() + "index.json");
  const Json index = parse_json(as_text(bytes), "index.json").value();
  std::vector<std::string> ids;
  for (const Json& model : index["models"]) ids.push_back(model["id"]);
  EXPECT_NE(std::find(ids.begin(), ids.end(), index["default"]), ids.end()) << "the default model is not listed";
  return ids;
}

TEST(BundledModels, AreWhatTheirManifestsSay) {
  const auto ids = bundled_ids();
  ASSERT_FALSE(ids.empty());
  for (const std::string& id : ids) {
    const std::string folder = models() + id + "/";
    const auto text = read_file(folder + "manifest.json");
    auto manifest = parse_manifest(as_text(text));
    ASSERT_TRUE(manifest) << id << ": " << manifest.error().message;
    EXPECT_EQ(manifest->id, id);
    EXPECT_FALSE(manifest->limits.empty()) << id << ": a model without limits does not exist";
    EXPECT_NE(manifest->notice.find("Not a medical device"), std::string::npos) << id;
    for (const ManifestFile& file : manifest->files) {
      const auto bytes = read_file(folder + file.name);
      auto verified = verify_file(*manifest, file.name, bytes);
      EXPECT_TRUE(verified) << id << ": " << verified.error().message;
    }
    EXPECT_FALSE(read_file(folder + "card.md").empty()) << id;
  }
}

// The knots are a summary of the scores that the AUROC was counted on: the curve through them must hold its area.
TEST(BundledModels, TheCurvesOfTheirEvaluationsHoldTheirAuroc) {
  int evaluated = 0;
  for (const std::string& id : bundled_ids()) {
    const auto text = read_file(models() + id + "/manifest.json");
    const Manifest manifest = parse_manifest(as_text(text)).value();
    auto check = [&](const std::string& name, const ScoreEvaluation& e) {
      double area = 0;
      const std::vector<CurvePoint> curve = roc_curve(e);
      for (std::size_t i = 1; i < curve.size(); ++i)
        area += (curve[i].false_positives - curve[i - 1].false_positives) * (curve[i].sensitivity + curve[i - 1].sensitivity) / 2;
      // A handful of films is summed up by as many steps, between which the knots draw straight lines.
      EXPECT_NEAR(area, e.auroc, 0.01 + 0.2 / e.positives) << id << ": " << name;
      ++evaluated;
    };
    for (const Label& label : manifest.labels)
      if (label.evaluation) check(label.id, *label.evaluation);
    if (const auto& any = manifest.feature_heads.any_finding; any && any->evaluation) check("any finding", *any->evaluation);
  }
  EXPECT_GE(evaluated, 15) << "at least one model brings its evaluation";
}

TEST(BundledModels, AModelWithoutAnEvaluationAssessesNothing) {
  const auto text = read_file(models() + "compact-densenet-128/manifest.json");
  const Manifest manifest = parse_manifest(as_text(text)).value();
  EXPECT_FALSE(manifest.evaluation);
  for (const Label& label : manifest.labels)
    EXPECT_EQ(read_score({5}, label.calibration, label.trained, label.evaluation).zone, Zone::kNotAssessed) << label.id;
}

TEST(BundledModels, ExamplesFitTheModel) {
  for (const std::string& id : bundled_ids()) {
    const std::string folder = models() + id + "/";
    const auto text = read_file(folder + "manifest.json");
    const Manifest manifest = parse_manifest(as_text(text)).value();
    const auto golden_text = read_file(folder + manifest.golden);
    const Json golden = parse_json(as_text(golden_text), "golden.json").value();
    EXPECT_EQ(golden["weights_sha256"], manifest.find_file("weights.safetensors")->sha256)
        << id << ": the examples were made with other weights; run tools/models/make_golden.py";
    ASSERT_EQ(golden["labels"].size(), manifest.labels.size());
    for (std::size_t i = 0; i < manifest.labels.size(); ++i) EXPECT_EQ(golden["labels"][i], manifest.labels[i].id);
    ASSERT_FALSE(golden["examples"].empty());
    for (const Json& example : golden["examples"]) {
      EXPECT_EQ(example["logits"].size(), manifest.labels.size());
      const auto film = read_file(folder + example["film"].get<std::string>());
      EXPECT_EQ(sha256_hex(film), example["sha256"]) << id << ": " << example["film"];
      EXPECT_EQ(example["synthetic"], true) << "no patient's film is shipped";
      const Json& shape = example["maps"]["shape"];
      EXPECT_EQ(example["maps"]["values"].size(),
                shape[0].get<std::size_t>() * shape[1].get<std::size_t>() * shape[2].get<std::size_t>());
    }
  }
}

TEST(BundledModels, LogitsOfRealFilmsAreThoseOfTheseWeights) {
  for (const std::string& id : bundled_ids()) {
    const auto text = read_file(models() + id + "/manifest.json");
    const Manifest manifest = parse_manifest(as_text(text)).value();
    const auto golden_text = read_file(models() + "../tests/golden/films/" + id + ".json");
    const Json golden = parse_json(as_text(golden_text), "golden films").value();
    EXPECT_EQ(golden["weights_sha256"], manifest.find_file("weights.safetensors")->sha256)
        << id << ": the logits were made with other weights; run tests/golden/films/make_films.py";
  }
}

}  // namespace
}  // namespace chestlight
