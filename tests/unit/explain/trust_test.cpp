// The checks on a network whose right answer is known: the score is the film's mean, so the brightest part matters most.
#include "explain/checks/trust.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/procedure_driver.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

constexpr int kSide = 64, kStride = 16, kCells = kSide / kStride;

/// One feature, the mean of each cell; both logits are its mean, ten times and minus ten times. Its random head weighs it by
/// 3 and −2; its random block sees the film upside down.
NetworkAnswer cell_means(const NetworkBatch& batch) {
  const bool random_head = batch.weights == NetworkWeights::kRandomHead,
             random_block = batch.weights == NetworkWeights::kRandomBlock;
  NetworkTensor features{batch.count, 1, kCells, kCells, {}}, logits{batch.count, 2, 1, 1, {}};
  for (int i = 0; i < batch.count; ++i) {
    std::vector<float> cells(kCells * kCells);
    float sum = 0;
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const float value = batch.films[(i * kSide + y) * kSide + x];
        cells[(y / kStride) * kCells + x / kStride] += value / (kStride * kStride);
        sum += value;
      }
    if (random_block) std::reverse(cells.begin(), cells.end());
    features.values.insert(features.values.end(), cells.begin(), cells.end());
    const float mean = sum / (kSide * kSide);
    logits.values.insert(logits.values.end(), {(random_head ? 3 : 10) * mean, (random_head ? -2 : -10) * mean});
  }
  return {{"features", features}, {"logits", logits}};
}

class Trust : public ::testing::Test {
 protected:
  Trust() {
    Question asked;
    asked.width = asked.height = kSide;
    asked.film.assign(kSide * kSide, 0.0f);
    for (int y = 16; y < 32; ++y)
      for (int x = 32; x < 48; ++x) asked.film[y * kSide + x] = 1;
    asked.covered = {0, 0, kSide, kSide};
    asked.head = {10, -10};
    asked.head_biases = {0, 0};
    asked.random_head = {3, -2};
    asked.aim_at({1, 0});
    asked.threshold = asked.zero = 0.2f;
    question = testing::drive(network, look_at(network, asked), cell_means).value;
  }

  ExplanationMap map_with_peak(int x, int y) const {
    ExplanationMap map{Grid<float>(kCells, kCells), {}, {}};
    map.values(x, y) = 1;
    return map;
  }
  template <class T>
  T drive(Procedure<T> procedure) {
    return testing::drive(network, std::move(procedure), cell_means).value;
  }

  Network network;
  Question question;
};

double value_of(const TrustCheck& check, const std::string& name) {
  for (const auto& [key, numbers] : check.values)
    if (key == name) return numbers.at(0);
  ADD_FAILURE() << "no value " << name;
  return 0;
}

TEST_F(Trust, EvidenceThatDoesNotAddUpFails) {
  EXPECT_EQ(check_adds_up(question).verdict, "passed");
  question.score += 0.01f;
  const TrustCheck off = check_adds_up(question);
  EXPECT_EQ(off.verdict, "failed");
  EXPECT_NEAR(value_of(off, "residual"), 0.01, kFloatFormula);
}

TEST_F(Trust, ErasingWhatMattersLowersTheScoreMoreThanErasingElsewhere) {
  const TrustCheck right = drive(check_erase(network, question, map_with_peak(2, 1), 0.4f));
  EXPECT_EQ(right.verdict, "passed") << right.text;
  EXPECT_GT(value_of(right, "drop"), 0);
  const TrustCheck wrong = drive(check_erase(network, question, map_with_peak(0, 3), 0.4f));
  EXPECT_EQ(wrong.verdict, "failed") << wrong.text;
  const TrustCheck nothing = drive(check_erase(network, question, {Grid<float>(kCells, kCells), {}, {}}, 0.4f));
  EXPECT_EQ(nothing.verdict, "not-run");
}

TEST_F(Trust, TheOrderOfTheRightMapBeatsARandomOneAndThatOfItsOpposite) {
  const TrustCheck right = drive(check_order(network, question, map_with_peak(2, 1)));
  EXPECT_EQ(right.verdict, "passed") << right.text;
  EXPECT_LT(value_of(right, "deletion"), value_of(right, "random_deletion"));
  ExplanationMap opposite = map_with_peak(2, 1);
  opposite.values(2, 1) = -1;
  const TrustCheck wrong = drive(check_order(network, question, opposite));
  EXPECT_LT(value_of(right, "deletion"), value_of(wrong, "deletion"));
  EXPECT_GT(value_of(right, "insertion"), value_of(wrong, "insertion"));
}

TEST_F(Trust, AScoreThatCrossesItsThresholdIsNotStable) {
  const Method& method = *choose_method("evidence", "", {}).value().method;
  const ExplanationMap map = drive(evidence(network, question));
  EXPECT_EQ(drive(check_stability(network, question, method, map)).verdict, "passed");

  // Light at the right border: what is shifted out of the film on that side takes some of it away.
  Question bordered = question;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) bordered.film[y * kSide + x] = x < 56 ? 0.0f : 1.0f;
  bordered = drive(look_at(network, bordered));
  bordered.threshold = bordered.score - 0.01f;
  const TrustCheck shaken = drive(check_stability(network, bordered, method, drive(evidence(network, bordered))));
  EXPECT_EQ(value_of(shaken, "flips"), 1) << shaken.text;
  EXPECT_NE(shaken.verdict, "passed");
  EXPECT_LT(value_of(shaken, "lowest_logit"), bordered.threshold);
}

TEST_F(Trust, AMapThatIsTheSameForEveryOutputFails) {
  const Method& method = *choose_method("evidence", "", {}).value().method;
  const ExplanationMap map = drive(evidence(network, question));
  const TrustCheck check = drive(check_sanity(network, question, method, map));
  EXPECT_EQ(check.verdict, "failed") << "a network of one feature has one map: " << check.text;
  EXPECT_NEAR(value_of(check, "mixtures"), 1, kFloatFormula);
  EXPECT_NEAR(value_of(check, "random_head"), 1, kFloatFormula);
  EXPECT_LT(value_of(check, "random_block"), 0.2) << "other features give another map: " << check.text;
}

TEST_F(Trust, AMapThatChangesWithWhateverIsUntrainedPassesSanity) {
  // Two features that lie elsewhere: outputs, heads and blocks can differ. The finding weighs the first alone.
  auto two_features = [](const NetworkBatch& batch) {
    NetworkAnswer answer = cell_means({batch.count, batch.films, batch.outputs, NetworkWeights::kTrained, {}});
    NetworkTensor& features = answer.at("features");
    features.channels = 2;
    std::vector<float> other(features.values.rbegin(), features.values.rend());
    if (batch.weights == NetworkWeights::kRandomBlock) std::swap(features.values, other);
    features.values.insert(features.values.end(), other.begin(), other.end());
    return answer;
  };
  Question asked = question;
  asked.head = {10, 0, 0, 10};
  asked.random_head = {0, 10, 10, 0};
  asked.aim_at({1, 0});
  asked = testing::drive(network, look_at(network, asked), two_features).value;
  const Method& method = *choose_method("evidence", "", {}).value().method;
  const ExplanationMap map = testing::drive(network, method.map(network, asked), two_features).value;
  const TrustCheck check = testing::drive(network, check_sanity(network, asked, method, map), two_features).value;
  EXPECT_LT(value_of(check, "random_head"), 0.2) << check.text;
  EXPECT_LT(value_of(check, "random_block"), 0.2) << check.text;
}

TEST_F(Trust, AQuestionToAnotherNetworkSpeaksOfThatNetworksHead) {
  const Question other = question.with(NetworkWeights::kRandomHead);
  EXPECT_EQ(other.head_weights, (std::vector<float>{3}));
  EXPECT_EQ(other.ask(other.film, {"logits"}).weights, NetworkWeights::kRandomHead);
  const Question looked_at = drive(look_at(network, other));
  EXPECT_EQ(check_adds_up(looked_at).verdict, "passed");
  EXPECT_EQ(question.with(NetworkWeights::kRandomBlock).head_weights, question.head_weights);
}

TEST_F(Trust, TheReportNamesWhatFailedAndAsksAsOftenAsItSays) {
  for (const Method& method : methods()) {
    if (method.needs_reverse) continue;
    SCOPED_TRACE(method.id);
    const ExplanationMap map = drive(method.map(network, question));
    const auto report = testing::drive(network, check_trust(network, question, method, map, 0.4f), cell_means);
    EXPECT_EQ(report.requests, trust_requests(method));
    ASSERT_EQ(report.value.checks.size(), 5u);
    EXPECT_NE(report.value.line.find(" of 5 checks of this map passed; "), std::string::npos) << report.value.line;
    EXPECT_NE(report.value.line.find("Sanity"), std::string::npos) << "it has one feature: " << report.value.line;
  }
}

TEST(Correlation, IsPearsons) {
  Grid<float> a(2, 2), b(2, 2), flat(2, 2, 3.0f);
  a.values() = {1, 2, 3, 4};
  b.values() = {-2, -4, -6, -8};
  EXPECT_NEAR(correlation(a.view(), b.view()), -1, kDoubleRounding);
  EXPECT_EQ(correlation(a.view(), flat.view()), 0);
  b.values() = {1, -1, -1, 1};
  EXPECT_NEAR(correlation(a.view(), b.view()), 0, kDoubleRounding);
}

}  // namespace
}  // namespace chestlight
