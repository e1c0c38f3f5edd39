// The case at work: order, cancelling, bad files, memory, exports.
#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using contract::Analyse;
using contract::OpenFilm;
using contract::ShowFilm;
using testing::CaseTest;
using testing::kFilmBytes;
using testing::Told;

TEST_F(CaseTest, FilmsCanBeLookedAtBeforeThereIsAModel) {
  open(1);
  tell(ShowFilm{1});
  tell(Analyse{1});
  run();
  EXPECT_EQ(types(), (std::vector<std::string>{"film-opened 1", "pixels-arrived 1"})) << "the pixels come with the film";
  EXPECT_EQ(find("pixels-arrived")->blobs[0].size(), kFilmBytes);
  EXPECT_EQ(read_, std::vector<int>{1}) << "it is read once";
  load_model();
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
}

TEST_F(CaseTest, AnAnalysisCarriesItsMapsAndItsTimesAndLeavesNothingBehind) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  const Told* arrived = find("analysis-arrived");
  ASSERT_NE(arrived, nullptr);
  const Json& analysis = arrived->event["analysis"];
  const Json& map = analysis["map"];
  ASSERT_EQ(arrived->blobs.size(), 1u);
  EXPECT_EQ(arrived->blobs[0].size(),
            analysis["findings"].size() * map["width"].get<std::size_t>() * map["height"].get<std::size_t>() * 4);
  EXPECT_EQ(analysis["milliseconds"]["decode"], 5);
  EXPECT_EQ(analysis["milliseconds"]["run"], 7);
  EXPECT_GT(analysis["milliseconds"]["prepare"], 0);
  EXPECT_GT(analysis["milliseconds"]["explain"], 0);
  EXPECT_FALSE(engine_->job(1)) << "no job is left";
  EXPECT_EQ(kept_.size(), 1u) << "the film, and no task";
  EXPECT_EQ(kept_["film:1"]["record"]["findings"].size(), analysis["findings"].size());
}

TEST_F(CaseTest, TheFilmLookedAtIsAnalysedFirst) {
  for (int id : {1, 2, 3}) {
    open(id);
    tell(Analyse{id});
  }
  tell(ShowFilm{3});
  load_model();
  run();
  EXPECT_EQ(types("analysis-arrived"),
            (std::vector<std::string>{"analysis-arrived 3", "analysis-arrived 1", "analysis-arrived 2"}));
}

TEST_F(CaseTest, FilesAreReadWhileTheNetworkRuns) {
  load_model();
  open(1);
  tell(Analyse{1});
  while (std::none_of(waiting_.begin(), waiting_.end(),
                      [](const chestlight::CaseStep& s) { return std::holds_alternative<contract::RunNetwork>(s.step); }))
    run(1);
  open(2);
  EXPECT_EQ(waiting_.size(), 2u) << "a run of the network and a file to read, side by side";
  run();
  EXPECT_TRUE(was_told("film-opened 2"));
  EXPECT_TRUE(was_told("analysis-arrived 1"));
}

TEST_F(CaseTest, AnAnalysisAskedForOtherwiseTakesThePlaceOfTheOneUnderWay) {
  load_model();
  open(1);
  run();
  tell(Analyse{1});
  run(1);
  contract::Correction half, over;
  half.quarter_turns = 1;
  over.quarter_turns = 2;
  tell(Analyse{1, half});
  tell(Analyse{1, over, true, "high"});
  run();
  EXPECT_EQ(types("analysis-arrived").size(), 1u);
  EXPECT_FALSE(was_told("analysis-cancelled 1")) << "it gives way without a word";
  EXPECT_EQ(find("analysis-arrived")->event["analysis"]["input"]["rotation"], 180);
  EXPECT_EQ(find("analysis-arrived")->event["analysis"]["operating_point"]["id"], "high");
}

TEST_F(CaseTest, OtherThresholdsNeedNoSecondRun) {
  load_model();
  open(1);
  const auto analyse = [&](Analyse asked) {
    tell(asked);
    run();
    return runs_;
  };
  contract::Correction turned;
  turned.quarter_turns = 1;
  EXPECT_EQ(analyse({1, {}, false, "low"}), 1);
  EXPECT_EQ(analyse({1, {}, false, "high"}), 1);
  EXPECT_EQ(analyse({1, turned}), 2);
  EXPECT_EQ(analyse({1, turned, true}), 2);
  tell(contract::OpenFrame{1, 1, true});
  EXPECT_EQ(analyse({1, turned}), 3);
  tell(contract::NetworkLeft{});
  load_model("other");
  EXPECT_EQ(analyse({1, turned}), 4) << "another model has not answered";
  tell(contract::ReopenFilm{1});
  EXPECT_EQ(analyse({1, turned}), 5) << "the file may have changed";
  EXPECT_EQ(types("analysis-arrived").size(), 7u);
}

TEST_F(CaseTest, ABadFileBecomesAMessageAndTheOthersGoOn) {
  load_model();
  open(1);
  open(2, "2.png is not an image.");
  open(3);
  for (int id : {1, 2, 3}) tell(Analyse{id});
  tell(ShowFilm{2});
  run();
  const Json& failed = find("film-failed")->event;
  EXPECT_EQ(failed["error"]["message"], "2.png is not an image.");
  EXPECT_EQ(failed["kind"], "Text");
  EXPECT_EQ(types("film-failed").size(), 1u) << "it is told once, whoever asked";
  EXPECT_TRUE(was_told("analysis-failed 2"));
  EXPECT_TRUE(was_told("analysis-arrived 1"));
  EXPECT_TRUE(was_told("analysis-arrived 3"));
}

TEST_F(CaseTest, AFileThatFailedIsReadAgainWhenAsked) {
  open(1, "broken");
  run();
  files_[1] = "film";
  tell(contract::ReopenFilm{1});
  run();
  EXPECT_TRUE(was_told("film-opened 1"));
  tell(contract::CloseFilm{1});
  tell(contract::ReopenFilm{1});
  run();
  EXPECT_EQ(types("film-opened").size(), 1u) << "one that was removed stays so";
}

TEST_F(CaseTest, DecodedFilmsStayWithinTheirBudget) {
  start(2 * kFilmBytes);
  for (int id : {1, 2, 3, 4, 5}) open(id);
  run();
  EXPECT_EQ(types("film-opened").size(), 5u);
  EXPECT_FALSE(engine_->film(1));
  EXPECT_FALSE(engine_->film(3));
  EXPECT_TRUE(engine_->film(4));
  EXPECT_TRUE(engine_->film(5));
  tell(ShowFilm{1});
  run();
  EXPECT_TRUE(was_told("pixels-arrived 1")) << "it is read again when it is needed";
}

TEST_F(CaseTest, ABatchIsReadNoFasterThanThereIsRoom) {
  start(4 * kFilmBytes);
  load_model();
  for (int id = 1; id <= 12; ++id) {
    open(id);
    tell(Analyse{id});
  }
  run();
  EXPECT_EQ(types("analysis-arrived").size(), 12u);
  EXPECT_EQ(read_.size(), 12u) << "no film had to be read twice";
}

TEST_F(CaseTest, ClosingFreesTheFilm) {
  open(1);
  run();
  tell(contract::CloseFilm{1});
  EXPECT_FALSE(engine_->film(1));
  EXPECT_TRUE(kept_.empty());
  open(2);
  tell(contract::CloseFilm{2});  // while it is being read
  run();
  EXPECT_FALSE(was_told("film-opened 2"));
  EXPECT_FALSE(engine_->film(2));
}

TEST_F(CaseTest, AnotherFrameVoidsWhatWasAskedOfTheOneBefore) {
  load_model();
  open(1);
  run();
  tell(Analyse{1});
  tell(contract::Explain{question(9)});
  tell(contract::OpenFrame{1, 1, false});
  tell(ShowFilm{1});
  run();
  EXPECT_FALSE(was_told("analysis-arrived 1"));
  EXPECT_TRUE(was_told("explanation-cancelled 9"));
  EXPECT_EQ(types("film-opened").size(), 2u);
  EXPECT_EQ(types().back(), "pixels-arrived 1");
  EXPECT_FALSE(engine_->film(1)) << "the frame before was let go";
}

TEST_F(CaseTest, WhatWaitsAndWhatRunsCanBeCancelled) {
  load_model();
  for (int id : {1, 2}) open(id);
  run();
  for (int id : {1, 2}) tell(Analyse{id});
  run(2);  // the first is under way
  ASSERT_FALSE(waiting_.empty());
  tell(contract::CancelAnalysis{1});
  tell(contract::CancelAnalysis{2});
  tell(contract::CancelAnalysis{2});
  EXPECT_EQ(types("analysis-cancelled"), (std::vector<std::string>{"analysis-cancelled 1", "analysis-cancelled 2"}));
  run();
  EXPECT_TRUE(types("analysis-arrived").empty());
  EXPECT_FALSE(engine_->job(1));
  tell(Analyse{1});
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
}

TEST_F(CaseTest, AModelThatCannotBeUsedFailsTheAnalysesAndLeavesTheFilms) {
  open(1);
  tell(Analyse{1});
  run();
  tell(contract::ModelFailed{{"hash-mismatch", "The weights have another hash.", ""}});
  EXPECT_TRUE(was_told("analysis-failed 1"));
  tell(Analyse{1});
  EXPECT_EQ(types("analysis-failed").size(), 2u) << "at once, as long as it is so";
  tell(contract::ModelAwaited{});
  tell(Analyse{1});
  run();
  EXPECT_EQ(types("analysis-failed").size(), 2u);
  load_model();
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
}

TEST_F(CaseTest, ARunThatFailsFailsItsFilmAlone) {
  load_model();
  for (int id : {1, 2}) {
    open(id);
    tell(Analyse{id});
  }
  network_fails_ = contract::Failure{"inference-failed", "The GPU was lost.", "Analyse it again."};
  while (runs_ == 0) run(1);
  network_fails_.reset();
  run();
  EXPECT_EQ(types("analysis-failed").size(), 1u);
  EXPECT_EQ(types("analysis-arrived").size(), 1u);
}

TEST_F(CaseTest, AnExplanationTellsItsStepsAndCarriesItsMap) {
  load_model();
  open(1);
  tell(contract::Explain{question(4)});
  run();
  const Told* arrived = find("explanation-arrived");
  ASSERT_NE(arrived, nullptr);
  const Json& explanation = arrived->event["explanation"];
  EXPECT_EQ(arrived->blobs[0].size(), explanation["width"].get<std::size_t>() * explanation["height"].get<std::size_t>() * 4);
  EXPECT_FALSE(types("explanation-progressed").empty());
  const int before = runs_;
  tell(contract::Explain{question(5)});
  run();
  EXPECT_TRUE(was_told("explanation-arrived 5"));
  EXPECT_EQ(runs_, before) << "a map that was made is kept";
}

TEST_F(CaseTest, BuildingAnotherGraphIsToldBeforeItHappensAndHappensOnce) {
  load_model();
  open(1);
  tell(contract::Explain{question(4, 1, "input-gradient")});
  run();
  tell(contract::Explain{question(5, 1, "gradient-times-input")});
  run();
  int told = 0;
  for (const Told& one : told_) told += one.event["type"] == "explanation-progressed" && one.event["loading_graph"] == true;
  EXPECT_EQ(told, 1) << write_json(find("explanation-failed") ? find("explanation-failed")->event : Json());
  EXPECT_TRUE(was_told("explanation-arrived 5"));
}

TEST_F(CaseTest, OtherFilmsAreOpenedAndTheOneLookedAtIsAnalysedWhileAnExplanationRuns) {
  load_model();
  open(1);
  run();
  tell(contract::Explain{question(4, 1, "smooth-grad")});
  run(4);
  open(2);
  tell(ShowFilm{2});
  tell(Analyse{2});
  run();
  const auto all = types();
  const auto place = [&](const std::string& name) { return std::find(all.begin(), all.end(), name) - all.begin(); };
  EXPECT_LT(place("pixels-arrived 2"), place("explanation-arrived 4"));
  EXPECT_LT(place("analysis-arrived 2"), place("explanation-arrived 4"));
}

TEST_F(CaseTest, AnExplanationIsCancelledWhereverItIs) {
  load_model();
  open(1);
  run();
  tell(contract::Explain{question(4, 1, "smooth-grad")});
  tell(contract::Explain{question(5, 1, "occlusion")});
  run(3);
  tell(contract::CancelExplanation{4});
  tell(contract::CancelExplanation{5});
  run();
  EXPECT_EQ(types("explanation-cancelled"), (std::vector<std::string>{"explanation-cancelled 4", "explanation-cancelled 5"}));
  EXPECT_TRUE(types("explanation-arrived").empty());
  tell(contract::CloseFilm{1});
  EXPECT_TRUE(kept_.empty());
}

TEST_F(CaseTest, WhatTheEngineRefusesIsSaidAndTheFilmStaysAsItWas) {
  load_model();
  open(1);
  tell(contract::Explain{question(4, 1, "hunch")});
  run();
  EXPECT_TRUE(was_told("explanation-failed 4"));
  EXPECT_FALSE(was_told("film-failed 1"));
  tell(contract::ShowModelInput{1});
  run();
  EXPECT_TRUE(was_told("model-input-arrived 1"));
}

TEST_F(CaseTest, AMapThatWasNeverShownIsComputedForItsExport) {
  load_model();
  open(1);
  tell(contract::ExportMap{question(0), {}});
  run();
  std::vector<std::string> names;
  for (const Told& told : told_)
    if (told.event["type"] == "exported") names.push_back(told.event["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"1.a.evidence.png", "1.a.evidence.npy", "1.a.evidence.json"}));
  const int before = runs_;
  tell(contract::ExportMap{question(0), {}});
  run();
  EXPECT_EQ(runs_, before);
  const Blob& png =
      std::find_if(told_.begin(), told_.end(), [](const Told& told) { return told.event["type"] == "exported"; })->blobs[0];
  EXPECT_NE(std::string(png.begin(), png.end()).find("Not a medical device."), std::string::npos);
}

TEST_F(CaseTest, ACheckOfAMapIsAPieceOfWorkOfItsOwn) {
  load_model();
  open(1);
  tell(contract::CheckTrust{question(6)});
  run();
  ASSERT_TRUE(was_told("trust-arrived 6"));
  EXPECT_FALSE(find("trust-arrived")->event["trust"]["checks"].empty());
}

TEST_F(CaseTest, AnotherModelEndsWhatIsBeingExplainedAndAnalysesAgain) {
  load_model();
  open(1);
  open(2);
  run();
  tell(Analyse{2});
  run(2);
  tell(contract::Explain{question(4)});
  tell(contract::NetworkLeft{});
  load_model("other");
  run();
  EXPECT_TRUE(was_told("analysis-arrived 2"));
  EXPECT_EQ(find("analysis-arrived")->event["analysis"]["model"]["id"], "other");
  EXPECT_EQ(types("engine-ready").size(), 2u);
}

TEST_F(CaseTest, ExportsHoldWhatWasAnalysedAndWhatFailed) {
  load_model();
  open(1);
  open(2, "no image");
  for (int id : {1, 2}) tell(Analyse{id});
  tell(contract::ExportFindings{"json"});
  run();
  ASSERT_NE(find("exported"), nullptr);
  const Blob& bytes = find("exported")->blobs[0];
  auto records = parse_json(as_text(bytes), "findings.json");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 2u) << "an export waits for what was asked before it";
  EXPECT_EQ((*records)[0]["ok"], true);
  EXPECT_EQ((*records)[0]["backend"], "wasm");
  EXPECT_EQ((*records)[1]["error"]["message"], "no image");
  EXPECT_FALSE((*records)[0].contains("identifiers"));

  tell(contract::ExportFindings{"csv", true});
  run();
  const Blob& csv = find("exported")->blobs[0];
  EXPECT_NE(as_text(csv).find("Patient ID: 7"), std::string::npos);
  for (const auto& [key, value] : kept_) EXPECT_EQ(write_json(value).find("Patient"), std::string::npos) << "it is kept nowhere";
}

TEST_F(CaseTest, AnArchiveIsNoFilm) {
  open(1, "archive");
  tell(Analyse{1});
  run();
  EXPECT_TRUE(types("film-failed").empty());
  EXPECT_TRUE(kept_.empty());
}

/// What the thread keeps of a case is told to a new engine: nothing that was computed or asked is lost.
TEST_F(CaseTest, ACaseGoesOnInANewEngine) {
  load_model();
  for (int id : {1, 2, 3}) open(id);
  run();
  tell(Analyse{1});
  run();
  tell(Analyse{2});
  tell(contract::Explain{question(4, 1, "smooth-grad")});
  tell(Analyse{3});
  run(2);
  const auto kept = kept_;
  const Json crashed = kept.at(case_->next_task().empty() ? "task:5" : case_->next_task());
  told_.clear();
  waiting_.clear();
  start();
  load_model();
  told_.clear();
  for (const auto& [key, value] : kept) {
    if (value == crashed) continue;
    auto message = contract::parse_case_message(JsonReader(value, key, ErrorCode::kInvalidRequest));
    ASSERT_TRUE(message) << message.error().message;
    tell(std::move(*message));
  }
  tell(contract::TaskCrashed{crashed, "PNG"});
  run();
  int answered = 0;
  for (const std::string& name : types())
    answered += name == "analysis-arrived 2" || name == "analysis-failed 2" || name == "explanation-arrived 4" ||
                name == "explanation-failed 4" || name == "analysis-arrived 3" || name == "analysis-failed 3";
  EXPECT_EQ(answered, 3) << "everything that was asked is answered";
  EXPECT_EQ(types("analysis-failed").size() + types("explanation-failed").size(), 1u) << "and one of them by what happened";
  tell(contract::ExportFindings{"json"});
  run();
  auto records = parse_json(as_text(find("exported")->blobs[0]), "findings.json");
  EXPECT_EQ(records->size(), 3u) << "the first film's result was not lost";
}

}  // namespace
}  // namespace chestlight
