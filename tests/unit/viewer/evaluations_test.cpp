// Labels and results against them on the screen: when results are asked for, how they are sorted, and what can be chosen.
#include "viewer/state/evaluations.h"

#include <gtest/gtest.h>

#include "unit/viewer/evaluation_values.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

const EvaluateFilms* asked_for(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* asked = std::get_if<EvaluateFilms>(&effect)) return asked;
  return nullptr;
}

/// A film with results, and its labels joined while nothing else is open.
State evaluated_state() {
  State state = analysed_state();
  update(state, labels_joined_message());
  return state;
}

std::string order_of(const State& state) {
  std::string ids;
  for (int index : evaluated_order(state)) ids += state.evaluation.results->findings[static_cast<std::size_t>(index)].id;
  return ids;
}

TEST(Evaluations, ATableAfterItsFilmsShowsTheResultsAndAsksForThem) {
  State state = analysed_state();
  const std::vector<Effect> effects = update(state, labels_joined_message());
  EXPECT_EQ(state.popup, Popup::kEvaluation);
  EXPECT_EQ(state.notice, labels_joined_message().join->sentence);
  ASSERT_NE(asked_for(effects), nullptr);
  EXPECT_EQ(asked_for(effects)->finding, "");
  EXPECT_EQ(asked_for(update(state, Ticked{1})), nullptr) << "once";
  update(state, films_evaluated_message());
  EXPECT_TRUE(has_results(state));
  EXPECT_EQ(asked_for(update(state, Ticked{2})), nullptr);
}

TEST(Evaluations, ATableThatComesWithFilmsIsOnlySaid) {
  State state;
  update(state, FilmQueued{1, "a.png"});
  update(state, labels_joined_message());
  EXPECT_EQ(state.popup, Popup::kNone);
  EXPECT_EQ(state.notice, labels_joined_message().join->sentence);
  State failing = analysed_state();
  LabelsJoined bad{1};
  bad.tables = {LabelTable{50, "x/book.xlsx"}};
  bad.tables[0].error = bad.error = Failure{"unsupported-format", "This is a workbook.", "Save it as CSV."};
  update(failing, bad);
  EXPECT_EQ(failing.notice, "book.xlsx: This is a workbook. Save it as CSV.");
  EXPECT_EQ(failing.popup, Popup::kEvaluation);
}

TEST(Evaluations, OpeningAsksWhatLabelsThereAre) {
  State state = analysed_state();
  std::vector<Effect> effects = update(state, RunCommand{"evaluation"});
  EXPECT_EQ(state.popup, Popup::kEvaluation);
  EXPECT_EQ(count_of<ChooseLabels>(effects), 1);
  EXPECT_EQ(asked_for(effects), nullptr) << "there are no labels";
  update(state, RunCommand{"evaluation"});
  EXPECT_EQ(state.popup, Popup::kNone);
}

TEST(Evaluations, ResultsFollowWhatIsKnown) {
  State state = evaluated_state();
  update(state, films_evaluated_message());
  EXPECT_NE(asked_for(update(state, labels_joined_message(2))), nullptr) << "other labels";
  FilmsEvaluated late = films_evaluated_message(1);
  late.findings.clear();
  update(state, late);
  EXPECT_TRUE(has_results(state)) << "an answer about the labels before is passed over";
  EXPECT_EQ(asked_for(update(state, Ticked{1})), nullptr) << "the one that was asked for is on its way";
  update(state, films_evaluated_message(2));
  state.model.operating_points = {{"low", "Low"}};
  state.model.default_operating_point = "low";
  EXPECT_NE(asked_for(update(state, Ticked{2})), nullptr) << "other thresholds";
  FilmsEvaluated low = films_evaluated_message(2);
  low.operating_point = "low";
  update(state, low);
  EXPECT_EQ(asked_for(update(state, Ticked{3})), nullptr);
  update(state, ClosePopup{Popup::kEvaluation});
  update(state, labels_joined_message(3));
  EXPECT_EQ(asked_for(update(state, Ticked{4})), nullptr) << "nobody looks";
  EXPECT_TRUE(has_results(state)) << "nothing is lost meanwhile";
  EXPECT_NE(asked_for(update(state, RunCommand{"evaluation"})), nullptr);
}

TEST(Evaluations, WhileFilmsAreAnalysedResultsComeWithEachTenthOfThem) {
  State state;
  update(state, engine_ready());
  constexpr int kFilms = 60;
  for (int id = 1; id <= kFilms; ++id) open_film(state, id);
  update(state, RunCommand{"evaluation"});
  int asked = asked_for(update(state, labels_joined_message())) != nullptr;
  for (int id = 1; id <= kFilms; ++id) {
    asked += asked_for(update(state, analysis_arrived(id, three_findings()))) != nullptr;
    asked += asked_for(update(state, films_evaluated_message())) != nullptr;
  }
  EXPECT_GT(asked, 10);
  EXPECT_LT(asked, 45);
  EXPECT_EQ(state.evaluation.films_when_asked, kFilms) << "and at the end";
}

TEST(Evaluations, RowsAreSortedByTheColumnThatIsPressed) {
  State state = evaluated_state();
  update(state, films_evaluated_message());
  EXPECT_EQ(order_of(state), "bac") << "by AUROC, the best first; without figures last; without labels not at all";
  update(state, SortEvaluation{EvaluationColumn::kAuroc});
  EXPECT_EQ(order_of(state), "abc");
  update(state, SortEvaluation{EvaluationColumn::kFinding});
  EXPECT_EQ(order_of(state), "abc");
  update(state, SortEvaluation{EvaluationColumn::kFinding});
  EXPECT_EQ(order_of(state), "cba");
  update(state, SortEvaluation{EvaluationColumn::kFilms});
  EXPECT_EQ(order_of(state), "cab");
  EXPECT_EQ(findings_without_labels(state), std::vector<std::string>{"d"});
}

TEST(Evaluations, AnOpenedRowAsksForItsMeasuresAndLeadsToItsFilms) {
  State state = evaluated_state();
  update(state, films_evaluated_message());
  const std::vector<Effect> effects = update(state, OpenEvaluated{"a"});
  ASSERT_NE(asked_for(effects), nullptr);
  EXPECT_EQ(asked_for(effects)->finding, "a");
  update(state, films_evaluated_message(1, "a"));
  EXPECT_EQ(asked_for(update(state, Ticked{1})), nullptr);
  open_film(state, 2);
  update(state, LookAtFilm{2, "a"});
  EXPECT_EQ(state.selected, 2);
  EXPECT_EQ(state.pinned, "a");
  EXPECT_EQ(state.popup, Popup::kNone);
  update(state, LookAtFilm{7, "b"});
  EXPECT_EQ(state.selected, 2) << "no such film";
  EXPECT_EQ(state.pinned, "a");
}

TEST(Evaluations, EachPartOfTheJoinCanBeChosen) {
  State state = evaluated_state();
  state.model.labels = evaluated_labels();
  const auto choice = [&](JoinPart part, std::size_t option) {
    const std::vector<JoinOption> options = join_options(state, part);
    return option < options.size() && options[option].choice ? *options[option].choice : LabelsChoice{-9};
  };
  EXPECT_EQ(join_part_in_words(state, JoinPart::kTable), "") << "there is only one";
  EXPECT_EQ(join_part_in_words(state, JoinPart::kColumn), "Column that names films: Image Index");
  EXPECT_EQ(choice(JoinPart::kColumn, 2).image_column, "Patient");
  EXPECT_EQ(choice(JoinPart::kColumn, 2).source, 50) << "the choice stays with its table";
  EXPECT_EQ(join_part_in_words(state, JoinPart::kKey), "It names: file name");
  EXPECT_EQ(choice(JoinPart::kKey, 1).join_by, "path");
  EXPECT_EQ(join_part_in_words(state, JoinPart::kUncertain), "Uncertain counts as: unknown");
  EXPECT_EQ(choice(JoinPart::kUncertain, 1).uncertain, UncertainRule::kPositive);
  EXPECT_EQ(choice(JoinPart::kBlank, 2).blank, BlankRule::kNegative);
  EXPECT_EQ(join_part_in_words(state, JoinPart::kGroups), "Groups: none");
  EXPECT_EQ(choice(JoinPart::kGroups, 1).groups, std::vector<std::string>{"Patient"});

  std::vector<JoinOption> findings = join_options(state, JoinPart::kFindings);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[1].label, "b: not named");
  update(state, NameFinding{findings[1].naming});
  findings = join_options(state, JoinPart::kFindings);
  ASSERT_EQ(findings.size(), 3u) << "as it is called, or either of the names";
  const std::vector<Effect> effects = update(state, ChooseLabels{*findings[2].choice});
  ASSERT_EQ(count_of<ChooseLabels>(effects), 1);
  EXPECT_EQ(std::get<ChooseLabels>(effects[0]).choice.names[0].column, "other words");
  EXPECT_EQ(state.evaluation.part, JoinPart::kNone);

  LabelsJoined more = labels_joined_message(2);
  more.tables.push_back(label_table(51, "other.csv", 1));
  more.folders = true;
  update(state, more);
  EXPECT_EQ(join_options(state, JoinPart::kTable).size(), 3u);
  EXPECT_EQ(choice(JoinPart::kTable, 1).source, 51);
  EXPECT_TRUE(choice(JoinPart::kTable, 2).by_folders());
}

TEST(Evaluations, FilmsThatWereNotAnalysedCanBe) {
  State state = analysed_state();
  EXPECT_FALSE(has_rest(state));
  open_film(state, 2);
  update(state, RunCommand{"cancel"});
  EXPECT_TRUE(has_rest(state));
  EXPECT_EQ(count_of<Analyse>(update(state, RunCommand{"analyse-rest"})), 1);
}

TEST(Evaluations, ExportsCarryTheThresholdsInUse) {
  State state = evaluated_state();
  state.model.operating_points = {{"low", "Low"}};
  state.model.default_operating_point = "low";
  EXPECT_EQ(count_of<ExportEvaluation>(update(state, ExportEvaluation{"csv"})), 0) << "there is nothing to export";
  update(state, films_evaluated_message());
  const std::vector<Effect> effects = update(state, ExportEvaluation{"csv"});
  ASSERT_EQ(count_of<ExportEvaluation>(effects), 1);
  for (const Effect& effect : effects) {
    const auto* exported = std::get_if<ExportEvaluation>(&effect);
    if (exported) {
      EXPECT_EQ(exported->operating_point, "low");
    }
  }
}

TEST(Evaluations, TheTextOfThePageTellsAll) {
  State state = analysed_state();
  EXPECT_TRUE(snapshot(state, {0, 0})["evaluation"].is_null());
  update(state, labels_joined_message());
  update(state, OpenEvaluated{"b"});
  update(state, films_evaluated_message(1, "b"));
  const Json told = snapshot(state, {0, 0})["evaluation"];
  EXPECT_EQ(told["open"], true);
  EXPECT_EQ(told["films_text"], "2 of 2 films with labels are measured.");
  EXPECT_EQ(told["results"][0]["id"], "b");
  EXPECT_EQ(told["results"][0]["auroc"]["text"], "0.812 (0.701 to 0.923)");
  EXPECT_EQ(told["measures"]["plots"], Json({"ROC", "Precision and recall", "Calibration", "Decision curve", "Scores"}));
  EXPECT_EQ(told["measures"]["missed"][0]["name"], "a.png");
  EXPECT_EQ(told["parts"][0]["options"][2]["action"]["type"], "choose-labels");
  EXPECT_EQ(told["without_labels"], Json({"d"}));
}

TEST(Evaluations, FilmsAreCountedInWords) {
  EXPECT_EQ(labelled_films_in_words({1, 1, 0, 0, 0}), "1 of 1 film with labels is measured.");
  EXPECT_EQ(labelled_films_in_words({9, 4, 1, 2, 2}),
            "4 of 9 films with labels are measured, 1 is not fit for the network, 2 could not be read, 2 are not analysed yet.");
}

TEST(Evaluations, TheSiteProfileIsSavedByTheRuleThatIsChosen) {
  State state = evaluated_state();
  update(state, films_evaluated_message());
  EXPECT_EQ(profile_options(state).size(), 4u);
  update(state, SetThresholdRule{ThresholdRule::kCost});
  EXPECT_EQ(profile_options(state).size(), 9u) << "what a miss costs can be chosen, too";
  ASSERT_NE(asked_for(update(state, SetMissCost{10})), nullptr) << "the threshold of least cost is another";
  update(state, SetMissCost{-1});
  const auto effects = update(state, ExportEvaluation{"profile"});
  ASSERT_EQ(count_of<ExportEvaluation>(effects), 1);
  const auto* asked = std::get_if<ExportEvaluation>(&effects[0]);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(asked->rule, ThresholdRule::kCost);
  EXPECT_EQ(asked->costs.miss, 10);
}

}  // namespace
}  // namespace chestlight::viewer
