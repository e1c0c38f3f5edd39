// Writing tensors as a safetensors file (safetensors.h), as models are kept.
#pragma once

#include <cstdint>
#include <vector>

#include "model/weights/tensor_map.h"

namespace chestlight {

/// The same tensors always give the same bytes: sorted by name, each as it is stored.
std::vector<std::uint8_t> write_safetensors(const TensorMap& tensors);

}  // namespace chestlight
