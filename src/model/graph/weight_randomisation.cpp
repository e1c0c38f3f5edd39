#include "model/graph/weight_randomisation.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "model/architectures/densenet.h"

namespace chestlight {
namespace {

constexpr std::uint64_t kHeadSeed = 6, kBlockSeed = 7;

void replace(ReinitialisedTensors& made, const std::string& name, std::vector<float> numbers) {
  made.numbers.push_back(std::move(numbers));
  const std::vector<float>& kept = made.numbers.back();
  Tensor& tensor = made.tensors.find(name)->second;
  tensor.type = DataType::kF32;
  tensor.bytes = Bytes(reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size() * sizeof(float));
  made.tensors.erase(name + ".scale");
}

Result<void> draw_head(const TensorMap& tensors, ReinitialisedTensors& made) {
  CHESTLIGHT_TRY(std::vector<float> weights, widen(tensors, "classifier.weight"));
  CHESTLIGHT_TRY(std::vector<float> bias, widen(tensors, "classifier.bias"));
  double squares = 0;
  for (float weight : weights) squares += double{weight} * weight;
  const double size = std::sqrt(squares / static_cast<double>(weights.size()));
  Random random(kHeadSeed);
  for (float& weight : weights) weight = static_cast<float>(size * random.normal());
  replace(made, "classifier.weight", std::move(weights));
  replace(made, "classifier.bias", std::vector<float>(bias.size()));
  return {};
}

/// Fisher and Yates.
void shuffle(std::vector<float>& numbers, Random& random) {
  for (std::size_t left = numbers.size(); left > 1; --left)
    std::swap(numbers[left - 1], numbers[static_cast<std::size_t>(random.below(static_cast<int>(left)))]);
}

Result<void> shuffle_last_block(const TensorMap& tensors, const DenseNetShape& shape, ReinitialisedTensors& made) {
  const std::size_t block = shape.layers.size();
  std::vector<std::string> names;
  if (block > 1) names.push_back(text("features.transition", block - 1, ".conv.weight"));
  for (int layer = 1; layer <= shape.layers.back(); ++layer)
    for (int convolution : {1, 2})
      names.push_back(text("features.denseblock", block, ".denselayer", layer, ".conv", convolution, ".weight"));
  Random random(kBlockSeed);
  for (const std::string& name : names) {
    CHESTLIGHT_TRY(std::vector<float> numbers, widen(tensors, name));
    shuffle(numbers, random);
    replace(made, name, std::move(numbers));
  }
  return {};
}

}  // namespace

Result<ReinitialisedTensors> reinitialise(const TensorMap& tensors, Reinitialised what) {
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(tensors));
  ReinitialisedTensors made;
  made.tensors = tensors;
  if (what == Reinitialised::kHead) {
    CHESTLIGHT_CHECK(draw_head(tensors, made));
  } else if (what == Reinitialised::kLastBlock) {
    CHESTLIGHT_CHECK(shuffle_last_block(tensors, shape, made));
  }
  return made;
}

}  // namespace chestlight
