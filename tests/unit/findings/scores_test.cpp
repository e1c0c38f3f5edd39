// Logit → probability → calibrated, and calibrated against a threshold.
#include <gtest/gtest.h>

#include <cmath>

#include "findings/calibration.h"
#include "findings/operating_point.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

TEST(Scores, Sigmoid) {
  struct Row {
    float logit, probability;
  };
  // ln(p / (1 − p)), solved by hand.
  for (Row row : {Row{0, 0.5f}, Row{std::log(3.0f), 0.75f}, Row{-std::log(3.0f), 0.25f}, Row{std::log(99.0f), 0.99f},
                  Row{-200, 0}, Row{200, 1}})
    EXPECT_NEAR(sigmoid(Logit{row.logit}).value, row.probability, kFloatFormula) << row.logit;
}

TEST(Calibration, NoneIsTheSigmoid) {
  for (float logit : {-9.0f, -1.0f, 0.0f, 2.5f}) EXPECT_EQ(calibrate(Logit{logit}, {}).value, sigmoid(Logit{logit}).value);
}

TEST(Calibration, PlattScalesAndShifts) {
  Calibration platt{Calibration::Kind::kPlatt, 2, -std::log(3.0f)};
  EXPECT_NEAR(calibrate(Logit{0}, platt).value, 0.25f, kFloatFormula);               // sigmoid(−ln 3)
  EXPECT_NEAR(calibrate(Logit{std::log(3.0f)}, platt).value, 0.75f, kFloatFormula);  // 2 ln 3 − ln 3
  EXPECT_NEAR(calibrate(Logit{std::log(3.0f) / 2}, platt).value, 0.5f, kFloatFormula);
}

TEST(Calibration, TheLogitAtAThresholdCalibratesToIt) {
  for (Calibration calibration : {Calibration{}, Calibration{Calibration::Kind::kPlatt, 0.4f, -1.5f}})
    for (float threshold : {0.002f, 0.1f, 0.5f, 0.93f})
      EXPECT_NEAR(calibrate(logit_at({threshold}, calibration), calibration).value, threshold, kFloatFormula);
}

TEST(Calibration, NeverChangesTheOrderOfFilms) {
  Calibration platt{Calibration::Kind::kPlatt, 0.3f, -4};
  float before = -1;
  for (float logit = -20; logit <= 20; logit += 0.25f) {
    float calibrated = calibrate(Logit{logit}, platt).value;
    EXPECT_GT(calibrated, before) << logit;
    before = calibrated;
  }
}

TEST(OperatingPoint, BorderlineIsTenPerCentToEitherSideEndsIncluded) {
  struct Row {
    float score, threshold;
    FindingState state;
    const char* why;
  };
  const Row rows[] = {
      {0.00f, 0.10f, FindingState::kBelow, "far below"},
      {0.0899f, 0.10f, FindingState::kBelow, "just under the band"},
      {0.09f, 0.10f, FindingState::kBorderline, "lower end, as it reads"},
      {0.10f, 0.10f, FindingState::kBorderline, "equal"},
      {0.11f, 0.10f, FindingState::kBorderline, "upper end, as it reads"},
      {0.1101f, 0.10f, FindingState::kAbove, "just over the band"},
      {1.00f, 0.10f, FindingState::kAbove, "far above"},
      {0.22f, 0.20f, FindingState::kBorderline, "upper end with other rounding"},
      {0.27f, 0.30f, FindingState::kBorderline, "lower end with other rounding"},
      {0.33f, 0.30f, FindingState::kBorderline, "upper end with other rounding"},
      {0.001f, 0.002f, FindingState::kBelow, "small thresholds scale"},
      {0.0021f, 0.002f, FindingState::kBorderline, "small thresholds scale"},
      {0.0023f, 0.002f, FindingState::kAbove, "small thresholds scale"},
      {0.88f, 0.80f, FindingState::kBorderline, "still ten per cent"},
      {0.974f, 0.95f, FindingState::kBorderline, "halfway between 0.95 and 1"},
      {0.976f, 0.95f, FindingState::kAbove, "a score can be above any threshold"},
      {0.86f, 0.95f, FindingState::kBorderline, "the lower end stays at ten per cent"},
      {0.1100003f, 0.10f, FindingState::kAbove, "rounding is forgiven, no more"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(finding_state({row.score}, {row.threshold}), row.state)
        << row.score << " against " << row.threshold << ": " << row.why;
}

}  // namespace
}  // namespace chestlight
