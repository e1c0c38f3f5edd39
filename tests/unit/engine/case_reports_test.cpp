// Pages of reports from the case at work: every one that is asked for is told, with pictures where there is a film and without a
// number where there is none; and what exports know of a film's file and of the reader.
#include <gtest/gtest.h>

#include "case_fixture.h"

namespace chestlight {
namespace {

using namespace contract;
using testing::CaseTest;
using testing::Told;

class ReportTest : public CaseTest {
 protected:
  ExportReport asked(int film, const std::string& finding = "a") {
    ExportReport report{question(0, film)};
    report.question.finding = finding;
    report.date = "2026-12-01T04:05:06+00:00";
    return report;
  }
  std::string page() const {
    const Told* told = find("report-page-written");
    return told && !told->blobs.empty() ? std::string(as_text(told->blobs[0])) : "";
  }
  static std::size_t pictures(const std::string& html) {
    std::size_t count = 0;
    for (std::size_t at = html.find("<img class=\"picture\""); at != std::string::npos;
         at = html.find("<img class=\"picture\"", at + 1))
      ++count;
    return count;
  }
};

TEST_F(ReportTest, APageHoldsTheFilmTheMapAndTheFiguresOfTheRecord) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  const int before = runs_;
  tell(asked(1));
  run();
  EXPECT_EQ(runs_, before) << "the evidence comes from what the network has answered already";
  const std::string html = page();
  EXPECT_EQ(pictures(html), 2u) << html.substr(0, 400);
  const Json analysis = find("analysis-arrived")->event["analysis"];
  for (const Json& finding : analysis["findings"])
    EXPECT_NE(html.find("score\">" + finding["score_text"].get<std::string>() + "</td>"), std::string::npos);
  EXPECT_NE(html.find("2026-12-01T04:05:06+00:00"), std::string::npos);
  const Json& event = find("report-page-written")->event;
  EXPECT_EQ(event["name"], "1.report.html");
  EXPECT_EQ(event["id"], 1);
  EXPECT_NE(event["head"].get<std::string>().find("<style>"), std::string::npos);
}

TEST_F(ReportTest, AnotherMethodIsAskedForItsMap) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  ExportReport report = asked(1);
  report.question.method = "grad-cam";
  tell(report);
  run();
  EXPECT_EQ(pictures(page()), 2u);
  EXPECT_NE(page().find("Grad-CAM"), std::string::npos);
}

TEST_F(ReportTest, AFilmThatIsNoneHasAPageThatSaysWhyAndNoNumber) {
  load_model();
  open(1, "no image");
  tell(Analyse{1});
  tell(asked(1));
  run();
  EXPECT_NE(page().find("Not read. no image"), std::string::npos) << page();
  EXPECT_EQ(page().find("<table"), std::string::npos);
  EXPECT_EQ(pictures(page()), 0u);
}

TEST_F(ReportTest, AFilmThatWasNotAnalysedIsShownWithoutANumber) {
  load_model();
  open(1);
  run();
  tell(asked(1));
  run();
  EXPECT_NE(page().find("The film was not analysed."), std::string::npos) << page().substr(0, 400);
  EXPECT_EQ(page().find("<table"), std::string::npos);
  EXPECT_EQ(pictures(page()), 1u);
}

TEST_F(ReportTest, AMapThatCannotBeMadeIsSaidOnThePage) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  network_fails_ = Failure{"inference-failed", "The network gave no answer.", ""};
  ExportReport report = asked(1);
  report.question.method = "occlusion";
  tell(report);
  run();
  EXPECT_NE(page().find("The map could not be made: The network gave no answer."), std::string::npos);
  EXPECT_EQ(pictures(page()), 1u);
  EXPECT_NE(page().find("<table"), std::string::npos) << "the film and what was found in it are there";
}

TEST_F(ReportTest, EveryPageIsToldAlsoOfFilmsThatGo) {
  load_model();
  open(1);
  tell(Analyse{1});
  run();
  tell(asked(9));
  ASSERT_NE(find("report-page-written"), nullptr);
  EXPECT_TRUE(find("report-page-written")->blobs.empty());
  ExportReport report = asked(1);
  report.question.method = "occlusion";
  tell(report);
  run(2);
  tell(CloseFilm{1});
  EXPECT_EQ(types("report-page-written").size(), 2u);
  EXPECT_TRUE(find("report-page-written")->blobs.empty());
}

TEST_F(ReportTest, RecordsHoldWhatIsKnownOfTheFileAndTheReader) {
  load_model();
  open(1);
  run();
  auto opened = engine_->open(testing::film_png());
  ASSERT_TRUE(opened);
  FilmRead read{1, describe(*opened, "1.png", **engine_->film(*opened)), "chestlight", 5};
  read.sha256 = "cafe";
  read.synthetic = true;
  tell(read);
  tell(Analyse{1});
  tell(contract::KeepMeasurements{1, {{"length", "12 px", {{1, 2}, {3, 4}}}}});
  ExportFindings asked{"json"};
  asked.date = "2026-12-01T04:05:06+00:00";
  asked.own_thresholds = {{"a", 1e-6}, {"b", 1.5}};
  tell(asked);
  run();
  auto records = parse_json(as_text(find("exported")->blobs[0]), "findings.json");
  ASSERT_TRUE(records);
  const Json& record = (*records)[0];
  EXPECT_EQ(record["sha256"], "cafe");
  EXPECT_EQ(record["synthetic"], true);
  EXPECT_EQ(record["date"], asked.date);
  EXPECT_EQ(record["measurements"][0]["text"], "12 px");
  EXPECT_EQ(record["model"]["version"], model_->manifest().version);
  EXPECT_EQ(record["operating_point_name"], model_->manifest().operating_points[0].name);
  EXPECT_TRUE(record["app"].get<std::string>().starts_with("Chestlight "));
  for (const Json& finding : record["findings"]) {
    if (finding["id"] == "a") EXPECT_EQ(finding["own_state"], "above");
    else EXPECT_EQ(finding["own_threshold"], nullptr) << "a threshold lies between 0 and 1";
  }
}

TEST_F(ReportTest, ThresholdsOfOnesOwnAreAnOperatingPoint) {
  load_model();
  const Manifest& manifest = model_->manifest();
  auto own = find_operating_point(manifest, "own:A=0.0625");
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->id, "own:a=0.0625");
  EXPECT_EQ(own->thresholds[*manifest.find_label("a")].value, 0.0625f);
  const chestlight::OperatingPoint& usual = manifest.operating_points[manifest.default_operating_point];
  for (std::size_t i = 0; i < manifest.labels.size(); ++i)
    if (manifest.labels[i].id != "a") {
      EXPECT_EQ(own->thresholds[i].value, usual.thresholds[i].value);
    }
  for (const char* wrong :
       {"own:", "own:a", "own:a=", "own:a=0", "own:a=1", "own:a=x", "own:a=0.2,", "own:nobody=0.2", "own:=0.2"})
    EXPECT_FALSE(find_operating_point(manifest, wrong)) << wrong;
}

}  // namespace
}  // namespace chestlight
