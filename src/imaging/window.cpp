#include "imaging/window.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace chestlight {
namespace {

float table_at(double place, const DisplayTable& table) {
  const double most = static_cast<double>(table.values.size() - 1);
  const double at = std::clamp((place - table.first) / (table.last - table.first), 0.0, 1.0) * most;
  const auto low = static_cast<std::size_t>(at), high = std::min(low + 1, table.values.size() - 1);
  const double part = at - static_cast<double>(low);
  return static_cast<float>(((1 - part) * table.values[low] + part * table.values[high]) / 65535);
}

template <class T>
Grid<std::uint8_t> apply(GridView<const T> pixels, const Window& window, std::span<const DisplayTable> tables) {
  Grid<std::uint8_t> shown(pixels.width, pixels.height);
  if (window.shape != WindowShape::kLinear) {
    std::ranges::transform(pixels.span(), shown.values().begin(),
                           [&](T value) { return static_cast<std::uint8_t>(255 * brightness(value, window, tables) + 0.5f); });
    return shown;
  }
  const float black = static_cast<float>(window.centre - window.width / 2);
  const float scale = static_cast<float>(255.0 / window.width);
  auto out = shown.values().begin();
  for (T value : pixels.span()) {
    float level = (static_cast<float>(value) - black) * scale;
    *out++ = static_cast<std::uint8_t>(std::clamp(level, 0.0f, 255.0f) + 0.5f);
  }
  return shown;
}

}  // namespace

Window window_between(double black, double white) {
  double width = std::max(white - black, 1.0);
  return {black + width / 2, width};
}

Window full_range(const Film& film) { return window_between(film.low, film.high); }

Window auto_window(const Film& film) {
  if (film.full_scale <= 255) return window_between(0, film.full_scale);
  auto pixels = film.pixels.view();
  double black = percentile(pixels, kAutoWindowLow), white = percentile(pixels, kAutoWindowHigh);
  // A nearly constant film: the few pixels that differ are all there is to see.
  return black < white ? window_between(black, white) : full_range(film);
}

std::uint16_t percentile(GridView<const std::uint16_t> pixels, double fraction) {
  std::vector<std::size_t> count(65536);
  for (auto value : pixels.span()) ++count[value];
  auto wanted = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(pixels.size())));
  wanted = std::max<std::size_t>(wanted, 1);
  std::size_t seen = 0;
  for (std::size_t value = 0; value < count.size(); ++value)
    if ((seen += count[value]) >= wanted) return static_cast<std::uint16_t>(value);
  return 0;
}

float brightness(double value, const Window& window, std::span<const DisplayTable> tables) {
  const double place = (value - window.centre) / window.width + 0.5;
  if (window.shape == WindowShape::kSigmoid) return static_cast<float>(1 / (1 + std::exp(-4 * (place - 0.5))));
  if (window.shape == WindowShape::kTable && window.table >= 0 && static_cast<std::size_t>(window.table) < tables.size())
    return table_at(place, tables[static_cast<std::size_t>(window.table)]);
  return static_cast<float>(std::clamp(place, 0.0, 1.0));
}

Grid<std::uint8_t> apply_window(GridView<const std::uint16_t> pixels, const Window& window,
                                std::span<const DisplayTable> tables) {
  return apply(pixels, window, tables);
}
Grid<std::uint8_t> apply_window(GridView<const float> pixels, const Window& window, std::span<const DisplayTable> tables) {
  return apply(pixels, window, tables);
}

}  // namespace chestlight
