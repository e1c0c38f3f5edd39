#include "imaging/dicom/shutter.h"

#include <algorithm>

namespace chestlight {
namespace {

// Whether the middle of a pixel lies inside, by the crossings to its left.
bool inside(const std::vector<Shutter::Corner>& polygon, double column, double row) {
  bool odd = false;
  for (std::size_t i = 0, before = polygon.size() - 1; i < polygon.size(); before = i++) {
    const auto &a = polygon[i], &b = polygon[before];
    if ((a.row > row) == (b.row > row)) continue;
    const double crossing = a.column + (row - a.row) * (b.column - a.column) / static_cast<double>(b.row - a.row);
    if (column < crossing) odd = !odd;
  }
  return odd;
}

}  // namespace

Grid<std::uint8_t> open_part(const Shutter& shutter, int width, int height) {
  Grid<std::uint8_t> open(width, height, 1);
  auto keep = [&](auto&& is_open) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        if (!is_open(x + 1, y + 1)) open(x, y) = 0;
  };
  if (const auto& r = shutter.rectangle)
    keep([&](int column, int row) { return column > r->left && column < r->right && row > r->top && row < r->bottom; });
  if (const auto& c = shutter.circle) {
    const double most = static_cast<double>(c->radius) * c->radius;
    keep([&](int column, int row) {
      const double x = static_cast<double>(column) - c->column, y = static_cast<double>(row) - c->row;
      return x * x + y * y <= most;
    });
  }
  if (shutter.polygon.size() >= 3) keep([&](int column, int row) { return inside(shutter.polygon, column, row); });
  return open;
}

}  // namespace chestlight
