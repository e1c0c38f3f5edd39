#include "viewer/state/side_by_side.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/messages.h"
#include "viewer/input/touch.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

const ScreenRect kLeft{100, 50, 400, 600}, kRight{500, 50, 400, 600};

/// Films 1 and 2, the first selected, the second beside it; both analysed, with their pixels.
State pair_state() {
  State state = analysed_state();
  update(state, FilmQueued{2, "b.png"});
  FilmInfo info = film_info(800, 600);  // the same shape, twice as fine, on a scale ten times as wide
  info.full_scale = 4095;
  info.high = 2000;
  info.window = {1000, 2000};
  update(state, film_opened(2, "b.png", info));
  update(state, analysis_arrived(2, three_findings()));
  update(state, SelectFilm{1});
  update(state, pixels_arrived(1));
  update(state, CompareFilm{2});
  update(state, pixels_arrived(2));
  update(state, FilmAreaMeasured{kLeft, 1, {}, kRight});
  return state;
}

const FilmEntry& film(const State& state, int id) { return *find_film(state, id); }

SourcePx in_the_middle(const State& state, int id, const ScreenRect& area) {
  return source_to_screen(film(state, id).view, film_size(film(state, id)), area).inverse()(area.centre());
}

std::vector<int> order_of(const State& state) {
  const FilmPair pair = film_pair(state);
  if (!pair.first) return {};
  return {pair.first->id, pair.last->id};
}

TEST(SideBySide, TheSecondFilmsPixelsAreAskedForAsTheFirstOnes) {
  State state = analysed_state();
  open_film(state, 2, "b.png");
  update(state, pixels_arrived(1));
  const auto effects = update(state, *parse_action({{"type", "compare-film"}, {"id", 2}}));
  ASSERT_EQ(count_of<ShowFilm>(effects), 1);
  EXPECT_EQ(second_film(state), &state.films[1]);
  EXPECT_EQ(held_pixels(state, state.films[1]), nullptr);
  EXPECT_EQ(count_of<ShowFilm>(update(state, Ticked{1})), 0) << "asked for once";
  update(state, pixels_arrived(2));
  ASSERT_NE(held_pixels(state, state.films[1]), nullptr);
  EXPECT_EQ(held_pixels(state, state.films[0])->film, 1);
  EXPECT_EQ(snapshot(state, {})["side_by_side"]["pixels"], true);
}

TEST(SideBySide, OnlyThePixelsOfTwoFilmsAreHeld) {
  State state = pair_state();
  open_film(state, 3, "c.png");
  const auto effects = update(state, SelectFilm{3});
  EXPECT_EQ(count_of<ShowFilm>(effects), 1);
  EXPECT_FALSE(state.pixels) << "those of the film before are let go";
  EXPECT_EQ(state.second.pixels->film, 2);
  EXPECT_EQ(order_of(state), (std::vector{2, 3})) << "the second film stays beside the next one";
  update(state, pixels_arrived(1));
  EXPECT_FALSE(state.pixels) << "late";
  update(state, RunCommand{"clear"});
  EXPECT_FALSE(state.second.pixels);
  EXPECT_EQ(state.selected, 3);
}

TEST(SideBySide, ChangingPlacesAsksForNothing) {
  State state = pair_state();
  const auto effects = update(state, *parse_action({{"type", "swap-films"}}));
  EXPECT_EQ(count_of<ShowFilm>(effects), 0);
  EXPECT_EQ(state.selected, 2);
  EXPECT_EQ(state.second.id, 1);
  EXPECT_EQ(state.pixels->film, 2);
  EXPECT_EQ(state.second.pixels->film, 1);
  EXPECT_EQ(state.film_area, kRight) << "its pane stays where it is";
  EXPECT_EQ(order_of(state), (std::vector{1, 2}));
}

TEST(SideBySide, TheOlderStandsFirstWhereTheFilesTell) {
  State state = pair_state();
  EXPECT_EQ(order_of(state), (std::vector{1, 2})) << "as they came";
  EXPECT_EQ(pair_in_words(state), "a.png and b.png, in the order in which they came: not both files state a date.");
  state.films[0].info.taken = 41 * 24 * 60 + 30;
  state.films[1].info.taken = 23 * 60;
  EXPECT_EQ(order_of(state), (std::vector{2, 1}));
  EXPECT_EQ(pair_in_words(state), "b.png, then a.png, 41 days apart.");
  state.films[0].info.taken = 23 * 60 + 5;
  EXPECT_EQ(interval_in_words(state.films[0], state.films[1]), "the same day");
  state.films[0].info.taken = 24 * 60 + 1;
  EXPECT_EQ(interval_in_words(state.films[0], state.films[1]), "1 day apart");
  state.films[0].info.taken = 1000 * 24 * 60;
  EXPECT_EQ(interval_in_words(state.films[0], state.films[1]), "1000 days (2.7 years) apart");
}

TEST(SideBySide, LinkedFilmsShowTheSamePartOfTheirPictures) {
  State state = pair_state();
  EXPECT_TRUE(film(state, 2).view.fitted);
  update(state, ZoomAt{{220, 200}, 2.5});
  update(state, Pan{-12, 7});
  const SourcePx one = in_the_middle(state, 1, kLeft), other = in_the_middle(state, 2, kRight);
  EXPECT_NEAR(one.x / 400, other.x / 800, kGeometryPx);
  EXPECT_NEAR(one.y / 300, other.y / 600, kGeometryPx);
  EXPECT_NEAR(film(state, 1).view.zoom / 2, film(state, 2).view.zoom, 1e-9);
  const FilmView before = film(state, 1).view;
  update(state, SwapFilms{});
  EXPECT_NEAR(film(state, 1).view.zoom, before.zoom, 1e-9) << "nothing moves";
  EXPECT_NEAR(film(state, 1).view.centre.x, before.centre.x, kGeometryPx);
  update(state, RunCommand{"fit"});
  EXPECT_TRUE(film(state, 1).view.fitted);
}

TEST(SideBySide, TurnsAndInversionAreEachFilmsOwn) {
  State state = pair_state();
  update(state, RunCommand{"rotate-right"});
  update(state, RunCommand{"invert"});
  EXPECT_TRUE(film(state, 2).view.orientation.upright());
  EXPECT_FALSE(film(state, 2).inverted);
}

TEST(SideBySide, AChangeOfTheWindowIsTheSameFractionOfEachRange) {
  State state = pair_state();
  update(state, DragWindow{40, -20});
  const Window &one = film(state, 1).window, &other = film(state, 2).window;
  EXPECT_GT(one.width, 200);
  EXPECT_NEAR((one.width - 200) / 200, (other.width - 2000) / 2000, 1e-9);
  EXPECT_NEAR((one.centre - 100) / 200, (other.centre - 1000) / 2000, 1e-9);
  update(state, ChoosePreset{"full"});
  EXPECT_EQ(film(state, 2).preset, "full");
  EXPECT_DOUBLE_EQ(film(state, 2).window.width, 2000);
  state.films[1].info.presets = {{"SOFT", {700, 300}}, {"HARD", {900, 100}}};
  state.films[0].info.presets = {{"HARD", {50, 20}}};
  update(state, ChoosePreset{"file-1"});
  EXPECT_DOUBLE_EQ(film(state, 2).window.width, 100) << "by its name";
}

TEST(SideBySide, WhatIsNotLinkedStaysAndIsLinkedAgainAtOnce) {
  State state = pair_state();
  update(state, RunCommand{"compare-link"});
  update(state, ZoomAt{{300, 300}, 2});
  update(state, DragWindow{40, 0});
  EXPECT_TRUE(film(state, 2).view.fitted);
  EXPECT_DOUBLE_EQ(film(state, 2).window.width, 2000);
  update(state, RunCommand{"compare-link"});
  EXPECT_FALSE(film(state, 2).view.fitted);
  EXPECT_DOUBLE_EQ(film(state, 2).window.width, 2000) << "only what changes from now on";
}

TEST(SideBySide, AnotherSelectedFilmChangesNoWindow) {
  State state = pair_state();
  open_film(state, 3, "c.png");
  update(state, SelectFilm{3});
  EXPECT_DOUBLE_EQ(film(state, 2).window.width, 2000);
  update(state, DragWindow{40, 0});
  EXPECT_GT(film(state, 2).window.width, 2000);
}

TEST(SideBySide, AFilmIsKeptForTheNextOneChosen) {
  State state = analysed_state();
  open_film(state, 2, "b.png");
  update(state, pixels_arrived(1));
  update(state, RunCommand{"compare-film"});
  EXPECT_EQ(state.second.id, 1);
  EXPECT_EQ(second_film(state), nullptr) << "it waits for another one";
  EXPECT_EQ(state.notice, "Kept beside: a.png. Now choose another film.");
  EXPECT_TRUE(snapshot(state, {})["side_by_side"].is_null());
  const auto effects = update(state, RunCommand{"next-film"});
  EXPECT_EQ(order_of(state), (std::vector{1, 2}));
  EXPECT_EQ(count_of<ShowFilm>(effects), 1) << "the pixels of the first are here";
  EXPECT_EQ(state.second.pixels->film, 1);
  update(state, SelectFilm{1});
  EXPECT_EQ(second_film(state), nullptr) << "a film is not compared with itself";
  EXPECT_EQ(state.pixels->film, 1);
}

TEST(SideBySide, TheSameCommandAndEscapeLeaveIt) {
  State state = pair_state();
  update(state, RunCommand{"clear"});
  EXPECT_EQ(second_film(state), nullptr);
  update(state, RunCommand{"compare-next"});
  EXPECT_EQ(order_of(state), (std::vector{1, 2}));
  update(state, RunCommand{"compare-next"});
  EXPECT_EQ(second_film(state), nullptr);
  update(state, CompareFilm{2});
  update(state, CompareFilm{2});
  EXPECT_EQ(second_film(state), nullptr);
  update(state, RunCommand{"compare-before"});
  EXPECT_EQ(second_film(state), nullptr);
  EXPECT_EQ(state.notice, "There is no film before this one to compare it with.");
}

TEST(SideBySide, TakingEitherAwayEndsItAndUndoBringsBackTheFilmAlone) {
  for (int taken : {1, 2}) {
    State state = pair_state();
    update(state, RemoveFilm{taken});
    EXPECT_EQ(state.second.id, 0);
    EXPECT_FALSE(state.second.pixels);
    EXPECT_EQ(state.selected, 3 - taken);
    update(state, RunCommand{"undo"});
    EXPECT_EQ(state.films.size(), 2u);
    EXPECT_EQ(second_film(state), nullptr);
    EXPECT_TRUE(snapshot(state, {})["side_by_side"].is_null());
  }
}

TEST(SideBySide, AFilmThatCannotBeReadSaysSoAndHasNoNumber) {
  State state = analysed_state();
  update(state, FilmQueued{2, "b.dcm"});
  update(state, SelectFilm{1});
  update(state, CompareFilm{2});
  Json told = snapshot(state, {})["side_by_side"];
  EXPECT_EQ(told["note"], "b.dcm has no scores: Reading");
  EXPECT_TRUE(told["view"].is_null());
  update(state, FilmFailed{2, "b.dcm", {"truncated", "It ends early.", "Copy it again."}});
  told = snapshot(state, {})["side_by_side"];
  EXPECT_EQ(told["note"], "b.dcm has no scores: It ends early.");
  EXPECT_TRUE(told["changes"].empty());
  EXPECT_EQ(told["pixels"], false);
  EXPECT_EQ(count_of<ShowFilm>(update(state, Ticked{2})), 0) << "there are none to ask for";
}

TEST(SideBySide, AFilmReadAnewLetsItsPixelsGo) {
  State state = pair_state();
  const auto effects = update(state, film_opened(2, "b.png", film_info(800, 600)));
  EXPECT_FALSE(state.second.pixels);
  EXPECT_EQ(count_of<ShowFilm>(effects), 1);
}

TEST(SideBySide, TheMapOfTheFindingInViewLiesOnBothOnOneScale) {
  State state = pair_state();
  auto strong = std::make_shared<Analysis>(*three_findings());
  strong->maps = {10, -3, 0, 0.5f, -1, 2};
  update(state, analysis_arrived(2, strong));
  update(state, PinFinding{"b"});
  ASSERT_NE(second_finding(state), nullptr);
  EXPECT_EQ(second_finding(state), &film(state, 2).analysis->findings[1]);
  for (int id : {1, 2})
    EXPECT_DOUBLE_EQ(drawn_facts(state, film(state, id), film(state, id).analysis->findings[1]).scale.top, 10);
  update(state, HoldOriginal{true});
  EXPECT_EQ(second_finding(state), nullptr);
  update(state, HoldOriginal{false});
  update(state, RunCommand{"clear"});
  EXPECT_DOUBLE_EQ(drawn_facts(state, film(state, 1), film(state, 1).analysis->findings[1]).scale.top, 2) << "its own again";
}

TEST(SideBySide, KeptMapsGiveWayAndComeBack) {
  State state = pair_state();
  update(state, RunCommand{"clear"});
  update(state, PinFinding{"a"});
  update(state, RunCommand{"keep-map"});
  ASSERT_EQ(snapshot(state, {})["kept"].size(), 1u);
  update(state, CompareFilm{2});
  EXPECT_TRUE(snapshot(state, {})["kept"].empty());
  update(state, RunCommand{"clear"});
  EXPECT_EQ(snapshot(state, {})["kept"].size(), 1u) << "Escape leaves the pair first";
}

TEST(SideBySide, ATouchOfTheOtherPaneSelectsThatFilmAndGoesOn) {
  State state = pair_state();
  TouchInterpreter touch;
  const auto feed = [&](TouchPhase phase, std::vector<Finger> fingers) {
    for (const Action& action : touch.feed(phase, std::move(fingers), state, false).actions) update(state, action);
  };
  feed(TouchPhase::kStart, {{1, {700, 300}}});
  EXPECT_EQ(state.selected, 2);
  const double width = film(state, 2).window.width;
  feed(TouchPhase::kMove, {{1, {730, 300}}});
  feed(TouchPhase::kMove, {{1, {760, 300}}});
  EXPECT_GT(film(state, 2).window.width, width);
}

}  // namespace
}  // namespace chestlight::viewer
