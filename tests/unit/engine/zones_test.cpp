// Zones in the analysis of a film: from the manifest's evaluations to the result, and what thresholds have no part in.
#include <gtest/gtest.h>

#include "contract/analysis_json.h"
#include "engine/analysis.h"
#include "engine/describe.h"
#include "findings/zone_statement.h"
#include "support/tiny_model.h"
#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

Film grey_film() {
  Film film;
  film.pixels = Grid<std::uint16_t>(128, 128);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) film.pixels(x, y) = static_cast<std::uint16_t>((x * 7 + y * 3) % 200);
  film.full_scale = 255;
  film.high = 199;
  return film;
}

/// The tiny model; films with "a" to "d" score about `middle` in its evaluation, of "c" there are too few, "d" was not trained,
/// of "e" nothing is known.
std::shared_ptr<const Model> evaluated_model(double middle) {
  testing::TinyModel tiny = testing::tiny_model();
  tiny.manifest["evaluation"] = testing::model_evaluation_json();
  for (Json& label : tiny.manifest["labels"]) {
    if (label["id"] == "e") continue;
    Json evaluation = testing::even_evaluation_json();
    evaluation["with"] = testing::even_knots(middle - 1, middle + 2);
    evaluation["without"] = testing::even_knots(middle - 2, middle + 1);
    if (label["id"] == "c") evaluation["positives"] = 3;
    if (label["id"] == "d") label["trained"] = false;
    label["evaluation"] = evaluation;
  }
  return std::make_shared<const Model>(Model::load(tiny.manifest_bytes(), tiny.weights).value());
}

/// What a network answers that sees much of everything in one corner of the film.
std::vector<InferenceTensor> answer(const Head& head) {
  std::vector<float> features(static_cast<std::size_t>(head.features) * 4);
  for (std::size_t k = 0; k < static_cast<std::size_t>(head.features); ++k)
    features[4 * k + 2] = 1.0f + 0.1f * static_cast<float>(k);
  std::vector<float> logits;
  for (int c = 0; c < head.classes; ++c) {
    double logit = head.bias[static_cast<std::size_t>(c)];
    for (std::size_t k = 0; k < static_cast<std::size_t>(head.features); ++k)
      logit += head.weights[static_cast<std::size_t>(c * head.features) + k] * features[4 * k + 2] / 4;
    logits.push_back(static_cast<float>(logit));
  }
  return {{"logits", {1, head.classes}, logits}, {"features", {1, head.features, 2, 2}, features}};
}

contract::Analysis analysed(const std::shared_ptr<const Model>& model, std::size_t operating_point = 0) {
  AnalyseJob job(model, grey_film(), {model->manifest().operating_points[operating_point], {}, false});
  EXPECT_TRUE(job.accept(answer(model->head())));
  return describe(*model, job.analysis());
}

TEST(Zones, AreInEveryFindingWithTheirReason) {
  const contract::Analysis analysis = analysed(evaluated_model(0));
  const double logit = analysis.findings[0].logit;
  struct Place {
    double middle;
    Zone zone;
  };
  // The limits lie 0.85 below and above the middle: −1 + 3 · 0.05 and −2 + 3 · 0.95.
  for (Place row : {Place{logit + 0.9, Zone::kUnlikely}, Place{logit, Zone::kUncertain}, Place{logit - 0.9, Zone::kLikely}}) {
    const contract::Finding a = analysed(evaluated_model(row.middle)).findings[0];
    EXPECT_EQ(a.zone, row.zone);
    EXPECT_EQ(a.zone_reason, "");
    ASSERT_TRUE(a.rule_out && a.rule_in && a.percentile && a.likelihood_ratio);
    EXPECT_EQ(a.zone == Zone::kUnlikely, a.calibrated < *a.rule_out);
    EXPECT_EQ(a.zone == Zone::kLikely, a.calibrated >= *a.rule_in);
    EXPECT_NE(a.reading.find(a.score_text), std::string::npos);
    EXPECT_NE(a.reading.find(zone_in_words(row.zone)), std::string::npos) << a.reading;
  }
  const auto& findings = analysis.findings;
  EXPECT_EQ(findings[2].zone_reason.find("Only 3 films"), 0u);
  EXPECT_EQ(findings[3].zone_reason, "The model was not trained to find it.");
  EXPECT_EQ(findings[4].zone_reason.find("Nothing is known"), 0u);
  for (int i : {2, 3, 4}) {
    EXPECT_EQ(findings[i].zone, Zone::kNotAssessed);
    EXPECT_FALSE(findings[i].rule_in);
  }
  EXPECT_NE(analysis.summary.sentence.find("3 not assessed."), std::string::npos) << analysis.summary.sentence;
}

TEST(Zones, NothingLikelyIsNeverWordedAsNormal) {
  for (double middle : {-50.0, 50.0}) {
    const contract::Summary summary = analysed(evaluated_model(middle)).summary;
    const bool likely = summary.sentence.find("Likely: ") != std::string::npos;
    EXPECT_EQ(likely, middle < 0) << summary.sentence;
    EXPECT_EQ(summary.sentence.find("normal"), std::string::npos);
    EXPECT_EQ(summary.caveat.find("This is not the same as normal") == 0, !likely) << summary.caveat;
  }
}

TEST(Zones, WhereAndZoneDoNotChangeWithTheThreshold) {
  const auto model = evaluated_model(0);
  ASSERT_GE(model->manifest().operating_points.size(), 2u);
  const contract::Analysis low = analysed(model, 0), high = analysed(model, 1);
  bool other_thresholds = false;
  for (std::size_t i = 0; i < low.findings.size(); ++i) {
    const contract::Finding &a = low.findings[i], &b = high.findings[i];
    other_thresholds |= a.threshold != b.threshold;
    EXPECT_FALSE(a.where.empty());
    EXPECT_EQ(a.where, b.where);
    EXPECT_EQ(a.place, b.place);
    EXPECT_EQ(a.boxes, b.boxes);
    EXPECT_EQ(a.area, b.area);
    EXPECT_EQ(a.map_zero, b.map_zero);
    EXPECT_EQ(a.zone, b.zone);
    EXPECT_EQ(a.reading, b.reading);
  }
  EXPECT_TRUE(other_thresholds) << "the two sets must differ for this to show anything";
  EXPECT_EQ(low.summary.sentence, high.summary.sentence);
}

TEST(Zones, TheModelTellsThePageItsEvaluations) {
  const contract::ModelInfo info = describe(*evaluated_model(0));
  ASSERT_TRUE(info.evaluation);
  EXPECT_EQ(info.evaluation->data, "300 made-up films");
  ASSERT_TRUE(info.labels[0].evaluation);
  EXPECT_EQ(info.labels[0].evaluation->with.size(), 64u);
  EXPECT_FALSE(info.labels[3].evaluation) << "figures of an output that was not trained say nothing";
  EXPECT_FALSE(info.labels[4].evaluation);
}

}  // namespace
}  // namespace chestlight
