#include "support/random_network.h"

#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/text.h"

namespace chestlight::testing {
namespace {

using Extents = std::vector<std::int64_t>;

std::uint64_t fnv1a64(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::uint64_t splitmix64(std::uint64_t state) {
  state += 0x9e3779b97f4a7c15;
  state = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
  state = (state ^ state >> 27) * 0x94d049bb133111eb;
  return state ^ state >> 31;
}

/// `count` numbers offset + span·u.
std::vector<float> uniform(std::string_view name, std::size_t count, double offset, double span) {
  const std::uint64_t stream = fnv1a64(name);
  std::vector<float> numbers(count);
  for (std::size_t i = 0; i < count; ++i)
    numbers[i] = static_cast<float>(offset + span * (static_cast<double>(splitmix64(stream + i) >> 40) / 16777216.0));
  return numbers;
}

void add_weights(RandomTensors& made, const std::string& name, const Extents& shape) {
  std::size_t count = 1;
  for (std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  double bound = std::sqrt(6.0 / (static_cast<double>(count) / static_cast<double>(shape[0])));
  made.add(name, shape, uniform(name, count, -bound, 2.0 * bound));
}

void add_batch_norm(RandomTensors& made, const std::string& prefix, int channels, bool mixed_signs) {
  auto count = static_cast<std::size_t>(channels);
  auto vector = [&](std::string_view part, double offset, double span) {
    std::string name = text(prefix, part);
    return std::pair(name, uniform(name, count, offset, span));
  };
  auto [gamma_name, gamma] = vector(".weight", 0.4, 1.2);
  for (std::size_t i = 0; mixed_signs && i < count; ++i) {
    if (i % 5 == 3) gamma[i] = -gamma[i];
    if (i % 16 == 7) gamma[i] = 0;
  }
  made.add(gamma_name, {channels}, std::move(gamma));
  for (auto [part, offset, span] :
       {std::tuple(".bias", -0.2, 0.6), std::tuple(".running_mean", -0.2, 0.4), std::tuple(".running_var", 0.5, 1.0)}) {
    auto [name, numbers] = vector(part, offset, span);
    made.add(name, {channels}, std::move(numbers));
  }
}

DenseNetShape torchvision_shape(int channels, int stem, int growth, int bottleneck, std::vector<int> layers, int classes) {
  DenseNetShape shape{channels, stem, growth, bottleneck, std::move(layers), {}, stem, classes};
  for (std::size_t block = 0; block < shape.layers.size(); ++block) {
    shape.features += growth * shape.layers[block];
    if (block + 1 == shape.layers.size()) break;
    shape.features /= 2;
    shape.transition_channels.push_back(shape.features);
  }
  return shape;
}

}  // namespace

void RandomTensors::add(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values) {
  numbers.push_back(std::move(values));
  auto* first = reinterpret_cast<const std::uint8_t*>(numbers.back().data());
  tensors[name] = {DataType::kF32, std::move(shape), Bytes(first, numbers.back().size() * sizeof(float))};
}

RandomNetwork random_network(std::string_view name) {
  if (name == "densenet121") return {torchvision_shape(3, 64, 32, 128, {6, 12, 24, 16}, 14), false};
  if (name == "densenet169") return {torchvision_shape(1, 64, 32, 128, {6, 12, 32, 32}, 18), true};
  if (name == "small") return {torchvision_shape(3, 8, 4, 16, {2, 3, 2}, 5), true};
  std::abort();
}

RandomTensors make_random_tensors(const RandomNetwork& network) {
  const DenseNetShape& shape = network.shape;
  RandomTensors made;
  auto norm = [&](const std::string& prefix, int channels) { add_batch_norm(made, prefix, channels, network.mixed_signs); };
  add_weights(made, "features.conv0.weight", {shape.stem, shape.channels, 7, 7});
  norm("features.norm0", shape.stem);
  int channels = shape.stem;
  for (std::size_t block = 0; block < shape.layers.size(); ++block) {
    for (int layer = 1; layer <= shape.layers[block]; ++layer, channels += shape.growth) {
      std::string prefix = text("features.denseblock", block + 1, ".denselayer", layer);
      norm(prefix + ".norm1", channels);
      add_weights(made, prefix + ".conv1.weight", {shape.bottleneck, channels, 1, 1});
      norm(prefix + ".norm2", shape.bottleneck);
      add_weights(made, prefix + ".conv2.weight", {shape.growth, shape.bottleneck, 3, 3});
    }
    if (block == shape.transition_channels.size()) break;
    std::string prefix = text("features.transition", block + 1);
    norm(prefix + ".norm", channels);
    add_weights(made, prefix + ".conv.weight", {shape.transition_channels[block], channels, 1, 1});
    channels = shape.transition_channels[block];
  }
  norm("features.norm5", channels);
  add_weights(made, "classifier.weight", {shape.classes, channels});
  made.add("classifier.bias", {shape.classes}, uniform("classifier.bias", static_cast<std::size_t>(shape.classes), -0.5, 1.0));
  return made;
}

std::vector<float> random_input(std::string_view name, std::size_t count) { return uniform(name, count, -2.0, 4.0); }

}  // namespace chestlight::testing
