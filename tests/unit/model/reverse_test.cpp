// Each reverse rule against finite differences in double precision, and at kinks against what PyTorch gives.
#include "model/graph/reverse.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/graph/operators.h"
#include "support/graph_interpreter.h"
#include "support/random_network.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;
using testing::interpret;

using Extents = std::vector<std::int64_t>;
using Append = std::function<Value(Graph&, Value x)>;

std::size_t count(const Extents& extents) {
  std::size_t product = 1;
  for (std::int64_t extent : extents) product *= static_cast<std::size_t>(extent);
  return product;
}

Array random_array(const std::string& stream, const Extents& extents) {
  std::vector<float> numbers = testing::random_input(stream, count(extents));
  return {extents, {numbers.begin(), numbers.end()}};
}

Value random_constant(Graph& graph, const std::string& name, const Extents& extents) {
  return graph.add_constant(name, ElementType::kFloat32, extents, testing::random_input(name, count(extents)));
}

/// x with only its channels known, as in our networks.
Value add_x(Graph& graph, const Extents& extents) {
  Shape shape(extents.size());
  shape[1] = fixed_dimension(extents[1]);
  if (extents.size() == 4 && extents[2] * extents[3] == 1) shape[2] = shape[3] = fixed_dimension(1);
  return graph.add_input("x", ElementType::kFloat32, shape);
}

Array forward(const Append& append, const Array& x) {
  Graph graph("forward");
  graph.mark_output(append(graph, add_x(graph, x.shape)));
  return interpret(graph, {{"x", x}}).begin()->second;
}

Array gradient(const Append& append, const Array& x, const Array& seeds) {
  Graph graph("reverse");
  Value input = add_x(graph, x.shape);
  Value y = append(graph, input);
  Value seeds_input = graph.add_input("seeds", graph.info(y).element, graph.info(y).shape);
  graph.mark_output(append_gradients(graph, y, seeds_input, {input})[0]);
  return interpret(graph, {{"x", x}, {"seeds", seeds}}).begin()->second;
}

double score(const Array& y, const Array& seeds) {
  double sum = 0;
  for (std::size_t i = 0; i < y.numbers.size(); ++i) sum += seeds.numbers[i] * y.numbers[i];
  return sum;
}

void expect_finite_differences(const Append& append, const Extents& extents) {
  constexpr double kStep = 1e-4;
  Array x = random_array("x", extents);
  const Array seeds = random_array("seeds", forward(append, x).shape);
  const Array found = gradient(append, x, seeds);
  ASSERT_EQ(found.shape, extents);
  for (std::size_t i = 0; i < x.numbers.size(); ++i) {
    const double here = x.numbers[i];
    x.numbers[i] = here + kStep;
    const double above = score(forward(append, x), seeds);
    x.numbers[i] = here - kStep;
    const double below = score(forward(append, x), seeds);
    x.numbers[i] = here;
    EXPECT_NEAR(found.numbers[i], (above - below) / (2 * kStep), kFiniteDifference) << "at " << i;
  }
}

Append convolution_of(int outputs, KernelWindow window) {
  return [=](Graph& graph, Value x) {
    Value weights = random_constant(graph, "weights", {outputs, 3, window.size, window.size});
    return convolution(graph, "y", x, weights, random_constant(graph, "bias", {outputs}), window);
  };
}

Append channelwise(Value (*append)(Graph&, std::string, Value, Value)) {
  return [=](Graph& graph, Value x) { return append(graph, "y", x, random_constant(graph, "channels", {1, 3, 1, 1})); };
}

Value clip_between(Graph& graph, Value x, float low, float high) {
  auto number = [&](const char* name, float value) {
    return graph.add_constant(name, ElementType::kFloat32, {}, std::vector<float>{value});
  };
  return clip(graph, "y", x, number("low", low), number("high", high));
}

Append pool(Value (*append)(Graph&, std::string, Value, KernelWindow), KernelWindow window) {
  return [=](Graph& graph, Value x) { return append(graph, "y", x, window); };
}

struct Row {
  const char* what;
  Append append;
  std::vector<Extents> inputs;
};

const Extents kEven{2, 3, 8, 6}, kOdd{2, 3, 7, 9}, kMixed{1, 3, 6, 7};

TEST(Reverse, EveryRuleAgreesWithFiniteDifferences) {
  const Row rows[] = {
      {"pointwise convolution", convolution_of(4, {}), {kOdd}},
      {"dense convolution", convolution_of(2, {.size = 3, .padding = 1}), {kEven, kOdd}},
      {"convolution that shrinks", convolution_of(2, {.size = 3}), {kEven}},
      {"stem convolution", convolution_of(2, {.size = 7, .stride = 2, .padding = 3}), {kEven, kOdd, kMixed}},
      {"convolution of stride 3", convolution_of(2, {.size = 3, .stride = 3, .padding = 1}), {kEven, kOdd, kMixed}},
      {"convolution without bias",
       [](Graph& graph, Value x) {
         return convolution(graph, "y", x, random_constant(graph, "weights", {2, 3, 3, 3}), {.size = 3});
       },
       {kOdd}},
      {"depthwise convolution",
       [](Graph& graph, Value x) {
         Value weights = random_constant(graph, "weights", {3, 1, 3, 3});
         return depthwise_convolution(graph, "y", x, weights, {.size = 3, .stride = 2, .padding = 1});
       },
       {kEven, kOdd}},
      {"depthwise convolution of stride 1, with bias",
       [](Graph& graph, Value x) {
         Value weights = random_constant(graph, "weights", {3, 1, 3, 3});
         return depthwise_convolution(graph, "y", x, weights, random_constant(graph, "bias", {3}), {.size = 3, .padding = 1});
       },
       {kEven, kOdd}},
      {"maximum", channelwise(maximum), {kOdd}},
      {"minimum", channelwise(minimum), {kOdd}},
      {"multiply", channelwise(multiply), {kOdd}},
      {"add", channelwise(add), {kOdd}},
      {"relu", [](Graph& graph, Value x) { return relu(graph, "y", x); }, {kOdd}},
      {"clip", [](Graph& graph, Value x) { return clip_between(graph, x, -0.5f, 1); }, {kOdd}},
      {"sum, and a residual around it",
       [](Graph& graph, Value x) {
         Value scaled = multiply(graph, "scaled", x, random_constant(graph, "channels", {1, 3, 1, 1}));
         return sum(graph, "y", x, sum(graph, "inner", scaled, relu(graph, "positive", x)));
       },
       {kOdd}},
      {"max pool of the stem", pool(max_pool, {.size = 3, .stride = 2, .padding = 1}), {kEven, kOdd, kMixed}},
      {"max pool without padding", pool(max_pool, {.size = 2, .stride = 2}), {kEven, kOdd, kMixed}},
      {"max pool of stride 1", pool(max_pool, {.size = 3, .padding = 1}), {kMixed}},
      {"average pool", pool(average_pool, {.size = 2, .stride = 2}), {kEven, kOdd, kMixed}},
      {"average pool of stride 1", pool(average_pool, {.size = 3}), {kMixed}},
      {"enlarge", [](Graph& graph, Value x) { return enlarge(graph, "y", x, 2); }, {kEven, kOdd}},
      {"global average pool", [](Graph& graph, Value x) { return global_average_pool(graph, "y", x); }, {kEven, kOdd}},
      {"flatten", [](Graph& graph, Value x) { return flatten(graph, "y", x); }, {{2, 3, 1, 1}}},
      {"linear",
       [](Graph& graph, Value x) {
         Value weights = random_constant(graph, "weights", {4, 3});
         return linear(graph, "y", x, weights, random_constant(graph, "bias", {4}));
       },
       {{2, 3}}},
      {"cast", [](Graph& graph, Value x) { return cast(graph, "y", x, ElementType::kFloat16); }, {kOdd}},
      {"concatenate, and several readers of one value",
       [](Graph& graph, Value x) {
         Value positive = relu(graph, "positive", x);
         Value scaled = multiply(graph, "scaled", x, random_constant(graph, "channels", {1, 3, 1, 1}));
         return concatenate(graph, "y", {x, positive, scaled, positive});
       },
       {kOdd}},
  };
  for (const Row& row : rows)
    for (const Extents& extents : row.inputs) {
      SCOPED_TRACE(::testing::Message() << row.what << " of " << extents.back());
      expect_finite_differences(row.append, extents);
    }
}

TEST(Reverse, PassesNothingOnWhereAClampJustTouches) {
  const Array x{{1, 1, 1, 3}, {-1, 0, 1}}, seeds{{1, 1, 1, 3}, {2, 3, 4}};
  auto clamped = [](auto append) {
    return [=](Graph& graph, Value input) {
      return append(graph, "y", input, graph.add_constant("clamp", ElementType::kFloat32, {1, 1, 1, 1}, std::vector<float>{0}));
    };
  };
  const std::vector<double> above{0, 0, 4}, below{2, 0, 0};
  EXPECT_EQ(gradient([](Graph& graph, Value input) { return relu(graph, "y", input); }, x, seeds).numbers, above);
  EXPECT_EQ(gradient(clamped(maximum), x, seeds).numbers, above);
  EXPECT_EQ(gradient(clamped(minimum), x, seeds).numbers, below);
  const std::vector<double> between{0, 3, 0};  // torch.nn.functional.hardtanh(x, -1, 1)
  EXPECT_EQ(gradient([](Graph& graph, Value input) { return clip_between(graph, input, -1, 1); }, x, seeds).numbers, between);
}

// torch.nn.functional.max_pool2d(x, 3, 2, 1) of even areas, such as the black border of a film.
TEST(Reverse, MaxPoolFollowsTheFirstOfEqualNumbers) {
  const Append stem_pool = pool(max_pool, {.size = 3, .stride = 2, .padding = 1});
  const Array seeds{{1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}};
  const std::vector<double> first_inside{1, 2, 0, 3, 0, 4, 5, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (double level : {1.0, -1.0}) {
    const Array x{{1, 1, 4, 5}, std::vector<double>(20, level)};
    EXPECT_EQ(gradient(stem_pool, x, seeds).numbers, first_inside) << level;
  }
  // At 0 the border is taken for the first: only windows that begin inside pass their gradients on.
  const Array black{{1, 1, 4, 5}, std::vector<double>(20, 0.0)};
  std::vector<double> inside(20);
  inside[6] = 5;
  inside[8] = 6;
  EXPECT_EQ(gradient(stem_pool, black, seeds).numbers, inside);
}

TEST(Reverse, GivesEveryWantedValueItsGradient) {
  Graph graph("chain");
  Value x = graph.add_input("x", ElementType::kFloat32, {{}, fixed_dimension(3), {}, {}});
  Value shifted = add(graph, "shifted", x, random_constant(graph, "channels", {1, 3, 1, 1}));
  Value positive = relu(graph, "positive", shifted);
  relu(graph, "aside", x);  // leads nowhere
  Value seeds = graph.add_input("seeds", ElementType::kFloat32, graph.info(positive).shape);
  std::vector<Value> gradients = append_gradients(graph, positive, seeds, {positive, shifted, x});
  ASSERT_EQ(gradients.size(), 3u);
  EXPECT_EQ(gradients[0], seeds);
  EXPECT_EQ(gradients[1], gradients[2]);
}

}  // namespace
}  // namespace chestlight
