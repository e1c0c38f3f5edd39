// Site profiles: what is read, what is refused in a sentence, and the zones and thresholds that come of one.
#include "findings/site_profile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "contract/site_profile_json.h"
#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

using testing::even_evaluation;

Manifest two_findings() {
  Manifest manifest;
  manifest.id = "tiny";
  manifest.version = "1";
  manifest.labels = {{"Effusion", "Pleural effusion"}, {"Mass", "Mass"}};
  manifest.operating_points = {{"balanced", "Balanced", "", "", {{0.5f}, {0.25f}}}};
  return manifest;
}

Json profile_of_effusion() {
  contract::SiteProfile profile{kProfileKind, 1, {"tiny", "ab12", "1"}, "2026-12-01", 120, 0.9, 0.95, 0.95};
  profile.findings = {{"Effusion",
                       40,
                       80,
                       contract::ProfileThreshold{0.3125, "largest sum of both (Youden)", 0.8, {0.65, 0.9}, 0.9, {0.8, 0.95}},
                       contract::ProfileZone{0.625, 30, 29, {0.8, 1}},
                       {}}};
  return to_json(profile);
}

Result<NamedProfile> read(const Json& json) { return read_site_profile(write_json(json)); }

TEST(SiteProfile, ItsThresholdsAndZonesTakeThePlaceOfTheModels) {
  const Result<NamedProfile> named = read(profile_of_effusion());
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_TRUE(named->name.starts_with("Site profile 2026-12-01 (120 films, ")) << named->name;
  const Result<OperatingPoint> point = profile_operating_point(*named, two_findings(), "ab12");
  ASSERT_TRUE(point) << point.error().message;
  EXPECT_EQ(point->id, "site");
  EXPECT_EQ(point->name, named->name);
  EXPECT_EQ(point->profile, named->name);
  EXPECT_EQ(point->thresholds[0].value, 0.3125f);
  EXPECT_EQ(point->thresholds[1].value, 0.25f) << "of what it says nothing about, the model's own";
  ASSERT_TRUE(point->zones_of(0) && point->zones_of(0)->likely_from);
  EXPECT_GT(point->zones_of(0)->likely_from->value, 0.625f) << "the edge itself is outside";
  EXPECT_EQ(point->zones_of(0)->likely_from->value, std::nextafter(0.625f, 1.0f));
  EXPECT_FALSE(point->zones_of(0)->unlikely_below);
  EXPECT_FALSE(point->zones_of(1));
  EXPECT_EQ(profile_sentences(named->profile, two_findings()),
            std::vector<std::string>{"Pleural effusion: threshold 0.31 (largest sum of both (Youden): sensitivity 0.80, 0.65 to "
                                     "0.90), likely above 0.62; of 40 with it and 80 without."});
}

TEST(SiteProfile, ThatOfAnotherModelIsRefusedWithBothNames) {
  for (const char* key : {"id", "version", "sha256"}) {
    Json json = profile_of_effusion();
    json["model"][key] = "other";
    const Result<OperatingPoint> point = profile_operating_point(*read(json), two_findings(), "ab12");
    ASSERT_FALSE(point) << key;
    EXPECT_EQ(point.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(point.error().message.find("other"), std::string::npos) << point.error().message;
    EXPECT_NE(point.error().message.find("tiny 1 (SHA-256 ab12…) is in use."), std::string::npos) << point.error().message;
  }
  Json unknown = profile_of_effusion();
  unknown["findings"][0]["id"] = "Hernia";
  EXPECT_EQ(profile_operating_point(*read(unknown), two_findings(), "ab12").error().message,
            "The site profile speaks of Hernia, which the model has not.");
}

TEST(SiteProfile, WhatIsNoneOrCannotBeIsRefusedInASentence) {
  EXPECT_EQ(read_site_profile("{").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(read_site_profile("[1]").error().message, "This JSON file is no site profile.");
  EXPECT_EQ(read_site_profile(std::string((1 << 20) + 1, ' ')).error().code, ErrorCode::kTooLarge);
  struct Row {
    const char* pointer;
    Json value;
    const char* says;
  };
  const Row rows[] = {{"/kind", "model", "This JSON file is no site profile."},
                      {"/schema_version", 2, "schema version 2: 1 is expected"},
                      {"/films", 0, "is of 0 films"},
                      {"/npv", 1, "promises 1"},
                      {"/findings/0/threshold/value", 1.5, "a threshold of 1.5 for Effusion"},
                      {"/findings/0/threshold/sensitivity", -1, "Effusion"},
                      {"/findings/0/likely/edge", 0, "a zone of Effusion that cannot be"},
                      {"/findings/0/likely/right", 31, "a zone of Effusion that cannot be"},
                      {"/findings/0/unlikely", {{"edge", 0.7}, {"films", 9}, {"right", 9}, {"interval", {0.5, 1}}}, "overlap"},
                      {"/findings/0/positives", "many", "site profile.findings[0].positives: expected"}};
  for (const Row& row : rows) {
    Json json = profile_of_effusion();
    json[Json::json_pointer(row.pointer)] = row.value;
    const Result<NamedProfile> named = read(json);
    ASSERT_FALSE(named) << row.pointer;
    EXPECT_NE(named.error().message.find(row.says), std::string::npos) << named.error().message;
  }
  Json twice = profile_of_effusion();
  twice["findings"].push_back(twice["findings"][0]);
  EXPECT_EQ(read(twice).error().message, "The site profile has Effusion twice.");
}

TEST(LocalZones, TakeThePlaceOfTheModelsLimits) {
  const Calibration plain;
  const auto zone = [&](float score, LocalZones local, bool known = true) {
    const Logit logit = logit_at({score}, plain);
    return read_score(logit, plain, true, known ? std::optional(even_evaluation()) : std::nullopt, local);
  };
  // The model's own limits are logits of 1.05 and 1.425: scores of 0.741 and 0.806.
  const LocalZones both{Calibrated{0.2f}, Calibrated{0.6f}}, likely{{}, Calibrated{0.6f}}, unlikely{Calibrated{0.9f}, {}};
  EXPECT_EQ(zone(0.1f, both).zone, Zone::kUnlikely);
  EXPECT_EQ(zone(0.3f, both).zone, Zone::kUncertain);
  EXPECT_EQ(zone(0.65f, both).zone, Zone::kLikely);
  EXPECT_EQ(zone(0.65f, both, false).zone, Zone::kLikely) << "also where the model brings no evaluation";
  EXPECT_EQ(zone(0.65f, both, false).reason, "");
  EXPECT_EQ(zone(0.5f, likely).zone, Zone::kUnlikely) << "the model's own limit gives way where the two would cross";
  EXPECT_EQ(zone(0.65f, likely).zone, Zone::kLikely);
  EXPECT_EQ(zone(0.85f, unlikely).zone, Zone::kUnlikely);
  EXPECT_EQ(zone(0.95f, unlikely).zone, Zone::kLikely);
  EXPECT_EQ(zone(0.3f, likely, false).zone, Zone::kUncertain) << "nothing is known of that side";
}

}  // namespace
}  // namespace chestlight
