#include "viewer/state/map_comparison.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/messages.h"
#include "viewer/state/explanations.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

TEST(Beside, WhatIsKeptStaysWhileAnotherFindingAndMethodAreLookedAt) {
  State state = explaining_state();
  update(state, RunCommand{"keep-map"});
  update(state, PinFinding{"b"});
  update(state, ChooseMethod{"rise", ""});
  auto map = some_explanation();
  update(state, ExplanationArrived{state.last_request, map});
  update(state, RunCommand{"keep-map"});
  update(state, PinFinding{"c"});
  Json kept = snapshot(state, {})["kept"];
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0]["name"], "a, Evidence");
  EXPECT_EQ(kept[0]["drawn"], true);
  EXPECT_EQ(kept[1]["name"], "b, RISE");
  EXPECT_EQ(kept[1]["drawn"], true);
  ASSERT_NE(kept_map(state, state.films[0], state.kept[1]).explanation, nullptr);
  EXPECT_EQ(kept_map(state, state.films[0], state.kept[1]).explanation->map.values(), map.map);
  EXPECT_EQ(drawn_explanations(state).size(), 1u) << "evidence needs none";
  update(state, HoldOriginal{true});
  EXPECT_EQ(snapshot(state, {})["kept"][1]["drawn"], false) << "the film alone, in every pane";
}

TEST(Beside, KeepingAgainGivesUpAndThereIsRoomForThree) {
  State state = explaining_state();
  update(state, RunCommand{"keep-map"});
  update(state, RunCommand{"keep-map"});
  EXPECT_TRUE(state.kept.empty());
  for (const char* finding : {"a", "b", "c"}) {
    state.pinned = finding;
    update(state, RunCommand{"keep-map"});
  }
  ASSERT_EQ(state.kept.size(), 3u);
  update(state, ChooseMethod{"grad-cam", ""});
  EXPECT_FALSE(can_keep(state));
  update(state, RunCommand{"keep-map"});
  EXPECT_EQ(state.kept.size(), 3u);
  state.pinned.clear();
  EXPECT_FALSE(can_keep(state)) << "nothing is looked at";
}

TEST(Beside, EscapeClosesTheLastKeptFirstAndACloseButtonItsOwn) {
  State state = explaining_state();
  for (const char* finding : {"a", "b", "c"}) {
    state.pinned = finding;
    update(state, RunCommand{"keep-map"});
  }
  update(state, RunCommand{"clear"});
  ASSERT_EQ(state.kept.size(), 2u);
  update(state, *parse_action({{"type", "close-kept"}, {"index", 0}}));
  ASSERT_EQ(state.kept.size(), 1u);
  EXPECT_EQ(state.kept[0].finding, "b");
  update(state, CloseKept{5});
  update(state, CloseKept{-1});
  EXPECT_EQ(state.kept.size(), 1u);
  EXPECT_EQ(state.pinned, "c") << "still looked at";
}

TEST(Beside, OnAnotherFilmTheEvidenceIsThereAndAnotherMethodIsRunWhenAskedFor) {
  State state = explaining_state();
  update(state, RunCommand{"keep-map"});
  update(state, ChooseMethod{"grad-cam", "block3"});
  update(state, ExplanationArrived{state.last_request, some_explanation()});
  update(state, RunCommand{"keep-map"});
  open_film(state, 2, "b.png");
  update(state, analysis_arrived(2, three_findings()));
  update(state, SelectFilm{2});
  Json kept = snapshot(state, {})["kept"];
  EXPECT_EQ(kept[0]["drawn"], true);
  EXPECT_EQ(kept[1]["name"], "a, Grad-CAM, block 3");
  EXPECT_EQ(kept[1]["note"], "Not yet run on this film.");
  EXPECT_EQ(kept[1]["can_run"], true);
  auto effects = update(state, *parse_action({{"type", "run-kept"}, {"index", 1}}));
  ASSERT_EQ(count_of<Explain>(effects), 1);
  EXPECT_EQ(std::get<Explain>(effects[0]).question.id, 2);
  EXPECT_EQ(std::get<Explain>(effects[0]).question.layer, "block3");
  EXPECT_EQ(snapshot(state, {})["kept"][1]["note"], "Being computed.");
  EXPECT_EQ(count_of<Explain>(update(state, RunKept{1})), 0) << "it is on its way";
  update(state, RunCommand{"cancel"});
  EXPECT_EQ(snapshot(state, {})["kept"][1]["note"], "Grad-CAM was cancelled.");
  EXPECT_EQ(snapshot(state, {})["kept"][1]["can_run"], true);
}

TEST(Beside, AFindingThatTheModelLacksIsSaidToBeMissing) {
  State state = explaining_state();
  state.kept = {{"gone", {}}};
  const Json kept = snapshot(state, {})["kept"][0];
  EXPECT_EQ(kept["drawn"], false);
  EXPECT_EQ(kept["note"], "This model has no such finding.");
  state.films[0].analysis.reset();
  state.films[0].stage = FilmStage::kWaiting;
  EXPECT_TRUE(snapshot(state, {})["kept"].empty()) << "no analysis, nothing to compare";
}

}  // namespace
}  // namespace chestlight::viewer
