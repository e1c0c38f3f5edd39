// The chain of reduced copies of a film, each half the size of the one before, each value the mean of 2 × 2.
// For display only: a reduced film drawn from single pixels shimmers and hides thin lines.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace chestlight {

struct MipLevel {
  int width = 0;
  int height = 0;
  std::vector<std::uint16_t> values;  // row-major
};

/// Half the size, rounded down, at least 1 × 1. The last row and column of an odd size go into the means
/// beside them.
MipLevel halved(std::span<const std::uint16_t> values, int width, int height);

/// All levels below the first, down to 1 × 1.
std::vector<MipLevel> mip_chain(std::span<const std::uint16_t> values, int width, int height);

}  // namespace chestlight
