// A reader against labels: areas by counting pairs, what is left out, and the rows of iMRMC.
#include "metrics/reader_study.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"

namespace chestlight {
namespace {

const std::vector<ReadFilm> kRead = {{"a.png", 90, 95, true},  {"b.png", 40, 80, true}, {"c.png", 60, 20, false},
                                     {"d.png", 10, 10, false}, {"e.png", 30, {}, true}, {"f.png", 55, 60, {}}};

TEST(ReaderStudy, AreasAreSharesOfPairsInTheRightOrder) {
  const ReaderResult result = evaluate_reader(kRead);
  EXPECT_EQ(result.positives, 3);
  EXPECT_EQ(result.negatives, 2);
  ASSERT_TRUE(result.unaided && result.aided && result.difference);
  EXPECT_NEAR(result.unaided->area, 4.0 / 6, kDoubleRounding) << "90 and 40 and 30 against 60 and 10";
  EXPECT_EQ(result.aided->area, 1) << "the film that was not read with the model does not count";
  EXPECT_NEAR(result.difference->difference, 1 - 3.0 / 4, kDoubleRounding) << "on the four films that have both";
  EXPECT_TRUE(reader_difference_words(result).starts_with("With the model the area changes by 0.250 ("))
      << reader_difference_words(result);
}

TEST(ReaderStudy, SaysWhyThereIsNoArea) {
  EXPECT_EQ(evaluate_reader({{"a.png", 90, {}, {}}}).note, "No film that was read has a label of this finding.");
  EXPECT_FALSE(evaluate_reader({{"a.png", 90, {}, true}}).note.empty()) << "one class only";
  const ReaderResult unaided_only = evaluate_reader({{"a.png", 90, {}, true}, {"b.png", 10, {}, false}});
  EXPECT_TRUE(unaided_only.unaided && !unaided_only.aided);
  EXPECT_EQ(reader_difference_words(unaided_only), "");
}

TEST(ReaderStudy, RowsAreThoseOfImrmc) {
  EXPECT_EQ(imrmc_csv("reader 1", {{"a.png", 90, 95, true}, {"b, c.png", 10.5, {}, false}, {"d.png", 55, {}, {}}}),
            "readerID,caseID,modalityID,score\r\n"
            "-1,a.png,0,1\r\n"
            "-1,\"b, c.png\",0,0\r\n"
            "reader 1,a.png,unaided,90\r\n"
            "reader 1,a.png,aided,95\r\n"
            "reader 1,\"b, c.png\",unaided,10.5\r\n"
            "reader 1,d.png,unaided,55\r\n");
}

}  // namespace
}  // namespace chestlight
