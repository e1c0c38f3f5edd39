// What a reader makes of films is the case's: it stands in exports, outlives a stopped engine, and comes back with its film.
#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using contract::Analyse;
using contract::Opinion;
using contract::Verdict;
using testing::CaseTest;

class CaseReadingsTest : public CaseTest {
 protected:
  void analyse(std::initializer_list<int> films) {
    load_model();
    for (int id : films) {
      open(id);
      tell(Analyse{id});
    }
    run();
  }
  Json exported() {
    tell(contract::ExportFindings{"json"});
    run();
    const testing::Told* told = find("exported");
    if (!told) return nullptr;
    return Json::parse(std::string(told->blobs[0].begin(), told->blobs[0].end()));
  }
  std::vector<std::string> files_exported() {
    std::vector<std::string> files;
    for (const Json& record : exported()) files.push_back(record["file"]);
    return files;
  }
};

using Names = std::vector<std::string>;

TEST_F(CaseReadingsTest, AVerdictStandsBesideTheScoreInExports) {
  analyse({1, 2});
  const Json before = exported();
  tell(contract::GiveVerdict{2, {"a", Opinion::kDisagree, " a\nnipple "}});
  tell(contract::MarkRead{2});
  tell(contract::KeepMeasurements{2, {{"length", "3 mm", {{1, 2}, {3, 4}}}}});
  EXPECT_EQ(types("reading-changed"), (Names{"reading-changed 2", "reading-changed 2", "reading-changed 2"}));
  const Json& reading = find("reading-changed")->event["reading"];
  EXPECT_EQ(reading["verdicts"][0]["note"], "a nipple");
  EXPECT_EQ(reading["read"], true);

  const Json after = exported();
  EXPECT_EQ(after[0], before[0]) << "the other film's record is what it was";
  const Json& finding = after[1]["findings"][0];
  EXPECT_EQ(finding["id"], "a");
  EXPECT_EQ(finding["verdict"], "disagree");
  EXPECT_EQ(finding["verdict_note"], "a nipple");
  EXPECT_EQ(finding["calibrated"], before[1]["findings"][0]["calibrated"]);
  EXPECT_EQ(finding["zone"], before[1]["findings"][0]["zone"]);
  EXPECT_EQ(after[1]["read"], true);
  EXPECT_EQ(after[1]["measurements"][0]["text"], "3 mm");
}

TEST_F(CaseReadingsTest, ItOutlivesAnEngineAndAnotherModel) {
  analyse({1});
  tell(contract::GiveVerdict{1, {"a", Opinion::kAgree, ""}});
  const std::map<std::string, Json> kept = kept_;
  start();
  for (const auto& [key, message] : kept) {
    auto parsed = contract::parse_case_message(JsonReader(message, "message", ErrorCode::kInvalidRequest));
    ASSERT_TRUE(parsed) << parsed.error().message;
    tell(*parsed);
  }
  EXPECT_EQ(exported()[0]["findings"][0]["verdict"], "agree");
  load_model("other");
  tell(Analyse{1});
  run();
  EXPECT_EQ(exported()[0]["findings"][0]["verdict"], "agree");
}

TEST_F(CaseReadingsTest, WhatAnEarlierVisitKeptComesBackBeforeTheFilmIsOpenAndStandsInExports) {
  load_model();
  open(1);
  tell(contract::GiveVerdict{1, {"a", Opinion::kAgree, "new"}});
  contract::BringBackReading back{1};
  back.reading.read = true;
  back.reading.verdicts = {{"a", Opinion::kDisagree, "old"}, {"b", Opinion::kDisagree, ""}};
  back.correction = contract::Correction{.inverted = true};
  tell(back);
  tell(contract::BringBackReading{7});
  ASSERT_EQ(types("reading-came-back"), Names{"reading-came-back 1"}) << "not of a film that is not here";
  const Json& told = find("reading-came-back")->event;
  EXPECT_EQ(told["reading"]["verdicts"].size(), 2u);
  EXPECT_EQ(told["correction"]["invert"], true);
  EXPECT_FALSE(was_told("film-opened 1"));
  EXPECT_EQ(kept_["film:1"]["reading"], told["reading"]) << "it outlives the engine";
  tell(Analyse{1});
  run();
  EXPECT_EQ(exported()[0]["findings"][0]["verdict_note"], "new") << "what was said since stands";
  EXPECT_EQ(exported()[0]["read"], true);
}

TEST_F(CaseReadingsTest, TheFrameThatWasChosenComesBackAndLinesOfAnotherFrameDoNot) {
  const contract::MovedLines lines{0.5, {{0, 0}, {5, 0}, {}}, {{0, 0}, {10, 0}, {}}};
  hashes_ = {{1, "one"}, {2, "two"}};
  open(1);
  contract::BringBackReading back{1, {}, {}, false, 3, true};
  back.reading.moved_lines = lines;
  tell(back);
  EXPECT_EQ(kept_["film:1"]["frame"], 3);
  EXPECT_EQ(kept_["film:1"]["chosen"], true);
  EXPECT_FALSE(kept_["film:1"]["reading"]["moved_lines"].is_null());
  open(2);
  run();
  back.id = 2;
  tell(back);
  EXPECT_EQ(kept_["film:2"]["frame"], 0) << "it is open already";
  EXPECT_TRUE(kept_["film:2"]["reading"]["moved_lines"].is_null());
}

TEST_F(CaseReadingsTest, FilmsTakenAwayAreInNoExportAndComeBackAsTheyWere) {
  analyse({1, 2});
  tell(contract::GiveVerdict{1, {"a", Opinion::kAgree, ""}});
  const Json before = exported();
  const int runs = runs_;
  tell(contract::SetAsideFilms{{1, 7}});
  EXPECT_FALSE(engine_->film(1)) << "its pixels are let go";
  EXPECT_EQ(files_exported(), Names{"2.png"});
  tell(contract::BringBackFilms{{1, 7}});
  EXPECT_EQ(exported(), before);
  tell(contract::ShowFilm{1});
  run();
  EXPECT_TRUE(was_told("pixels-arrived 1")) << "read again when it is looked at";
  EXPECT_EQ(runs_, runs) << "and not computed again";
}

TEST_F(CaseReadingsTest, WhatWasAskedOfAFilmIsVoidWhenItIsTakenAway) {
  load_model();
  open(1);
  open(2);
  tell(Analyse{1});
  tell(Analyse{2});
  tell(contract::SetAsideFilms{{1}});
  run();
  EXPECT_FALSE(was_told("analysis-arrived 1"));
  EXPECT_TRUE(was_told("analysis-arrived 2"));
  tell(contract::BringBackFilms{{1}});
  tell(contract::ReopenFilm{1});
  run();
  tell(Analyse{1});
  run();
  EXPECT_TRUE(was_told("analysis-arrived 1"));
}

TEST_F(CaseReadingsTest, AFilmTakenAwayWhileItIsReadIsLetGo) {
  open(1);
  tell(contract::SetAsideFilms{{1}});
  run();
  EXPECT_TRUE(types().empty());
  EXPECT_FALSE(engine_->film(1));
}

TEST_F(CaseReadingsTest, ACopyIsExportedWithTheResultsOfItsOriginal) {
  hashes_ = {{1, "one"}, {2, "one"}, {3, "three"}};
  load_model();
  for (int id : {1, 2, 3}) open(id);
  tell(Analyse{1});
  tell(contract::GiveVerdict{1, {"a", Opinion::kAgree, ""}});
  run();
  EXPECT_EQ(find("film-opened")->event["sha256"], "three");
  const Json records = exported();
  ASSERT_EQ(records.size(), 2u) << "the third was not analysed";
  EXPECT_EQ(records[0]["copy_of"], "");
  EXPECT_EQ(records[0]["sha256"], "one");
  EXPECT_EQ(records[1]["file"], "2.png");
  EXPECT_EQ(records[1]["copy_of"], "1.png");
  EXPECT_EQ(records[1]["findings"], records[0]["findings"]);
  tell(contract::SetAsideFilms{{1, 2}});
  EXPECT_TRUE(exported().empty());
}

}  // namespace
}  // namespace chestlight
