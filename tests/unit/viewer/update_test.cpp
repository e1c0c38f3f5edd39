#include "viewer/actions/update.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"

namespace chestlight::viewer {
namespace {

TEST(Update, AFilmIsLookedAtBeforeTheModelIsThereAndAnalysedAfter) {
  State state;
  auto effects = update(state, FilmQueued{1, "film 1.png"});
  EXPECT_EQ(state.selected, 1);
  EXPECT_EQ(count_of<ShowFilm>(effects), 1) << "its pixels come with the message that it is open";
  effects = open_film(state, 1);
  EXPECT_EQ(count_of<ShowFilm>(effects), 0);
  EXPECT_EQ(count_of<Analyse>(effects), 0);
  effects = update(state, engine_ready());
  EXPECT_EQ(count_of<Analyse>(effects), 1);
  EXPECT_EQ(state.films[0].stage, FilmStage::kAnalysing);
  effects = update(state, engine_ready());
  EXPECT_EQ(count_of<Analyse>(effects), 0) << "asked for once";
}

TEST(Update, EveryFilmOfABatchIsAskedForOnceAndWaitsForItsTurn) {
  State state;
  for (int id = 1; id <= 6; ++id) open_film(state, id);
  auto effects = update(state, engine_ready());
  EXPECT_EQ(count_of<Analyse>(effects), 6) << "the case decides on their order";
  EXPECT_TRUE(state.films[3].waits_for_turn());
  update(state, AnalysisProgressed{4, 0, 1});
  EXPECT_FALSE(state.films[3].waits_for_turn());
  effects = update(state, analysis_arrived(4, three_findings()));
  EXPECT_EQ(count_of<Analyse>(effects), 0);
}

TEST(Update, AFileThatCannotBeReadIsARowAndTheBatchGoesOn) {
  State state;
  update(state, engine_ready());
  update(state, FilmQueued{1, "broken.png"});
  update(state, FilmFailed{1, "broken.png", {"truncated", "It ends early.", "Copy it again."}});
  auto effects = open_film(state, 2);
  EXPECT_EQ(state.films[0].stage, FilmStage::kUnreadable);
  EXPECT_EQ(state.films[0].failure->code, "truncated");
  EXPECT_EQ(count_of<Analyse>(effects), 1);
}

TEST(Update, AFileThatCouldNotBeReadIsReadAgainAndSaysWhatItIs) {
  State state;
  update(state, FilmQueued{1, "a.dcm"});
  update(state, FilmFailed{1, "a.dcm", {"truncated", "It ends early.", "Copy it again."}, "DICOM"});
  EXPECT_EQ(state.films[0].kind, "DICOM");
  auto effects = update(state, RunCommand{"analyse-again"});
  EXPECT_EQ(count_of<ReopenFilm>(effects), 1) << "there need be no model for that";
  EXPECT_EQ(state.films[0].stage, FilmStage::kQueued);
  EXPECT_FALSE(state.films[0].failure);
  EXPECT_EQ(count_of<ReopenFilm>(update(state, RetryFilm{1})), 0) << "once is enough";
  FilmInfo info = film_info();
  info.format = "GIF (decoded by the browser)";
  update(state, film_opened(1, "a.dcm", info));
  EXPECT_EQ(state.films[0].kind, "GIF");

  update(state, FilmQueued{2, "7 more files"});
  update(state, FilmFailed{2, "7 more files", {"too-many-files", "More came.", "Drop them in parts."}, "", false});
  EXPECT_EQ(count_of<ReopenFilm>(update(state, RetryFilm{2})), 0) << "there is nothing to read";
}

TEST(Update, AllFilmsCanBeTakenAwayAtOnce) {
  State state = analysed_state();
  open_film(state, 2);
  auto effects = update(state, RunCommand{"clear-films"});
  EXPECT_EQ(count_of<SetAsideFilms>(effects), 1);
  EXPECT_TRUE(state.films.empty());
  EXPECT_EQ(state.selected, 0);
  EXPECT_FALSE(state.pixels);
  EXPECT_EQ(state.notice, "Removed 2 films");
  EXPECT_FALSE(find_command("clear-films")->enabled(state));
}

TEST(Update, TheFilmsOfAnArchiveTakeItsPlace) {
  State state;
  for (int id = 1; id <= 3; ++id) update(state, FilmQueued{id, "film"});
  update(state, SelectFilm{2});
  update(state, FilmsUnpacked{2, {{4, "x.zip/a"}, {5, "x.zip/b"}}});
  std::vector<int> ids;
  for (const FilmEntry& film : state.films) ids.push_back(film.id);
  EXPECT_EQ(ids, (std::vector{1, 4, 5, 3}));
  EXPECT_EQ(state.films[1].name, "x.zip/a");
  EXPECT_EQ(state.selected, 4);
  update(state, FilmsUnpacked{77, {{8, "late"}}});
  EXPECT_EQ(state.films.size(), 4u) << "its archive was removed";
}

TEST(Update, PixelsAreHeldForTheSelectedFilmOnly) {
  State state;
  open_film(state, 1);
  update(state, pixels_arrived(1));
  EXPECT_TRUE(state.pixels);
  open_film(state, 2);
  auto effects = update(state, SelectFilm{2});
  EXPECT_FALSE(state.pixels) << "the other film's pixels are let go";
  ASSERT_EQ(count_of<ShowFilm>(effects), 1);
  update(state, pixels_arrived(1));
  EXPECT_FALSE(state.pixels) << "a late answer for another film is not shown";
  update(state, pixels_arrived(2));
  EXPECT_EQ(state.pixels->film, 2);
}

TEST(Update, PinningTwiceUnpins) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  EXPECT_EQ(overlaid_finding(state)->id, "a");
  update(state, HoverFinding{"b"});
  EXPECT_EQ(overlaid_finding(state)->id, "b") << "hovering previews";
  update(state, HoverFinding{""});
  update(state, PinFinding{"a"});
  EXPECT_EQ(overlaid_finding(state), nullptr);
}

TEST(Update, TheOriginalIsShownWhileHeldAndMapsCanBeOff) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  update(state, HoldOriginal{true});
  EXPECT_EQ(overlaid_finding(state), nullptr);
  update(state, HoldOriginal{false});
  EXPECT_NE(overlaid_finding(state), nullptr);
  update(state, RunCommand{"map"});
  EXPECT_EQ(overlaid_finding(state), nullptr);
}

TEST(Order, WhatIsNotAssessedStandsLastHoweverHighItScores) {
  State state = analysed_state();
  Analysis analysis = *three_findings();
  // Hernia far above its threshold led the list, though nothing is known of its score.
  analysis.findings.insert(analysis.findings.begin(), finding_in(Zone::kNotAssessed, 0, finding("Hernia", 0.99, 0.005)));
  analysis.findings.push_back(finding_in(Zone::kLikely, 9, finding("d", 0.2, 0.1)));
  analysis.findings.push_back(finding_in(Zone::kNotAssessed, 0, finding("Fibrosis", 0.995, 0.04)));
  state.films[0].analysis = std::make_shared<Analysis>(analysis);
  EXPECT_EQ(displayed_order(state, state.films[0]), (std::vector<int>{4, 3, 1, 2, 5, 0}))
      << "likely by likelihood ratio, uncertain, unlikely, then the others by score";
}

TEST(Update, FindingsAreSortedByMarginOrKeepTheModelsOrder) {
  State state = analysed_state();
  EXPECT_EQ(displayed_order(state, state.films[0]), (std::vector<int>{2, 0, 1}));
  auto effects = update(state, RunCommand{"order"});
  EXPECT_EQ(displayed_order(state, state.films[0]), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(count_of<SaveSettings>(effects), 1) << "the choice is remembered";
}

TEST(Update, TheFirstLikelyFindingsMapComesByItselfUntilTheReaderChooses) {
  State state = analysed_state();
  ASSERT_NE(overlaid_finding(state), nullptr);
  EXPECT_EQ(overlaid_finding(state)->id, "c");
  EXPECT_TRUE(state.notice.starts_with("The first likely finding’s map is on: c.")) << state.notice;
  EXPECT_TRUE(state.pinned.empty()) << "its details stay closed";
  update(state, ChooseTool{Tool::kLength});
  EXPECT_EQ(overlaid_finding(state), nullptr) << "a reader who measures looks at the film";
  update(state, ChooseTool{Tool::kNone});
  update(state, RunCommand{"map"});
  EXPECT_EQ(overlaid_finding(state), nullptr);
  update(state, RunCommand{"map"});
  update(state, PinFinding{"b"});
  EXPECT_EQ(overlaid_finding(state)->id, "b");
  update(state, RunCommand{"clear"});
  EXPECT_EQ(overlaid_finding(state), nullptr) << "the reader wants none";

  State unlikely = analysed_state();
  Analysis analysis = *unlikely.films[0].analysis;
  for (Finding& finding : analysis.findings) finding.zone = Zone::kUncertain;
  unlikely.films[0].analysis = std::make_shared<Analysis>(analysis);
  EXPECT_EQ(overlaid_finding(unlikely), nullptr);
}

TEST(Update, NumbersPinByTheRowThatIsSeen) {
  State state = analysed_state();
  update(state, RunCommand{"finding-1"});
  EXPECT_EQ(state.pinned, "c");
  update(state, RunCommand{"next-finding"});
  EXPECT_EQ(state.pinned, "a");
  update(state, RunCommand{"previous-finding"});
  update(state, RunCommand{"previous-finding"});
  EXPECT_EQ(state.pinned, "b") << "wraps around";
}

TEST(Update, EscapeClosesOneThingAtATime) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  update(state, RunCommand{"help"});
  update(state, RunCommand{"clear"});
  EXPECT_EQ(state.popup, Popup::kNone);
  EXPECT_EQ(state.pinned, "a");
  update(state, RunCommand{"clear"});
  EXPECT_EQ(state.pinned, "");
}

TEST(Update, DraggingRightWidensTheWindowAndDownRaisesItsLevel) {
  State state = analysed_state();
  Window before = state.films[0].window;
  update(state, DragWindow{40, 20});
  EXPECT_DOUBLE_EQ(state.films[0].window.width, before.width + 40 * 200 / 400.0);
  EXPECT_DOUBLE_EQ(state.films[0].window.centre, before.centre + 20 * 200 / 400.0);
  update(state, DragWindow{-1e6, 0});
  EXPECT_GE(state.films[0].window.width, 1);
  update(state, RunCommand{"reset"});
  EXPECT_DOUBLE_EQ(state.films[0].window.width, before.width);
}

TEST(Update, RemovingASelectedFilmSelectsItsNeighbourAndSetsItAside) {
  State state;
  for (int id = 1; id <= 3; ++id) open_film(state, id);
  update(state, SelectFilm{2});
  auto effects = update(state, RunCommand{"remove-film"});
  EXPECT_EQ(count_of<SetAsideFilms>(effects), 1);
  EXPECT_EQ(state.selected, 3);
  update(state, RunCommand{"remove-film"});
  EXPECT_EQ(state.selected, 1);
  update(state, RunCommand{"remove-film"});
  EXPECT_EQ(state.selected, 0);
  EXPECT_TRUE(state.films.empty());
}

TEST(Update, CancelStopsWhatWaitsAndItCanBeAskedForAgain) {
  State state;
  update(state, engine_ready());
  for (int id = 1; id <= 4; ++id) open_film(state, id);
  auto effects = update(state, RunCommand{"cancel"});
  EXPECT_EQ(count_of<CancelAnalysis>(effects), 4);
  for (const FilmEntry& film : state.films) EXPECT_EQ(film.stage, FilmStage::kCancelled);
  effects = update(state, RunCommand{"analyse-again"});
  EXPECT_EQ(count_of<Analyse>(effects), 1);
}

TEST(Update, CancelReachesFilesThatAreStillBeingOpened) {
  State state;
  update(state, engine_ready());
  update(state, FilmQueued{1, "a.png"});
  update(state, RunCommand{"cancel"});
  auto effects = update(state, film_opened(1, "a.png", film_info()));
  EXPECT_EQ(count_of<Analyse>(effects), 0);
  EXPECT_EQ(state.films[0].stage, FilmStage::kCancelled);
  EXPECT_EQ(count_of<Analyse>(update(state, RunCommand{"analyse-again"})), 1);
}

TEST(Update, LoadingIsCancelledOnceAndTheFilmsStay) {
  State state;
  open_film(state, 1);
  auto effects = update(state, RunCommand{"cancel"});
  EXPECT_EQ(count_of<CancelLoading>(effects), 1);
  EXPECT_EQ(state.films[0].stage, FilmStage::kWaiting);
  EXPECT_TRUE(update(state, RunCommand{"cancel"}).empty());
  EXPECT_FALSE(can_load_again(state));
  update(state, EngineFailed{{"cancelled", "m", "h"}});
  effects = update(state, RunCommand{"load-again"});
  ASSERT_EQ(count_of<LoadModel>(effects), 1);
  EXPECT_EQ(state.engine, EnginePhase::kLoading);
  EXPECT_FALSE(state.loading.cancelling);
  EXPECT_FALSE(state.engine_failure);
  EXPECT_EQ(count_of<Analyse>(update(state, engine_ready())), 1) << "what waited is analysed";
}

TEST(Update, EscapeStopsLoadingWhenNothingElseIsOpen) {
  State state;
  update(state, OpenPopup{Popup::kHelp});
  EXPECT_EQ(count_of<CancelLoading>(update(state, RunCommand{"clear"})), 0);
  EXPECT_EQ(count_of<CancelLoading>(update(state, RunCommand{"clear"})), 1);
}

TEST(Update, FilmsThatFailedForWantOfAModelWaitForItAgain) {
  State state;
  open_film(state, 1);
  open_film(state, 2);
  Failure failure{"download-failed", "m", "h"};
  update(state, EngineFailed{failure});
  update(state, AnalysisFailed{1, failure});
  update(state, AnalysisFailed{2, {"inference-failed", "m", "h"}});
  update(state, RunCommand{"load-again"});
  auto effects = update(state, engine_ready());
  ASSERT_EQ(count_of<Analyse>(effects), 1);
  EXPECT_EQ(state.films[0].stage, FilmStage::kAnalysing);
  EXPECT_EQ(state.films[1].stage, FilmStage::kAnalysisFailed) << "its own fault";
}

TEST(Update, WhatOnlyTheWholePageCanMendIsNotLoadedAgain) {
  State state;
  update(state, EngineFailed{{"worker-not-started", "m", "h"}});
  EXPECT_FALSE(can_load_again(state));
  EXPECT_TRUE(update(state, RunCommand{"load-again"}).empty());
}

TEST(Update, AnotherModelAnalysesEverythingAgain) {
  State state = analysed_state();
  update(state, LoadModel{"other"});
  EXPECT_EQ(state.engine, EnginePhase::kLoading);
  auto effects = update(state, engine_ready("two"));
  EXPECT_EQ(count_of<Analyse>(effects), 1);
  EXPECT_FALSE(state.films[0].analysis);
}

TEST(Update, SettingsAreSavedWhenChangedAndNotWhenRestored) {
  State state;
  Settings settings;
  settings.overlay.opacity = 0.3;
  EXPECT_EQ(count_of<SaveSettings>(update(state, SettingsRestored{settings_to_json(settings)})), 0);
  EXPECT_EQ(count_of<SaveSettings>(update(state, SetOpacity{0.3})), 0) << "nothing changed";
  EXPECT_EQ(count_of<SaveSettings>(update(state, SetOpacity{0.4})), 1);
}

TEST(Update, AllMapsOfAFilmShareOneScale) {
  const auto analysis = three_findings();
  for (const Finding& finding : analysis->findings) {
    EXPECT_DOUBLE_EQ(evidence_facts(*analysis, finding).scale.top, 2) << finding.id;
    EXPECT_DOUBLE_EQ(evidence_facts(*analysis, finding).signed_scale.top, 3) << finding.id;
  }
  EXPECT_DOUBLE_EQ(evidence_facts(*analysis, analysis->findings[1]).peak, 0.5) << "its own";
}

TEST(Update, AnExampleIsMarkedSynthetic) {
  State state;
  EnvironmentKnown environment;
  environment.examples = {{"examples/effusion.png", "Effusion"}};
  update(state, environment);
  update(state, FilmQueued{1, "effusion.png"});
  update(state, FilmQueued{2, "mine.png"});
  update(state, FilmQueued{3, "made.png", true});
  EXPECT_TRUE(state.films[0].synthetic);
  EXPECT_FALSE(state.films[1].synthetic);
  EXPECT_TRUE(state.films[2].synthetic);
}

FilmOpened frame_opened(int frame, bool chosen) {
  FilmInfo info = film_info();
  info.dicom = DicomFacts{};
  info.dicom->frames = 3;
  info.dicom->frame = frame;
  info.dicom->frame_chosen = chosen;
  return film_opened(1, "loop.dcm", info);
}

TEST(Update, FramesAreSteppedThroughAndAnalysedOnlyWhenChosen) {
  State state;
  update(state, engine_ready());
  update(state, frame_opened(1, false));
  update(state, pixels_arrived(1));
  auto refused = std::make_shared<Analysis>();
  update(state, analysis_arrived(1, refused));
  EXPECT_TRUE(state.films[0].awaits_choice_of_frame());
  update(state, RunCommand{"invert"});

  EXPECT_EQ(count_of<OpenFrame>(update(state, RunCommand{"previous-frame"})), 0) << "there is none before the first";
  auto effects = update(state, RunCommand{"next-frame"});
  ASSERT_EQ(count_of<OpenFrame>(effects), 1);
  EXPECT_FALSE(state.films[0].decoded()) << "nothing of the frame before is shown for this one";
  EXPECT_FALSE(state.films[0].analysis);
  update(state, RunCommand{"next-frame"});
  EXPECT_EQ(state.films[0].frame_wanted, 3) << "two steps before the first is here";

  effects = update(state, frame_opened(3, false));
  EXPECT_FALSE(state.pixels);
  EXPECT_EQ(count_of<ShowFilm>(effects), 1);
  EXPECT_TRUE(state.films[0].inverted) << "seen as the one before was";
  update(state, analysis_arrived(1, refused));
  effects = update(state, RunCommand{"analyse-again"});
  ASSERT_EQ(count_of<OpenFrame>(effects), 1);
  for (const Effect& effect : effects)
    if (const auto* request = std::get_if<OpenFrame>(&effect)) {
      EXPECT_EQ(request->frame, 3);
      EXPECT_TRUE(request->chosen);
    }
  EXPECT_EQ(count_of<Analyse>(update(state, frame_opened(3, true))), 1);
}

TEST(Update, TheFirstFilmOfABatchIsShownAndTheBatchNeverJumps) {
  State state = analysed_state();
  update(state, FilmQueued{2, "new.png"});
  EXPECT_EQ(state.selected, 2) << "a film that is opened is shown";
  update(state, FilmQueued{3, "next.png"});
  EXPECT_EQ(state.selected, 2);
  update(state, SelectFilm{1});
  update(state, film_opened(2, "new.png"));
  update(state, film_opened(3, "next.png"));
  EXPECT_EQ(state.selected, 1) << "the reader chose another film meanwhile";
  update(state, FilmQueued{4, "later.png"});
  EXPECT_EQ(state.selected, 4) << "another batch begins";
}

}  // namespace
}  // namespace chestlight::viewer
