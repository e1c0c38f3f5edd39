// The worklist: which films it lists in which order, when its rows are made anew, and how keys go through it.
#include "viewer/worklist/worklist.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/film_commands.h"
#include "viewer/text/snapshot.h"
#include "viewer/worklist/studies.h"

namespace chestlight::viewer {
namespace {

std::shared_ptr<const Analysis> with_findings(std::vector<Finding> findings) {
  auto analysis = std::make_shared<Analysis>(*three_findings());
  analysis->findings = std::move(findings);
  analysis->map.reset();
  return analysis;
}

void press(State& state, const char* command) { update(state, RunCommand{command}); }

void analyse(State& state, int id, Zone effusion, double score) {
  update(state, analysis_arrived(id, with_findings({finding_in(effusion, score, finding("effusion", score, 0.5)),
                                                    finding_in(Zone::kUnlikely, 0.1, finding("mass", 1 - score, 0.9))})));
}

/// Ten films: 1 to 7 analysed, 8 refused for being lateral, 9 not readable, 10 waits.
State ten_films() {
  State state;
  update(state, FilmAreaMeasured{{100, 50, 816, 616}, 2});
  update(state, engine_ready());
  const char* const kNames[] = {"b/film 10.png", "b/film 2.png", "c/Film 1.png",      "d_002.png", "d_001.png",
                                "zebra.png",     "apple.png",    "d_lateral_003.png", "bad.pdf",   "last.png"};
  for (int id = 1; id <= 10; ++id) open_film(state, id, kNames[id - 1]);
  analyse(state, 1, Zone::kUnlikely, 0.1);
  analyse(state, 2, Zone::kUncertain, 0.4);
  analyse(state, 3, Zone::kLikely, 0.7);
  analyse(state, 4, Zone::kLikely, 0.9);
  analyse(state, 5, Zone::kUncertain, 0.3);
  analyse(state, 6, Zone::kUnlikely, 0.05);
  analyse(state, 7, Zone::kUnlikely, 0.2);
  auto refused = std::make_shared<Analysis>();
  refused->reasons = {{"lateral", contract::Severity::kRefuse, "A lateral view."}};
  update(state, analysis_arrived(8, refused));
  update(state, FilmFailed{9, "bad.pdf", {"not-an-image", "A PDF document.", "Export it."}, "PDF"});
  return state;
}

std::vector<int> listed(const State& state) {
  std::vector<int> ids;
  for (const WorklistRow& row : state.worklist.rows) ids.push_back(row.film);
  return ids;
}

using Ids = std::vector<int>;

TEST(Worklist, OpensByItselfFromEightFilmsOnAndAsTheReaderChose) {
  State state;
  for (int id = 1; id <= 7; ++id) update(state, FilmQueued{id, "a.png"});
  EXPECT_FALSE(worklist_shown(state));
  update(state, FilmQueued{8, "a.png"});
  EXPECT_TRUE(worklist_shown(state));
  EXPECT_EQ(state.worklist.rows.size(), 8u);
  press(state, "worklist");
  EXPECT_FALSE(worklist_shown(state));
  EXPECT_TRUE(state.worklist.rows.empty());
  EXPECT_EQ(state.settings.worklist, WorklistPanel::kClosed) << "remembered";
  press(state, "worklist");
  EXPECT_TRUE(worklist_shown(state));
  EXPECT_EQ(state.settings.worklist, WorklistPanel::kAuto);
  for (int id = 1; id <= 6; ++id) update(state, RemoveFilm{id});
  EXPECT_FALSE(worklist_shown(state));
  press(state, "worklist");
  EXPECT_TRUE(worklist_shown(state)) << "of two films, when it is asked for";
}

TEST(Worklist, IsSortedByAnyColumn) {
  State state = ten_films();
  EXPECT_EQ(listed(state), (Ids{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})) << "as they came";
  update(state, SortWorklist{WorklistColumn::kName});
  EXPECT_EQ(listed(state), (Ids{7, 9, 5, 4, 8, 3, 2, 1, 10, 6})) << "numbers by value, small letters as capital ones";
  update(state, SortWorklist{WorklistColumn::kName});
  EXPECT_EQ(listed(state), (Ids{6, 10, 1, 2, 3, 8, 4, 5, 9, 7}));
  update(state, SortWorklist{WorklistColumn::kName});
  EXPECT_EQ(listed(state), (Ids{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})) << "a third time: as they came";
  update(state, SortWorklist{WorklistColumn::kFinding});
  EXPECT_EQ(listed(state), (Ids{4, 3, 2, 5, 6, 7, 1, 8, 9, 10})) << "the highest first; films without stand last";
  update(state, SortWorklist{WorklistColumn::kState});
  EXPECT_EQ(listed(state).front(), 10) << "what waits";
  EXPECT_EQ(listed(state).back(), 9) << "what cannot be read";
  update(state, ShowFindingColumn{"mass", true});
  update(state, SortWorklist{WorklistColumn::kScore, "mass"});
  EXPECT_EQ(listed(state), (Ids{6, 1, 7, 5, 2, 3, 4, 8, 9, 10}));
  EXPECT_EQ(state.worklist.rows[0].scores[0].text, "0.95");
  EXPECT_EQ(state.worklist.rows[9].scores[0].text, "");
  update(state, ShowFindingColumn{"mass", false});
  EXPECT_EQ(listed(state), (Ids{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})) << "a column that is gone sorts nothing";
}

TEST(Worklist, FilmsOfOneStudyStandTogetherAndLateralOnesApart) {
  State state = ten_films();
  update(state, SortWorklist{WorklistColumn::kStudy});
  EXPECT_EQ(listed(state), (Ids{7, 2, 1, 9, 3, 5, 4, 8, 10, 6}));
  EXPECT_EQ(state.worklist.rows[5].study, "d");
  EXPECT_EQ(state.worklist.rows[7].study, "d");
  EXPECT_EQ(state.worklist.rows[7].view, "Lateral");
  EXPECT_TRUE(state.worklist.has_studies);
}

struct Filtered {
  const char* why;
  WorklistFilter filter;
  const char* search;
  Ids ids;
};

TEST(Worklist, IsFilteredByWhatIsKnownOfAFilm) {
  State state = ten_films();
  update(state, SelectFilm{2});
  update(state, GiveOpinion{"effusion", contract::Opinion::kDisagree});
  update(state, MarkFilmRead{2});
  const Filtered kCases[] = {
      {"effusion likely", {false, false, VerdictFilter::kAny, "effusion", Zone::kLikely}, "", {3, 4}},
      {"any finding uncertain", {false, false, VerdictFilter::kAny, "", Zone::kUncertain}, "", {2, 5}},
      {"mass likely", {false, false, VerdictFilter::kAny, "mass", Zone::kLikely}, "", {}},
      {"unread", {true}, "", {1, 3, 4, 5, 6, 7, 8, 9, 10}},
      {"refused or not readable", {false, true}, "", {8, 9}},
      {"with a verdict", {false, false, VerdictFilter::kWith}, "", {2}},
      {"without a verdict and read", {true, false, VerdictFilter::kWithout}, "", {1, 3, 4, 5, 6, 7, 8, 9, 10}},
      {"by name", {}, "FILM", {1, 2, 3}},
      {"by folder", {}, "b/", {1, 2}},
      {"nothing", {}, "no such film", {}},
  };
  for (const Filtered& one : kCases) {
    SCOPED_TRACE(one.why);
    update(state, FilterWorklist{one.filter});
    update(state, BeginText{"search"});
    update(state, TextEntered{"search", one.search, true});
    EXPECT_EQ(listed(state), one.ids);
  }
  press(state, "clear");
  EXPECT_EQ(listed(state).size(), 10u) << "Esc shows all of them again";
  EXPECT_EQ(worklist_in_words(state), "10 films");
  update(state, FilterWorklist{{true, false, VerdictFilter::kAny, "effusion", Zone::kLikely}});
  update(state, SortWorklist{WorklistColumn::kFinding});
  EXPECT_EQ(worklist_in_words(state), "2 of 10 films, sorted by highest finding, highest first, effusion likely, unread");
}

TEST(Worklist, KeysGoThroughTheRowsAsTheyStand) {
  State state = ten_films();
  update(state, SortWorklist{WorklistColumn::kName});
  update(state, FilterWorklist{{false, false, VerdictFilter::kAny, "", Zone::kUncertain}});  // 5, 2
  press(state, "first-film");
  EXPECT_EQ(state.selected, 5);
  press(state, "next-film");
  EXPECT_EQ(state.selected, 2);
  press(state, "next-film");
  EXPECT_EQ(state.selected, 2) << "the last one";
  press(state, "previous-film");
  EXPECT_EQ(state.selected, 5);
  press(state, "last-film");
  EXPECT_EQ(state.selected, 2);
  update(state, SelectFilm{10});
  press(state, "next-film");
  EXPECT_EQ(state.selected, 5) << "from a film that the filter hides to the first that it shows";
}

TEST(Worklist, EnterMarksAFilmReadAndGoesOnToTheNextUnreadOne) {
  State state = ten_films();
  update(state, SortWorklist{WorklistColumn::kFinding});  // 4, 3, 2, 5, …
  update(state, FilterWorklist{{true}});
  press(state, "first-film");
  update(state, MarkFilmRead{3});
  press(state, "read-next");
  EXPECT_TRUE(find_film(state, 4)->reading.read);
  EXPECT_EQ(state.selected, 2);
  EXPECT_EQ(listed(state).front(), 2) << "what is read leaves a list of unread films";
  for (int i = 0; i < 8; ++i) press(state, "read-next");
  EXPECT_TRUE(state.worklist.rows.empty());
  EXPECT_EQ(state.notice, "No unread film follows in this list");
}

TEST(Worklist, AfterARemovalTheNextRowIsShown) {
  State state = ten_films();
  update(state, SortWorklist{WorklistColumn::kFinding});
  update(state, SelectFilm{3});
  update(state, RemoveFilm{3});
  EXPECT_EQ(state.selected, 2);
  update(state, SelectFilm{10});
  update(state, RemoveFilm{10});
  EXPECT_EQ(state.selected, 9) << "the last one's neighbour is the one before";
}

TEST(Worklist, RowsAreMadeAnewOnlyWhenWhatTheyShowHasChanged) {
  State state = ten_films();
  const auto same_rows = [&](const Action& action) {
    state.worklist.rows.front().name = "untouched";
    update(state, action);
    const bool same = state.worklist.rows.front().name == "untouched";
    if (same) state.worklist.rows.front().name = "film 10.png";
    return same;
  };
  EXPECT_TRUE(same_rows(HoverFinding{"effusion"}));
  EXPECT_TRUE(same_rows(SelectFilm{4}));
  EXPECT_TRUE(same_rows(ZoomAt{{10, 10}, 2}));
  EXPECT_TRUE(same_rows(Ticked{5}));
  EXPECT_TRUE(same_rows(AnalysisProgressed{1, 1, 2}));
  EXPECT_FALSE(same_rows(SortWorklist{WorklistColumn::kState}));
  EXPECT_FALSE(same_rows(MarkFilmRead{7}));
  EXPECT_FALSE(same_rows(FilmQueued{11, "new.png"}));
}

TEST(Worklist, ItsTextHoldsEveryRowAndWhyItIsThere) {
  State state = ten_films();
  update(state, ShowFindingColumn{"mass", true});
  update(state, SortWorklist{WorklistColumn::kFinding});
  const Json told = section_json(state, {}, Section::kWorklist)["worklist"];
  EXPECT_EQ(told["summary"], "10 films, sorted by highest finding, highest first");
  ASSERT_EQ(told["rows"].size(), 10u);
  EXPECT_EQ(told["rows"][0]["finding"], "effusion");
  EXPECT_EQ(told["rows"][0]["zone"], "likely");
  EXPECT_EQ(told["rows"][0]["score"], "0.90");
  EXPECT_EQ(told["rows"][0]["scores"][0], "0.10 unlikely");
  EXPECT_EQ(told["rows"][7]["state"], "Refused: lateral");
  EXPECT_EQ(told["rows"][8]["state"], "Unreadable: not an image");
  EXPECT_EQ(told["columns"][0]["id"], "mass");
  press(state, "worklist");
  EXPECT_EQ(section_json(state, {}, Section::kWorklist)["worklist"], nullptr);
}

TEST(Names, AreOrderedAsPeopleDo) {
  EXPECT_TRUE(stands_before("film 2", "film 10"));
  EXPECT_FALSE(stands_before("film 10", "film 2"));
  EXPECT_TRUE(stands_before("Film 002", "film 3"));
  EXPECT_TRUE(stands_before("a", "B"));
  EXPECT_TRUE(stands_before("a", "ab"));
  EXPECT_FALSE(stands_before("a", "a"));
  EXPECT_FALSE(stands_before("007", "7"));
}

struct Stem {
  const char* name;
  const char* stem;
};
// Names as in CheXpert, NIH ChestX-ray14, Kaggle's children, and as people write them.
constexpr Stem kStems[] = {{"view1_frontal.jpg", "view1"},
                           {"00000001_002.png", "00000001"},
                           {"person12_bacteria_47.jpeg", "person12_bacteria"},
                           {"Miller PA.dcm", "Miller"},
                           {"Miller-lateral.dcm", "Miller"},
                           {"Miller_PA_2.dcm", "Miller"},
                           {"effusion.png", "effusion"},
                           {"001.png", "001"},
                           {"folder/a_1.png", "a"},
                           {"X_lateral_view2.final.png", "X_lateral_view2.final"}};

TEST(Studies, AStemEndsWhereItTellsFilmsOfAStudyApart) {
  for (const Stem& one : kStems) EXPECT_EQ(study_stem(one.name), one.stem) << one.name;
}

FilmEntry named(const char* name, int study = 0) {
  FilmEntry film;
  film.name = name;
  film.info.study = study;
  return film;
}

TEST(Studies, FollowTheFilesThenTheFoldersThenTheNames) {
  EXPECT_EQ(study_names({named("x.dcm", 2), named("y.dcm", 1), named("z.dcm", 2)}),
            (std::vector<std::string>{"Study 2", "Study 1", "Study 2"}));
  EXPECT_EQ(study_names({named("p1/study1/view1.jpg"), named("p1/study1/view2.jpg"), named("p2/study1/view1.jpg")}),
            (std::vector<std::string>{"p1/study1", "p1/study1", "p2/study1"}));
  EXPECT_EQ(study_names({named("all/1_000.png"), named("all/1_001.png"), named("all/2_000.png")}),
            (std::vector<std::string>{"all/1", "all/1", "all/2"}))
      << "one folder of everything is no study";
}

TEST(Studies, TheViewIsWhatFileGateOrNameSays) {
  EXPECT_EQ(view_in_words(named("a.png")), "");
  EXPECT_EQ(view_in_words(named("view1_frontal.jpg")), "Frontal");
  EXPECT_EQ(view_in_words(named("x-PA.png")), "PA");
  EXPECT_EQ(view_in_words(named("paper.png")), "");
  FilmEntry film = named("a_frontal.dcm");
  film.info.dicom = DicomFacts{};
  film.info.dicom->view_position = "LL", film.info.dicom->view = "lateral";
  EXPECT_EQ(view_in_words(film), "Lateral") << "the file counts more than its name";
}

/// Films of these names, by number from 1.
State films_named(const std::vector<std::string>& names) {
  State state;
  int id = 0;
  for (const std::string& name : names) open_film(state, ++id, name);
  return state;
}

int to_compare(const State& state, int id, int step) { return film_to_compare(state, *find_film(state, id), step); }

TEST(Patients, AreTheFoldersAboveTheirStudiesOrTheBeginningsOfNames) {
  const State state = films_named({"patient1/study1/frontal.png", "patient1/study2/frontal.png", "p10/s50414267/a.png",
                                   "00000001_000.png", "00000001_001.png"});
  EXPECT_EQ(patient_names(state.films), (std::vector<std::string>{"patient1", "patient1", "p10", "00000001", "00000001"}));
}

TEST(Patients, TheFilmBeforeIsOfTheSamePatientElseTheNeighbour) {
  State state = films_named({"7_001.png", "8_001.png", "7_002.png", "9.png"});
  EXPECT_EQ(to_compare(state, 3, -1), 1);
  EXPECT_EQ(to_compare(state, 3, +1), 0) << "the patient has no later one";
  EXPECT_EQ(to_compare(state, 1, +1), 3);
  EXPECT_EQ(to_compare(state, 4, -1), 3) << "a patient with one film: the list's";
  EXPECT_EQ(to_compare(state, 2, +1), 3);
  EXPECT_EQ(to_compare(state, 4, +1), 0);
}

TEST(Patients, DatesTellWhichFilmIsBefore) {
  State state = films_named({"a.dcm", "b.dcm", "c.dcm", "d.dcm"});
  const double taken[] = {3000, 1000, 2000, 500};
  for (std::size_t i = 0; i < 4; ++i) {
    state.films[i].info.patient = i == 3 ? 2 : 1;
    state.films[i].info.taken = taken[i];
  }
  EXPECT_EQ(to_compare(state, 1, -1), 3) << "the latest before it";
  EXPECT_EQ(to_compare(state, 2, +1), 3) << "the earliest after it";
  EXPECT_EQ(to_compare(state, 2, -1), 0);
}

TEST(Patients, LateralFilmsAndThoseThatCannotBeReadAreNotProposed) {
  State state = films_named({"7_001.png", "7_lateral.png", "7_002.png", "7_003.png"});
  state.films[2].stage = FilmStage::kUnreadable;
  EXPECT_EQ(to_compare(state, 4, -1), 1);
}

}  // namespace
}  // namespace chestlight::viewer
