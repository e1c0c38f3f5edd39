// Lungs and heart in the case at work: after every finding, once for each correction, in words, records and exports; and what
// happens where the network for them is missing or fails.
#include <algorithm>

#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using contract::Analyse;
using testing::CaseTest;
using testing::Told;

class AnatomyCase : public CaseTest {
 protected:
  void SetUp() override {
    CaseTest::SetUp();
    tell(contract::AnatomyAwaited{});
    load_model();
  }
  void open_and_analyse(std::initializer_list<int> ids) {
    for (int id : ids) open(id);
    run();
    for (int id : ids) tell(Analyse{id});
  }
  Json record() {
    tell(contract::ExportFindings{"json"});
    run();
    return (*parse_json(as_text(find("exported")->blobs[0]), "findings.json"))[0];
  }
  static contract::WidthLine line(double from, double to) { return {{from, 100}, {to, 100}, {}}; }
};

TEST_F(AnatomyCase, ComesAfterTheFindingsOfAllFilms) {
  load_anatomy();
  open_and_analyse({1, 2, 3});
  tell(contract::ShowFilm{2});
  run();
  const auto all = types();
  const auto is_analysis = [](const std::string& name) { return name.starts_with("analysis-arrived"); };
  const auto is_anatomy = [](const std::string& name) { return name.starts_with("anatomy-arrived"); };
  const auto last = std::find_if(all.rbegin(), all.rend(), is_analysis).base();
  EXPECT_EQ(std::count_if(all.begin(), last, is_anatomy), 0);
  EXPECT_EQ(types("anatomy-arrived"), (std::vector<std::string>{"anatomy-arrived 2", "anatomy-arrived 1", "anatomy-arrived 3"}))
      << "the film looked at goes first";
  EXPECT_EQ(kept_.size(), 3u) << "the films, and no task";
}

TEST_F(AnatomyCase, WaitsForItsNetworkAndHoldsNothingUp) {
  open_and_analyse({1});
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
  EXPECT_TRUE(types("anatomy-arrived").empty());
  EXPECT_TRUE(record()["anatomy"].is_null()) << "an export does not wait for a network that may never come";
  load_anatomy();
  run();
  EXPECT_TRUE(was_told("anatomy-arrived 1"));
}

TEST_F(AnatomyCase, PutsPlacesIntoWordsAndIntoTheRecord) {
  open_and_analyse({1});
  run();
  const Json before = find("analysis-arrived")->event["analysis"];
  load_anatomy();
  run();
  const Json& arrived = find("anatomy-arrived")->event;
  ASSERT_EQ(arrived["anatomy"]["found"], true) << arrived["anatomy"]["reason"];
  ASSERT_EQ(arrived["places"].size(), before["findings"].size());
  const Json made = record();
  for (std::size_t i = 0; i < arrived["places"].size(); ++i) {
    const Json &place = arrived["places"][i], &finding = before["findings"][i];
    EXPECT_EQ(place["finding"], finding["id"]);
    EXPECT_TRUE(finding["evidence"].is_null()) << "not known before";
    EXPECT_EQ(made["findings"][i]["evidence"], place["evidence"]);
    EXPECT_EQ(made["findings"][i]["place"], place["place"]);
    EXPECT_EQ(made["findings"][i]["logit"], finding["logit"]) << "scores stay what they were";
    if (place["evidence"].is_null()) continue;
    EXPECT_EQ(place["where"].get<std::string>().find("no lungs found"), std::string::npos);
  }
  EXPECT_EQ(made["summary"], arrived["summary"]);
  EXPECT_EQ(made["anatomy"], arrived["anatomy"]);
  EXPECT_EQ(made["cardiothoracic_ratio"], arrived["anatomy"]["cardiothoracic_ratio"]);
  EXPECT_TRUE(made["cardiothoracic_ratio"].is_number());
  EXPECT_TRUE(made["moved_lines"].is_null());
}

TEST_F(AnatomyCase, IsLookedForOnceForEachCorrection) {
  load_anatomy();
  open(1);
  const auto analyse = [&](Analyse asked) {
    tell(std::move(asked));
    run();
    return searches_;
  };
  contract::Correction turned;
  turned.quarter_turns = 1;
  EXPECT_EQ(analyse({1, {}, false, "low"}), 1);
  EXPECT_EQ(analyse({1, {}, false, "high"}), 1);
  const Json& again = find("analysis-arrived")->event["analysis"];
  EXPECT_TRUE(std::any_of(again["findings"].begin(), again["findings"].end(), [](const Json& f) {
    return !f["evidence"].is_null();
  })) << "the words have it from the start now";
  EXPECT_EQ(analyse({1, turned}), 2);
  EXPECT_EQ(find("anatomy-arrived")->event["correction"]["rotate"], 90);
  EXPECT_EQ(analyse({1, {}}), 3) << "only the last one is kept";
  tell(contract::ReopenFilm{1});
  EXPECT_EQ(analyse({1, {}}), 4) << "the file may have changed";
  EXPECT_EQ(types("anatomy-arrived").size(), 5u);
}

TEST_F(AnatomyCase, AnExportWaitsForIt) {
  load_anatomy();
  open_and_analyse({1});
  EXPECT_EQ(record()["anatomy"]["found"], true);
}

TEST_F(AnatomyCase, APageOfAReportWaitsForItButNotForOtherFilms) {
  load_anatomy();
  open_and_analyse({1, 2, 3});
  for (int step = 0; step < 1000 && !was_told("analysis-arrived 1"); ++step) run(1);
  contract::ExportReport report{question(0, 1)};
  tell(report);
  for (int step = 0; step < 1000 && types("report-page-written").empty(); ++step) run(1);
  ASSERT_NE(find("report-page-written"), nullptr);
  EXPECT_TRUE(was_told("anatomy-arrived 1"));
  EXPECT_EQ(searches_, 1);
  EXPECT_NE(as_text(find("report-page-written")->blobs[0]).find("cardiothoracic ratio 0."), std::string_view::npos);
  run();
  EXPECT_EQ(searches_, 3);
}

TEST_F(AnatomyCase, APageOfAReportDoesNotWaitForANetworkThatMayNeverCome) {
  open_and_analyse({1});
  run();
  tell(contract::ExportReport{question(0, 1)});
  run();
  EXPECT_FALSE(types("report-page-written").empty());
}

TEST_F(AnatomyCase, ANetworkThatCannotBeUsedFailsNothingElse) {
  open_and_analyse({1});
  run();
  tell(contract::AnatomyNotLoaded{{"hash-mismatch", "The file is damaged.", "Copy it again."}});
  run();
  EXPECT_EQ(find("anatomy-failed")->event["error"]["message"], "The file is damaged.");
  open(2);
  tell(Analyse{2});
  run();
  EXPECT_TRUE(was_told("analysis-arrived 2"));
  EXPECT_TRUE(was_told("anatomy-failed 2"));
  EXPECT_TRUE(types("analysis-failed").empty());
  const Json made = record();
  EXPECT_EQ(made["ok"], true);
  EXPECT_TRUE(made["error"].is_null() && made["anatomy"].is_null() && made["cardiothoracic_ratio"].is_null());
}

TEST_F(AnatomyCase, ARunThatFailsIsTold) {
  load_anatomy();
  anatomy_fails_ = contract::Failure{"inference-failed", "It could not be run.", "Reload."};
  open_and_analyse({1});
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
  EXPECT_TRUE(was_told("anatomy-failed 1"));
  EXPECT_TRUE(record()["anatomy"].is_null());
}

TEST_F(AnatomyCase, OfAFilmThatWasRefusedOnlyItsPoseIsTold) {
  load_anatomy();
  open(1);
  run();
  contract::Correction small;
  small.crop = contract::PixelRect{20, 20, 50, 50};  // the model takes 64
  tell(Analyse{1, small});
  run();
  ASSERT_EQ(find("analysis-arrived")->event["analysis"]["analysed"], false);
  const Json anatomy = find("anatomy-arrived")->event["anatomy"];
  EXPECT_EQ(searches_, 1) << "how it lies helps to put it right";
  EXPECT_EQ(anatomy["found"], false);
  EXPECT_EQ(anatomy["reason_id"], "not-analysed");
  EXPECT_EQ(anatomy["pose"]["quarter_turns"], 0);
  EXPECT_TRUE(anatomy["lungs"]["left"].is_null() && anatomy["heart"].is_null() && anatomy["cardiothoracic_ratio"].is_null());
  EXPECT_TRUE(find("anatomy-arrived")->event["places"].empty());
  EXPECT_TRUE(record()["cardiothoracic_ratio"].is_null());
}

TEST_F(AnatomyCase, WithoutAChestTheWordsOfTheTemplateStay) {
  open_and_analyse({1});
  run();
  const Json before = find("analysis-arrived")->event["analysis"];
  chest_logit_ = -4;
  load_anatomy();
  run();
  const Json& arrived = find("anatomy-arrived")->event;
  EXPECT_EQ(arrived["anatomy"]["reason_id"], "no-chest");
  for (std::size_t i = 0; i < arrived["places"].size(); ++i) {
    EXPECT_EQ(arrived["places"][i]["where"], before["findings"][i]["where"]);
    EXPECT_TRUE(arrived["places"][i]["evidence"].is_null());
  }
}

TEST_F(AnatomyCase, LinesThatTheReaderMovedGoIntoTheRecordAndStayThere) {
  load_anatomy();
  open_and_analyse({1});
  run();
  const Json measured = record()["anatomy"];
  tell(contract::MoveWidthLines{1, line(100, 160), line(50, 250)});
  Json made = record();
  EXPECT_DOUBLE_EQ(made["cardiothoracic_ratio"], 0.3);
  EXPECT_DOUBLE_EQ(made["moved_lines"]["cardiothoracic_ratio"], 0.3);
  EXPECT_EQ(made["anatomy"], measured) << "what was measured stays beside it";
  tell(Analyse{1, {}, false, "high"});
  run();
  EXPECT_DOUBLE_EQ(record()["cardiothoracic_ratio"], 0.3) << "other thresholds do not move them back";
  tell(contract::MoveWidthLines{1, {}, {}});
  made = record();
  EXPECT_EQ(made["cardiothoracic_ratio"], measured["cardiothoracic_ratio"]);
  EXPECT_TRUE(made["moved_lines"].is_null());
}

TEST_F(AnatomyCase, MovedLinesMayBeToldBeforeLungsAndHeartAreKnown) {
  open(1);
  run();
  tell(contract::MoveWidthLines{1, line(100, 160), line(50, 250)});  // as the page tells an engine that replaces another
  EXPECT_TRUE(was_told("reading-changed 1"));
  load_anatomy();
  tell(Analyse{1});
  EXPECT_DOUBLE_EQ(record()["cardiothoracic_ratio"], 0.3);
}

TEST_F(AnatomyCase, AFilmThatIsBroughtBackBeforeItsLungsWereFoundHasThemFound) {
  open_and_analyse({1});
  run();
  tell(contract::SetAsideFilms{{1}});
  load_anatomy();
  run();
  EXPECT_TRUE(types("anatomy-arrived").empty());
  tell(contract::BringBackFilms{{1}});
  run();
  EXPECT_TRUE(was_told("anatomy-arrived 1"));
  EXPECT_FALSE(find("anatomy-arrived")->event["places"].empty());
  tell(contract::SetAsideFilms{{1}});
  tell(contract::BringBackFilms{{1}});
  run();
  EXPECT_EQ(searches_, 1) << "once";
}

TEST_F(AnatomyCase, ASearchBeginsAgainWhenTheModelIsAnother) {
  load_anatomy();
  open_and_analyse({1});
  while (searches_ == 0 && std::none_of(waiting_.begin(), waiting_.end(), [](const CaseStep& s) {
           const auto* run = std::get_if<contract::RunNetwork>(&s.step);
           return run && run->graph == kAnatomyGraph;
         }))
    run(1);
  tell(contract::NetworkLeft{});
  EXPECT_TRUE(types("anatomy-failed").empty());
  load_model("other");
  run();
  EXPECT_TRUE(was_told("anatomy-arrived 1"));
}

TEST_F(CaseTest, WithoutAWordOfAnatomyNothingIsLookedFor) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  EXPECT_TRUE(types("anatomy-arrived").empty());
  EXPECT_EQ(kept_.size(), 1u);
}

}  // namespace
}  // namespace chestlight
