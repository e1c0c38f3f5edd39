#include "viewer/state/stability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/text/formatting.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

StabilityArrived stability_of_three() {
  StabilityArrived arrived{1};
  arrived.stability = {8,
                       {},
                       {{"a", 0.55, 0.7, Zone::kUncertain, Zone::kLikely, true, "0.55 to 0.70: it flips."},
                        {"b", 0.29, 0.31, Zone::kUnlikely, Zone::kUnlikely, false, "0.29 to 0.31: it stays."},
                        {"c", 0.4, 0.5, Zone::kLikely, Zone::kLikely, false, "0.40 to 0.50: it stays."}}};
  return arrived;
}

std::vector<CheckStability> checks_asked(const std::vector<Effect>& effects) {
  std::vector<CheckStability> checks;
  for (const Effect& effect : effects)
    if (const auto* check = std::get_if<CheckStability>(&effect)) checks.push_back(*check);
  return checks;
}

TEST(StabilityOfScores, IsAskedForOnceAndShown) {
  State state = analysed_state();
  EXPECT_TRUE(stability_summary(state.films[0]).empty());
  EXPECT_TRUE(snapshot(state, {})["findings"][0]["stability"].is_null());
  const auto asked = checks_asked(update(state, RunCommand{"stability"}));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].id, 1);
  EXPECT_FALSE(asked[0].correction);
  EXPECT_TRUE(progress(state).busy);
  EXPECT_TRUE(checks_asked(update(state, RunCommand{"stability"})).empty()) << "it is under way";
  update(state, stability_of_three());
  EXPECT_FALSE(progress(state).busy);
  EXPECT_TRUE(checks_asked(update(state, RunCommand{"stability"})).empty()) << "it is known";
  ASSERT_TRUE(stability_of(state.films[0], "a"));
  EXPECT_TRUE(stability_of(state.films[0], "a")->flips);
  EXPECT_EQ(stability_in_words(state.films[0], "b"), "0.29 to 0.31: it stays.");
  EXPECT_EQ(stability_summary(state.films[0]), "Stability: 8 small changes of the picture move 1 finding into another zone: a.");
  const Json told = snapshot(state, {});
  EXPECT_EQ(told["selected"]["stability"], stability_summary(state.films[0]));
  for (const Json& finding : told["findings"]) {
    EXPECT_EQ(finding["stability"]["flips"], finding["id"] == "a");
    EXPECT_EQ(finding["stability"]["text"], stability_in_words(state.films[0], finding["id"].get<std::string>()));
  }
}

TEST(StabilityOfScores, SaysWhereNothingChangesItsZone) {
  State state = analysed_state();
  StabilityArrived arrived = stability_of_three();
  arrived.stability.findings[0].flips = false;
  update(state, arrived);
  EXPECT_EQ(stability_summary(state.films[0]), "Stability: 8 small changes of the picture move no finding into another zone.");
}

TEST(StabilityOfScores, GoesWithTheAnalysisThatItIsOf) {
  State state = analysed_state();
  update(state, stability_of_three());
  Correction correction;
  correction.inverted = true;
  update(state, SetCorrection{correction});
  EXPECT_FALSE(state.films[0].stability) << "another picture";
  update(state, stability_of_three());
  EXPECT_FALSE(state.films[0].stability) << "of the picture before";

  State other = analysed_state();
  update(other, stability_of_three());
  update(other, engine_ready("two"));
  EXPECT_FALSE(other.films[0].stability) << "another model";

  State again = analysed_state();
  update(again, stability_of_three());
  update(again, analysis_arrived(1, three_findings()));
  EXPECT_FALSE(again.films[0].stability) << "the case says what is known of this one";
  StabilityArrived foreign = stability_of_three();
  foreign.stability.model.sha256 = "another";
  update(again, foreign);
  EXPECT_FALSE(again.films[0].stability);
}

TEST(StabilityOfScores, CanBeCancelledAndMayFail) {
  State state = analysed_state();
  update(state, RunCommand{"stability"});
  ASSERT_TRUE(find_command("cancel")->enabled(state));
  const auto effects = update(state, RunCommand{"cancel"});
  EXPECT_TRUE(
      std::any_of(effects.begin(), effects.end(), [](const Effect& e) { return std::holds_alternative<CancelAnalysis>(e); }));
  EXPECT_FALSE(checking_stability(state));
  EXPECT_EQ(state.films[0].stage, FilmStage::kAnalysed) << "its scores stay";
  update(state, StabilityFailed{1, {"cancelled", "The check of the scores was cancelled.", ""}});
  EXPECT_TRUE(state.notice.empty());
  update(state, RunCommand{"stability"});
  update(state, StabilityFailed{1, {"inference-failed", "The network could not be run.", "Close other tabs."}});
  EXPECT_FALSE(checking_stability(state));
  EXPECT_EQ(state.notice, "The network could not be run. Close other tabs.");
}

TEST(StabilityOfScores, IsNotAskedForWithoutScores) {
  State state;
  update(state, engine_ready());
  update(state, FilmQueued{1, "a.png"});
  EXPECT_FALSE(can_check_stability(state));
  update(state, film_opened(1));
  EXPECT_FALSE(can_check_stability(state));
}

}  // namespace
}  // namespace chestlight::viewer
