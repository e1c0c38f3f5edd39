// Untrained parts of a small random network: what changes, what does not, and that the head still adds up.
#include "model/graph/weight_randomisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "model/architectures/densenet.h"
#include "support/graph_interpreter.h"
#include "support/random_network.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;

class Reinitialise : public ::testing::Test {
 protected:
  std::map<std::string, Array> outputs(const TensorMap& tensors) {
    const std::vector<float> film = testing::random_input("input", 3 * 64 * 64);
    return testing::interpret(*build_densenet(tensors, Precision::kFloat32),
                              {{"input", {{1, 3, 64, 64}, {film.begin(), film.end()}}}});
  }
  testing::RandomTensors trained_ = testing::make_random_tensors(testing::random_network("small"));
};

TEST_F(Reinitialise, ARandomHeadSeesTheSameFeaturesAndAddsUp) {
  const auto result = reinitialise(trained_.tensors, Reinitialised::kHead);
  ASSERT_TRUE(result);
  const ReinitialisedTensors& made = *result;
  auto before = outputs(trained_.tensors), after = outputs(made.tensors);
  EXPECT_EQ(before["features"].numbers, after["features"].numbers);
  const Head head = *read_head(made.tensors);
  const Array& features = after["features"];
  const std::size_t cells = static_cast<std::size_t>(features.shape[2] * features.shape[3]);
  for (int c = 0; c < head.classes; ++c) {
    EXPECT_EQ(head.bias[c], 0);
    double logit = 0;
    for (std::size_t i = 0; i < features.numbers.size(); ++i)
      logit += head.weights[c * head.features + i / cells] * features.numbers[i] / static_cast<double>(cells);
    EXPECT_NEAR(after["logits"].numbers[c], logit, kNetworkInterpreted * std::max(1.0, std::abs(logit)));
    EXPECT_GT(std::abs(logit - before["logits"].numbers[c]), 1e-3);
  }
}

TEST_F(Reinitialise, TheRandomHeadsWeightsAreAsLargeAsTheTrainedOnes) {
  const Head trained = *read_head(trained_.tensors);
  const Head head = *read_head(reinitialise(trained_.tensors, Reinitialised::kHead)->tensors);
  auto size = [](const std::vector<float>& weights) {
    double squares = 0;
    for (float weight : weights) squares += double{weight} * weight;
    return std::sqrt(squares / static_cast<double>(weights.size()));
  };
  EXPECT_NEAR(size(head.weights) / size(trained.weights), 1, 0.2) << "of a sample";
}

TEST_F(Reinitialise, ShuffledBlocksKeepTheirNumbersAndTheHeadButSeeOtherFeatures) {
  const auto result = reinitialise(trained_.tensors, Reinitialised::kLastBlock);
  ASSERT_TRUE(result);
  const ReinitialisedTensors& made = *result;
  int changed = 0;
  for (const auto& [name, tensor] : trained_.tensors) {
    auto numbers = *widen(trained_.tensors, name), shuffled = *widen(made.tensors, name);
    if (numbers == shuffled) continue;
    ++changed;
    EXPECT_TRUE(name.starts_with("features.denseblock3.") || name == "features.transition2.conv.weight") << name;
    std::sort(numbers.begin(), numbers.end());
    std::sort(shuffled.begin(), shuffled.end());
    EXPECT_EQ(numbers, shuffled) << name;
  }
  EXPECT_EQ(changed, 1 + 2 * 2) << "a transition, and two convolutions in each of two layers";
  auto before = outputs(trained_.tensors), after = outputs(made.tensors);
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < before["features"].numbers.size(); ++i) {
    difference = std::max(difference, std::abs(before["features"].numbers[i] - after["features"].numbers[i]));
    largest = std::max(largest, std::abs(after["features"].numbers[i]));
  }
  EXPECT_GT(difference, 0.01);
  EXPECT_GT(largest, 0.01) << "it still sees something";
}

TEST_F(Reinitialise, IsTheSameEveryTimeAndNothingWhereNothingIsAsked) {
  for (Reinitialised what : {Reinitialised::kHead, Reinitialised::kLastBlock}) {
    const auto one = reinitialise(trained_.tensors, what), other = reinitialise(trained_.tensors, what);
    EXPECT_EQ(one->numbers, other->numbers);
  }
  EXPECT_TRUE(reinitialise(trained_.tensors, Reinitialised::kNothing)->numbers.empty());
  EXPECT_FALSE(reinitialise({}, Reinitialised::kHead)) << "no network";
}

}  // namespace
}  // namespace chestlight
