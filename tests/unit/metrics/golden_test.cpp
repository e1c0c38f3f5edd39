// Figures against pROC, scikit-learn, SciPy and closed forms; golden/metrics/make_metrics.py says which is whose.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/json.h"
#include "metrics/calibration_measures.h"
#include "metrics/conformal_triage.h"
#include "metrics/decision_curve.h"
#include "metrics/distributions.h"
#include "metrics/drift.h"
#include "metrics/logistic_head.h"
#include "metrics/precision_recall.h"
#include "metrics/prior_shift.h"
#include "metrics/rates.h"
#include "metrics/roc.h"
#include "support/files.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

const Json& golden() {
  static const Json json =
      *parse_json(as_text(testing::read_file(std::string(CHESTLIGHT_GOLDEN) + "/metrics/metrics.json")), "metrics.json");
  return json;
}

struct Case {
  const Json& json;
  std::vector<double> first = json["first"], second = json["second"];
  std::vector<std::uint8_t> truth = json["truth"];

  Sample sample() const { return Sample::make(first, truth).value(); }
  Sample other() const { return Sample::make(second, truth).value(); }
};

class GoldenScores : public ::testing::TestWithParam<int> {
 protected:
  Case row_{golden()["cases"][static_cast<std::size_t>(GetParam())]};
};

INSTANTIATE_TEST_SUITE_P(Cases, GoldenScores, ::testing::Range(0, 5), [](const auto& row) {
  std::string name = golden()["cases"][static_cast<std::size_t>(row.param)]["name"];
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
});

TEST_P(GoldenScores, AreaVarianceAndIntervalAreThoseOfProc) {
  const Json& roc = row_.json["roc"];
  const Auroc found = auroc(row_.sample()).value();
  EXPECT_EQ(found.method, AreaInterval::kDeLong);
  EXPECT_NEAR(found.area, roc["area"], kOtherProgram);
  EXPECT_NEAR(found.variance, roc["variance"], kOtherProgram);
  EXPECT_NEAR(found.interval.low, roc["low"], kOtherProgram);
  EXPECT_NEAR(found.interval.high, roc["high"], kOtherProgram);
}

TEST_P(GoldenScores, PairedTestIsThatOfProc) {
  const Json& roc = row_.json["roc"];
  const AreaDifference found = compare_paired(row_.sample(), row_.other()).value();
  EXPECT_NEAR(found.second, roc["second_area"], kOtherProgram);
  EXPECT_NEAR(found.variance,
              roc["variance"].get<double>() + roc["second_variance"].get<double>() - 2 * roc["covariance"].get<double>(),
              kOtherProgram);
  EXPECT_NEAR(found.z, roc["z"], kOtherProgram);
  EXPECT_NEAR(found.p, roc["p"], kOtherProgram);
}

TEST_P(GoldenScores, RocPointsAreThoseOfScikitLearn) {
  const std::vector<RocPoint> curve = roc_curve(row_.sample()).value();
  for (const Json& point : row_.json["curve"]) {
    const auto found = std::find_if(curve.begin(), curve.end(), [&](const RocPoint& p) { return p.threshold == point[0]; });
    ASSERT_NE(found, curve.end()) << point[0];
    EXPECT_NEAR(found->false_positive_rate, point[1], kDoubleRounding);
    EXPECT_NEAR(found->true_positive_rate, point[2], kDoubleRounding);
  }
}

TEST_P(GoldenScores, AveragePrecisionAndBrierScoreAreThoseOfScikitLearn) {
  EXPECT_NEAR(average_precision(row_.sample()).value(), row_.json["average_precision"], kOtherProgram);
  EXPECT_NEAR(brier_score(row_.sample()), row_.json["brier"], kOtherProgram);
}

TEST_P(GoldenScores, CalibrationBinsAreThoseOfScikitLearn) {
  for (auto [binning, name] : {std::pair(Binning::kEqualWidth, "uniform"), std::pair(Binning::kEqualCount, "quantile")}) {
    const std::vector<CalibrationBin> bins = calibration_bins(row_.sample(), 8, binning).value();
    const Json& expected = row_.json[name];
    ASSERT_EQ(bins.size(), expected["share"].size()) << name;
    for (std::size_t k = 0; k < bins.size(); ++k) {
      EXPECT_NEAR(bins[k].share(), expected["share"][k], kOtherProgram) << name << k;
      EXPECT_NEAR(bins[k].mean_score, expected["mean"][k], kOtherProgram) << name << k;
    }
  }
}

TEST_P(GoldenScores, NetBenefitFollowsItsFormula) {
  std::vector<double> thresholds;
  for (const Json& point : row_.json["net_benefit"]) thresholds.push_back(point[0]);
  const std::vector<DecisionPoint> curve = decision_curve(row_.sample(), thresholds).value();
  for (std::size_t k = 0; k < curve.size(); ++k) {
    EXPECT_NEAR(curve[k].model, row_.json["net_benefit"][k][1], kOtherProgram);
    EXPECT_NEAR(curve[k].all, row_.json["net_benefit"][k][2], kOtherProgram);
  }
}

TEST_P(GoldenScores, ZonesAreThoseFoundByTryingAll) {
  for (const Json& goal : row_.json["zones"]) {
    const Triage triage = conformal_triage(row_.sample(), {goal["ppv"], goal["npv"], goal["confidence"]}).value();
    EXPECT_EQ(row_.sample().size() - triage.undecided, goal["decided"]);
    EXPECT_EQ(triage.called.has_value(), goal["largest_called"] > 0);
    EXPECT_EQ(triage.called_refusal.has_value(), goal["largest_called"] == 0);
    EXPECT_EQ(triage.cleared.has_value(), goal["largest_cleared"] > 0);
    EXPECT_EQ(triage.cleared_refusal.has_value(), goal["largest_cleared"] == 0);
  }
}

TEST_P(GoldenScores, PrevalenceIsWhereExpectationAndMaximisationEnd) {
  const Json& expected = row_.json["prior_shift"];
  const PriorShift found = estimate_prior_shift(row_.first, expected["model_prevalence"]).value();
  EXPECT_NEAR(found.prevalence, expected["prevalence"], kOtherProgram);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(found.corrected[i], expected["corrected"][i], kOtherProgram);
  if (expected["interval"].is_null()) return;  // the likelihood is largest at the border
  EXPECT_NEAR(found.interval.low, expected["interval"][0], 1e-6) << "second differences are no better";
  EXPECT_NEAR(found.interval.high, expected["interval"][1], 1e-6);
}

TEST_P(GoldenScores, DriftIsThatOfScipyAndOfItsFormula) {
  const Drift found = compare_batches(row_.first, row_.second).value();
  EXPECT_NEAR(found.stability_index, row_.json["drift"]["stability_index"], kOtherProgram);
  EXPECT_NEAR(found.largest_gap, row_.json["drift"]["largest_gap"], kOtherProgram);
  EXPECT_NEAR(found.p, row_.json["drift"]["p"], kOtherProgram);
}

TEST(GoldenDistributions, AreThoseOfScipy) {
  for (const Json& row : golden()["normal_quantiles"]) EXPECT_NEAR(normal_quantile(row[0]), row[1], 1e-12) << row[0];
  for (const Json& row : golden()["binomial"]) EXPECT_NEAR(binomial_cdf(row[0], row[1], row[2]), row[3], 1e-9) << row;
  for (const Json& row : golden()["kolmogorov"]) EXPECT_NEAR(kolmogorov_survival(row[0]), row[1], 1e-12) << row[0];
}

TEST(GoldenDistributions, WilsonFollowsItsFormula) {
  for (const Json& row : golden()["wilson"]) {
    const Interval found = wilson_interval(row[0], row[1], row[2]);
    EXPECT_NEAR(found.low, row[3], kOtherProgram) << row;
    EXPECT_NEAR(found.high, row[4], kOtherProgram) << row;
  }
}

TEST(GoldenHead, IsThatOfScikitLearn) {
  for (const Json& row : golden()["logistic"]) {
    FeatureMatrix features{static_cast<int>(row["features"].size()), static_cast<int>(row["features"][0].size()), {}};
    for (const Json& film : row["features"])
      for (const Json& value : film) features.values.push_back(value.get<float>());
    std::vector<int> rows;
    for (int i = 0; i < features.rows; ++i) rows.push_back(i);
    const std::vector<std::uint8_t> truth = row["truth"];
    const LogisticHead head =
        fit_logistic_head(features, rows, truth, {.inverse_penalty = row["inverse_penalty"], .balance_classes = row["balanced"]})
            .value();
    for (std::size_t j = 0; j < head.weights.size(); ++j) EXPECT_NEAR(head.weights[j], row["weights"][j], kOtherProgram) << j;
    EXPECT_NEAR(head.bias, row["bias"], kOtherProgram);
  }
}

}  // namespace
}  // namespace chestlight
