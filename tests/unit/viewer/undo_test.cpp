// Everything done to films can be undone: nothing that was known of a film is lost, and nothing is computed again.
#include "viewer/actions/undo.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"

namespace chestlight::viewer {
namespace {

std::vector<Effect> command(State& state, const char* id) { return update(state, RunCommand{id}); }

template <class Wanted>
const Wanted* effect_of(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* wanted = std::get_if<Wanted>(&effect)) return wanted;
  return nullptr;
}

State three_films() {
  State state = analysed_state();
  for (int id : {2, 3}) {
    open_film(state, id, std::to_string(id) + ".png");
    update(state, analysis_arrived(id, three_findings()));
  }
  return state;
}

std::vector<int> films_of(const State& state) {
  std::vector<int> ids;
  for (const FilmEntry& film : state.films) ids.push_back(film.id);
  return ids;
}

void measure(State& state, double x) {
  update(state, ChooseTool{Tool::kLength});
  for (double at : {x, x + 100}) {
    update(state, PointAt{{300 + at, 300}});
    update(state, PressTool{});
  }
  update(state, ChooseTool{Tool::kLength});
}

TEST(Undo, BringsBackAllFilmsWithWhatWasKnownOfThem) {
  State state = three_films();
  update(state, PinFinding{"a"});
  update(state, GiveOpinion{"a", Opinion::kAgree});
  measure(state, 0);
  const auto analysis = state.films[0].analysis;
  const auto removed = command(state, "clear-films");
  ASSERT_NE(effect_of<SetAsideFilms>(removed), nullptr);
  EXPECT_EQ(effect_of<SetAsideFilms>(removed)->ids, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(effect_of<CloseFilm>(removed), nullptr);
  EXPECT_TRUE(state.films.empty());
  EXPECT_EQ(undo_offer(state), "Removed 3 films");

  const auto back = command(state, "undo");
  EXPECT_EQ(effect_of<BringBackFilms>(back)->ids, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(effect_of<Analyse>(back), nullptr) << "nothing is computed again";
  EXPECT_EQ(effect_of<ReopenFilm>(back), nullptr) << "nor read again";
  EXPECT_EQ(films_of(state), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(state.films[0].analysis, analysis);
  EXPECT_EQ(state.films[0].measurements.size(), 1u);
  EXPECT_EQ(verdict_on(state.films[0].reading, "a")->opinion, Opinion::kAgree);
  EXPECT_EQ(state.notice, "Undone: removed 3 films");
  EXPECT_EQ(undo_offer(state), "");

  EXPECT_NE(effect_of<SetAsideFilms>(command(state, "redo")), nullptr);
  EXPECT_TRUE(state.films.empty());
  command(state, "undo");
  EXPECT_EQ(films_of(state), (std::vector<int>{1, 2, 3}));
}

TEST(Undo, AFilmComesBackToItsPlaceAndIsShown) {
  State state = three_films();
  update(state, SelectFilm{2});
  update(state, RemoveFilm{2});
  EXPECT_EQ(state.selected, 3);
  EXPECT_EQ(undo_offer(state), "Removed 2.png");
  command(state, "undo");
  EXPECT_EQ(films_of(state), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(state.selected, 2);
}

TEST(Undo, WhatWasUnderWayIsAskedForAgain) {
  State state = analysed_state();
  update(state, FilmQueued{2, "b.png"});
  open_film(state, 3, "c.png");
  ASSERT_EQ(state.films[2].stage, FilmStage::kAnalysing);
  command(state, "clear-films");
  const auto back = command(state, "undo");
  ASSERT_NE(effect_of<ReopenFilm>(back), nullptr);
  EXPECT_EQ(effect_of<ReopenFilm>(back)->id, 2);
  ASSERT_NE(effect_of<Analyse>(back), nullptr);
  EXPECT_EQ(effect_of<Analyse>(back)->id, 3);
  EXPECT_EQ(count_of<Analyse>(back), 1);
}

TEST(Undo, FindingsOfAnotherModelDoNotComeBack) {
  State state = analysed_state();
  auto analysis = std::make_shared<Analysis>(*three_findings());
  analysis->model.sha256 = "one";
  update(state, analysis_arrived(1, analysis));
  command(state, "clear-films");
  update(state, engine_ready("two"));
  EXPECT_EQ(count_of<Analyse>(command(state, "undo")), 1);
}

TEST(Undo, TheOfferEndsAndTheWayBackStays) {
  State state = three_films();
  command(state, "clear-films");
  update(state, Ticked{state.now + kUndoOffered + 1});
  EXPECT_EQ(undo_offer(state), "");
  command(state, "undo");
  EXPECT_EQ(state.films.size(), 3u);
}

TEST(Undo, GoesBackThroughCorrectionsMeasurementsAndVerdicts) {
  State state = three_films();
  command(state, "correct-invert");
  update(state, SelectFilm{2});
  measure(state, 0);
  update(state, SelectFilm{3});
  update(state, GiveOpinion{"a", Opinion::kDisagree});
  update(state, MarkFilmRead{3});
  update(state, SelectFilm{1});

  auto effects = command(state, "undo");
  EXPECT_EQ(state.selected, 3) << "the film that changes is shown";
  EXPECT_FALSE(find_film(state, 3)->reading.read);
  EXPECT_EQ(effect_of<MarkRead>(effects)->read, false);
  effects = command(state, "undo");
  EXPECT_EQ(verdict_on(find_film(state, 3)->reading, "a"), std::nullopt);
  EXPECT_EQ(effect_of<GiveVerdict>(effects)->verdict.opinion, Opinion::kNone);
  effects = command(state, "undo");
  EXPECT_EQ(state.selected, 2);
  EXPECT_TRUE(find_film(state, 2)->measurements.empty());
  EXPECT_TRUE(effect_of<KeepMeasurements>(effects)->measurements.empty());
  command(state, "undo");
  EXPECT_EQ(state.selected, 1);
  EXPECT_FALSE(find_film(state, 1)->request.any());
  EXPECT_EQ(state.notice, "Undone: correction of a.png");

  for (int i = 0; i < 4; ++i) command(state, "redo");
  EXPECT_TRUE(find_film(state, 1)->request.correction.inverted);
  EXPECT_EQ(find_film(state, 2)->measurements.size(), 1u);
  EXPECT_EQ(verdict_on(find_film(state, 3)->reading, "a")->opinion, Opinion::kDisagree);
  EXPECT_TRUE(find_film(state, 3)->reading.read);
  EXPECT_FALSE(find_command("redo")->enabled(state));
}

TEST(Undo, AMeasurementThatIsMovedGoesBackToWhereItWas) {
  State state = analysed_state();
  measure(state, 0);
  const auto before = state.films[0].measurements;
  update(state, ChooseTool{Tool::kLength});
  update(state, PointAt{{300, 300}});
  update(state, PressTool{});  // takes hold of its first point
  update(state, PointAt{{300, 350}});
  update(state, PointAt{{300, 400}});
  const auto let_go = update(state, PressTool{});
  EXPECT_NE(state.films[0].measurements, before);
  ASSERT_NE(effect_of<KeepMeasurements>(let_go), nullptr) << "told once, when it is let go";
  command(state, "undo");
  EXPECT_EQ(state.films[0].measurements, before);
  command(state, "undo");
  EXPECT_TRUE(state.films[0].measurements.empty());
}

TEST(Undo, WhatCannotBeUndoneAnyMoreIsClosedForGood) {
  State state = three_films();
  update(state, RemoveFilm{3});
  std::vector<Effect> closing;
  for (std::size_t i = 0; i < kMostDeeds; ++i) {
    const auto effects = update(state, MarkFilmRead{1, i % 2 == 0});
    if (effect_of<CloseFilm>(effects)) closing = effects;
  }
  ASSERT_NE(effect_of<CloseFilm>(closing), nullptr);
  EXPECT_EQ(effect_of<CloseFilm>(closing)->id, 3);
  for (std::size_t i = 0; i < kMostDeeds + 5; ++i) command(state, "undo");
  EXPECT_EQ(films_of(state), (std::vector<int>{1, 2}));
}

TEST(Verdicts, AreGivenTakenBackAndConfirmedByTheCase) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  auto effects = command(state, "agree");
  EXPECT_EQ(effect_of<GiveVerdict>(effects)->verdict, (Verdict{"a", Opinion::kAgree, ""}));
  update(state, BeginText{"note", "a"});
  EXPECT_EQ(effect_of<GiveVerdict>(update(state, TextEntered{"note", "more", false})), nullptr) << "while it is written";
  effects = update(state, TextEntered{"note", " more on\nthe left ", true});
  EXPECT_EQ(effect_of<GiveVerdict>(effects)->verdict, (Verdict{"a", Opinion::kAgree, "more on the left"}));
  EXPECT_NE(effect_of<EndText>(effects), nullptr);

  update(state, ReadingChanged{1, {false, {{"a", Opinion::kAgree, ""}}, {}}});
  EXPECT_EQ(verdict_on(state.films[0].reading, "a")->note, "more on the left") << "an answer that is overtaken changes nothing";
  update(state, ReadingChanged{1, {true, {{"a", Opinion::kAgree, "more on the left"}}, {}}});
  EXPECT_TRUE(state.films[0].reading.read) << "the last one counts";

  command(state, "agree");
  EXPECT_EQ(verdict_on(state.films[0].reading, "a")->opinion, Opinion::kNone) << "again: taken back, and the note stays";
  update(state, BeginText{"note", "a"});
  update(state, LeaveText{"note"});
  EXPECT_EQ(verdict_on(state.films[0].reading, "a")->note, "more on the left");
}

TEST(Leaving, IsGuardedWhileSomethingIsNotExported) {
  State state = analysed_state();
  EXPECT_EQ(effect_of<GuardLeaving>(update(state, MarkFilmRead{1})), nullptr) << "a mark alone is no loss";
  auto effects = update(state, GiveOpinion{"a", Opinion::kAgree});
  ASSERT_NE(effect_of<GuardLeaving>(effects), nullptr);
  EXPECT_TRUE(effect_of<GuardLeaving>(effects)->unsaved);
  EXPECT_EQ(effect_of<GuardLeaving>(update(state, Exported{"a.png", "image/png"})), nullptr) << "a map is no export of verdicts";
  effects = update(state, Exported{"findings.csv", "text/csv"});
  EXPECT_FALSE(effect_of<GuardLeaving>(effects)->unsaved);
  measure(state, 0);
  EXPECT_TRUE(state.leaving_guarded);
  command(state, "clear-films");
  EXPECT_FALSE(state.leaving_guarded) << "no film, nothing to lose";
}

TEST(Copies, AreShownOnceAndCounted) {
  State state;
  update(state, engine_ready());
  const auto open = [&](int id, const char* name, const char* sha256) {
    update(state, FilmQueued{id, name});
    FilmOpened opened = film_opened(id, name);
    opened.sha256 = sha256;
    return update(state, opened);
  };
  open(1, "a.png", "one");
  update(state, analysis_arrived(1, three_findings()));
  open(2, "b.png", "two");
  const auto effects = open(3, "folder/c.png", "one");
  EXPECT_EQ(effect_of<Analyse>(effects), nullptr) << "its findings are known";
  EXPECT_EQ(films_of(state), (std::vector<int>{1, 2}));
  ASSERT_EQ(state.films[0].copies.size(), 1u);
  EXPECT_EQ(state.films[0].copies[0].name, "folder/c.png");
  EXPECT_EQ(state.notice, "c.png is the same file as a.png");
  EXPECT_EQ(state.selected, 1) << "what was opened is shown, as the film that it is";
  open(3, "folder/c.png", "one");  // by another engine
  EXPECT_EQ(state.films[0].copies.size(), 1u);
  update(state, FilmFailed{4, "bad", {"corrupt", "It ends early.", ""}, "PNG", true, "three"});
  update(state, FilmFailed{5, "bad too", {"corrupt", "It ends early.", ""}, "PNG", true, "three"});
  EXPECT_EQ(state.films.size(), 3u) << "damaged ones too";

  EXPECT_EQ(effect_of<SetAsideFilms>(update(state, RemoveFilm{1}))->ids, (std::vector<int>{1, 3}));
  EXPECT_EQ(undo_offer(state), "Removed a.png, 2 copies");
  EXPECT_EQ(effect_of<BringBackFilms>(command(state, "undo"))->ids, (std::vector<int>{1, 3}));
}

TEST(Names, OfFilesMoveNothingBesideThem) {
  State state;
  update(state, FilmQueued{1, "a\nb\u202egnp.png"});
  EXPECT_EQ(state.films[0].name, "a bgnp.png");
}

}  // namespace
}  // namespace chestlight::viewer
