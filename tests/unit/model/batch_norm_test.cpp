#include "model/graph/batch_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/random_network.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

double relu(double x) { return std::max(x, 0.0); }

struct Row {
  const char* origin;
  double scale;
  double shift;
};

constexpr Row kRows[] = {
    {"usual", 0.8, -0.3},
    {"positive shift", 1.7, 2.5},
    {"negative scale", -0.8, -0.3},
    {"negative scale, positive shift", -1.2, 0.9},
    {"no shift", 0.5, 0.0},
    {"dead channel", 0.0, -1.0},
    {"constant channel", 0.0, 1.5},
    {"nothing at all", 0.0, 0.0},
    {"pruned to almost nothing, on", 1e-30, 0.25},
    {"pruned to almost nothing, off", 1e-30, -0.25},
    {"pruned, negative, on", -1e-42, 0.25},
    {"pruned, negative, off", -1e-42, -0.25},
    {"threshold beyond float16 only, on", 1e-6, 0.25},
    {"threshold beyond float16 only, off", 1e-6, -0.25},
};

// relu(scale·x + shift) must come out of clamp and 1×1 convolution for every channel, alone and together.
TEST(ClampedAffine, EqualsReluOfBatchNorm) {
  constexpr double kWeight = 0.75;
  for (ElementType element : {ElementType::kFloat32, ElementType::kFloat16}) {
    // Half an ulp in the threshold and half an ulp in the weight.
    const double tolerance = element == ElementType::kFloat32 ? kFloat32Rounding : 0x1p-10;
    for (const Row& row : kRows) {
      ClampedAffine clamped = clamped_affine({{row.scale}, {row.shift}}, element);
      FoldedConvolution folded = fold_convolution({static_cast<float>(kWeight)}, clamped.input, identity_affine(1), element);
      for (double x : {-50.0, -2.0, -0.375, 0.0, 0.1, 0.375, 1.0, 3.0, 1000.0}) {
        double held = std::min(std::max(x, static_cast<double>(clamped.low[0])), static_cast<double>(clamped.high[0]));
        double found = folded.weights[0] * held + folded.bias[0];
        double expected = kWeight * relu(row.scale * x + row.shift);
        double magnitude = std::abs(row.scale * x) + std::abs(row.shift);
        EXPECT_NEAR(found, expected, tolerance * magnitude) << row.origin << " x=" << x;
      }
    }
  }
}

TEST(ClampedAffine, AChannelThatIsOffAddsExactlyNothing) {
  for (ElementType element : {ElementType::kFloat32, ElementType::kFloat16}) {
    ClampedAffine clamped = clamped_affine({{0.7}, {-0.33}}, element);
    FoldedConvolution folded = fold_convolution({0.3f}, clamped.input, identity_affine(1), element);
    EXPECT_EQ(static_cast<float>(static_cast<double>(folded.weights[0]) * clamped.low[0]), -folded.bias[0]);
  }
}

TEST(ClampedAffine, SaysWhichSidesItClamps) {
  auto sides = [](std::vector<double> scale) {
    std::vector<double> shift(scale.size(), 0.5);
    ClampedAffine clamped = clamped_affine({scale, shift}, ElementType::kFloat32);
    return std::pair(clamped.clamps_below, clamped.clamps_above);
  };
  EXPECT_EQ(sides({1, 2}), std::pair(true, false));
  EXPECT_EQ(sides({-1, -2}), std::pair(false, true));
  EXPECT_EQ(sides({1, -2}), std::pair(true, true));
  EXPECT_EQ(sides({0, 0}), std::pair(false, false));
}

TEST(FoldConvolution, ScalesAndShiftsBehindAWindow) {
  // Two outputs, one input, 1×2 window: values small enough to be exact.
  FoldedConvolution folded = fold_convolution({1, 2, 3, 4}, untouched_input(1), {{0.5, -2}, {10, 20}}, ElementType::kFloat32);
  EXPECT_EQ(folded.weights, (std::vector<float>{0.5f, 1.0f, -6.0f, -8.0f}));
  EXPECT_EQ(folded.bias, (std::vector<float>{10, 20}));
}

TEST(ReadBatchNorm, FollowsTheDefinition) {
  testing::RandomTensors made;
  made.add("n.weight", {2}, {2.0f, -1.0f});
  made.add("n.bias", {2}, {0.5f, 0.25f});
  made.add("n.running_mean", {2}, {3.0f, -4.0f});
  made.add("n.running_var", {2}, {4.0f, 0.0f});
  auto affine = read_batch_norm(made.tensors, "n");
  ASSERT_TRUE(affine);
  double expected = 2.0 / std::sqrt(4.0 + 1e-5);
  EXPECT_DOUBLE_EQ(affine->scale[0], expected);
  EXPECT_DOUBLE_EQ(affine->shift[0], 0.5 - 3.0 * expected);
  EXPECT_DOUBLE_EQ(affine->scale[1], -1.0 / std::sqrt(1e-5));

  made.add("n.running_var", {2}, {4.0f, -1.0f});
  auto broken = read_batch_norm(made.tensors, "n");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "Tensor n.running_var holds a negative variance (-1).");
}

}  // namespace
}  // namespace chestlight
