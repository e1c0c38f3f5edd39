// What a reader says of findings stands beside the scores in exports.
#include "study/reading.h"

#include <gtest/gtest.h>

#include "study/export.h"

namespace chestlight {
namespace {

using namespace contract;

FilmRecord record_with(std::initializer_list<const char*> findings) {
  FilmRecord record{"a.png", true};
  for (const char* id : findings) record.findings.push_back({id, 0.5, 0.6, 0.25, 0.5});
  return record;
}

TEST(Verdicts, StandBesideTheScoreInEveryExport) {
  FilmReading reading;
  reading.read = true;
  reading.measurements = {{"length", "43.2 mm", {{1, 2}, {3, 4}}}, {"angle", "12°", {{1, 2}, {3, 4}, {5, 6}}}};
  set_verdict(reading, {"mass", Opinion::kDisagree, "=a nipple, \"I think\""});
  set_verdict(reading, {"unknown to the model", Opinion::kAgree});
  const FilmRecord record = with_reading(record_with({"effusion", "mass"}), reading);
  EXPECT_FALSE(record.findings[0].verdict);
  EXPECT_EQ(record.findings[1].verdict, Opinion::kDisagree);
  EXPECT_EQ(record.findings[1].calibrated, 0.25);

  const std::string lines = records_as_csv({record});
  EXPECT_NE(lines.find(",possible_shortcut,calibrated_low,calibrated_high,zone_flips,stability,verdict,verdict_note,summary,"),
            std::string::npos)
      << lines;
  EXPECT_NE(lines.find(",measurements,cardiothoracic_ratio,read,copy_of,"), std::string::npos) << lines;
  EXPECT_NE(lines.find(",disagree,\"'=a nipple, \"\"I think\"\"\",,"), std::string::npos) << lines;
  EXPECT_NE(lines.find(",\"length 43.2 mm; angle 12°\",,true,,"), std::string::npos) << lines;
  const std::string wide = records_as_wide_csv({record});
  EXPECT_NE(
      wide.find(",mass,mass low,mass high,mass zone,mass zone flips,mass threshold,mass own threshold,mass verdict,mass note,"),
      std::string::npos)
      << wide;
  EXPECT_NE(wide.find(",0.25,,,not-assessed,,0.5,,disagree,\"'=a nipple, \"\"I think\"\"\","), std::string::npos) << wide;
  const std::string json = records_as_json({record});
  EXPECT_NE(json.find("\"verdict\": \"disagree\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"verdict\": null"), std::string::npos) << json;
  EXPECT_NE(json.find("\"read\": true"), std::string::npos) << json;
}

TEST(Verdicts, ThoseTakenBackLeaveTheRecord) {
  FilmReading reading;
  set_verdict(reading, {"mass", Opinion::kAgree, "plain"});
  FilmRecord record = with_reading(record_with({"mass"}), reading);
  record = with_reading(record, {});
  EXPECT_FALSE(record.findings[0].verdict);
  EXPECT_EQ(record.findings[0].verdict_note, "");
}

TEST(MovedLines, GiveTheRatioOfAFilmThatHasOne) {
  FilmReading reading;
  reading.moved_lines = MovedLines{0.6, {{1, 2}, {7, 2}, {}}, {{0, 4}, {10, 4}, {}}};
  FilmRecord record = record_with({"mass"});
  EXPECT_FALSE(with_reading(record, reading).moved_lines) << "lungs and heart are not known";
  record.anatomy = AnatomyReport{true};
  EXPECT_FALSE(with_reading(record, reading).cardiothoracic_ratio) << "none was measured";
  record.anatomy->cardiothoracic_ratio = 0.5;
  record = with_reading(record, reading);
  EXPECT_EQ(record.cardiothoracic_ratio, 0.6);
  EXPECT_EQ(record.moved_lines, reading.moved_lines);
  EXPECT_EQ(record.anatomy->cardiothoracic_ratio, 0.5);
  record = with_reading(record, {});
  EXPECT_EQ(record.cardiothoracic_ratio, 0.5);
  EXPECT_FALSE(record.moved_lines);
}

}  // namespace
}  // namespace chestlight
