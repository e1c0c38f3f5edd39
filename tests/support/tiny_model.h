// A complete model small enough for unit tests: the "small" random DenseNet (random_network.h) as safetensors bytes, and
// a manifest that fits it (3 channels, 64 × 64, 5 labels "a".."e", operating points "low" and "high"). Not trained.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.h"
#include "model/weights/tensor_map.h"

namespace chestlight::testing {

struct TinyModel {
  Json manifest;  // valid; tests break it on purpose
  std::vector<std::uint8_t> weights;

  std::vector<std::uint8_t> manifest_bytes() const;
};

TinyModel tiny_model();

/// Tensors of F32 as a safetensors file.
std::vector<std::uint8_t> safetensors_file(const TensorMap& tensors);

/// The same with its tensors called as in arnoweng/CheXNet's checkpoint: DataParallel around a module around torchvision's
/// network of 2017.
TinyModel tiny_model_with_names_of_2017();

}  // namespace chestlight::testing
