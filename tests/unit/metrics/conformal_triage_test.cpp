// The guarantee of the three zones on made-up sites whose law is known, and refusals.
#include "metrics/conformal_triage.h"

#include <gtest/gtest.h>

#include "unit/metrics/made_up_scores.h"

namespace chestlight {
namespace {

using testing::MadeUpSite;
using testing::sample_of;

struct SiteRow {
  const char* what;
  MadeUpSite site;
  int films;
  TriageGoal goal;
  int fewest_called, fewest_cleared;  // of 1,000 sites; 0: the law allows none
};

class MadeUpSites : public ::testing::TestWithParam<SiteRow> {};

INSTANTIATE_TEST_SUITE_P(Laws, MadeUpSites,
                         ::testing::Values(SiteRow{"common finding, good model", {0.3, 2.5}, 500, {0.85, 0.95, 0.95}, 800, 800},
                                           SiteRow{"rare finding", {0.05, 2}, 1000, {0.5, 0.97, 0.95}, 50, 800},
                                           SiteRow{"PPV out of reach", {0.1, 0.5}, 400, {0.9, 0.85, 0.95}, 0, 500},
                                           SiteRow{"few films", {0.5, 2}, 120, {0.7, 0.7, 0.9}, 300, 300}),
                         [](const auto& row) { return "law_" + std::to_string(row.index); });

TEST_P(MadeUpSites, TheGuaranteeHoldsInAsManyAsItSays) {
  const SiteRow& row = GetParam();
  constexpr int kSites = 1000;
  int held = 0, called = 0, cleared = 0;
  for (int seed = 0; seed < kSites; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Triage triage = conformal_triage(row.site.draw(row.films, random), row.goal).value();
    called += triage.called.has_value();
    cleared += triage.cleared.has_value();
    held += (!triage.called || row.site.true_ppv_above(triage.called->edge) >= row.goal.ppv) &&
            (!triage.cleared || row.site.true_npv_below(triage.cleared->edge) >= row.goal.npv);
  }
  EXPECT_GE(held, kSites * row.goal.confidence) << row.what;
  EXPECT_GE(called, row.fewest_called) << row.what << ": a guarantee that always refuses would be worth nothing";
  EXPECT_GE(cleared, row.fewest_cleared) << row.what;
}

TEST(ConformalTriage, ZonesDoNotMeet) {
  for (int seed = 0; seed < 50; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Sample sample = MadeUpSite{.prevalence = 0.5, .shift = 5}.draw(400, random);
    const Triage triage = conformal_triage(sample, {0.8, 0.8, 0.9}).value();
    ASSERT_TRUE(triage.called && triage.cleared);
    EXPECT_GE(triage.called->edge, triage.cleared->edge);
    EXPECT_EQ(triage.called->films + triage.cleared->films + triage.undecided, sample.size());
  }
}

TEST(ConformalTriage, TooFewFilmsAreRefusedWithHowManyWouldDo) {
  Random random(1);
  const Triage triage = conformal_triage(MadeUpSite{.prevalence = 0.4, .shift = 3}.draw(30, random), {0.9, 0.95, 0.95}).value();
  ASSERT_TRUE(triage.called_refusal && triage.cleared_refusal);
  EXPECT_FALSE(triage.called || triage.cleared);
  EXPECT_EQ(triage.undecided, 30);
  ASSERT_TRUE(triage.called_refusal->enough);
  EXPECT_GT(*triage.called_refusal->enough, 60);
  EXPECT_EQ(triage.called_refusal->reason.substr(0, 62), "These 30 films do not prove a positive predictive value of 90 ");
}

// The number that a refusal names is worth something: that many films of the same law are mostly enough.
TEST(ConformalTriage, AsManyAsWouldDoMostlyDo) {
  const MadeUpSite site{.prevalence = 0.4, .shift = 3};
  int refused = 0, proved = 0;
  for (int seed = 0; seed < 200; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const Triage triage = conformal_triage(site.draw(60, random), {0.9, 0.9, 0.95}).value();
    if (!triage.called_refusal || !triage.called_refusal->enough) continue;
    ++refused;
    proved += conformal_triage(site.draw(*triage.called_refusal->enough, random), {0.9, 0.9, 0.95})->called.has_value();
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(proved, refused / 2);
}

TEST(ConformalTriage, SaysWhereMoreFilmsWouldNotHelp) {
  std::vector<double> scores;
  std::vector<std::uint8_t> truth;
  for (int i = 0; i < 400; ++i) {
    scores.push_back(i);
    truth.push_back(i % 4 == 0);
  }
  const Triage triage = conformal_triage(sample_of(scores, truth), {0.9, 0.9, 0.95}).value();
  ASSERT_TRUE(triage.called_refusal);
  EXPECT_FALSE(triage.called_refusal->enough);
  EXPECT_NE(triage.called_refusal->reason.find("more of them would not help"), std::string::npos);
}

TEST(ConformalTriage, RefusesGoalsThatAreNoShares) {
  const Sample sample = sample_of({1, 2}, {0, 1});
  for (const TriageGoal& goal : {TriageGoal{0, 0.5, 0.5}, TriageGoal{0.5, 1, 0.5}, TriageGoal{0.5, 0.5, 1.5}})
    EXPECT_EQ(conformal_triage(sample, goal).error().code, ErrorCode::kInvalidRequest);
}

// All films have one of two scores: no zone may split films that cannot be told apart.
TEST(ConformalTriage, TiesStayTogether) {
  std::vector<double> scores;
  std::vector<std::uint8_t> truth;
  for (int i = 0; i < 400; ++i) {
    scores.push_back(i < 200 ? 1 : 0);
    truth.push_back(i < 195);
  }
  const Triage triage = conformal_triage(sample_of(scores, truth), {0.9, 0.9, 0.95}).value();
  // A film with a score of 0.5 would be above 0 and below 1: one zone only, and it says why there is no other.
  ASSERT_NE(triage.called.has_value(), triage.cleared.has_value());
  EXPECT_EQ((triage.called ? triage.called : triage.cleared)->films, 200);
  EXPECT_EQ(triage.undecided, 200);
  EXPECT_TRUE(triage.called_refusal || triage.cleared_refusal);
}

}  // namespace
}  // namespace chestlight
