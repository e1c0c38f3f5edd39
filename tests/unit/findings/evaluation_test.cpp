// The arithmetic of evaluations, on tables whose answers are worked out by hand.
#include "findings/evaluation.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

using testing::even_evaluation;
using testing::even_knots;

constexpr double kEnd = 1.0 / 128;  // the share of films beyond the first or last knot

TEST(Evaluation, SharesBelowALogitLieOnLinesBetweenKnots) {
  struct Row {
    double logit, share;
  };
  const std::vector<double> knots = even_knots(0, 64);  // 0.5, 1.5, … 63.5
  for (Row row : {Row{0.5, kEnd}, Row{1.5, 1.5 / 64}, Row{1.75, 1.75 / 64}, Row{63.5, 1 - kEnd}, Row{-7, kEnd}, Row{0.49, kEnd},
                  Row{63.6, 1 - kEnd}, Row{1e300, 1 - kEnd}})
    EXPECT_NEAR(share_below(knots, row.logit), row.share, kDoubleRounding) << row.logit;
}

TEST(Evaluation, FilmsOfEqualLogitAreNotBelowIt) {
  std::vector<double> knots = even_knots(0, 64);
  for (int i = 10; i < 20; ++i) knots[i] = 10.5;
  EXPECT_NEAR(share_below(knots, 10.5), 10.5 / 64, kDoubleRounding) << "a film at the threshold is called";
  EXPECT_NEAR(share_below(knots, 10.5 + 1e-9), 19.5 / 64, 1e-6);
  const std::vector<double> one(64, 3.0);
  EXPECT_DOUBLE_EQ(share_below(one, 3), kEnd);
  EXPECT_DOUBLE_EQ(share_below(one, 4), 1 - kEnd);
  EXPECT_DOUBLE_EQ(quantile(one, 0.95), 3);
}

TEST(Evaluation, AQuantileIsWhereItsShareLies) {
  const std::vector<double> knots = even_knots(1, 2);
  for (double share : {0.05, 0.1, 0.5, 0.95, 0.99}) {
    EXPECT_NEAR(quantile(knots, share), 1 + share, kDoubleRounding) << share;
    EXPECT_NEAR(share_below(knots, quantile(knots, share)), share, kDoubleRounding) << share;
  }
  EXPECT_DOUBLE_EQ(quantile(knots, 0), knots.front());
  EXPECT_DOUBLE_EQ(quantile(knots, 1), knots.back());
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 3.
TEST(Evaluation, WilsonIntervalsAreThoseOfNewcombe) {
  struct Row {
    int films, of;
    double low, high;
  };
  for (Row row :
       {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605}, Row{0, 20, 0, 0.1611}, Row{1, 29, 0.0061, 0.1718}}) {
    const Bounds interval = wilson(static_cast<double>(row.films) / row.of, row.of);
    EXPECT_NEAR(interval[0], row.low, 5e-5) << row.films;
    EXPECT_NEAR(interval[1], row.high, 5e-5) << row.films;
  }
}

TEST(Evaluation, SensitivityAndSpecificityAtAnyThreshold) {
  const ScoreEvaluation e = even_evaluation();
  struct Row {
    double logit, sensitivity, specificity;
  };
  for (Row row :
       {Row{1.2, 0.8, 0.8}, Row{1.5, 0.5, 1 - kEnd}, Row{0.75, 1 - kEnd, 0.5}, Row{-1, 1 - kEnd, kEnd}, Row{3, kEnd, 1 - kEnd}}) {
    EXPECT_NEAR(sensitivity(e, row.logit).value, row.sensitivity, kDoubleRounding) << row.logit;
    EXPECT_NEAR(specificity(e, row.logit).value, row.specificity, kDoubleRounding) << row.logit;
  }
  // 80 of 100: (0.8 + z²/200) / (1 + z²/100) ± z / (1 + z²/100) · √(0.8·0.2/100 + z²/40000), z² = 3.84146.
  EXPECT_NEAR(sensitivity(e, 1.2).interval[0], 0.71117, 1e-5);
  EXPECT_NEAR(sensitivity(e, 1.2).interval[1], 0.86663, 1e-5);
  EXPECT_GT(specificity(e, 1.2).interval[0], sensitivity(e, 1.2).interval[0]) << "of more films, known better";
  EXPECT_NEAR(percentile(e, 1.2), 80, 1e-9);
}

TEST(Evaluation, PredictiveValuesAtAPrevalence) {
  const AtPrevalence at = at_prevalence(even_evaluation(), 1.2, 0.2);  // sensitivity and specificity 0.8
  EXPECT_NEAR(at.called, 32, 1e-9) << "16 of the 20 with it, 16 of the 80 without";
  EXPECT_NEAR(at.rightly, 16, 1e-9);
  EXPECT_NEAR(at.positive.value, 0.5, 1e-9);
  EXPECT_NEAR(at.negative.value, 64.0 / 68, 1e-9);
  for (const Proportion& value : {at.positive, at.negative}) {
    EXPECT_LT(value.interval[0], value.value);
    EXPECT_GT(value.interval[1], value.value);
  }
}

TEST(Evaluation, LikelihoodRatiosAreThoseOfScoresAboutAsHigh) {
  const ScoreEvaluation e = even_evaluation();
  // At 1.25 a quarter and five sixths lie below. A tenth of the films to either side is ± 0.12, where both densities are
  // even: 24 of 100 films with it, 32 of 200 without.
  EXPECT_NEAR(likelihood_ratio(e, 1.25), (24.5 / 100.5) / (32.5 / 200.5), 1e-9);
  EXPECT_LT(likelihood_ratio(e, 0.3), 0.05) << "where films with it are not";
  EXPECT_GT(likelihood_ratio(e, 0.3), 0);
  EXPECT_GT(likelihood_ratio(e, 1.9), 20);
  EXPECT_LT(likelihood_ratio(e, 1e9), 1e3);
}

TEST(Evaluation, TheCurveRisesFromCornerToCornerAndHoldsItsArea) {
  const std::vector<CurvePoint> curve = roc_curve(even_evaluation());
  EXPECT_EQ(curve.front().sensitivity, 0);
  EXPECT_EQ(curve.back().false_positives, 1);
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GE(curve[i].sensitivity, curve[i - 1].sensitivity);
    EXPECT_GE(curve[i].false_positives, curve[i - 1].false_positives);
    area += (curve[i].false_positives - curve[i - 1].false_positives) * (curve[i].sensitivity + curve[i - 1].sensitivity) / 2;
  }
  EXPECT_NEAR(area, 1 - 0.125 / 1.5, 2 * kEnd) << "the share of pairs in the right order, but for films beyond the knots";
}

}  // namespace
}  // namespace chestlight
