#include "model/graph/weight_randomisation.h"

#include <cmath>
#include <utility>

#include "base/random.h"
#include "base/text.h"

namespace chestlight {
namespace {

constexpr std::uint64_t kHeadSeed = 6, kBlockSeed = 7;

void replace(RandomisedTensors& made, const std::string& name, std::vector<float> numbers) {
  made.numbers.push_back(std::move(numbers));
  const std::vector<float>& kept = made.numbers.back();
  Tensor& tensor = made.tensors.find(name)->second;
  tensor.type = DataType::kF32;
  tensor.bytes = Bytes(reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size() * sizeof(float));
  made.tensors.erase(name + ".scale");
}

/// Fisher and Yates.
void shuffle(std::vector<float>& numbers, Random& random) {
  for (std::size_t left = numbers.size(); left > 1; --left)
    std::swap(numbers[left - 1], numbers[static_cast<std::size_t>(random.below(static_cast<int>(left)))]);
}

}  // namespace

Result<RandomisedTensors> with_random_head(const TensorMap& tensors) {
  CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors, "classifier.weight"));
  CHESTLIGHT_TRY(const std::vector<float> bias, widen(tensors, "classifier.bias"));
  double squares = 0;
  for (float weight : weights) squares += double{weight} * weight;
  const double size = std::sqrt(squares / static_cast<double>(weights.size()));
  Random random(kHeadSeed);
  for (float& weight : weights) weight = static_cast<float>(size * random.normal());
  RandomisedTensors made;
  made.tensors = tensors;
  replace(made, "classifier.weight", std::move(weights));
  replace(made, "classifier.bias", std::vector<float>(bias.size()));
  return made;
}

Result<RandomisedTensors> with_shuffled(const TensorMap& tensors, const std::vector<std::string>& names) {
  RandomisedTensors made;
  made.tensors = tensors;
  Random random(kBlockSeed);
  for (const std::string& name : names) {
    CHESTLIGHT_TRY(std::vector<float> numbers, widen(tensors, name));
    shuffle(numbers, random);
    replace(made, name, std::move(numbers));
  }
  return made;
}

}  // namespace chestlight
