// Untrained parts of a small random network: what changes, and what does not. What that does to the network is asked in
// architectures_test.cpp.
#include "model/graph/weight_randomisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/random_network.h"

namespace chestlight {
namespace {

double size_of(const std::vector<float>& weights) {
  double squares = 0;
  for (float weight : weights) squares += double{weight} * weight;
  return std::sqrt(squares / static_cast<double>(weights.size()));
}

TEST(WeightRandomisation, ARandomHeadIsAsLargeAsTheTrainedOneAndHasNoBias) {
  const testing::RandomTensors trained = testing::make_random_tensors("small");
  const RandomisedTensors made = with_random_head(trained.tensors).value();
  const auto before = *widen(trained.tensors, "classifier.weight"), after = *widen(made.tensors, "classifier.weight");
  EXPECT_NE(before, after);
  EXPECT_NEAR(size_of(after) / size_of(before), 1, 0.2) << "of a sample";
  EXPECT_EQ(*widen(made.tensors, "classifier.bias"), std::vector<float>(5));
  for (const auto& [name, tensor] : trained.tensors)
    if (!name.starts_with("classifier.")) {
      EXPECT_EQ(*widen(trained.tensors, name), *widen(made.tensors, name)) << name;
    }
}

TEST(WeightRandomisation, ShuffledTensorsKeepTheirNumbers) {
  const testing::RandomTensors trained = testing::make_random_tensors("small");
  const std::vector<std::string> asked = {"features.transition2.conv.weight", "features.denseblock3.denselayer1.conv2.weight"};
  const RandomisedTensors made = with_shuffled(trained.tensors, asked).value();
  for (const auto& [name, tensor] : trained.tensors) {
    auto numbers = *widen(trained.tensors, name), shuffled = *widen(made.tensors, name);
    const bool changes = std::find(asked.begin(), asked.end(), name) != asked.end();
    EXPECT_EQ(numbers != shuffled, changes) << name;
    std::sort(numbers.begin(), numbers.end());
    std::sort(shuffled.begin(), shuffled.end());
    EXPECT_EQ(numbers, shuffled) << name;
  }
}

TEST(WeightRandomisation, IsTheSameEveryTime) {
  const testing::RandomTensors trained = testing::make_random_tensors("small");
  EXPECT_EQ(with_random_head(trained.tensors)->numbers, with_random_head(trained.tensors)->numbers);
  const std::vector<std::string> asked = {"features.transition2.conv.weight"};
  EXPECT_EQ(with_shuffled(trained.tensors, asked)->numbers, with_shuffled(trained.tensors, asked)->numbers);
}

TEST(WeightRandomisation, AMissingTensorIsSaid) {
  EXPECT_FALSE(with_random_head({}));
  EXPECT_EQ(with_shuffled({}, {"a.weight"}).error().message, "Tensor a.weight is missing.");
}

}  // namespace
}  // namespace chestlight
