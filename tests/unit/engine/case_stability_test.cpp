// The stability of scores in the case at work: it is checked when it is asked for, is in the record, comes again with an analysis
// of the same, and ends with one of something else.
#include <algorithm>

#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using contract::Analyse;
using contract::CheckStability;
using testing::CaseTest;

class StabilityCase : public CaseTest {
 protected:
  void SetUp() override {
    CaseTest::SetUp();
    load_model();
    open(1);
    run();
    tell(Analyse{1});
    run();
  }
  Json record() {
    tell(contract::ExportFindings{"json"});
    run();
    return (*parse_json(as_text(find("exported")->blobs[0]), "findings.json"))[0];
  }
  static contract::Correction inverted() {
    contract::Correction correction;
    correction.inverted = true;
    return correction;
  }
};

TEST_F(StabilityCase, EachScoreGetsABandThatHoldsIt) {
  const Json analysis = find("analysis-arrived")->event["analysis"];
  EXPECT_TRUE(record()["findings"][0]["calibrated_low"].is_null()) << "it was not asked for";
  const int before = runs_;
  tell(CheckStability{1});
  run();
  EXPECT_EQ(runs_, before + 1) << "the film as it is has been looked at, and eight changes are one request";
  ASSERT_TRUE(was_told("stability-arrived 1"));
  const Json stability = find("stability-arrived")->event["stability"];
  EXPECT_EQ(stability["changes"], 8);
  ASSERT_EQ(stability["findings"].size(), analysis["findings"].size());
  const Json made = record();
  for (std::size_t i = 0; i < analysis["findings"].size(); ++i) {
    const Json &one = stability["findings"][i], &finding = analysis["findings"][i], &recorded = made["findings"][i];
    EXPECT_EQ(one["finding"], finding["id"]);
    EXPECT_LE(one["low"].get<double>(), finding["calibrated"].get<double>());
    EXPECT_GE(one["high"].get<double>(), finding["calibrated"].get<double>());
    EXPECT_LT(one["low"].get<double>(), one["high"].get<double>()) << "the film is not even";
    EXPECT_NE(one["text"].get<std::string>().find(" over 8 small changes of the picture"), std::string::npos);
    EXPECT_EQ(recorded["calibrated_low"], one["low"]);
    EXPECT_EQ(recorded["calibrated_high"], one["high"]);
    EXPECT_EQ(recorded["zone_flips"], one["flips"]);
    EXPECT_EQ(recorded["stability"], one["text"]);
    EXPECT_EQ(recorded["calibrated"], finding["calibrated"]);
  }
  EXPECT_EQ(kept_.size(), 1u) << "the film, and no task";
}

TEST_F(StabilityCase, WhatIsKnownIsToldAgainWithoutTheNetwork) {
  tell(CheckStability{1});
  run();
  const int before = runs_;
  tell(CheckStability{1});
  run();
  EXPECT_EQ(types("stability-arrived").size(), 2u);
  tell(Analyse{1, {}, false, model_->manifest().operating_points.back().id});
  run();
  EXPECT_EQ(types("stability-arrived").size(), 3u) << "with the analysis at another operating point";
  EXPECT_EQ(runs_, before);
  EXPECT_FALSE(record()["findings"][0]["calibrated_low"].is_null());
}

TEST_F(StabilityCase, ItIsOfOnePictureOnly) {
  tell(CheckStability{1});
  run();
  tell(Analyse{1, inverted()});
  run();
  EXPECT_EQ(types("stability-arrived").size(), 1u);
  EXPECT_TRUE(record()["findings"][0]["calibrated_low"].is_null());
  tell(CheckStability{1, inverted()});
  run();
  EXPECT_EQ(find("stability-arrived")->event["correction"]["invert"], true);
  EXPECT_FALSE(record()["findings"][0]["calibrated_low"].is_null());
}

TEST_F(StabilityCase, AnotherAnalysisEndsACheckWithoutAWord) {
  tell(CheckStability{1});
  tell(Analyse{1, inverted()});
  run();
  EXPECT_TRUE(types("stability-arrived").empty());
  EXPECT_TRUE(types("stability-failed").empty());
  EXPECT_EQ(kept_.size(), 1u);
}

TEST_F(StabilityCase, ACancelledCheckSaysSo) {
  tell(CheckStability{1});
  tell(contract::CancelAnalysis{1});
  run();
  ASSERT_TRUE(was_told("stability-failed 1"));
  EXPECT_EQ(find("stability-failed")->event["error"]["code"], "cancelled");
  EXPECT_TRUE(types("stability-arrived").empty());
}

TEST_F(StabilityCase, ANetworkThatFailsIsTold) {
  network_fails_ = contract::Failure{"inference-failed", "The network could not be run.", ""};
  tell(CheckStability{1});
  run();
  ASSERT_TRUE(was_told("stability-failed 1"));
  EXPECT_EQ(find("stability-failed")->event["error"]["code"], "inference-failed");
}

}  // namespace
}  // namespace chestlight
