#include "imaging/orientation.h"

namespace chestlight {

Grid<std::uint16_t> turn_upright(Grid<std::uint16_t> stored, int orientation) {
  if (orientation < 2 || orientation > 8) return stored;
  const int right = stored.width() - 1, bottom = stored.height() - 1;
  const bool swapped = orientation >= 5;
  Grid<std::uint16_t> upright(swapped ? stored.height() : stored.width(), swapped ? stored.width() : stored.height());
  auto fill = [&](auto&& source) {
    for (int y = 0; y < upright.height(); ++y)
      for (int x = 0; x < upright.width(); ++x) upright(x, y) = source(x, y);
  };
  switch (orientation) {
    case 2: fill([&](int x, int y) { return stored(right - x, y); }); break;
    case 3: fill([&](int x, int y) { return stored(right - x, bottom - y); }); break;
    case 4: fill([&](int x, int y) { return stored(x, bottom - y); }); break;
    case 5: fill([&](int x, int y) { return stored(y, x); }); break;
    case 6: fill([&](int x, int y) { return stored(y, bottom - x); }); break;
    case 7: fill([&](int x, int y) { return stored(right - y, bottom - x); }); break;
    case 8: fill([&](int x, int y) { return stored(right - y, x); }); break;
  }
  return upright;
}

}  // namespace chestlight
