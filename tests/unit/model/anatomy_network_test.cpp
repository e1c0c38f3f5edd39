// What is particular to the anatomy network: widths and resolutions read off the tensors, its second output, and what does
// not fit. PyTorch's numbers, the masks among them, are compared in architectures_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/architectures/architecture.h"
#include "support/random_network.h"

namespace chestlight {
namespace {

using testing::make_random_tensors;
using testing::RandomTensors;

TEST(AnatomyNetwork, IsReadOffTheTensors) {
  const RandomTensors made = make_random_tensors("small_anatomy");
  const auto network = recognise(made.tensors);
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ((*network)->family(), "anatomy");
  EXPECT_EQ((*network)->channels(), 1);
  EXPECT_EQ((*network)->head().classes, 5);
  EXPECT_EQ((*network)->head().features, 8);
  EXPECT_EQ((*network)->layers(), (std::vector<std::string>{"level1", "level2", "features"}));
}

// Masks are a third output beside those that every network has, in float32 whatever the body computes in.
TEST(AnatomyNetwork, MarksItsMasksInBothPrecisions) {
  const RandomTensors made = make_random_tensors("small_anatomy");
  const auto network = recognise(made.tensors).value();
  for (Precision precision : {Precision::kFloat32, Precision::kFloat16}) {
    const Graph graph = *network->graph({}, precision);
    std::map<std::string, ElementType> outputs;
    for (Value output : graph.outputs()) outputs[graph.info(output).name] = graph.info(output).element;
    EXPECT_EQ(outputs,
              (std::map<std::string, ElementType>{
                  {"features", ElementType::kFloat32}, {"logits", ElementType::kFloat32}, {"masks", ElementType::kFloat32}}));
  }
}

TEST(AnatomyNetwork, EnlargesOncePerResolution) {
  const RandomTensors made = make_random_tensors("small_anatomy");
  const Graph graph = *(*recognise(made.tensors))->graph({}, Precision::kFloat32);
  std::map<Operator, int> counts;
  for (const Node& node : graph.nodes()) ++counts[node.op];
  EXPECT_EQ(counts[Operator::kEnlarge], 2);
  EXPECT_EQ(counts[Operator::kMaxPool], 2);
  EXPECT_EQ(counts[Operator::kConvolution], 2 + 2 + 1 + 2 + 2 + 1) << "down, narrow, up and masks";
}

TEST(AnatomyNetwork, SaysWhatDoesNotFit) {
  struct Row {
    const char* what;
    std::function<void(RandomTensors&)> change;
    const char* said;
  };
  for (const Row& row : {
           Row{"no masks", [](RandomTensors& made) { made.tensors.erase("masks.weight"); }, "masks.weight"},
           Row{"no way up", [](RandomTensors& made) { made.tensors.erase("up.1.0.weight"); }, "up.1.0.weight"},
           Row{"another width on the way up",
               [](RandomTensors& made) { made.add("narrow.0.weight", {5, 6, 1, 1}, std::vector<float>(30)); }, "narrow.0.weight"},
           Row{"a tensor too many", [](RandomTensors& made) { made.add("side.weight", {1}, {0}); }, "side.weight"},
       }) {
    RandomTensors made = make_random_tensors("small_anatomy");
    row.change(made);
    const auto network = recognise(made.tensors);
    ASSERT_FALSE(network) << row.what;
    EXPECT_NE(network.error().message.find("come closest to the anatomy network"), std::string::npos) << network.error().message;
    EXPECT_NE(network.error().message.find(row.said), std::string::npos) << network.error().message;
  }
}

}  // namespace
}  // namespace chestlight
