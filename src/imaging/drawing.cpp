#include "imaging/drawing.h"

namespace chestlight {
namespace {

bool is_drawn(std::span<const std::uint8_t> drawing, std::size_t pixel) { return (drawing[pixel >> 3] >> (pixel & 7) & 1) != 0; }

}  // namespace

std::vector<std::uint8_t> resized_drawing(std::span<const std::uint8_t> drawing, contract::PictureSize from,
                                          contract::PictureSize to) {
  if (drawing.empty()) return {};
  std::vector<std::uint8_t> resized((static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height) + 7) / 8);
  std::size_t at = 0;
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x, ++at) {
      const auto row = static_cast<std::size_t>((2LL * y + 1) * from.height / (2LL * to.height));
      const auto column = static_cast<std::size_t>((2LL * x + 1) * from.width / (2LL * to.width));
      if (is_drawn(drawing, row * static_cast<std::size_t>(from.width) + column))
        resized[at >> 3] = static_cast<std::uint8_t>(resized[at >> 3] | 1 << (at & 7));
    }
  return resized;
}

std::vector<std::uint16_t> drawn_over(std::span<const std::uint16_t> values, std::span<const std::uint8_t> drawing,
                                      std::uint16_t ink) {
  std::vector<std::uint16_t> picture(values.begin(), values.end());
  for (std::size_t pixel = 0; pixel < picture.size(); ++pixel)
    if (is_drawn(drawing, pixel)) picture[pixel] = ink;
  return picture;
}

}  // namespace chestlight
