// A threshold of the reader's own: what it says, how it moves, and that it changes no result.
#include "viewer/state/threshold_trial.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/viewer/viewer_values.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

/// One film whose finding "a" is pinned, of a model that brings its evaluation; its logit is 1.2, its threshold at logit 1.
State trying_state() {
  State state = analysed_state();
  state.model.labels = evaluated_labels();
  Analysis analysis = *state.films[0].analysis;
  analysis.findings[0].logit = 1.2;
  analysis.findings[0].calibrated = 1 / (1 + std::exp(-1.2));
  analysis.findings[0].threshold = 1 / (1 + std::exp(-1.0));
  state.films[0].analysis = std::make_shared<Analysis>(analysis);
  update(state, PinFinding{"a"});
  return state;
}
const Finding& pinned(const State& state) { return state.films[0].analysis->findings[0]; }

TEST(ThresholdTrial, BeginsAtTheThresholdInUseAndTheShareOfTheEvaluation) {
  const State state = trying_state();
  const auto trial = threshold_trial(state, pinned(state));
  ASSERT_TRUE(trial);
  EXPECT_EQ(trial->threshold_text, "0.73");  // sigmoid(1)
  EXPECT_NEAR(trial->logit, 1, 1e-5);
  EXPECT_EQ(trial->prevalence_text, "33 %") << "100 of 300 films";
  EXPECT_EQ(trial->verdict, "At 0.73 this film is called.");
  EXPECT_EQ(trial->evaluation.find("Sensitivity >0.99"), 0u) << trial->evaluation;
}

TEST(ThresholdTrial, FiguresFollowTheSlidersAndAreRemembered) {
  State state = trying_state();
  const double at_1_2 = 1 / (1 + std::exp(-1.2));
  EXPECT_EQ(count_of<SaveSettings>(update(state, TryThreshold{"a", at_1_2 + 1e-4})), 1);
  EXPECT_EQ(threshold_trial(state, pinned(state))->verdict, "At 0.77 this film is not called.");
  update(state, TryThreshold{"a", at_1_2});
  update(state, SetPrevalence{"a", 0.2});
  const auto trial = threshold_trial(state, pinned(state));
  EXPECT_EQ(trial->verdict, "At 0.77 this film is called.") << "a film at the threshold is called";
  EXPECT_EQ(trial->evaluation.find("Sensitivity 0.80 (0.71 to 0.87), specificity 0.80"), 0u) << trial->evaluation;
  EXPECT_EQ(trial->at_prevalence.find("Of 100 such films 32 are called, 16 of them rightly."), 0u) << trial->at_prevalence;
  EXPECT_TRUE(settings_from_json(settings_to_json(state.settings)) == state.settings);
}

TEST(ThresholdTrial, ChangesNoResult) {
  State state = trying_state();
  const auto before = state.films[0].analysis;
  const auto order = displayed_order(state, state.films[0]);
  const auto effects = update(state, TryThreshold{"a", 0.01});
  EXPECT_EQ(count_of<Analyse>(effects), 0);
  EXPECT_EQ(state.films[0].analysis, before);
  EXPECT_EQ(displayed_order(state, state.films[0]), order);
}

TEST(ThresholdTrial, NonsenseIsNotTaken) {
  State state = trying_state();
  for (double value : {0.0, 1.0, -3.0, 7.0, std::nan("")}) {
    update(state, TryThreshold{"a", value});
    update(state, SetPrevalence{"a", value});
  }
  update(state, TryThreshold{"no such finding", 0.5});
  EXPECT_TRUE(state.settings.thresholds.empty());
  EXPECT_TRUE(state.settings.prevalences.empty());
  update(state, SetPrevalence{"a", 1e-9});
  EXPECT_DOUBLE_EQ(threshold_trial(state, pinned(state))->prevalence, kRarest);
}

TEST(ThresholdTrial, StepsReachBothEndsOfTheScale) {
  State state = trying_state();
  const LabelInfo& label = *find_label(state, "a");
  const auto scale = score_scale(label);
  ASSERT_TRUE(scale);
  EXPECT_NEAR(scale->low, 0.015, 1e-9) << "the 1st percentile of films without it, from 0 to 1.5";
  EXPECT_NEAR(scale->high, 1.99, 1e-9) << "the 99th of films with it, from 1 to 2";
  EXPECT_DOUBLE_EQ(scale->at(scale->low), 0);
  EXPECT_DOUBLE_EQ(scale->at(99), 1);
  for (int i = 0; i < 60; ++i) update(state, TryThreshold{"a", stepped_threshold(state, pinned(state), -1)});
  EXPECT_NEAR(threshold_trial(state, pinned(state))->logit, scale->low, 1e-5);
  for (int i = 0; i < 60; ++i) update(state, TryThreshold{"a", stepped_threshold(state, pinned(state), +1)});
  EXPECT_NEAR(threshold_trial(state, pinned(state))->logit, scale->high, 1e-5);
  for (int i = 0; i < 60; ++i) update(state, SetPrevalence{"a", stepped_prevalence(state, pinned(state), +1)});
  EXPECT_DOUBLE_EQ(threshold_trial(state, pinned(state))->prevalence, kCommonest);
}

TEST(ThresholdTrial, IsPublishedWithTheNextSteps) {
  State state = trying_state();
  const Json trial = snapshot(state, {})["trial"];
  EXPECT_EQ(trial["finding"], "a");
  EXPECT_EQ(trial["verdict"], threshold_trial(state, pinned(state))->verdict);
  EXPECT_LT(trial["lower"].get<double>(), pinned(state).threshold);
  EXPECT_GT(trial["higher"].get<double>(), pinned(state).threshold);
  update(state, PinFinding{"a"});
  EXPECT_TRUE(snapshot(state, {})["trial"].is_null()) << "no finding is open";
}

TEST(ThresholdTrial, AModelWithoutAnEvaluationOffersNone) {
  State state = trying_state();
  for (LabelInfo& label : state.model.labels) label.evaluation.reset();
  EXPECT_FALSE(threshold_trial(state, pinned(state)));
  EXPECT_FALSE(can_try_threshold(state));
  EXPECT_TRUE(snapshot(state, {})["trial"].is_null());
  EXPECT_EQ(snapshot(state, {})["findings"][0]["evaluation"], "");
}

}  // namespace
}  // namespace chestlight::viewer
