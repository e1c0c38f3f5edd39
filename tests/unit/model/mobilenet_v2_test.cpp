// What is particular to MobileNetV2: widths read off the tensors, the form of the graph, and what does not fit. What it shares
// with other architectures is in architectures_test.cpp.
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

TEST(MobileNetV2, IsReadOffTheTensors) {
  struct Row {
    const char* network;
    int channels, classes, features;
  };
  for (const Row& row : {Row{"mobilenet_v2", 1, 14, 1280}, Row{"small_mobilenet_v2", 3, 5, 48}}) {
    const RandomTensors made = make_random_tensors(row.network);
    const auto network = recognise(made.tensors);
    ASSERT_TRUE(network) << row.network << ": " << network.error().message;
    EXPECT_EQ((*network)->family(), "mobilenetv2");
    EXPECT_EQ((*network)->name(), "MobileNetV2");
    EXPECT_EQ((*network)->channels(), row.channels);
    EXPECT_EQ((*network)->head().classes, row.classes);
    EXPECT_EQ((*network)->head().features, row.features);
    EXPECT_EQ((*network)->layers(), (std::vector<std::string>{"block1", "block2", "block3", "block4", "block5", "features"}));
  }
}

// A plain export has 154: 52 batch norms, and reshaping between pooling and the linear layer.
TEST(MobileNetV2, KeepsConvolutionsRectifiersAndAdditionsOnly) {
  const RandomTensors made = make_random_tensors("mobilenet_v2");
  const auto network = recognise(made.tensors).value();
  const Graph graph = *network->graph({}, Precision::kFloat32);
  std::map<Operator, int> counts;
  for (const Node& node : graph.nodes()) ++counts[node.op];
  EXPECT_EQ(counts[Operator::kConvolution], 52);
  EXPECT_EQ(counts[Operator::kClip], 35);
  EXPECT_EQ(counts[Operator::kAdd], 10);
  EXPECT_EQ(graph.nodes().size(), 52u + 35 + 10 + 3);
  EXPECT_EQ(network->graph({}, Precision::kFloat16)->nodes().size(), graph.nodes().size() + 2);
}

// ONNX Runtime's WebGPU provider gets grouped convolutions with more outputs than groups wrong.
TEST(MobileNetV2, EveryGroupedConvolutionHasOneOutputPerGroup) {
  const RandomTensors made = make_random_tensors("mobilenet_v2");
  const Graph graph = *(*recognise(made.tensors))->graph({.reverse = true}, Precision::kFloat32);
  int grouped = 0;
  for (const Node& node : graph.nodes()) {
    if (node.op != Operator::kConvolution || node.attribute_or("group", 1) == 1) continue;
    ++grouped;
    EXPECT_EQ(graph.info(node.output).shape[1].size, node.attribute_or("group", 1)) << graph.info(node.output).name;
  }
  EXPECT_EQ(grouped, 17 + 13) << "of the forward pass, and the gradients of those of stride 1";
}

TEST(MobileNetV2, RefusesWeightsBeyondFloat16ForFloat16Only) {
  RandomTensors made = make_random_tensors("small_mobilenet_v2");
  const auto shape = made.tensors["features.3.conv.1.0.weight"].shape;
  made.add("features.3.conv.1.0.weight", shape, std::vector<float>(static_cast<std::size_t>(shape[0]) * 9, 1e6f));
  const auto network = recognise(made.tensors).value();
  EXPECT_TRUE(network->graph({}, Precision::kFloat32));
  const auto graph = network->graph({}, Precision::kFloat16);
  ASSERT_FALSE(graph);
  EXPECT_TRUE(graph.error().message.starts_with("After folding batch norm, features.3.depthwise.weight holds"))
      << graph.error().message;
}

void erase_below(RandomTensors& made, const std::string& prefix) {
  std::erase_if(made.tensors, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

TEST(MobileNetV2, SaysWhatIsMissing) {
  struct Row {
    const char* origin;
    std::function<void(RandomTensors&)> damage;
    const char* message;
  };
  const Row rows[] = {
      {"another depth", [](RandomTensors& made) { erase_below(made, "features.17."); },
       "The file has no inverted residual block features.17; MobileNetV2 has 17, features.1 to features.17."},
      {"no last convolution", [](RandomTensors& made) { erase_below(made, "features.18."); },
       "Tensor features.18.0.weight is missing."},
      {"lost batch norm", [](RandomTensors& made) { made.tensors.erase("features.5.conv.3.running_var"); },
       "Tensor features.5.conv.3.running_var is missing."},
      {"a lost weight of the last batch norm of a block",
       [](RandomTensors& made) { made.tensors.erase("features.5.conv.3.weight"); },
       "Tensor features.5.conv.3.weight is missing."},
      {"a depthwise convolution with two outputs per channel",
       [](RandomTensors& made) { made.add("features.1.conv.0.0.weight", {16, 1, 3, 3}, std::vector<float>(144)); },
       "Tensor features.1.conv.0.0.weight is [16, 1, 3, 3]; expected [8, 1, 3, 3]."},
      {"no classifier", [](RandomTensors& made) { erase_below(made, "classifier.1.weight"); },
       "Tensor classifier.weight is missing."},
      {"one tensor too many: MobileNetV3's squeeze and excitation",
       [](RandomTensors& made) { made.add("features.4.conv.2.fc1.weight", {2, 2, 1, 1}, std::vector<float>(4)); },
       "Tensor features.4.conv.2.fc1.weight [2, 2, 1, 1] is not part of a MobileNetV2."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    RandomTensors made = make_random_tensors("small_mobilenet_v2");
    row.damage(made);
    const auto network = recognise(made.tensors);
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::kInvalidModel);
    EXPECT_EQ(network.error().message, text("The tensors come closest to MobileNetV2. ", row.message));
  }
}

}  // namespace
}  // namespace chestlight
