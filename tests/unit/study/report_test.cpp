// The report as text: figures and words as on screen, whole HTML without a script or an address, and no number without a film.
#include "study/report.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace chestlight {
namespace {

using namespace contract;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

FindingRecord finding(const std::string& id, Zone zone, double calibrated, double ratio) {
  FindingRecord record{id};
  record.logit = -1;
  record.probability = 0.7;
  record.calibrated = calibrated;
  record.threshold = 0.5;
  record.zone = zone;
  if (zone != Zone::kNotAssessed) {
    record.percentile = 96;
    record.rule_out = 0.05;
    record.rule_in = 0.22;
    record.likelihood_ratio = ratio;
  } else {
    record.zone_reason = "Only 12 films of the evaluation have it.";
  }
  record.place = "left lower zone";
  return record;
}

ReportPage page() {
  ReportPage page;
  page.record = FilmRecord{"ward <3>/a&b.png", true};
  page.record.sha256 = std::string(64, 'a');
  page.record.model = ModelId{"tiny", "cafe", "1.2"};
  page.record.operating_point = "balanced";
  page.record.operating_point_name = "Balanced";
  page.record.summary = "Likely: effusion (left lower zone). 1 unlikely. 1 not assessed.";
  page.record.findings = {finding("mass", Zone::kUnlikely, 0.012, 0.2), finding("hernia", Zone::kNotAssessed, 0.9, 0),
                          finding("effusion", Zone::kLikely, 0.57, 9)};
  page.record.date = "2026-12-01T04:05:06+00:00";
  page.record.app = "Chestlight 9.8.7";
  page.record.notice = "For research and teaching. Not a medical device.";
  page.record.reasons = {{"inverted", Severity::kWarn, "The image is inverted."}};
  page.record.input = InputRecord{"The whole range.", 224, 224, {1, 2, 30, 40}};
  page.record.measurements = {{"length", "48.3 mm", {{1, 2}, {3, 4}}}, {"angle", "37.2°", {}}};
  page.film = FilmInfo{1, "a&b.png", 300, 200};
  ModelInfo model;
  model.id = "tiny";
  model.name = "Tiny network";
  LabelInfo label{"effusion", "Pleural effusion"};
  label.evaluation = ScoreEvaluation{154, 1591, 0.84, {0.79, 0.88}};
  model.labels = {label, {"mass", "Mass"}, {"hernia", "Hernia"}};
  page.model = model;
  page.pictures = {{"The film", {1, 2, 3}}, {"Pleural effusion, Evidence", {4, 5}}};
  page.legend = ReportLegend{{6}, "0", "0.31", "logits"};
  return page;
}

TEST(Report, SaysOfEachFindingWhatTheScreenSays) {
  const std::string html = report_page(page());
  EXPECT_NE(
      html.find(
          "<tr class=\"likely\"><td class=\"name\">Pleural effusion</td><td class=\"zone\"><span class=\"shape\">▲</span>likely"
          "</td><td class=\"number score\">0.57</td><td class=\"number percentile\">96 %</td><td class=\"number limits\">"
          "0.050 / 0.22</td><td class=\"threshold\">0.50, below</td><td class=\"place\">left lower zone</td>"
          "<td class=\"small\">0.84 (0.79 to 0.88)</td><td class=\"small\">154 / 1591</td></tr>"),
      std::string::npos)
      << html;
  EXPECT_NE(html.find(">Hernia: Only 12 films of the evaluation have it.<"), std::string::npos);
  EXPECT_LT(html.find(">Pleural effusion</td>"), html.find(">Mass</td>")) << "likely stands first";
  EXPECT_LT(html.find(">Mass</td>"), html.find(">Hernia</td>")) << "what is not assessed stands last";
  for (const char* words : {"Likely: effusion (left lower zone).", "The image is inverted.", "length 48.3 mm; angle 37.2°.",
                            "Chestlight 9.8.7", "2026-12-01T04:05:06+00:00", "tiny 1.2, SHA-256 cafe", "Threshold (Balanced)",
                            "30 × 40 pixels from (1, 2) of the film became 224 × 224.", "300 × 200 pixels"})
    EXPECT_NE(html.find(words), std::string::npos) << words;
  EXPECT_EQ(count(html, "Not a medical device."), 1u);
  EXPECT_EQ(count(html, "<img class=\"picture\""), 2u);
}

TEST(Report, SaysTheCardiothoracicRatioAndWhoseLinesItIsOf) {
  ReportPage measured = page();
  measured.record.measurements.clear();
  measured.record.anatomy = AnatomyReport{true};
  EXPECT_EQ(count(report_page(measured), "Measured on the film"), 0u) << "none was measured";
  measured.record.cardiothoracic_ratio = measured.record.anatomy->cardiothoracic_ratio = 0.5;
  measured.record.anatomy->heart_line = WidthLine{{140, 180}, {200, 180}, 120};
  measured.record.anatomy->chest_line = WidthLine{{100, 190}, {220, 190}, 240};
  std::string html = report_page(measured);
  EXPECT_NE(html.find("cardiothoracic ratio 0.50 (heart 120.0 mm, chest 240.0 mm)."), std::string::npos) << html;
  measured.record.cardiothoracic_ratio = 0.6;
  measured.record.moved_lines = MovedLines{0.6, {{140, 180}, {212, 180}, {}}, {{100, 190}, {220, 190}, {}}};
  html = report_page(measured);
  EXPECT_NE(
      html.find("cardiothoracic ratio 0.60 (heart 72 px, chest 120 px), lines moved by the reader; measured by the network: "
                "0.50."),
      std::string::npos)
      << html;
}

TEST(Report, NeedsNothingElseAndTakesNoMarkupFromNames) {
  const std::string html = report_head("a <b>") + report_page(page()) + report_tail();
  EXPECT_NE(html.find("<h1>a&amp;b.png</h1>"), std::string::npos);
  EXPECT_NE(html.find("<title>a &lt;b&gt;</title>"), std::string::npos);
  EXPECT_EQ(count(html, "<script"), 0u);
  EXPECT_EQ(count(html, "http"), 0u);
  EXPECT_EQ(count(html, "style=\""), 0u) << "the policy of the page lets no style attribute in";
  EXPECT_EQ(count(html, "src="), count(html, "src=\"data:image/png;base64,"));
  EXPECT_NE(html.find("src=\"data:image/png;base64,AQID\""), std::string::npos);
  EXPECT_NE(html.find("src=\"data:image/png;base64,BAU=\""), std::string::npos);
  EXPECT_NE(html.find("src=\"data:image/png;base64,Bg==\""), std::string::npos);
}

TEST(Report, AFilmThatWasNotAnalysedSaysWhyAndHasNoNumber) {
  ReportPage refused = page();
  refused.record.findings.clear();
  refused.record.summary.reset();
  refused.record.error = Failure{"not-analysed", "This looks like no chest X-ray.", ""};
  refused.pictures.pop_back();
  const std::string html = report_page(refused);
  EXPECT_NE(html.find("Not analysed. This looks like no chest X-ray."), std::string::npos) << html;
  EXPECT_EQ(count(html, "<table>"), 0u);
  EXPECT_EQ(count(html, "Probability"), 0u);

  ReportPage unread;
  unread.record = FilmRecord{"a.txt", false, Failure{"format-unknown", "This is a text file.", "Choose a film."}};
  const std::string none = report_page(unread);
  EXPECT_NE(none.find("Not read. This is a text file. Choose a film."), std::string::npos) << none;
  EXPECT_EQ(count(none, "<img"), 0u);
}

TEST(Report, NoNumberWithoutAFilm) {
  ReportPage lost = page();
  lost.pictures.clear();
  const std::string html = report_page(lost);
  EXPECT_EQ(count(html, "<table>"), 0u) << html;
  EXPECT_EQ(count(html, "0.57"), 0u);
}

TEST(Report, NothingLikelyIsNeverWordedAsNormal) {
  ReportPage quiet = page();
  quiet.record.findings.pop_back();
  quiet.record.summary = "Nothing likely. 1 unlikely. 1 not assessed.";
  EXPECT_NE(report_page(quiet).find("class=\"caveat\""), std::string::npos);
  EXPECT_EQ(report_page(page()).find("class=\"caveat\""), std::string::npos);
}

TEST(Report, TellsWhatSmallChangesDoToTheScoresWhereThatWasChecked) {
  ReportPage checked = page();
  EXPECT_EQ(count(report_page(checked), "small changes"), 0u);
  for (FindingRecord& one : checked.record.findings) {
    one.calibrated_low = one.calibrated - 0.01;
    one.calibrated_high = one.calibrated + 0.03;
    one.zone_flips = false;
    one.stability = "0.56 to 0.60 over 8 small changes.";
  }
  std::string html = report_page(checked);
  EXPECT_EQ(count(html, "0.57 (0.56 to 0.60)"), 1u) << html;
  EXPECT_EQ(count(html, "No finding changes its zone."), 1u);
  checked.record.findings.back().zone_flips = true;
  html = report_page(checked);
  EXPECT_EQ(count(html, "No finding changes its zone."), 0u);
  EXPECT_EQ(count(html, "Pleural effusion: 0.56 to 0.60 over 8 small changes."), 1u);
}

TEST(Report, TellsSyntheticFilmsAndTheReadersOwnThreshold) {
  ReportPage own = page();
  own.record.synthetic = true;
  own.record.findings[2].own_threshold = 0.3;
  own.record.findings[2].own_state = FindingState::kAbove;
  const std::string html = report_page(own);
  EXPECT_NE(html.find("Computer-generated. No real patient."), std::string::npos);
  EXPECT_NE(html.find("0.50, below; own 0.30, above"), std::string::npos);
}

TEST(Report, ShowsTheMapThatIsWantedOrElseTheFirstThatSpeaks) {
  FilmRecord record = page().record;
  EXPECT_EQ(finding_for_report(record, ""), "effusion");
  EXPECT_EQ(finding_for_report(record, "mass"), "mass");
  EXPECT_EQ(finding_for_report(record, "not there"), "effusion");
  record.findings[2].zone = Zone::kUncertain;
  EXPECT_EQ(finding_for_report(record, ""), "effusion");
  record.findings.pop_back();
  EXPECT_EQ(finding_for_report(record, ""), "") << "neither unlikely ones nor those not assessed";
  EXPECT_EQ(finding_for_report({}, "mass"), "");
}

}  // namespace
}  // namespace chestlight
