// What every architecture promises, on a small random network of each (tests/golden/graph/random_networks.json): PyTorch's
// numbers, forward and reverse, in both precisions; a head that adds up; untrained parts. The large networks run in ONNX
// Runtime (tests/model/parity.test.mjs). A new architecture is tested by its networks in make_random_networks.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "model/architectures/architecture.h"
#include "support/graph_interpreter.h"
#include "support/random_network.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;
using testing::interpret;
using testing::make_random_tensors;
using testing::random_networks;
using testing::RandomTensors;

constexpr GraphVariant kReverse{.reverse = true};
constexpr GraphVariant kRandomHead{.randomised = Randomised::kHead}, kRandomBlock{.randomised = Randomised::kLastBlock};

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

std::vector<std::string> networks_whose_name(bool (*fits)(std::string_view)) {
  std::vector<std::string> names;
  for (const auto& [name, network] : random_networks().items())
    if (fits(name)) names.push_back(name);
  return names;
}

bool is_small(std::string_view name) { return name.starts_with("small"); }

class SmallNetwork : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto recognised = recognise(made_.tensors);
    ASSERT_TRUE(recognised) << recognised.error().message;
    network_ = std::move(recognised).value();
  }
  std::map<std::string, Array> outputs(GraphVariant variant, const std::vector<std::int64_t>& input,
                                       Precision precision = Precision::kFloat32) {
    const Graph graph = *network_->graph(variant, precision);
    std::map<std::string, Array> inputs{{"input", random_array(input)}};
    // Class weights are in -1 … 1: half of what random_array() makes.
    if (variant.reverse) inputs["class_weights"] = random_array({input[0], network_->head().classes}, "class_weights", 0.5);
    return interpret(graph, inputs);
  }
  std::vector<std::int64_t> some_film() const { return {1, network_->channels(), 64, 64}; }

  RandomTensors made_ = make_random_tensors(GetParam());
  std::unique_ptr<Architecture> network_;
};

INSTANTIATE_TEST_SUITE_P(EveryArchitecture, SmallNetwork, ::testing::ValuesIn(networks_whose_name(is_small)));

// Odd and even sizes, a batch of two, batch norm scales of both signs and zero.
TEST_P(SmallNetwork, GivesPyTorchsLogitsAndFeatures) {
  for (Precision precision : {Precision::kFloat32, Precision::kFloat16}) {
    const double tolerance = precision == Precision::kFloat32 ? kNetworkInterpreted : kNetworkFloat16;
    for (const Json& run : random_networks()[GetParam()]["runs"]) {
      auto found = outputs({}, extents(run["input"]), precision);
      EXPECT_LT(relative_error(found["logits"].numbers, run["logits"].get<std::vector<double>>()), tolerance);

      if (run.contains("masks")) {
        const Json& masks = run["masks"];
        ASSERT_EQ(found["masks"].shape, extents(masks["shape"]));
        for (std::size_t i = 0; i < masks["samples"].size(); ++i)
          EXPECT_NEAR(found["masks"].numbers[masks["sample_at"][i].get<std::size_t>()], masks["samples"][i].get<double>(),
                      tolerance * masks["largest"].get<double>());
      }

      const Array& features = found["features"];
      ASSERT_EQ(features.shape, extents(run["features_shape"]));
      double largest = run["features_largest"].get<double>();
      double found_largest = 0;
      for (double number : features.numbers) found_largest = std::max(found_largest, std::abs(number));
      EXPECT_NEAR(found_largest, largest, tolerance * largest);
      for (std::size_t i = 0; i < run["samples"].size(); ++i)
        EXPECT_NEAR(features.numbers[run["sample_at"][i].get<std::size_t>()], run["samples"][i].get<double>(),
                    tolerance * largest);
    }
  }
}

TEST_P(SmallNetwork, GivesTheGradientsOfPyTorchsAutograd) {
  for (const Json& run : random_networks()[GetParam()]["runs"]) {
    auto found = outputs(kReverse, extents(run["input"]));
    EXPECT_LT(relative_error(found["logits"].numbers, run["logits"].get<std::vector<double>>()), kNetworkInterpreted);
    std::vector<std::string> values = network_->layers();
    values.push_back("input");
    EXPECT_EQ(run["gradients"].size(), values.size());
    for (const std::string& value : values) {
      const Json& expected = run["gradients"][value];
      const Array& gradient = found["gradient_" + value];
      ASSERT_EQ(gradient.shape, extents(expected["shape"])) << value;
      if (value != "input") {
        EXPECT_EQ(found[value].shape, gradient.shape) << value;
      }
      const double tolerance = kNetworkInterpreted * expected["largest"].get<double>();
      for (std::size_t i = 0; i < expected["samples"].size(); ++i)
        EXPECT_NEAR(gradient.numbers[expected["sample_at"][i].get<std::size_t>()], expected["samples"][i].get<double>(),
                    tolerance)
            << value;
    }
  }
}

TEST_P(SmallNetwork, HasDynamicBatchAndSize) {
  const Graph graph = *network_->graph({}, Precision::kFloat32);
  ASSERT_EQ(graph.inputs().size(), 1u);
  const ValueInfo& input = graph.info(graph.inputs()[0]);
  EXPECT_EQ(input.name, "input");
  EXPECT_FALSE(input.shape[0].known());
  EXPECT_EQ(input.shape[1].size, network_->channels());
  EXPECT_FALSE(input.shape[2].known());
  ASSERT_GE(graph.outputs().size(), 2u);
  const ValueInfo& logits = graph.info(graph.outputs()[0]);
  EXPECT_EQ(logits.name, "logits");
  EXPECT_EQ(logits.shape[0].symbol, "batch");
  EXPECT_EQ(logits.shape[1].size, network_->head().classes);
  const ValueInfo& features = graph.info(graph.outputs()[1]);
  EXPECT_EQ(features.name, "features");
  EXPECT_EQ(features.shape[1].size, network_->head().features);
}

TEST_P(SmallNetwork, AFloat16BodyHasFloat32Ends) {
  const Graph graph = *network_->graph({}, Precision::kFloat16);
  int casts = 0, in_half = 0, in_float = 0;
  for (const Node& node : graph.nodes()) {
    const ElementType output = graph.info(node.output).element;
    casts += node.op == Operator::kCast;
    if (node.op == Operator::kGemm || node.op == Operator::kFlatten) {
      EXPECT_EQ(output, ElementType::kFloat32);
    }
    if (node.op != Operator::kConvolution) continue;
    ++(output == ElementType::kFloat16 ? in_half : in_float);
    for (Value input : node.inputs) EXPECT_EQ(graph.info(input).element, output) << graph.info(input).name;
  }
  EXPECT_GT(in_half, 5);
  EXPECT_LE(in_float, 1) << "MobileNetV3's hidden layer, which is one of its ends";
  EXPECT_EQ(casts, static_cast<int>(graph.outputs().size())) << "of the input, and of each output but the logits";
  for (Value output : graph.outputs()) EXPECT_EQ(graph.info(output).element, ElementType::kFloat32);
}

// The identity behind the exact evidence map: logit = bias + mean over cells of weights · features.
TEST_P(SmallNetwork, TheHeadTimesMeanFeaturesIsTheLogit) {
  for (GraphVariant variant : {GraphVariant{}, kRandomHead, kRandomBlock}) {
    SCOPED_TRACE(graph_name(variant));
    const Head head = variant == kRandomHead ? *network_->random_head() : network_->head();
    auto found = outputs(variant, some_film());
    const Array& features = found["features"];
    const auto count = static_cast<std::size_t>(head.features), cells = features.numbers.size() / count;
    ASSERT_EQ(features.shape[1], head.features);
    std::vector<double> logits(head.bias.begin(), head.bias.end());
    for (std::size_t c = 0; c < logits.size(); ++c)
      for (std::size_t i = 0; i < features.numbers.size(); ++i)
        logits[c] += head.weights[c * count + i / cells] * features.numbers[i] / static_cast<double>(cells);
    EXPECT_LT(relative_error(found["logits"].numbers, logits), kNetworkInterpreted);
  }
}

TEST_P(SmallNetwork, ARandomHeadSeesTheSameFeatures) {
  auto before = outputs({}, some_film()), after = outputs(kRandomHead, some_film());
  EXPECT_EQ(before["features"].numbers, after["features"].numbers);
  for (std::size_t c = 0; c < before["logits"].numbers.size(); ++c)
    EXPECT_GT(std::abs(after["logits"].numbers[c] - before["logits"].numbers[c]), 1e-3);
}

TEST_P(SmallNetwork, ARandomBlockSeesOtherFeaturesAndStillSeesSomething) {
  auto before = outputs({}, some_film()), after = outputs(kRandomBlock, some_film());
  const std::vector<double>&one = before["features"].numbers, &other = after["features"].numbers;
  EXPECT_GT(relative_error(other, one), 0.1);
  EXPECT_GT(*std::max_element(other.begin(), other.end()), 0.1 * *std::max_element(one.begin(), one.end()));
}

TEST_P(SmallNetwork, GivesTheSameFilesEveryTime) {
  const auto again = recognise(made_.tensors).value();
  std::vector<std::vector<std::uint8_t>> files;
  for (const char* name :
       {"forward", "reverse", "forward-random-head", "reverse-random-head", "forward-random-block", "reverse-random-block"}) {
    files.push_back(*network_->onnx(*graph_variant(name), Precision::kFloat32));
    EXPECT_EQ(files.back(), *again->onnx(*graph_variant(name), Precision::kFloat32)) << name;
    EXPECT_EQ(std::count(files.begin(), files.end(), files.back()), 1) << name << " is a graph of its own";
  }
}

std::string replaced(std::string name, std::string_view from, std::string_view to) {
  if (const auto at = name.find(from); at != std::string::npos) name.replace(at, from.size(), to);
  return name;
}

/// As torchvision called tensors before version 0.3, and with the linear layer inside a Sequential with a sigmoid.
std::string name_of_2017(std::string name) {
  if (name.find(".denselayer") != std::string::npos)
    name = replaced(replaced(std::move(name), ".norm1.", ".norm.1."), ".conv2.", ".conv.2.");
  for (const char* part : {"weight", "bias"})
    for (const char* head : {"classifier.", "fc."}) name = replaced(std::move(name), text(head, part), text(head, "0.", part));
  return replaced(std::move(name), "classifier.1.", "classifier.0.");
}

TEST_P(SmallNetwork, IsRecognisedUnderPublishedNames) {
  struct Row {
    const char* origin;
    std::string (*spelling)(const std::string& name, const std::string& family);
  };
  const Row rows[] = {
      {"DataParallel", [](const std::string& name, const std::string&) { return "module." + name; }},
      {"Lightning", [](const std::string& name, const std::string&) { return "model.module." + name; }},
      {"a backbone", [](const std::string& name, const std::string&) { return "backbone." + name; }},
      {"arnoweng/CheXNet: DataParallel around a module around torchvision's network of 2017",
       [](const std::string& name, const std::string& family) { return "module." + family + "121." + name_of_2017(name); }},
  };
  const auto expected = *network_->onnx({}, Precision::kFloat32);
  for (const Row& row : rows) {
    TensorMap renamed;
    for (const auto& [name, tensor] : made_.tensors) renamed[row.spelling(name, std::string(network_->family()))] = tensor;
    const auto recognised = recognise(renamed);
    ASSERT_TRUE(recognised) << row.origin << ": " << recognised.error().message;
    EXPECT_EQ(*(*recognised)->onnx({}, Precision::kFloat32), expected) << row.origin;
  }
}

// Weights are stored as int8 with a scale per output channel (tools/models/pack.py).
TEST_P(SmallNetwork, IsReadFromIntegersWithScales) {
  RandomTensors packed;
  std::vector<std::vector<std::int8_t>> integers;
  RandomTensors widened;
  for (const auto& [name, tensor] : made_.tensors) {
    const std::vector<float> numbers = *widen(made_.tensors, name);
    if (tensor.shape.size() < 2) {
      packed.add(name, tensor.shape, numbers), widened.add(name, tensor.shape, numbers);
      continue;
    }
    std::vector<float> scales(static_cast<std::size_t>(tensor.shape[0]), 1 / 64.0f), rounded(numbers.size());
    std::vector<std::int8_t>& stored = integers.emplace_back(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      stored[i] = static_cast<std::int8_t>(std::clamp(std::round(numbers[i] * 64), -127.0f, 127.0f));
      rounded[i] = static_cast<float>(stored[i]) / 64;
    }
    packed.tensors[name] = {DataType::kI8, tensor.shape,
                            Bytes(reinterpret_cast<const std::uint8_t*>(stored.data()), stored.size())};
    packed.add(name + ".scale", {tensor.shape[0]}, scales);
    widened.add(name, tensor.shape, rounded);
  }
  const auto network = recognise(packed.tensors);
  ASSERT_TRUE(network) << network.error().message;
  for (const char* name : {"forward", "reverse-random-block", "forward-random-head"})
    EXPECT_EQ(*(*network)->onnx(*graph_variant(name), Precision::kFloat32),
              *(*recognise(widened.tensors))->onnx(*graph_variant(name), Precision::kFloat32))
        << name;
}

TEST(Architectures, GraphsAreNamedOnceForBothWays) {
  for (const char* name : {"forward", "reverse", "forward-random-head", "reverse-random-block"})
    EXPECT_EQ(graph_name(*graph_variant(name)), name);
  const auto unknown = graph_variant("sideways");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(unknown.error().message, "There is no graph \"sideways\".");
}

TEST(Architectures, TensorsOfNoNetworkAreAnsweredWithWhatTheFileHoldsAndAWayOut) {
  RandomTensors unnamed;
  unnamed.add("block.weight", {1, 1, 3, 3}, std::vector<float>(9));
  unnamed.add("last.weight", {1, 1}, {0});
  const auto unknown = recognise(unnamed.tensors);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidModel);
  EXPECT_EQ(unknown.error().message,
            "The tensors are of no network that is known here: the file has 2, among them block.weight [1, 1, 3, 3].");
  EXPECT_EQ(unknown.error().hint,
            "Use a DenseNet, MobileNetV2, MobileNetV3, ResNet or anatomy network checkpoint with torchvision's names, or export "
            "the network to ONNX (architecture.family \"onnx\").");
  struct Row {
    const char *tensor, *kind;
  };
  for (const Row& row :
       {Row{"model.layers.0.self_attn.q_proj.weight", "a language model"}, Row{"transformer.wte.weight", "a language model"},
        Row{"blocks.0.attn.qkv.weight", "a vision transformer"}, Row{"_conv_stem.weight", "an EfficientNet"}}) {
    RandomTensors other;
    other.add(row.tensor, {1, 1}, {0});
    const auto named = recognise(other.tensors);
    ASSERT_FALSE(named);
    EXPECT_EQ(named.error().message, text("The tensors are those of ", row.kind,
                                          ", which is not built here: the file has 1, among them ", row.tensor, " [1, 1]."));
    EXPECT_FALSE(named.error().hint.empty());
  }
  const auto empty = recognise({});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().message, "The file holds no tensors.");
}

}  // namespace
}  // namespace chestlight
