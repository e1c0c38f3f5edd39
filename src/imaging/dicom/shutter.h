// The display shutter of a DICOM file (PS3.3 C.7.6.11): what lies outside of its shapes is not to be shown.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/grid.h"

namespace chestlight {

/// Columns and rows are counted from 1, as the file has them.
struct Shutter {
  /// The edges themselves are hidden.
  struct Rectangle {
    int left = 0, right = 0, top = 0, bottom = 0;
  };
  struct Circle {
    int row = 0, column = 0, radius = 0;
  };
  struct Corner {
    int column = 0, row = 0;
  };
  std::optional<Rectangle> rectangle;
  std::optional<Circle> circle;
  std::vector<Corner> polygon;  // none, or at least three corners
};

/// Less than this share of the film left open is no shutter but a fault of the file.
inline constexpr double kLeastOpen = 0.1;

/// 1 where every shape of the shutter is open, 0 elsewhere.
Grid<std::uint8_t> open_part(const Shutter& shutter, int width, int height);

}  // namespace chestlight
