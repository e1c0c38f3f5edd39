// Reader studies on the screen: nothing of a hidden film is in the state or in what is published of it, whatever is done or told
// meanwhile; both arms are kept.
#include "viewer/state/reader_study.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

constexpr char kSecret[] = "0.987";  // of a score: to be found wherever one is published

std::shared_ptr<const Analysis> telling_analysis() {
  auto analysis = std::make_shared<Analysis>(*three_findings());
  for (Finding& finding : analysis->findings) {
    finding.calibrated = finding.probability = 0.987;
    finding.score_text = finding.reading = finding.sentence = kSecret;
    finding.where = finding.place = std::string("where ") + kSecret;
  }
  analysis->summary.sentence = analysis->summary.headline = std::string("Likely: ") + kSecret;
  return analysis;
}

AnatomyArrived lungs_and_heart(int film) {
  AnatomyArrived arrived{film};
  arrived.anatomy.found = true;
  arrived.anatomy.cardiothoracic_ratio = 0.987;
  arrived.anatomy.heart_line = WidthLine{{10, 10}, {60, 10}, {}};
  arrived.anatomy.chest_line = WidthLine{{0, 20}, {100, 20}, {}};
  return arrived;
}

/// Three films, each analysed, with lungs and heart; findings "a" and "b" are to be read.
State ready_to_read() {
  State state;
  EngineReady ready = engine_ready();
  ready.model.labels = evaluated_labels();
  update(state, FilmAreaMeasured{{100, 50, 816, 616}, 2});
  update(state, ready);
  for (int id : {1, 2, 3}) {
    open_film(state, id, std::to_string(id) + ".png");
    update(state, analysis_arrived(id, telling_analysis()));
    update(state, lungs_and_heart(id));
  }
  update(state, ToggleStudyFinding{"a"});
  update(state, ToggleStudyFinding{"b"});
  return state;
}

void expect_hidden(const State& state, const char* when) {
  EXPECT_EQ(snapshot(state, {}).dump().find("0.987"), std::string::npos) << when;
  for (const FilmEntry& film : state.films) {
    EXPECT_FALSE(film.analysis || film.anatomy || film.beside || film.stability) << when;
    for (const Measurement& one : film.measurements)
      EXPECT_EQ(one.role, MeasurementRole::kNone) << when << ": the lines of the ratio are the model's";
  }
}

void answer(State& state, const std::string& finding, bool present, double confidence) {
  update(state, GiveStudyVerdict{finding, present});
  update(state, GiveStudyConfidence{finding, confidence});
}

TEST(ReaderStudy, HidesAllThatTheModelSaysUntilTheFilmIsRead) {
  State state = ready_to_read();
  ASSERT_NE(snapshot(state, {}).dump().find(kSecret), std::string::npos) << "it is seen before";
  update(state, StartStudy{5});
  expect_hidden(state, "begun");
  const int first = state.selected;
  EXPECT_EQ(first, state.study.running->films[0]);
  EXPECT_EQ(find_film(state, first)->stage, FilmStage::kHidden);

  // Whatever is done, and whatever the engine tells meanwhile.
  for (const Command& command : commands())
    if (std::set<std::string_view>{"end-study", "clear-films", "remove-film"}.count(command.id) == 0)
      update(state, RunCommand{std::string(command.id)}), expect_hidden(state, std::string(command.id).c_str());
  update(state, RunCommand{"clear"});
  update(state, PinFinding{"a"});
  update(state, HoverFinding{"a"});
  update(state, SelectFilm{first == 1 ? 2 : 1});
  EXPECT_EQ(state.selected, first) << "the order is that of the study";
  update(state, OpenPopup{Popup::kEvaluation});
  update(state, FilmsEvaluated{});
  for (int id : {1, 2, 3}) update(state, analysis_arrived(id, telling_analysis())), update(state, lungs_and_heart(id));
  expect_hidden(state, "told again");
  for (const char* format : {"json", "csv", "csv-wide"})
    EXPECT_EQ(count_of<ExportFindings>(update(state, ExportFindings{format})), 0) << format;
  for (const char* id : {"export", "report", "report-all", "save-report", "evaluation", "export-map"})
    EXPECT_FALSE(find_command(id)->enabled(state)) << id;
}

TEST(ReaderStudy, FilmsGoByNumbersUntilItHasEnded) {
  State state = ready_to_read();
  state.films[1].name = "effusion.png";
  update(state, StartStudy{5});
  EXPECT_EQ(state.films[1].name, "Film 2");
  EXPECT_EQ(snapshot(state, {}).dump().find("effusion.png"), std::string::npos);
  open_film(state, 4, "mass.png");
  EXPECT_EQ(state.films[3].name, "Film 4") << "one that arrives meanwhile, too";
  update(state, RunCommand{"end-study"});
  EXPECT_EQ(state.films[1].name, "effusion.png");
  EXPECT_EQ(state.films[3].name, "mass.png");
}

TEST(ReaderStudy, BothArmsAreKeptAndShownInTheirOrder) {
  State state = ready_to_read();
  update(state, StartStudy{5});
  const std::vector<int> order = state.study.running->films;
  EXPECT_FALSE(find_command("study-next")->enabled(state)) << "nothing was said yet";
  answer(state, "a", true, 80);
  update(state, RunCommand{"study-next"});
  expect_hidden(state, "one finding is not enough");
  answer(state, "b", false, 20);
  update(state, RunCommand{"study-next"});
  ASSERT_EQ(state.study.running->stage, StudyStage::kAided);
  EXPECT_TRUE(find_film(state, order[0])->analysis) << "the model is shown now, of this film";
  EXPECT_FALSE(find_film(state, order[1])->analysis);
  EXPECT_EQ(study_verdict(state, "a"), true) << "what was said is there to be changed";
  answer(state, "a", false, 60);
  update(state, RunCommand{"study-next"});
  EXPECT_EQ(state.selected, order[1]);
  expect_hidden(state, "the next film");
  const auto effects = update(state, RunCommand{"end-study"});
  EXPECT_EQ(count_of<EvaluateStudy>(effects), 1);
  for (const FilmEntry& film : state.films) EXPECT_TRUE(film.analysis && film.anatomy && film.measurements.size() == 2);
  EXPECT_EQ(state.popup, Popup::kStudy);

  const StudyRecord record = study_record(state);
  EXPECT_EQ(record.seed, 5);
  ASSERT_EQ(record.readings.size(), 2u);
  EXPECT_EQ(record.readings[0].film, order[0]);
  EXPECT_EQ(record.readings[0].unaided, (StudyAnswer{true, 80}));
  EXPECT_EQ(record.readings[0].aided, (StudyAnswer{false, 60}));
  EXPECT_EQ(record.readings[0].unaided->score(), 90);
  EXPECT_EQ(record.readings[0].aided->score(), 20);
  EXPECT_EQ(record.readings[1].aided, record.readings[1].unaided) << "left as it was";
  EXPECT_EQ(count_of<ExportStudy>(update(state, RunCommand{"export-study"})), 1);
}

TEST(ReaderStudy, WithoutTheSecondArmTheNextFilmFollows) {
  State state = ready_to_read();
  update(state, SetStudyModel{false});
  update(state, StartStudy{1});
  const std::vector<int> order = state.study.running->films;
  for (int film : order) {
    EXPECT_EQ(state.selected, film);
    answer(state, "a", true, 100);
    answer(state, "b", true, 100);
    update(state, RunCommand{"study-next"});
  }
  EXPECT_TRUE(has_study(state)) << "after the last film it ends";
  for (const StudyReading& reading : study_record(state).readings) EXPECT_FALSE(reading.aided);
}

TEST(ReaderStudy, TheOrderIsThatOfItsSeed) {
  const auto order = [](int seed) {
    State state = ready_to_read();
    update(state, StartStudy{seed});
    return state.study.running->films;
  };
  EXPECT_EQ(order(5), order(5));
  std::set<std::vector<int>> orders;
  for (int seed = 1; seed < 60; ++seed) orders.insert(order(seed));
  EXPECT_EQ(orders.size(), 6u) << "every order of three films comes";
}

TEST(ReaderStudy, NeedsAFindingAndAFilm) {
  State state;
  update(state, StartStudy{1});
  EXPECT_FALSE(state.study.running);
  state = ready_to_read();
  update(state, ToggleStudyFinding{"a"});
  update(state, ToggleStudyFinding{"b"});
  update(state, ToggleStudyFinding{"nonsense"});
  update(state, StartStudy{1});
  EXPECT_FALSE(state.study.running);
}

}  // namespace
}  // namespace chestlight::viewer
