// See mip_chain.h.
#include "imaging/mip_chain.h"

#include <algorithm>

namespace chestlight {

MipLevel halved(std::span<const std::uint16_t> values, int width, int height) {
  MipLevel level{std::max(1, width / 2), std::max(1, height / 2), {}};
  level.values.resize(static_cast<std::size_t>(level.width) * static_cast<std::size_t>(level.height));
  for (int y = 0; y < level.height; ++y) {
    int y0 = 2 * y, y1 = y + 1 == level.height ? height : std::min(height, y0 + 2);
    for (int x = 0; x < level.width; ++x) {
      int x0 = 2 * x, x1 = x + 1 == level.width ? width : std::min(width, x0 + 2);
      std::uint32_t sum = 0;
      for (int v = y0; v < y1; ++v)
        for (int u = x0; u < x1; ++u)
          sum += values[static_cast<std::size_t>(v) * static_cast<std::size_t>(width) + static_cast<std::size_t>(u)];
      auto count = static_cast<std::uint32_t>((x1 - x0) * (y1 - y0));
      level.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(level.width) + static_cast<std::size_t>(x)] =
          static_cast<std::uint16_t>((sum + count / 2) / count);
    }
  }
  return level;
}

std::vector<MipLevel> mip_chain(std::span<const std::uint16_t> values, int width, int height) {
  std::vector<MipLevel> chain;
  while (width > 1 || height > 1) {
    chain.push_back(chain.empty() ? halved(values, width, height) : halved(chain.back().values, width, height));
    width = chain.back().width;
    height = chain.back().height;
  }
  return chain;
}

}  // namespace chestlight
