// Records as other programs read them, and CSV that no spreadsheet runs: what begins a formula in text is marked, wherever a
// program might split the line.
#include "study/export.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/version.h"
#include "contract/film_record_json.h"

namespace chestlight {
namespace {

using namespace contract;

/// Names of files as they come, and as a field has them. Kinds of splitting: OWASP, "CSV Injection".
constexpr std::pair<const char*, const char*> kNames[] = {
    {"plain.png", "plain.png"},
    {"=1+1.png", "'=1+1.png"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"a;=1+1;b", "\"a;'=1+1;b\""},
    {"a; =1+1", "\"a; '=1+1\""},
    {"a\t-2", "\"a\t'-2\""},
    {"a\n+3", "\"a\n'+3\""},
    {"\uff1d1+1", "'\uff1d1+1"},
    {"a-b+c=d@e", "a-b+c=d@e"},
    {"a, -b", "\"a, -b\""},
    {"say \"=1\"", "\"say \"\"=1\"\"\""},
};

TEST(Csv, NoFieldBeginsAFormula) {
  for (const auto& [name, wanted] : kNames) {
    EXPECT_EQ(csv_field(name), wanted);
    const std::string csv = records_as_csv({failure_record(name, {"x", "no film", ""})});
    EXPECT_TRUE(csv.substr(csv.find("\r\n") + 2).starts_with(std::string(wanted) + ",false,x,no film,,false,")) << csv;
  }
}

Analysis analysis() {
  Analysis analysis{true};
  analysis.operating_point.id = "balanced";
  analysis.operating_point.name = "Balanced";
  analysis.summary.sentence = "Nothing likely. Uncertain: effusion, mass.";
  analysis.model = {"tiny", "abc", "1.2"};
  analysis.reasons = {{"inverted", Severity::kWarn, "It is inverted."}};
  analysis.evidence_residual = 1e-7;
  analysis.map = contract::PictureSize{2, 2};
  analysis.input.crop = {1, 2, 30, 40};
  analysis.input.window = ValueRange{10, 200.5};
  analysis.input.rule = "The whole range.";
  for (const char* id : {"effusion", "mass"}) {
    Finding finding{id, id};
    finding.logit = -1.5;
    finding.probability = 0.1;
    finding.calibrated = 0.25;
    finding.threshold = 0.5;
    finding.state = FindingState::kBelow;
    finding.zone = Zone::kUncertain;
    finding.percentile = 80;
    finding.rule_out = 0.1;
    finding.rule_in = 0.5;
    finding.likelihood_ratio = 1.5;
    finding.place = "left lower zone";
    finding.reading = "0.25: uncertain.";
    analysis.findings.push_back(finding);
  }
  return analysis;
}

TEST(Csv, TheWideOneHasALinePerFilmAndRoomForFilmsWithout) {
  FilmRecord checked = analysis_record("a.png", analysis(), "wasm", "chestlight");
  checked.findings[0].calibrated_low = 0.125;
  checked.findings[0].calibrated_high = 0.5;
  checked.findings[0].zone_flips = true;
  const std::string csv = records_as_wide_csv({checked, failure_record("b.png", {"x", "no film", ""})});
  EXPECT_TRUE(csv.starts_with(
      "file,ok,error_code,error_message,sha256,synthetic,model,model_version,model_sha256,operating_point,"
      "operating_point_name,site_profile,summary,warnings,measurements,cardiothoracic_ratio,read,copy_of,effusion,effusion "
      "low,effusion high,effusion zone,effusion zone flips,effusion threshold,"
      "effusion own threshold,effusion verdict,effusion note,mass,mass low,mass high,mass zone,mass zone flips,"
      "mass threshold,mass own threshold,mass verdict,mass note,date,app,notice\r\n"))
      << csv;
  EXPECT_NE(
      csv.find("a.png,true,,,,false,tiny,1.2,abc,balanced,Balanced,,\"Nothing likely. Uncertain: effusion, mass.\",inverted,,,"
               "false,,0.25,0.125,0.5,uncertain,true,0.5,,,,0.25,,,uncertain,,0.5,,,,," +
               app_name_and_version() + ",For research"),
      std::string::npos)
      << csv;
  EXPECT_NE(
      csv.find("b.png,false,x,no film,,false,,,,,,,,,,,false,,,,,,,,,,,,,,,,,,,,," + app_name_and_version() + ",For research"),
      std::string::npos)
      << csv;
}

TEST(Csv, HasALineForEachFinding) {
  Analysis with_shares = analysis();
  with_shares.findings[0].evidence = EvidenceShares{0.25, 0, 0.125, 0.625};
  with_shares.findings[0].possible_shortcut = true;
  FilmRecord record = analysis_record("a.png", with_shares, "wasm", "chestlight");
  record.cardiothoracic_ratio = 0.5;
  record.sha256 = "cafe";
  record.synthetic = true;
  record.date = "2026-12-01T04:05:06+00:00";
  record.measurements = {{"length", "48.3 mm", {{1, 2}, {3, 4}}}, {"angle", "=1+1", {}}};
  record.findings[0].own_threshold = 0.2;
  record.findings[0].own_state = FindingState::kAbove;
  const std::string csv = records_as_csv({record});
  const std::string line =
      "a.png,true,,,cafe,true,tiny,1.2,abc,chestlight,wasm,balanced,Balanced,,effusion,-1.5,0.1,0.25,0.5,below,0.2,above,"
      "uncertain,,80,0.1,0.5,1.5,left lower zone,0.25: uncertain.,0.25,0,0.125,0.625,true,,,,,,,\"Nothing likely. Uncertain: "
      "effusion, mass.\",,inverted,,"
      "1 2 30 40,10 200.5,The whole range.,1e-07,\"length 48.3 mm; angle =1+1\",0.5,false,,2026-12-01T04:05:06+00:00," +
      app_name_and_version() + ",For research and teaching. Not a medical device.\r\n";
  EXPECT_NE(csv.find(line), std::string::npos) << csv;
  EXPECT_NE(csv.find("mass,-1.5,0.1,0.25,0.5,below,,,uncertain,,80,0.1,0.5,1.5,left lower zone,0.25: uncertain.,,,,,,,,,,,,"),
            std::string::npos)
      << "shares that are not known are empty: " << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_EQ(csv.find("identifiers"), std::string::npos);
}

TEST(Records, AFilmThatWasNotAnalysedSaysWhyAndHasNoScores) {
  Analysis refused;
  refused.reasons = {{"inverted", Severity::kWarn, "It is inverted."}, {"blank", Severity::kRefuse, "Nothing is to be seen."}};
  const FilmRecord record = analysis_record("a.png", refused, "wasm", "chestlight");
  EXPECT_TRUE(record.ok);
  EXPECT_EQ(record.error->code, "not-analysed");
  EXPECT_EQ(record.error->message, "Nothing is to be seen.");
  EXPECT_EQ(record.refusals, std::vector<std::string>{"blank"});
  EXPECT_EQ(record.warnings, std::vector<std::string>{"inverted"});
  EXPECT_FALSE(record.evidence_residual);
}

TEST(Records, JsonComesBackAsItWas) {
  const FilmRecord record = analysis_record("a.png", analysis(), "wasm", "browser");
  auto json = parse_json(records_as_json({record, failure_record("b.png", {"x", "no film", "Export it again."})}), "records");
  ASSERT_TRUE(json);
  ASSERT_EQ(json->size(), 2u);
  EXPECT_EQ((*json)[0]["findings"][1]["state"], "below");
  EXPECT_EQ((*json)[1]["ok"], false);
  EXPECT_EQ((*json)[1]["model"], nullptr);
  EXPECT_FALSE((*json)[0].contains("identifiers"));
  FilmRecord back;
  ASSERT_TRUE(from_json(JsonReader((*json)[0], "record", ErrorCode::kInvalidRequest), back));
  EXPECT_EQ(to_json(back), to_json(record));
}

TEST(Records, IdentifiersAreThereOnlyWhereTheyWereAskedFor) {
  FilmRecord record = analysis_record("a.png", analysis(), "wasm", "browser");
  record.identifiers = {{"Patient's Name", "DOE^JANE"}, {"Patient ID", "7"}};
  EXPECT_NE(records_as_csv({record}).find(",identifiers\r\n"), std::string::npos);
  EXPECT_NE(records_as_csv({record}).find("Patient ID: 7; Patient's Name: DOE^JANE"), std::string::npos);
  EXPECT_NE(records_as_json({record}).find("DOE^JANE"), std::string::npos);
}

}  // namespace
}  // namespace chestlight
