#include "viewer/state/score_changes.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/text/formatting.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

/// The first film has a 0.60, b 0.30 and c 0.40; the second one what is given.
State changed_state(double a, double b, double c) {
  State state = analysed_state();
  open_film(state, 2, "b.png");
  auto analysis = std::make_shared<Analysis>(*three_findings());
  const double scores[] = {a, b, c};
  for (std::size_t i = 0; i < 3; ++i) analysis->findings[i].calibrated = scores[i];
  update(state, analysis_arrived(2, analysis));
  update(state, CompareFilm{2});
  return state;
}

std::vector<std::string> order_of(const ScoreChanges& changes) {
  std::vector<std::string> ids;
  for (const ScoreChange& change : changes.rows) ids.push_back(change.first->id);
  return ids;
}

std::shared_ptr<const ScoreStability> stability(double low, double high) {
  auto made = std::make_shared<ScoreStability>();
  made->changes = 8;
  made->findings = {{"a", low, high, Zone::kUncertain, Zone::kUncertain, false, ""}};
  return made;
}

TEST(ScoreChanges, TheMostChangedStandsFirstOrTheModelsOwnOrderIsKept) {
  State state = changed_state(0.55, 0.71, 0.2);
  EXPECT_EQ(order_of(score_changes(state)), (std::vector<std::string>{"b", "c", "a"}));
  state.settings.order = FindingsOrder::kFixed;
  const ScoreChanges changes = score_changes(state);
  EXPECT_EQ(order_of(changes), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_NEAR(changes.rows[1].difference, 0.41, 1e-9);
  EXPECT_EQ(changes.rows[1].text, "Up by 0.41.");
  EXPECT_EQ(changes.rows[2].text, "Down by 0.20.");
  EXPECT_TRUE(changes.note.empty());
}

TEST(ScoreChanges, GoFromTheFirstFilmToTheLastWhicheverIsSelected) {
  State state = changed_state(0.55, 0.71, 0.2);
  update(state, SwapFilms{});
  EXPECT_NEAR(score_changes(state).rows[0].difference, 0.41, 1e-9);
  state.films[1].info.taken = 0;
  state.films[0].info.taken = 10;
  EXPECT_NEAR(score_changes(state).rows[0].difference, -0.41, 1e-9) << "the other one is older";
}

TEST(ScoreChanges, AnotherZoneIsMarked) {
  State state = changed_state(0.6, 0.3, 0.4);
  auto analysis = std::make_shared<Analysis>(*state.films[1].analysis);
  analysis->findings[1].zone = Zone::kLikely;
  analysis->findings[2].zone = Zone::kNotAssessed;
  state.films[1].analysis = analysis;
  state.settings.order = FindingsOrder::kFixed;
  const ScoreChanges changes = score_changes(state);
  EXPECT_FALSE(changes.rows[0].zone_changed);
  EXPECT_EQ(changes.rows[0].text, "No change.");
  EXPECT_TRUE(changes.rows[1].zone_changed);
  EXPECT_EQ(changes.rows[1].text, "No change, from unlikely to likely.");
  EXPECT_FALSE(changes.rows[2].zone_changed) << "what is not assessed is in no zone";
}

TEST(ScoreChanges, AChangeWithinTheBandsSaysSo) {
  State state = changed_state(0.7, 0.3, 0.4);
  state.films[0].stability = stability(0.55, 0.66);
  EXPECT_FALSE(score_changes(state).rows[0].within_bands) << "one band tells nothing";
  state.films[1].stability = stability(0.65, 0.75);
  EXPECT_EQ(score_changes(state).rows[0].within_bands, true);
  EXPECT_EQ(score_changes(state).rows[0].text, "Up by 0.10. Small changes of the pictures move the scores as far.");
  state.films[1].stability = stability(0.67, 0.75);
  EXPECT_EQ(score_changes(state).rows[0].within_bands, false);
}

TEST(ScoreChanges, WithoutTwoAnalysesThereIsNoNumberButAReason) {
  State state = changed_state(0.7, 0.3, 0.4);
  auto refused = std::make_shared<Analysis>();
  refused->reasons = {{"lateral", Severity::kRefuse, "A lateral view."}};
  update(state, analysis_arrived(2, refused));
  ScoreChanges changes = score_changes(state);
  EXPECT_TRUE(changes.rows.empty());
  EXPECT_EQ(changes.note, "b.png has no scores: A lateral view.");
  EXPECT_TRUE(snapshot(state, {})["side_by_side"]["changes"].empty());
  update(state, AnalysisFailed{1, {"inference-failed", "The network could not be run.", ""}});
  state.films[0].analysis.reset();
  EXPECT_EQ(score_changes(state).note, "a.png has no scores: The network could not be run.");
}

TEST(ScoreChanges, ScoresOfDifferentModelsAreNotCompared) {
  State state = changed_state(0.7, 0.3, 0.4);
  auto other = std::make_shared<Analysis>(*state.films[1].analysis);
  other->model.sha256 = "another";
  state.films[1].analysis = other;
  EXPECT_TRUE(score_changes(state).rows.empty());
  EXPECT_EQ(score_changes(state).note, "The scores are of different models and cannot be compared.");
}

TEST(ScoreChanges, AreToldInThePublishedState) {
  const State state = changed_state(0.55, 0.71, 0.2);
  const Json change = snapshot(state, {})["side_by_side"]["changes"][0];
  EXPECT_EQ(change["id"], "b");
  EXPECT_EQ(change["first_text"], "0.30");
  EXPECT_EQ(change["last_text"], "0.71");
  EXPECT_EQ(change["difference_text"], "+0.41");
  EXPECT_EQ(change["first_zone"], "unlikely");
  EXPECT_TRUE(change["within_bands"].is_null());
}

TEST(ScoreChanges, FiguresHaveASignWhereThereIsAChange) {
  EXPECT_EQ(change_in_figures(0.314), "+0.31");
  EXPECT_EQ(change_in_figures(-0.05), "−0.05");
  EXPECT_EQ(change_in_figures(0.004), "0.00");
  EXPECT_EQ(change_in_figures(-0.004), "0.00");
}

}  // namespace
}  // namespace chestlight::viewer
