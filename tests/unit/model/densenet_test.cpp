// What is particular to DenseNets: the shape read off the tensors, the form of the graph, and what does not fit. What they
// share with other architectures is in architectures_test.cpp.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "model/architectures/architecture.h"
#include "support/random_network.h"

namespace chestlight {
namespace {

using testing::make_random_tensors;
using testing::RandomTensors;

TEST(DenseNet, IsReadOffTheTensors) {
  struct Row {
    const char *network, *name;
    int channels, classes, features;
    std::size_t layers;
  };
  const Row rows[] = {{"small", "DenseNet of blocks 2-3-2", 3, 5, 18, 3 + 1},
                      {"densenet121", "DenseNet-121", 3, 14, 1024, 4 + 1},
                      {"densenet169", "DenseNet-169", 1, 18, 1664, 4 + 1}};
  for (const Row& row : rows) {
    const RandomTensors made = make_random_tensors(row.network);
    const auto network = recognise(made.tensors);
    ASSERT_TRUE(network) << row.network << ": " << network.error().message;
    EXPECT_EQ((*network)->family(), "densenet");
    EXPECT_EQ((*network)->name(), row.name);
    EXPECT_EQ((*network)->channels(), row.channels);
    EXPECT_EQ((*network)->head().classes, row.classes);
    EXPECT_EQ((*network)->head().features, row.features);
    ASSERT_EQ((*network)->layers().size(), row.layers);
    EXPECT_EQ((*network)->layers()[1], "block2");
    EXPECT_EQ((*network)->layers().back(), "features");
  }
}

// A plain export of DenseNet-121 has 430 operators.
TEST(DenseNet, KeepsOneClampPerBatchNormInFrontOfAConvolution) {
  const RandomTensors made = make_random_tensors("densenet121");
  const Graph graph = *(*recognise(made.tensors))->graph({}, Precision::kFloat32);
  EXPECT_EQ(graph.nodes().size(), 308u);
  std::map<Operator, int> counts;
  for (const Node& node : graph.nodes()) ++counts[node.op];
  EXPECT_EQ(counts[Operator::kConvolution], 120);
  EXPECT_EQ(counts[Operator::kMaximum], 61);  // 58 dense layers, 3 transitions
  EXPECT_EQ(counts[Operator::kMinimum], 0);   // no negative scale in this network
  EXPECT_EQ(counts[Operator::kMultiply], 1);  // the last batch norm, which the features need
}

TEST(DenseNet, RefusesWeightsBeyondFloat16ForFloat16Only) {
  RandomTensors made = make_random_tensors("small");
  std::vector<float> weights(4 * 16 * 9, 1e5f);
  made.add("features.denseblock1.denselayer1.conv2.weight", {4, 16, 3, 3}, weights);
  const auto network = recognise(made.tensors).value();
  EXPECT_TRUE(network->graph({}, Precision::kFloat32));
  const auto graph = network->graph({}, Precision::kFloat16);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().code, ErrorCode::kInvalidModel);
  EXPECT_EQ(graph.error().message, "After folding batch norm, denseblock1.denselayer1.conv2.weight holds 100000, beyond 65504.");
}

TEST(DenseNet, IgnoresWhatCarriesNoMeaning) {
  RandomTensors made = make_random_tensors("small");
  made.add("features.norm0.num_batches_tracked", {}, {1});
  made.add("op_threshs", {5}, {0, 0, 0, 0, 0});
  made.add("classifier.weight.scale", {5}, {0, 0, 0, 0, 0});
  const auto network = recognise(made.tensors);
  EXPECT_TRUE(network) << network.error().message;
}

void erase_below(RandomTensors& made, const std::string& prefix) {
  std::erase_if(made.tensors, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

TEST(DenseNet, SaysWhatIsMissingFromTheOneThatComesClosest) {
  struct Row {
    const char* origin;
    const char* network;
    std::function<void(RandomTensors&)> damage;
    const char* message;
  };
  const std::string layer = "features.denseblock2.denselayer2";
  const Row rows[] = {
      {"layers cut off the end of a block of a published network", "densenet121",
       [](RandomTensors& made) {
         for (int cut : {21, 22, 23, 24}) erase_below(made, text("features.denseblock3.denselayer", cut, "."));
       },
       "features.denseblock3 has 20 layers; DenseNet-121 has 24."},
      {"the same of the last block", "densenet121",
       [](RandomTensors& made) { erase_below(made, "features.denseblock4.denselayer16."); },
       "features.denseblock4 has 15 layers; DenseNet-121 has 16."},
      {"the same of a network that was never published", "small",
       [](RandomTensors& made) { erase_below(made, "features.denseblock2.denselayer3."); },
       "features.denseblock2 has 2 layers; features.transition2.norm behind it is made for 3."},
      {"a stem that torchvision does not make", "small",
       [](RandomTensors& made) { made.add("features.conv0.weight", {8, 3, 3, 3}, std::vector<float>(216)); },
       "Tensor features.conv0.weight is [8, 3, 3, 3]; expected [any, any, 7, 7]."},
      {"an extent of 0", "small", [](RandomTensors& made) { made.add("features.conv0.weight", {0, 3, 7, 7}, {}); },
       "Tensor features.conv0.weight is [0, 3, 7, 7]; expected [any, any, 7, 7]."},
      {"a vector where a matrix belongs", "small",
       [](RandomTensors& made) { made.add("classifier.weight", {5}, {0, 0, 0, 0, 0}); },
       "Tensor classifier.weight is [5]; expected [any, 18]."},
      {"lost batch norm", "small", [&](RandomTensors& made) { made.tensors.erase(layer + ".norm2.running_var"); },
       "Tensor features.denseblock2.denselayer2.norm2.running_var is missing."},
      {"another growth in one layer", "small",
       [&](RandomTensors& made) { made.add(layer + ".conv2.weight", {5, 16, 3, 3}, std::vector<float>(720)); },
       "Tensor features.denseblock2.denselayer2.conv2.weight is [5, 16, 3, 3]; expected [4, 16, 3, 3]."},
      {"a convolution missing in the middle of a block", "small",
       [&](RandomTensors& made) { made.tensors.erase(layer + ".conv1.weight"); },
       "Tensor features.denseblock2.denselayer2.conv1.weight is missing."},
      {"no first norm behind a transition", "small",
       [](RandomTensors& made) { made.tensors.erase("features.denseblock3.denselayer1.norm1.weight"); },
       "Tensor features.denseblock3.denselayer1.norm1.weight is missing."},
      {"no last norm", "small", [](RandomTensors& made) { erase_below(made, "features.norm5."); },
       "Tensor features.norm5.weight is missing."},
      {"another class count in the bias", "small", [](RandomTensors& made) { made.add("classifier.bias", {2}, {0, 0}); },
       "Tensor classifier.bias is [2]; expected [5]."},
      {"one tensor too many", "small", [](RandomTensors& made) { made.add("attention.weight", {2}, {0, 0}); },
       "Tensor attention.weight [2] is not part of a DenseNet."},
      {"a scale of nothing", "small", [](RandomTensors& made) { made.add("attention.scale", {2}, {0, 0}); },
       "Tensor attention.scale [2] is not part of a DenseNet."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    RandomTensors made = make_random_tensors(row.network);
    row.damage(made);
    const auto network = recognise(made.tensors);
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::kInvalidModel);
    EXPECT_EQ(network.error().message, text("The tensors come closest to DenseNet-121. ", row.message));
    EXPECT_FALSE(network.error().hint.empty());
  }
}

TEST(DenseNet, TwoTensorsMayNotShareOneName) {
  RandomTensors made = make_random_tensors("small");
  made.tensors["module.classifier.bias"] = made.tensors["classifier.bias"];
  const auto network = recognise(made.tensors);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().message, "Two tensors would both be called classifier.bias; one of them is module.classifier.bias.");
  EXPECT_EQ(network.error().hint, "Keep only one network in the checkpoint.");
}

}  // namespace
}  // namespace chestlight
