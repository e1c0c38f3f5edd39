// Zones: their limits by hand, and what is not assessed and why.
#include "findings/zone.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

using testing::even_evaluation;
using testing::even_knots;

const Calibration kPlain;  // sigmoid

TEST(Zone, LimitsLeaveATwentiethOfEachGroupOnTheWrongSide) {
  const ZoneLimits limits = zone_limits(even_evaluation());
  EXPECT_NEAR(limits.rule_out, 1.05, kDoubleRounding) << "of logits from 1 to 2, a twentieth lies below";
  EXPECT_NEAR(limits.rule_in, 1.425, kDoubleRounding) << "of logits from 0 to 1.5, a twentieth lies above";
  EXPECT_NEAR(sensitivity(even_evaluation(), limits.rule_out).value, 0.95, kDoubleRounding);
  EXPECT_NEAR(specificity(even_evaluation(), limits.rule_in).value, 0.95, kDoubleRounding);
}

TEST(Zone, GroupsThatLieApartHaveOneLimitBetweenThem) {
  ScoreEvaluation apart = even_evaluation();
  apart.with = even_knots(2, 3);
  apart.without = even_knots(0, 1);
  const ZoneLimits limits = zone_limits(apart);
  EXPECT_NEAR(limits.rule_out, 1.5, kDoubleRounding) << "between 2.05 and 0.95";
  EXPECT_EQ(limits.rule_out, limits.rule_in);
}

TEST(Zone, OfAScore) {
  struct Row {
    float logit;
    Zone zone;
  };
  for (const Calibration& calibration : {kPlain, Calibration{Calibration::Kind::kPlatt, 0.7f, -1.2f}})
    for (Row row : {Row{-5, Zone::kUnlikely}, Row{1.0499f, Zone::kUnlikely}, Row{1.0501f, Zone::kUncertain},
                    Row{1.4249f, Zone::kUncertain}, Row{1.4251f, Zone::kLikely}, Row{9, Zone::kLikely}}) {
      const Reading reading = read_score({row.logit}, calibration, true, even_evaluation());
      EXPECT_EQ(reading.zone, row.zone) << row.logit;
      EXPECT_EQ(reading.reason, "");
      ASSERT_TRUE(reading.percentile && reading.rule_out && reading.rule_in && reading.likelihood_ratio);
      const float score = calibrate({row.logit}, calibration).value;
      const Zone by_figures = score < reading.rule_out->value  ? Zone::kUnlikely
                              : score < reading.rule_in->value ? Zone::kUncertain
                                                               : Zone::kLikely;
      EXPECT_EQ(by_figures, row.zone) << "who has the three figures comes to the same zone";
    }
}

TEST(Zone, WhatIsNotAssessedSaysWhy) {
  ScoreEvaluation few = even_evaluation(), one = even_evaluation(), poor = even_evaluation(), edge = even_evaluation();
  few.positives = 49;
  one.positives = 1;
  poor.auroc_interval = {0.49, 0.83};
  edge.auroc_interval = {0.6, 0.83};
  ScoreEvaluation fifty = even_evaluation(), good = even_evaluation(), below = even_evaluation();
  fifty.positives = 50;
  good.auroc_interval = {0.601, 0.83};
  below.auroc_interval = {0.4, 0.55};
  struct Row {
    bool trained;
    std::optional<ScoreEvaluation> evaluation;
    const char* reason;
  };
  const Row rows[] = {
      {true, few, "Only 49 films of the evaluation had it; at least 50 are needed."},
      {true, one, "Only 1 film of the evaluation had it; at least 50 are needed."},
      {true, fifty, ""},
      {true, poor,
       "The evaluation leaves open whether the score tells it at all: AUROC 0.49 to 0.83, where more than 0.60 is needed."},
      {true, edge,
       "The evaluation leaves open whether the score tells it at all: AUROC 0.60 to 0.83, where more than 0.60 is needed."},
      {true, below,
       "The evaluation leaves open whether the score tells it at all: AUROC 0.40 to 0.55, where more than 0.60 is needed."},
      {true, good, ""},
      {true, std::nullopt, "Nothing is known of how good its score is: the model brings no evaluation of it."},
      {false, even_evaluation(), "The model was not trained to find it."},
      {false, std::nullopt, "The model was not trained to find it."},
  };
  for (const Row& row : rows) {
    const Reading reading = read_score({1.9f}, kPlain, row.trained, row.evaluation);
    EXPECT_EQ(reading.reason, row.reason);
    const bool assessed = reading.reason.empty();
    EXPECT_EQ(reading.zone, assessed ? Zone::kLikely : Zone::kNotAssessed) << "a high score alarms only where it is known";
    EXPECT_EQ(reading.rule_out.has_value(), assessed);
    EXPECT_EQ(reading.rule_in.has_value(), assessed);
    EXPECT_EQ(reading.likelihood_ratio.has_value(), assessed);
    EXPECT_EQ(reading.percentile.has_value(), row.trained && row.evaluation.has_value());
  }
}

}  // namespace
}  // namespace chestlight
