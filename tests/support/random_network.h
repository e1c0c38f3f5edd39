// Random networks that C++, Python (tests/golden/graph/make_random_networks.py) and JavaScript (random_network.mjs) make
// identically from a formula, so that no megabytes of random weights are committed. Not trained: for structure and parity
// tests only. Which networks there are, and their tensors, stands in tests/golden/graph/random_networks.json.
//
// Number i of the tensor called `name` is u = top 24 bits of splitmix64(fnv1a64(name) + i) / 2^24, in [0, 1), then
//   weight of several dimensions     (2u − 1)·√(6 / fan_in)      (keeps the variance of what flows through)
//   bias of a layer of its own       u − 0.5
//   batch norm .weight               0.4 + 1.2u; with mixed_signs: negated where i mod 5 = 3, zero where i mod 16 = 7
//   batch norm .bias                 0.6u − 0.2
//   .running_mean                    0.4u − 0.2
//   .running_var                     variance · (0.5 + u)
// in double, rounded to float.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/weights/tensor_map.h"

namespace chestlight::testing {

/// What random_networks.json says of all networks, by name: {family, mixed_signs, variance, tensors, runs}.
const Json& random_networks();

/// Owns the numbers that `tensors` views.
struct RandomTensors {
  TensorMap tensors;
  std::vector<std::vector<float>> numbers;

  RandomTensors() = default;
  RandomTensors(RandomTensors&&) = default;
  RandomTensors& operator=(RandomTensors&&) = default;

  void add(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values);
};

/// The network of that name in random_networks.json. Aborts where there is none.
RandomTensors make_random_tensors(std::string_view network);

/// `count` numbers 4u − 2 of the stream called `name`: network inputs.
std::vector<float> random_input(std::string_view name, std::size_t count);

}  // namespace chestlight::testing
