#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "model/architectures/densenet.h"
#include "support/random_network.h"

namespace chestlight {
namespace {

using testing::make_random_tensors;
using testing::random_network;
using testing::RandomTensors;

TEST(DenseNetShape, IsReadOffTheTensors) {
  for (const char* name : {"small", "densenet121", "densenet169"}) {
    testing::RandomNetwork network = random_network(name);
    auto shape = infer_densenet(make_random_tensors(network).tensors);
    ASSERT_TRUE(shape) << name << ": " << shape.error().message;
    EXPECT_EQ(*shape, network.shape) << name;
  }
}

TEST(DenseNetShape, IgnoresWhatCarriesNoMeaning) {
  RandomTensors made = make_random_tensors(random_network("small"));
  made.add("features.norm0.num_batches_tracked", {}, {1});
  made.add("op_threshs", {5}, {0, 0, 0, 0, 0});
  made.add("classifier.weight.scale", {5}, {0, 0, 0, 0, 0});
  auto shape = infer_densenet(made.tensors);
  EXPECT_TRUE(shape) << shape.error().message;
}

struct Row {
  const char* origin;
  std::function<void(RandomTensors&)> damage;
  const char* message;
};

TEST(DenseNetShape, NamesTheTensorThatDoesNotFit) {
  const std::string layer = "features.denseblock2.denselayer2";
  const Row rows[] = {
      {"no tensors", [](RandomTensors& made) { made.tensors.clear(); }, "Tensor features.conv0.weight is missing."},
      {"a ResNet",
       [](RandomTensors& made) {
         made.tensors.clear();
         made.add("conv1.weight", {1, 1, 7, 7}, std::vector<float>(49));
         made.add("layer1.0.conv1.weight", {1, 1, 1, 1}, {0});
       },
       "Tensor features.conv0.weight is missing; the file has 2 tensors, among them conv1.weight [1, 1, 7, 7]."},
      {"a stem that torchvision does not make",
       [](RandomTensors& made) { made.add("features.conv0.weight", {8, 3, 3, 3}, std::vector<float>(216)); },
       "Tensor features.conv0.weight is [8, 3, 3, 3]; expected [any, any, 7, 7]."},
      {"an extent of 0", [](RandomTensors& made) { made.add("features.conv0.weight", {0, 3, 7, 7}, {}); },
       "Tensor features.conv0.weight is [0, 3, 7, 7]; expected [any, any, 7, 7]."},
      {"a vector where a matrix belongs", [](RandomTensors& made) { made.add("classifier.weight", {5}, {0, 0, 0, 0, 0}); },
       "Tensor classifier.weight is [5]; expected [any, 18]."},
      {"lost batch norm", [&](RandomTensors& made) { made.tensors.erase(layer + ".norm2.running_var"); },
       "Tensor features.denseblock2.denselayer2.norm2.running_var is missing; the file has 90 tensors, among them "
       "classifier.bias [5]."},
      {"another growth in one layer",
       [&](RandomTensors& made) { made.add(layer + ".conv2.weight", {5, 16, 3, 3}, std::vector<float>(720)); },
       "Tensor features.denseblock2.denselayer2.conv2.weight is [5, 16, 3, 3]; expected [4, 16, 3, 3]."},
      {"a block that stops early", [&](RandomTensors& made) { made.tensors.erase(layer + ".conv1.weight"); },
       "Tensor features.transition2.norm.weight is [20]; expected [12]."},
      {"no first layer behind a transition",
       [](RandomTensors& made) { made.tensors.erase("features.denseblock3.denselayer1.norm1.weight"); },
       "Tensor features.denseblock3.denselayer1.norm1.weight is missing; the file has 90 tensors, among them "
       "classifier.bias [5]."},
      {"another class count in the bias", [](RandomTensors& made) { made.add("classifier.bias", {2}, {0, 0}); },
       "Tensor classifier.bias is [2]; expected [5]."},
      {"one tensor too many", [](RandomTensors& made) { made.add("attention.weight", {2}, {0, 0}); },
       "Tensor attention.weight [2] is not part of a DenseNet."},
      {"a scale of nothing", [](RandomTensors& made) { made.add("attention.scale", {2}, {0, 0}); },
       "Tensor attention.scale [2] is not part of a DenseNet."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    RandomTensors made = make_random_tensors(random_network("small"));
    row.damage(made);
    auto shape = infer_densenet(made.tensors);
    ASSERT_FALSE(shape);
    EXPECT_EQ(shape.error().code, ErrorCode::kInvalidModel);
    EXPECT_EQ(shape.error().message, row.message);
  }
}

}  // namespace
}  // namespace chestlight
