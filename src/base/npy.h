// NumPy's .npy, version 1.0, for float32 maps: numpy.load reads it as an array of [height, width].
// Source: numpy.lib.format ("A simple file format for NumPy arrays", NEP 1).
#pragma once

#include <cstdint>
#include <vector>

#include "base/grid.h"

namespace chestlight {

std::vector<std::uint8_t> write_npy(GridView<const float> map);

}  // namespace chestlight
