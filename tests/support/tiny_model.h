// A complete model small enough for unit tests: the "small" random DenseNet (random_network.h) as safetensors bytes, and
// a manifest that fits it (3 channels, 64 × 64, 5 labels "a".."e", operating points "low" and "high"). Not trained.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.h"

namespace chestlight::testing {

struct TinyModel {
  Json manifest;  // valid; tests break it on purpose
  std::vector<std::uint8_t> weights;

  std::vector<std::uint8_t> manifest_bytes() const;
};

TinyModel tiny_model();

}  // namespace chestlight::testing
