// What a reader said of films, kept on the device: the switch, what comes back with a film, and what is told of it.
#include "viewer/actions/keeping.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/undo.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

template <class Wanted>
const Wanted* keeping_effect(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* wanted = std::get_if<Wanted>(&effect)) return wanted;
  return nullptr;
}

ReadingCameBack came_back(int id = 1) {
  ReadingCameBack back{id};
  back.reading.read = true;
  back.reading.verdicts = {{"a", Opinion::kAgree, "on the left"}};
  back.reading.measurements = {{"length", "100 px", {{10, 20}, {110, 20}}}, {"volume", "of another version", {{1, 2}}}};
  back.correction = Correction{.inverted = true};
  return back;
}

/// A ready page with a film that is named and not yet open.
State waiting_state() {
  State state;
  update(state, FilmAreaMeasured{{100, 50, 816, 616}, 2});
  update(state, engine_ready());
  update(state, FilmQueued{1, "folder/a.png"});
  return state;
}

TEST(Keeping, IsOffUntilSwitchedOnAndRemembered) {
  State state = analysed_state();
  EXPECT_FALSE(state.settings.keep_readings);
  auto effects = update(state, RunCommand{"keep-readings"});
  ASSERT_NE(keeping_effect<KeepReadings>(effects), nullptr);
  EXPECT_TRUE(keeping_effect<KeepReadings>(effects)->on);
  EXPECT_NE(keeping_effect<SaveSettings>(effects), nullptr);
  EXPECT_EQ(state.notice, "What you say of films is kept on this device from now on, and nowhere else. Pixels are not.");
  EXPECT_EQ(keep_in_words(state), "Keep no more");
  update(state, KeepingKnown{2});
  effects = update(state, RunCommand{"keep-readings"});
  EXPECT_FALSE(keeping_effect<KeepReadings>(effects)->on);
  EXPECT_EQ(state.notice, "Nothing more is kept from now on. What is kept of 2 films stays until you forget it.");
  EXPECT_EQ(keeping_effect<ForgetReadings>(effects), nullptr);

  State next;
  Settings on;
  on.keep_readings = true;
  effects = update(next, SettingsRestored{settings_to_json(on)});
  EXPECT_TRUE(keeping_effect<KeepReadings>(effects)->on) << "the next visit tells the engine's thread";
  EXPECT_EQ(keeping_effect<SaveSettings>(effects), nullptr);
}

TEST(Keeping, WhatWasSaidComesBackWithItsFilmAsNoDeed) {
  State state = waiting_state();
  EXPECT_TRUE(update(state, came_back()).empty());
  EXPECT_FALSE(state.films[0].reading.read) << "it waits for its film";
  const auto effects = update(state, film_opened(1, "folder/a.png"));
  const FilmEntry& film = state.films[0];
  EXPECT_EQ(film.reading, came_back().reading);
  ASSERT_EQ(film.measurements.size(), 1u) << "what this version does not know is left out";
  EXPECT_EQ(film.measurements[0].points[1].x, 110);
  EXPECT_TRUE(film.request.correction.inverted);
  ASSERT_EQ(count_of<Analyse>(effects), 1);
  EXPECT_TRUE(keeping_effect<Analyse>(effects)->correction->inverted) << "it is analysed once, as it was";
  EXPECT_EQ(count_of<KeepMeasurements>(effects), 0) << "the case has them";
  EXPECT_TRUE(state.undo.done.empty());
  EXPECT_EQ(state.notice, "What you said of a.png came back");
  EXPECT_FALSE(is_unsaved(state));

  update(state, Ticked{1});
  EXPECT_TRUE(state.undo.done.empty());
  update(state, film_opened(1, "folder/a.png"));
  EXPECT_EQ(state.films[0].measurements.size(), 1u) << "once";
}

TEST(Keeping, FilmsOfABatchAreToldTogether) {
  State state = waiting_state();
  for (int id : {2, 3}) update(state, FilmQueued{id, std::to_string(id) + ".png"});
  for (int id : {1, 2, 3}) update(state, came_back(id));
  for (int id : {1, 2, 3}) {
    FilmOpened opened = film_opened(id);
    opened.sha256 = std::to_string(id);
    update(state, opened);
  }
  EXPECT_EQ(state.notice, "What you said of 3 films came back");
  update(state, FilmQueued{4, "4.png"});
  update(state, came_back(4));
  update(state, film_opened(4, "4.png"));
  EXPECT_EQ(state.notice, "What you said of 4.png came back") << "another batch";
}

TEST(Keeping, SwitchedOnLateItChangesNothingThatWasSaidSince) {
  State state = analysed_state();
  update(state, SetCorrection{Correction{.quarter_turns = 1}});
  update(state, analysis_arrived(1, three_findings()));
  const auto effects = update(state, came_back());
  EXPECT_EQ(count_of<Analyse>(effects), 0) << "its correction is the reader's of now";
  EXPECT_TRUE(state.films[0].reading.read);
  EXPECT_EQ(state.films[0].measurements.size(), 1u);
  EXPECT_EQ(state.undo.done.size(), 1u) << "the correction alone";
  state.notice.clear();
  update(state, came_back());
  EXPECT_EQ(state.notice, "") << "by another engine: nothing is new";
}

TEST(Keeping, MovedLinesComeBackBeforeLungsAndHeartAreKnown) {
  State state = waiting_state();
  ReadingCameBack back{1};
  back.reading.moved_lines = MovedLines{0.6, {{140, 180}, {212, 180}, {}}, {{100, 190}, {220, 190}, {}}};
  update(state, back);
  update(state, film_opened(1));
  AnatomyReport report{true};
  report.cardiothoracic_ratio = 0.5;
  report.heart_line = WidthLine{{140, 180}, {200, 180}, {}};
  report.chest_line = WidthLine{{100, 190}, {220, 190}, {}};
  const auto effects = update(state, AnatomyArrived{1, {}, report});
  EXPECT_EQ(count_of<MoveWidthLines>(effects), 0);
  EXPECT_TRUE(state.undo.done.empty());
  ASSERT_EQ(state.films[0].moved_lines.size(), 4u);
  EXPECT_EQ(state.films[0].moved_lines[1].x, 212);
}

TEST(Keeping, AFilmThatIsKeptIsNoneThatLeavingLoses) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  update(state, RunCommand{"agree"});
  EXPECT_TRUE(is_unsaved(state));
  update(state, ReadingKept{1});
  EXPECT_TRUE(is_unsaved(state)) << "that was of before";
  update(state, ReadingChanged{1, state.films[0].reading});
  update(state, ReadingKept{1});
  EXPECT_FALSE(is_unsaved(state));
  EXPECT_FALSE(state.leaving_guarded);
  update(state, RunCommand{"disagree"});
  EXPECT_TRUE(is_unsaved(state)) << "until that is kept, too";
}

TEST(Keeping, ForgettingAllSwitchesItOffAndLeavesWhatIsOnTheScreen) {
  State state = waiting_state();
  EXPECT_TRUE(update(state, RunCommand{"forget-readings"}).empty()) << "nothing is kept";
  update(state, RunCommand{"keep-readings"});
  update(state, came_back());
  update(state, film_opened(1));
  update(state, KeepingKnown{12});
  EXPECT_EQ(forget_in_words(state), "Forget what is kept of 12 films");
  const auto effects = update(state, RunCommand{"forget-readings"});
  EXPECT_NE(keeping_effect<ForgetReadings>(effects), nullptr);
  EXPECT_FALSE(keeping_effect<KeepReadings>(effects)->on);
  EXPECT_FALSE(state.settings.keep_readings);
  EXPECT_TRUE(state.films[0].reading.read);
  EXPECT_TRUE(state.leaving_guarded) << "it is only here now";
  update(state, KeepingKnown{0});
  EXPECT_EQ(state.notice, "Forgot what was kept of 12 films");
  EXPECT_EQ(keeping_in_words(state), "What you say of films is not kept: it goes with this page.");
}

TEST(Keeping, AStorageThatFailsIsToldAndNothingElseIsLost) {
  State state = analysed_state();
  update(state, RunCommand{"keep-readings"});
  update(state, PinFinding{"a"});
  update(state, RunCommand{"agree"});
  update(state, KeepingKnown{0, contract::Failure{"readings-not-kept", "There is no room.", "Export the findings."}});
  EXPECT_EQ(state.notice, "There is no room. Export the findings.");
  EXPECT_EQ(keeping_in_words(state), "There is no room. Export the findings.");
  EXPECT_TRUE(is_unsaved(state));
  EXPECT_EQ(verdict_on(state.films[0].reading, "a")->opinion, Opinion::kAgree);
  update(state, KeepingKnown{1});
  EXPECT_EQ(snapshot(state, {})["keeping"]["films"], 1);
  EXPECT_EQ(snapshot(state, {})["keeping"]["forget"], "Forget what is kept of 1 film");
}

}  // namespace
}  // namespace chestlight::viewer
