#include "support/random_network.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
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
  if (shape.size() == 1) return made.add(name, shape, uniform(name, count, -0.5, 1.0));
  double bound = std::sqrt(6.0 / (static_cast<double>(count) / static_cast<double>(shape[0])));
  made.add(name, shape, uniform(name, count, -bound, 2.0 * bound));
}

void add_batch_norm(RandomTensors& made, const std::string& prefix, std::int64_t channels, bool mixed_signs, double variance) {
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
  for (auto [part, offset, span] : {std::tuple(".bias", -0.2, 0.6), std::tuple(".running_mean", -0.2, 0.4),
                                    std::tuple(".running_var", 0.5 * variance, variance)}) {
    auto [name, numbers] = vector(part, offset, span);
    made.add(name, {channels}, std::move(numbers));
  }
}

Json read_networks() {
  std::ifstream file(std::string(CHESTLIGHT_GOLDEN) + "/graph/random_networks.json", std::ios::binary);
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  auto json = parse_json(source, "random_networks.json");
  if (!json) std::abort();
  return *std::move(json);
}

}  // namespace

const Json& random_networks() {
  static const Json networks = read_networks();
  return networks;
}

void RandomTensors::add(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values) {
  numbers.push_back(std::move(values));
  auto* first = reinterpret_cast<const std::uint8_t*>(numbers.back().data());
  tensors[name] = {DataType::kF32, std::move(shape), Bytes(first, numbers.back().size() * sizeof(float))};
}

RandomTensors make_random_tensors(std::string_view network) {
  const auto found = random_networks().find(std::string(network));
  if (found == random_networks().end()) std::abort();
  RandomTensors made;
  for (const Json& tensor : (*found)["tensors"]) {
    const std::string name = tensor[0].get<std::string>();
    if (tensor[1].is_array()) add_weights(made, name, tensor[1].get<Extents>());
    else
      add_batch_norm(made, name, tensor[1].get<std::int64_t>(), (*found)["mixed_signs"].get<bool>(),
                     (*found)["variance"].get<double>());
  }
  return made;
}

std::vector<float> random_input(std::string_view name, std::size_t count) { return uniform(name, count, -2.0, 4.0); }

}  // namespace chestlight::testing
