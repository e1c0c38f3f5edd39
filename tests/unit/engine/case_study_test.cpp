// Reader studies of a case: what the screen kept of them, measured against the labels and offered as files.
#include <gtest/gtest.h>

#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using testing::CaseTest;
using testing::Told;

contract::StudyRecord study_of_two() {
  contract::StudyRecord study{"reader 1", 7, true, {2, 1}};
  study.readings = {{2, "a", contract::StudyAnswer{false, 60}, contract::StudyAnswer{false, 100}},
                    {1, "a", contract::StudyAnswer{true, 40}, contract::StudyAnswer{true, 80}}};
  return study;
}

class CaseStudyTest : public CaseTest {
 protected:
  void open_two_with_labels() {
    load_model();
    open(1);
    open(2);
    tables_[50] = "image,a\n1.png,1\n2.png,0\n";
    tell(contract::OpenLabels{50, "labels.csv"});
    run();
  }
};

TEST_F(CaseStudyTest, AStudyIsMeasuredAgainstTheLabels) {
  open_two_with_labels();
  tell(contract::EvaluateStudy{study_of_two()});
  const Json told = find("study-evaluated")->event;
  ASSERT_EQ(told["findings"].size(), 1u);
  EXPECT_EQ(told["findings"][0]["name"], model_->manifest().labels[0].name);
  EXPECT_EQ(told["findings"][0]["with"], 1);
  EXPECT_EQ(told["findings"][0]["unaided"]["value"], 1);
  EXPECT_EQ(told["findings"][0]["aided"]["value"], 1);
  EXPECT_EQ(told["findings"][0]["roc"]["curves"].size(), 3u) << "both arms and chance";
}

TEST_F(CaseStudyTest, AStudyWithoutLabelsOrReadingsSaysWhy) {
  load_model();
  open(1);
  open(2);
  run();
  tell(contract::EvaluateStudy{study_of_two()});
  EXPECT_EQ(find("study-evaluated")->event["findings"][0]["note"], "No film that was read has a label of this finding.");
  tell(contract::EvaluateStudy{});
  EXPECT_EQ(find("study-evaluated")->event["error"]["message"], "No film of the study was read.");
}

TEST_F(CaseStudyTest, AStudyIsExportedForImrmcAndAsAWhole) {
  open_two_with_labels();
  tell(contract::ExportStudy{study_of_two(), "2026-12-01"});
  std::map<std::string, std::string> files;
  for (const Told& told : told_)
    if (told.event["type"] == "exported") files[told.event["name"]] = {told.blobs[0].begin(), told.blobs[0].end()};
  ASSERT_TRUE(files.contains("imrmc-a.csv") && files.contains("study.json"));
  EXPECT_EQ(files["imrmc-a.csv"],
            "readerID,caseID,modalityID,score\r\n-1,2.png,0,0\r\n-1,1.png,0,1\r\nreader 1,2.png,unaided,20\r\n"
            "reader 1,2.png,aided,0\r\nreader 1,1.png,unaided,70\r\nreader 1,1.png,aided,90\r\n");
  const Json study = *parse_json(files["study.json"], "study.json");
  EXPECT_EQ(study["seed"], 7);
  EXPECT_EQ(study["films"], Json({"2.png", "1.png"})) << "in the order in which they were read";
  EXPECT_EQ(study["readings"][0]["film"], "2.png");
  EXPECT_EQ(study["model"]["sha256"], model_->sha256());
}

}  // namespace
}  // namespace chestlight
