// The site profile of a case: it waits for its model, gives zones and thresholds, is named in what is exported, and is refused or
// put away where the model is another.
#include <gtest/gtest.h>

#include "contract/site_profile_json.h"
#include "findings/site_profile.h"
#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using testing::CaseTest;
using testing::Told;

class CaseProfileTest : public CaseTest {
 protected:
  /// Of finding "a" alone: every score is likely, and at or above the threshold.
  std::string profile(const std::string& model = "tiny") {
    testing::TinyModel tiny = testing::tiny_model();
    contract::SiteProfile made{kProfileKind, 1, {model, "", tiny.manifest["version"]}, "2026-12-01", 120, 0.9, 0.95, 0.95};
    made.model.sha256 = tiny.manifest["files"]["weights.safetensors"]["sha256"];
    made.findings = {{"a",
                      40,
                      80,
                      contract::ProfileThreshold{0.0001, "youden", 1, {0.9, 1}, 0.5, {0.4, 0.6}},
                      contract::ProfileZone{0.0001, 40, 40, {0.9, 1}},
                      {}}};
    return write_json(to_json(made));
  }
  void analyse(int id) {
    open(id);
    tell(contract::Analyse{id});
    run();
  }
  Json exported(const std::string& format) {
    tell(contract::ExportFindings{format});
    run();
    const Blob& blob = find("exported")->blobs.at(0);
    const std::string text(blob.begin(), blob.end());
    return format == "json" ? *parse_json(text, "findings.json") : Json(text);
  }
};

TEST_F(CaseProfileTest, GivesZonesAndThresholdsAndIsNamedInEveryExport) {
  load_model();
  tell(contract::UseProfile{profile()});
  ASSERT_NE(find("profile-changed"), nullptr);
  const Json used = find("profile-changed")->event["profile"];
  EXPECT_EQ(used["point"]["id"], "site");
  analyse(1);
  const Json analysis = find("analysis-arrived")->event["analysis"];
  EXPECT_EQ(analysis["site_profile"], used["name"]);
  EXPECT_EQ(analysis["operating_point"]["id"], "site") << "its thresholds are used where none are named";
  EXPECT_EQ(analysis["findings"][0]["zone"], "likely");
  EXPECT_EQ(analysis["findings"][0]["state"], "above");
  EXPECT_EQ(analysis["findings"][1]["zone"], "not-assessed") << "of what it says nothing about, the model's own";
  EXPECT_EQ(exported("json")[0]["site_profile"], used["name"]);
  for (const char* format : {"csv", "csv-wide"})
    EXPECT_NE(exported(format).get<std::string>().find(used["name"]), std::string::npos) << format;
  tell(contract::ExportReport{question(0)});
  run();
  const Blob& page = find("report-page-written")->blobs.at(0);
  EXPECT_NE(std::string(page.begin(), page.end()).find(used["name"]), std::string::npos);

  tell(contract::Analyse{1, {}, false, "high"});
  run();
  const Json other = find("analysis-arrived")->event["analysis"];
  EXPECT_EQ(other["operating_point"]["id"], "high");
  EXPECT_EQ(other["findings"][0]["zone"], "likely") << "zones stay the profile's";

  tell(contract::RemoveProfile{});
  EXPECT_TRUE(find("profile-changed")->event["profile"].is_null());
  tell(contract::Analyse{1});
  run();
  EXPECT_EQ(find("analysis-arrived")->event["analysis"]["site_profile"], "");
  EXPECT_EQ(find("analysis-arrived")->event["analysis"]["findings"][0]["zone"], "not-assessed");
}

TEST_F(CaseProfileTest, ThatOfAnotherModelIsRefusedAndTheOneBeforeStays) {
  load_model();
  tell(contract::UseProfile{profile()});
  tell(contract::UseProfile{profile("other")});
  const Json told = find("profile-changed")->event;
  EXPECT_EQ(told["error"]["code"], "unavailable");
  EXPECT_FALSE(told["profile"].is_null());
  tell(contract::UseProfile{"{}"});
  EXPECT_EQ(find("profile-changed")->event["error"]["message"], "This JSON file is no site profile.");
}

TEST_F(CaseProfileTest, WaitsForItsModelAndGoesWithAnother) {
  tell(contract::UseProfile{profile()});
  EXPECT_EQ(find("profile-changed"), nullptr) << "there is no model yet";
  EXPECT_TRUE(kept_.contains("site-profile"));
  load_model();
  ASSERT_NE(find("profile-changed"), nullptr);
  EXPECT_FALSE(find("profile-changed")->event["profile"].is_null());
  load_model("another");
  EXPECT_TRUE(find("profile-changed")->event["profile"].is_null());
  EXPECT_EQ(find("profile-changed")->event["error"]["code"], "unavailable");
  EXPECT_FALSE(kept_.contains("site-profile"));
}

}  // namespace
}  // namespace chestlight
