// Measures where the answer is known without a program, and what they say of films that are too few.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "metrics/calibration_measures.h"
#include "metrics/decision_curve.h"
#include "metrics/distributions.h"
#include "metrics/drift.h"
#include "metrics/multiple_tests.h"
#include "metrics/precision_recall.h"
#include "metrics/prior_shift.h"
#include "metrics/rates.h"
#include "metrics/roc.h"
#include "metrics/sample_size.h"
#include "metrics/thresholds.h"
#include "support/tolerances.h"
#include "unit/metrics/made_up_scores.h"

namespace chestlight {
namespace {

using testing::MadeUpSite;
using testing::sample_of;

TEST(Sample, RefusesWhatIsNoScoreAndNoLabel) {
  EXPECT_FALSE(Sample::make({0.5}, {1, 0}));
  EXPECT_FALSE(Sample::make({std::nan("")}, {1}));
  EXPECT_FALSE(Sample::make({std::numeric_limits<double>::infinity()}, {1}));
  EXPECT_FALSE(Sample::make({0.5}, {2}));
}

TEST(Sample, SaysThatOneClassIsMissing) {
  for (auto [truth, word] : {std::pair(0, "None of the 3 films"), std::pair(1, "Each of the 3 films")}) {
    const auto label = static_cast<std::uint8_t>(truth);
    const Sample sample = sample_of({0.1, 0.2, 0.3}, {label, label, label});
    for (const Error& error : {auroc(sample).error(), roc_curve(sample).error(), average_precision(sample).error(),
                               threshold_by_youden(sample).error(), compare_paired(sample, sample).error()}) {
      EXPECT_EQ(error.code, ErrorCode::kUnavailable);
      EXPECT_EQ(error.message.substr(0, std::string(word).size()), word);
    }
  }
  EXPECT_EQ(auroc(Sample()).error().message, "No film has a label and a score.");
}

TEST(Auroc, CountsTiesHalf) { EXPECT_DOUBLE_EQ(auroc(sample_of({0.5, 0.5, 0.7, 0.2}, {1, 0, 1, 0})).value().area, 0.875); }

TEST(Auroc, DoesNotDependOnTheScale) {
  Random random(3);
  const Sample sample = MadeUpSite{}.draw(200, random);
  std::vector<double> stretched(sample.scores().begin(), sample.scores().end());
  for (double& score : stretched) score = std::exp(3 * score);
  const Auroc plain = auroc(sample).value();
  const Auroc other = auroc(sample_of(stretched, {sample.truth().begin(), sample.truth().end()})).value();
  EXPECT_EQ(plain.area, other.area);
  EXPECT_EQ(plain.variance, other.variance);
}

// The definition, pair by pair: what the ranks must come to.
TEST(Auroc, IsTheShareOfPairsInTheRightOrder) {
  Random random(4);
  const Sample sample = MadeUpSite{.prevalence = 0.4, .shift = 1}.draw(120, random);
  double right = 0;
  for (int i = 0; i < sample.size(); ++i)
    for (int j = 0; j < sample.size(); ++j)
      if (sample.truth()[i] && !sample.truth()[j]) right += sample.scores()[i] > sample.scores()[j];
  EXPECT_NEAR(auroc(sample).value().area, right / (sample.positives() * sample.negatives()), kDoubleRounding);
}

TEST(Auroc, PerfectSeparationOfAFewFilmsIsNotCertain) {
  const Auroc found = auroc(sample_of({0.9, 0.8, 0.7, 0.3, 0.2, 0.1}, {1, 1, 1, 0, 0, 0})).value();
  EXPECT_EQ(found.area, 1);
  EXPECT_EQ(found.method, AreaInterval::kScore);
  EXPECT_EQ(found.interval.high, 1);
  EXPECT_GT(found.interval.low, 0.3);
  EXPECT_LT(found.interval.low, 0.8);
}

TEST(Auroc, OneFilmOfAClassHasAnInterval) {
  const Auroc found = auroc(sample_of({0.5, 0.4, 0.6, 0.3}, {1, 0, 0, 0})).value();
  EXPECT_EQ(found.method, AreaInterval::kScore);
  EXPECT_LT(found.interval.low, found.area);
  EXPECT_GT(found.interval.high, found.area);
}

TEST(Auroc, IntervalsHoldTheTrueAreaAsOftenAsTheySay) {
  const MadeUpSite site{.prevalence = 0.4, .shift = 1.2};
  int held = 0;
  constexpr int kSites = 1000;
  for (int seed = 0; seed < kSites; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Interval interval = auroc(site.draw(150, random)).value().interval;
    held += interval.low <= site.true_area() && site.true_area() <= interval.high;
  }
  // 950 are expected; four deviations of a binomial are 28.
  EXPECT_NEAR(held, 950, 28);
}

TEST(CompareAreas, EqualScoresDoNotDiffer) {
  Random random(5);
  const Sample sample = MadeUpSite{}.draw(60, random);
  const AreaDifference found = compare_paired(sample, sample).value();
  EXPECT_EQ(found.z, 0);
  EXPECT_EQ(found.p, 1);
}

TEST(CompareAreas, RefusesOtherFilms) {
  EXPECT_EQ(compare_paired(sample_of({1, 2, 3, 4}, {0, 1, 0, 1}), sample_of({1, 2, 3, 4}, {1, 1, 0, 0})).error().code,
            ErrorCode::kInvalidRequest);
}

TEST(CompareAreas, SeparateFilmsOfOneLawRarelyDiffer) {
  const MadeUpSite site{.prevalence = 0.5, .shift = 1};
  int differing = 0;
  for (int seed = 0; seed < 1000; ++seed) {
    Random random(static_cast<std::uint64_t>(1000 + seed));
    const Sample first = site.draw(80, random);
    differing += compare_unpaired(first, site.draw(120, random)).value().p < 0.05;
  }
  EXPECT_NEAR(differing, 50, 28);  // four deviations
}

TEST(Rates, CountAFilmOnTheThresholdAsCalled) {
  const Confusion counts = confusion_at(sample_of({0.2, 0.5, 0.5, 0.9}, {0, 0, 1, 1}), 0.5);
  EXPECT_EQ(counts.true_positives, 2);
  EXPECT_EQ(counts.false_positives, 1);
  EXPECT_EQ(counts.true_negatives, 1);
  EXPECT_EQ(counts.false_negatives, 0);
  const Rates rates = rates_of(counts);
  EXPECT_EQ(rates.sensitivity.value, 1);
  EXPECT_EQ(rates.specificity.value, 0.5);
  EXPECT_EQ(rates.sensitivity.interval.high, 1);
}

TEST(Rates, NoFilmIsNoShare) {
  const Share share = share_of(0, 0);
  EXPECT_FALSE(share.value);
  EXPECT_EQ(share.interval.low, 0);
  EXPECT_EQ(share.interval.high, 1);
}

TEST(Thresholds, DoWhatTheyAreChosenFor) {
  const Sample sample = sample_of({0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2}, {1, 1, 0, 1, 0, 1, 0, 0});
  EXPECT_EQ(threshold_by_sensitivity(sample, 1).value(), 0.4);
  EXPECT_EQ(threshold_by_sensitivity(sample, 0.75).value(), 0.6);
  EXPECT_EQ(threshold_by_sensitivity(sample, 0.76).value(), 0.4);
  EXPECT_EQ(threshold_by_specificity(sample, 0.75).value(), 0.6);
  EXPECT_EQ(threshold_by_specificity(sample, 0.99).value(), 0.8);
  EXPECT_EQ(threshold_by_youden(sample).value(), 0.8) << "0.8, 0.6 and 0.4 are equally good; the highest is taken";
  EXPECT_EQ(threshold_by_cost(sample, 1, 10).value(), 0.4);
  EXPECT_EQ(threshold_by_cost(sample, 10, 1).value(), 0.8);
  EXPECT_TRUE(std::isinf(threshold_by_cost(sample_of({0.9, 0.1}, {0, 1}), 10, 1).value()));
}

TEST(Thresholds, ByCostWeighFilmsAsWhereTheyAreUsed) {
  // Four films with the finding, four without: by hand, the cost of each threshold for a miss of 5.
  const Sample sample = sample_of({0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2}, {1, 1, 0, 1, 0, 1, 0, 0});
  EXPECT_EQ(threshold_by_cost(sample, contract::CallCosts{5, 0}).value(), threshold_by_cost(sample, 1, 5).value());
  // Where 1 of 100 films has it, a false call of all others weighs 99 times as much as here.
  EXPECT_EQ(threshold_by_cost(sample, contract::CallCosts{5, 0.01}).value(), 0.8);
  EXPECT_EQ(threshold_by_cost(sample, contract::CallCosts{5, 0.9}).value(), 0.4);
  EXPECT_EQ(threshold_by_cost(sample, contract::CallCosts{5, 1}).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(threshold_by_cost(sample, contract::CallCosts{-1, 0}).error().code, ErrorCode::kInvalidRequest);
}

TEST(Thresholds, RefuseWhatCannotBe) {
  const Sample upside_down = sample_of({0.9, 0.1}, {0, 1});
  EXPECT_EQ(threshold_by_specificity(upside_down, 0.9).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(threshold_by_sensitivity(upside_down, 0).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(threshold_by_sensitivity(upside_down, 1.1).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(threshold_by_cost(upside_down, -1, 1).error().code, ErrorCode::kInvalidRequest);
}

TEST(Calibration, RefusesScoresThatAreNoProbabilities) {
  EXPECT_EQ(calibration_bins(sample_of({-0.1, 0.5}, {0, 1}), 10, Binning::kEqualWidth).error().code, ErrorCode::kInvalidRequest);
}

TEST(Calibration, ErrorIsTheMeanDistance) {
  // Two bins of two films: |0.1 − 0| and |0.9 − 0.5|, so 0.25 on the mean.
  const auto bins = calibration_bins(sample_of({0.1, 0.1, 0.9, 0.9}, {0, 0, 1, 0}), 2, Binning::kEqualWidth).value();
  EXPECT_NEAR(expected_calibration_error(bins), 0.25, kDoubleRounding);
}

TEST(DecisionCurve, RefusesThresholdsThatAreNoProbabilities) {
  const double zero[] = {0.0};
  EXPECT_EQ(decision_curve(sample_of({0.5}, {1}), zero).error().code, ErrorCode::kInvalidRequest);
}

TEST(PriorShift, FindsThePrevalenceOfAKnownLaw) {
  const MadeUpSite home{.prevalence = 0.5, .shift = 1.5}, here{.prevalence = 0.1, .shift = 1.5};
  Random random(6);
  std::vector<double> probabilities;
  const Sample films = here.draw(20000, random);
  for (double score : films.scores())  // what a model calibrated at home says: Bayes' rule
    probabilities.push_back(
        1 / (1 + (1 - home.prevalence) / home.prevalence * std::exp(home.shift * home.shift / 2 - home.shift * score)));
  const PriorShift found = estimate_prior_shift(probabilities, home.prevalence).value();
  EXPECT_NEAR(found.prevalence, 0.1, 0.01);
  const auto truth = std::vector<std::uint8_t>(films.truth().begin(), films.truth().end());
  EXPECT_LT(brier_score(sample_of(found.corrected, truth)), brier_score(sample_of(probabilities, truth)));
}

TEST(PriorShift, OfScoresThatAreSureItIsTheirShareWithWaldsInterval) {
  std::vector<double> sure(30, 1.0);
  sure.resize(120, 0.0);
  for (double home : {0.05, 0.5, 0.9}) {
    const PriorShift found = estimate_prior_shift(sure, home).value();
    EXPECT_NEAR(found.prevalence, 0.25, 1e-9);
    const double reach = normal_reach(0.95) * std::sqrt(0.25 * 0.75 / 120);
    EXPECT_NEAR(found.interval.low, 0.25 - reach, 1e-6);
    EXPECT_NEAR(found.interval.high, 0.25 + reach, 1e-6);
    EXPECT_EQ(found.corrected[0], 1);
    EXPECT_EQ(found.corrected[40], 0);
  }
}

TEST(PriorShift, RefusesWhatIsNoProbability) {
  const double wrong[] = {1.5}, right[] = {0.5};
  EXPECT_FALSE(estimate_prior_shift(wrong, 0.5));
  EXPECT_FALSE(estimate_prior_shift(right, 0));
  EXPECT_FALSE(estimate_prior_shift({}, 0.5));
}

TEST(Drift, SeesAShiftAndNoneWhereThereIsNone) {
  Random random(7);
  std::vector<double> before, alike, shifted;
  for (int i = 0; i < 1000; ++i) {
    before.push_back(random.normal());
    alike.push_back(random.normal());
    shifted.push_back(random.normal() + 0.8);
  }
  EXPECT_LT(compare_batches(before, alike)->stability_index, 0.1);
  EXPECT_GT(compare_batches(before, alike)->p, 0.01);
  EXPECT_GT(compare_batches(before, shifted)->stability_index, 0.25);
  EXPECT_LT(compare_batches(before, shifted)->p, 1e-6);
  EXPECT_FALSE(compare_batches(before, {}));
}

TEST(MultipleTests, HolmHoldsTheSmallestAgainstTheStrictestLevel) {
  // 0.01 against 0.05 / 4, 0.016 against 0.05 / 3, then 0.03 fails 0.05 / 2, and 0.04 is no more looked at.
  EXPECT_EQ(holm(std::vector<double>{0.04, 0.01, 0.03, 0.016}, 0.05), (std::vector<bool>{false, true, false, true}));
  EXPECT_EQ(holm(std::vector<double>{0.02, 0.02, 0.02}, 0.05), (std::vector<bool>{false, false, false}));
  EXPECT_TRUE(holm({}, 0.05).empty());
}

TEST(LinearQuantile, LiesInAStraightLineBetweenNeighbours) {
  const std::vector<double> sorted{1, 2, 4};
  EXPECT_EQ(linear_quantile(sorted, 0), 1);
  EXPECT_EQ(linear_quantile(sorted, 0.5), 2);
  EXPECT_EQ(linear_quantile(sorted, 0.75), 3);
  EXPECT_EQ(linear_quantile(sorted, 1), 4);
}

TEST(SampleSize, IsToldPlainly) {
  const Auroc found{0.74, 0.01, {0.55, 0.93}};
  EXPECT_EQ(sample_size_sentence(found, 11, 340).substr(0, 98),
            "11 films have the finding and 340 do not: the area is 0.74, and anything from 0.55 to 0.93 fits th");
}

TEST(SampleSize, IsEnoughAndNotMore) {
  const int films = films_for_reach(0.8, 0.1, 0.05).value();
  const auto reach = [](int n) {
    const int positives = static_cast<int>(std::lround(0.1 * n));
    return 1.959964 * std::sqrt(area_variance(0.8, positives, n - positives));
  };
  EXPECT_LE(reach(films), 0.05);
  EXPECT_GT(reach(films - 5), 0.05) << "steps of one film with the finding: 10 films";
}

}  // namespace
}  // namespace chestlight
