#include "render/reduced_picture.h"

#include <algorithm>
#include <cstdint>

namespace chestlight {

Grid<Rgba> reduced(Grid<Rgba> picture, int longest) {
  const int side = std::max(picture.width(), picture.height());
  const int block = (side + longest - 1) / longest;
  if (block <= 1) return picture;
  Grid<Rgba> small((picture.width() + block - 1) / block, (picture.height() + block - 1) / block);
  for (int y = 0; y < small.height(); ++y)
    for (int x = 0; x < small.width(); ++x) {
      const int right = std::min((x + 1) * block, picture.width()), bottom = std::min((y + 1) * block, picture.height());
      unsigned r = 0, g = 0, b = 0, count = 0;
      for (int v = y * block; v < bottom; ++v)
        for (int u = x * block; u < right; ++u) {
          const Rgba& pixel = picture(u, v);
          r += pixel.r, g += pixel.g, b += pixel.b, ++count;
        }
      const auto mean = [&](unsigned sum) { return static_cast<std::uint8_t>((sum + count / 2) / count); };
      small(x, y) = {mean(r), mean(g), mean(b), 255};
    }
  return small;
}

}  // namespace chestlight
