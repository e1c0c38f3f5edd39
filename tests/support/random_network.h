// Random DenseNets that C++ and Python (tests/golden/graph/make_random_networks.py) make identically from a formula,
// so that no megabytes of random weights are committed. Not trained: for structure and parity tests only.
//
// Number i of the tensor called `name` is u = top 24 bits of splitmix64(fnv1a64(name) + i) / 2^24, in [0, 1), then
//   convolution, classifier weight   (2u − 1)·√(6 / fan_in)      (keeps the variance of what flows through)
//   classifier bias                  u − 0.5
//   batch norm .weight               0.4 + 1.2u; with mixed_signs: negated where i mod 5 = 3, zero where i mod 16 = 7
//   batch norm .bias                 0.6u − 0.2
//   .running_mean                    0.4u − 0.2
//   .running_var                     0.5 + u
// in double, rounded to float.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/architectures/densenet.h"
#include "model/weights/tensor_map.h"

namespace chestlight::testing {

struct RandomNetwork {
  DenseNetShape shape;
  bool mixed_signs = false;
};

/// "densenet121" (3 channels, 14 classes), "densenet169" (1 channel, 18 classes, mixed signs), "small" (growth 4,
/// blocks 2-3-2, stem 8, 3 channels, 5 classes, mixed signs). Aborts on another name.
RandomNetwork random_network(std::string_view name);

/// Owns the numbers that `tensors` views.
struct RandomTensors {
  TensorMap tensors;
  std::vector<std::vector<float>> numbers;

  RandomTensors() = default;
  RandomTensors(RandomTensors&&) = default;
  RandomTensors& operator=(RandomTensors&&) = default;

  void add(const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values);
};

RandomTensors make_random_tensors(const RandomNetwork& network);

/// `count` numbers 4u − 2 of the stream called `name`: network inputs.
std::vector<float> random_input(std::string_view name, std::size_t count);

}  // namespace chestlight::testing
