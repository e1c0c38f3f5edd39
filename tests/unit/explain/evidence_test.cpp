// The identity that evidence maps stand on: bias + mean of the map = logit.
#include "explain/methods/evidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/tolerances.h"

namespace chestlight {
namespace {

// By hand: two channels on 2 × 1 cells, two classes.
//   A_0 = [1 3], A_1 = [0 2];  w = [[2 -1], [0.5 4]], b = [10 -1]
//   m_0 = [2 4], mean 3, logit 13;  m_1 = [0.5 9.5], mean 5, logit 4
TEST(Evidence, ByHand) {
  const std::vector<float> activations = {1, 3, 0, 2}, weights = {2, -1, 0.5f, 4}, bias = {10, -1}, logits = {13, 4};
  auto maps = evidence_maps({activations, 2, 2, 1}, weights, bias, logits);
  ASSERT_TRUE(maps) << maps.error().message;
  EXPECT_EQ(maps->classes, 2);
  EXPECT_EQ(maps->width, 2);
  EXPECT_EQ(maps->height, 1);
  EXPECT_EQ(maps->contributions, (std::vector<float>{2, 4, 0.5f, 9.5f}));
  EXPECT_EQ(maps->bias, bias);
  EXPECT_EQ(maps->residual, (std::vector<float>{0, 0}));
  EXPECT_EQ(maps->map(1)(1, 0), 9.5f);
}

TEST(Evidence, TheResidualSaysHowFarTheMapsAreFromAddingUp) {
  const std::vector<float> activations = {1, 3, 0, 2}, weights = {2, -1, 0.5f, 4}, bias = {10, -1};
  auto maps = evidence_maps({activations, 2, 2, 1}, weights, bias, std::vector<float>{13.25f, 3.5f});
  ASSERT_TRUE(maps);
  EXPECT_EQ(maps->residual, (std::vector<float>{0.25f, 0.5f}));
  EXPECT_EQ(maps->largest_residual(), 0.5f);
}

struct RandomHead {
  int channels, classes, width, height;
  std::vector<float> activations, weights, bias, logits;

  RandomHead(int k, int c, int w, int h, unsigned seed) : channels(k), classes(c), width(w), height(h) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    for (int i = 0; i < k * w * h; ++i) activations.push_back(std::max(0.0f, normal(random)));  // after a ReLU
    for (int i = 0; i < c * k; ++i) weights.push_back(normal(random) / std::sqrt(static_cast<float>(k)));
    for (int i = 0; i < c; ++i) bias.push_back(normal(random));
    for (int each = 0; each < c; ++each) logits.push_back(static_cast<float>(logit(each)));
  }
  // Pool first, then the linear layer: the network's own order, in doubles.
  double logit(int c) const {
    double sum = bias[c];
    for (int k = 0; k < channels; ++k) {
      double pooled = 0;
      for (int i = 0; i < width * height; ++i) pooled += activations[k * width * height + i];
      sum += weights[c * channels + k] * pooled / (width * height);
    }
    return sum;
  }
  Result<EvidenceMaps> maps() const { return evidence_maps({activations, channels, width, height}, weights, bias, logits); }
};

TEST(Evidence, AddsUpOnRandomHeads) {
  struct Row {
    int channels, classes, width, height;
    const char* origin;
  };
  for (Row row : {Row{344, 14, 4, 4, "a compact DenseNet at 128"}, Row{1024, 14, 7, 7, "DenseNet-121 at 224"},
                  Row{1664, 18, 16, 16, "DenseNet-169 at 512"}, Row{1, 1, 1, 1, "the smallest"}, Row{5, 3, 7, 2, "not square"}}) {
    RandomHead head(row.channels, row.classes, row.width, row.height, 7);
    auto maps = head.maps();
    ASSERT_TRUE(maps) << maps.error().message;
    EXPECT_LT(maps->largest_residual(), kFloatSumPerTerm * (row.channels + 16)) << row.origin;
  }
}

// One class, bias −3, contributions [−2 1]: logit −3.5, so measured from −4 the evidence is [−1 2], mean 0.5.
TEST(Evidence, MeasuredFromAZeroItAveragesToTheDistanceFromThere) {
  const std::vector<float> activations = {0, 3, 2, 2}, weights = {1, -1}, bias = {-3}, logits = {-3.5f};
  auto maps = evidence_maps({activations, 2, 2, 1}, weights, bias, logits);
  ASSERT_TRUE(maps);
  EXPECT_EQ(maps->contributions, (std::vector<float>{-2, 1}));
  EXPECT_EQ(maps->residual[0], 0);
  EXPECT_EQ(evidence_from(*maps, 0, Logit{-4}).values(), (std::vector<float>{-1, 2}));

  RandomHead head(64, 5, 4, 4, 11);
  auto random = head.maps();
  ASSERT_TRUE(random);
  for (int c = 0; c < head.classes; ++c) {
    const Grid<float> evidence = evidence_from(*random, c, Logit{-2.5f});
    double sum = 0;
    for (float value : evidence.values()) sum += value;
    EXPECT_NEAR(sum / 16, head.logits[c] + 2.5, kEvidenceAddsUp);
  }
}

TEST(Evidence, IsLinearInTheFeatures) {
  RandomHead one(64, 4, 4, 4, 1), two(64, 4, 4, 4, 2);
  RandomHead sum = one;
  two.weights = one.weights;
  for (std::size_t i = 0; i < sum.activations.size(); ++i) sum.activations[i] = one.activations[i] + 2 * two.activations[i];
  auto a = one.maps().value(), b = two.maps().value(), c = sum.maps().value();
  for (std::size_t i = 0; i < c.contributions.size(); ++i)
    EXPECT_NEAR(c.contributions[i], a.contributions[i] + 2 * b.contributions[i], kEvidenceAddsUp);
}

TEST(Evidence, RefusesSizesThatDoNotFit) {
  const RandomHead good(8, 2, 3, 3, 3);
  ASSERT_TRUE(good.maps());
  auto broken = [&](auto change) {
    RandomHead head = good;
    change(head);
    auto maps = head.maps();
    return !maps && maps.error().code == ErrorCode::kInferenceFailed && !maps.error().message.empty();
  };
  EXPECT_TRUE(broken([](RandomHead& head) { head.activations.pop_back(); }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.weights.push_back(0); }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.bias.pop_back(); }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.logits.clear(); }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.width = 0; }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.height = -3; }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.activations[4] = std::numeric_limits<float>::quiet_NaN(); }));
  EXPECT_TRUE(broken([](RandomHead& head) { head.logits[1] = std::numeric_limits<float>::infinity(); }));
}

}  // namespace
}  // namespace chestlight
