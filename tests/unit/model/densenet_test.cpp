// DenseNet graphs against PyTorch. Here the small network, interpreted; the large ones run in ONNX Runtime
// (tests/graph/parity.test.mjs).
#include "model/architectures/densenet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/files.h"
#include "support/graph_interpreter.h"
#include "support/random_network.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;
using testing::interpret;
using testing::make_random_tensors;
using testing::random_network;
using testing::RandomTensors;

std::vector<std::int64_t> extents(const Json& json) { return json.get<std::vector<std::int64_t>>(); }

/// Largest difference over largest expected value.
double relative_error(const std::vector<double>& found, const std::vector<double>& expected) {
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    difference = std::max(difference, std::abs(found[i] - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return difference / largest;
}

/// Numbers of the stream `name` (support/random_network.h), times `scale`.
Array random_array(const std::vector<std::int64_t>& shape, std::string_view name = "input", double scale = 1) {
  std::size_t count = 1;
  for (std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  std::vector<float> numbers = testing::random_input(name, count);
  Array array{shape, {numbers.begin(), numbers.end()}};
  for (double& number : array.numbers) number *= scale;
  return array;
}

std::map<Operator, int> operator_counts(const Graph& graph) {
  std::map<Operator, int> counts;
  for (const Node& node : graph.nodes()) ++counts[node.op];
  return counts;
}

class SmallNetwork : public ::testing::TestWithParam<Precision> {};

// Odd and even sizes, a batch of two, batch norm scales of both signs and zero.
TEST_P(SmallNetwork, GivesPyTorchsLogitsAndFeatures) {
  const double tolerance = GetParam() == Precision::kFloat32 ? kNetworkInterpreted : kNetworkFloat16;
  RandomTensors made = make_random_tensors(random_network("small"));
  auto graph = build_densenet(made.tensors, GetParam());
  ASSERT_TRUE(graph) << graph.error().message;
  auto file = testing::read_file(std::string(CHESTLIGHT_GOLDEN) + "/graph/random_networks.json");
  Json golden = *parse_json(as_text(file), "random_networks.json");
  ASSERT_EQ(golden["small"]["runs"].size(), 2u);
  for (const Json& run : golden["small"]["runs"]) {
    auto outputs = interpret(*graph, {{"input", random_array(extents(run["input"]))}});
    EXPECT_LT(relative_error(outputs["logits"].numbers, run["logits"].get<std::vector<double>>()), tolerance);

    const Array& features = outputs["features"];
    ASSERT_EQ(features.shape, extents(run["features_shape"]));
    double largest = run["features_largest"].get<double>();
    EXPECT_NEAR(*std::max_element(features.numbers.begin(), features.numbers.end()), largest, tolerance * largest);
    for (std::size_t i = 0; i < run["samples"].size(); ++i)
      EXPECT_NEAR(features.numbers[run["sample_at"][i].get<std::size_t>()], run["samples"][i].get<double>(), tolerance * largest);
  }
}

INSTANTIATE_TEST_SUITE_P(BothPrecisions, SmallNetwork, ::testing::Values(Precision::kFloat32, Precision::kFloat16));

// Class weights are in -1 … 1: half of what random_array() makes.
TEST(DenseNetReverse, GivesTheGradientsOfPyTorchsAutograd) {
  auto graph = build_densenet_reverse(make_random_tensors(random_network("small")).tensors);
  ASSERT_TRUE(graph) << graph.error().message;
  auto file = testing::read_file(std::string(CHESTLIGHT_GOLDEN) + "/graph/random_networks.json");
  Json golden = *parse_json(as_text(file), "random_networks.json");
  for (const Json& run : golden["small"]["runs"]) {
    const std::vector<std::int64_t> input = extents(run["input"]);
    auto outputs =
        interpret(*graph, {{"input", random_array(input)}, {"class_weights", random_array({input[0], 5}, "class_weights", 0.5)}});
    EXPECT_LT(relative_error(outputs["logits"].numbers, run["logits"].get<std::vector<double>>()), kNetworkInterpreted);
    EXPECT_EQ(run["gradients"].size(), 5u);
    for (const auto& [value, expected] : run["gradients"].items()) {
      const Array& gradient = outputs["gradient_" + value];
      ASSERT_EQ(gradient.shape, extents(expected["shape"])) << value;
      if (value != "input") {
        EXPECT_EQ(outputs[value].shape, gradient.shape) << value;
      }
      const double tolerance = kNetworkInterpreted * expected["largest"].get<double>();
      for (std::size_t i = 0; i < expected["samples"].size(); ++i)
        EXPECT_NEAR(gradient.numbers[expected["sample_at"][i].get<std::size_t>()], expected["samples"][i].get<double>(),
                    tolerance)
            << value;
    }
  }
}

TEST(DenseNetGraph, HasDynamicBatchAndSize) {
  auto graph = build_densenet(make_random_tensors(random_network("small")).tensors, Precision::kFloat32);
  ASSERT_TRUE(graph);
  ASSERT_EQ(graph->inputs().size(), 1u);
  const ValueInfo& input = graph->info(graph->inputs()[0]);
  EXPECT_EQ(input.name, "input");
  EXPECT_FALSE(input.shape[0].known());
  EXPECT_EQ(input.shape[1].size, 3);
  EXPECT_FALSE(input.shape[2].known());
  ASSERT_EQ(graph->outputs().size(), 2u);
  const ValueInfo& logits = graph->info(graph->outputs()[0]);
  EXPECT_EQ(logits.name, "logits");
  EXPECT_EQ(logits.shape[0].symbol, "batch");
  EXPECT_EQ(logits.shape[1].size, 5);
  const ValueInfo& features = graph->info(graph->outputs()[1]);
  EXPECT_EQ(features.name, "features");
  EXPECT_EQ(features.shape[1].size, 18);
}

// A plain export of DenseNet-121 has 430 operators.
TEST(DenseNetGraph, KeepsOneClampPerBatchNormInFrontOfAConvolution) {
  auto graph = build_densenet(make_random_tensors(random_network("densenet121")).tensors, Precision::kFloat32);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->nodes().size(), 308u);
  auto counts = operator_counts(*graph);
  EXPECT_EQ(counts[Operator::kConvolution], 120);
  EXPECT_EQ(counts[Operator::kMaximum], 61);  // 58 dense layers, 3 transitions
  EXPECT_EQ(counts[Operator::kMinimum], 0);   // no negative scale in this network
  EXPECT_EQ(counts[Operator::kMultiply], 1);  // the last batch norm, which the features need
}

TEST(DenseNetGraph, Float16BodyHasFloat32Ends) {
  auto graph = build_densenet(make_random_tensors(random_network("small")).tensors, Precision::kFloat16);
  ASSERT_TRUE(graph);
  EXPECT_EQ(operator_counts(*graph)[Operator::kCast], 2);
  for (const Node& node : graph->nodes()) {
    bool float32_end = node.op == Operator::kMultiply || node.op == Operator::kAdd || node.op == Operator::kGemm ||
                       node.op == Operator::kGlobalAveragePool || node.op == Operator::kFlatten;
    if (float32_end) {
      EXPECT_EQ(graph->info(node.output).element, ElementType::kFloat32);
    }
    if (node.op == Operator::kConvolution) {
      EXPECT_EQ(graph->info(node.output).element, ElementType::kFloat16);
      for (Value input : node.inputs) EXPECT_EQ(graph->info(input).element, ElementType::kFloat16);
    }
  }
}

TEST(DenseNetGraph, RefusesWeightsBeyondFloat16ForFloat16Only) {
  RandomTensors made = make_random_tensors(random_network("small"));
  std::vector<float> weights(4 * 16 * 9, 1e5f);
  made.add("features.denseblock1.denselayer1.conv2.weight", {4, 16, 3, 3}, weights);
  EXPECT_TRUE(build_densenet(made.tensors, Precision::kFloat32));
  auto graph = build_densenet(made.tensors, Precision::kFloat16);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().code, ErrorCode::kInvalidModel);
  EXPECT_EQ(graph.error().message, "After folding batch norm, denseblock1.denselayer1.conv2.weight holds 100000, beyond 65504.");
}

// The identity behind the exact evidence map: logit = bias + mean over cells of weights · features.
TEST(DenseNetHead, TimesMeanFeaturesIsTheLogit) {
  RandomTensors made = make_random_tensors(random_network("small"));
  auto graph = build_densenet(made.tensors, Precision::kFloat32);
  auto head = read_head(made.tensors);
  ASSERT_TRUE(graph && head);
  ASSERT_EQ(head->classes, 5);
  ASSERT_EQ(head->features, 18);
  auto outputs = interpret(*graph, {{"input", random_array({1, 3, 64, 64})}});
  const Array& features = outputs["features"];
  const std::size_t cells = features.numbers.size() / 18;
  std::vector<double> logits(5);
  for (std::size_t c = 0; c < 5; ++c) {
    logits[c] = head->bias[c];
    for (std::size_t i = 0; i < features.numbers.size(); ++i)
      logits[c] += head->weights[c * 18 + i / cells] * features.numbers[i] / static_cast<double>(cells);
  }
  EXPECT_LT(relative_error(outputs["logits"].numbers, logits), kNetworkInterpreted);
}

}  // namespace
}  // namespace chestlight
