// The exposed part of a film and the percentiles of its values: what display windows are made of. For eyes only: what
// the network sees depends on nothing here.
//
// Collimators, masks and padding leave borders of nearly one grey. A row or column is border while the middle 95 % of
// its values span at most kFlatLine of the film's own span (so that a burnt-in letter does not end the border); borders
// are taken off from each edge inwards. Where little would be left, nothing is taken: the film is odd, not its border.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/grid.h"

namespace chestlight {

/// Share of the film's span (0.5th to 99.5th percentile of all values) within which a line counts as flat.
inline constexpr double kFlatLine = 0.02;
/// Less than this share of the width or height cannot be the picture.
inline constexpr double kLeastPicture = 0.3;
/// Where more than this share of the area has the film's very lowest value, that value is padding or mask, not tissue.
inline constexpr double kPaddingShare = 0.01;

/// SourcePx, right and bottom excluded.
struct PictureArea {
  int left = 0, top = 0, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool operator==(const PictureArea&) const = default;
};

PictureArea collimated_area(GridView<const std::uint16_t> pixels);

struct PictureValues {
  PictureArea area;
  std::vector<double> percentiles;  // in the order of the fractions asked for
};

/// For each fraction (0..1) the value that this share of the area's pixels does not exceed, padding left out. Large films
/// are sampled at about two million pixels. `pixels` must not be empty.
PictureValues picture_values(GridView<const std::uint16_t> pixels, std::span<const double> fractions);

}  // namespace chestlight
