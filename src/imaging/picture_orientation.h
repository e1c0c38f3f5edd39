// How a picture is turned and mirrored for the eye. Acts on what is seen: "flip left to right" mirrors the screen whatever
// was turned before. So it is one of the eight signed permutation matrices, and each act multiplies from the left. Not the
// turning of stored pictures (orientation.h), and nothing that the network sees.
#pragma once

#include "imaging/coordinates.h"

namespace chestlight {

/// Source directions to picture directions: picture = [xx xy; yx yy] · source.
struct Orientation {
  int xx = 1, xy = 0;
  int yx = 0, yy = 1;

  Orientation turned_right() const { return {-yx, -yy, xx, xy}; }
  Orientation turned_left() const { return {yx, yy, -xx, -xy}; }
  Orientation flipped_left_right() const { return {-xx, -xy, yx, yy}; }
  Orientation flipped_top_bottom() const { return {xx, xy, -yx, -yy}; }

  /// True when the picture is mirrored: its left is no longer the patient's right, however it is turned.
  bool mirrored() const { return xx * yy - xy * yx < 0; }
  /// Clockwise degrees (0, 90, 180, 270) that follow a left-right mirror where mirrored().
  int degrees() const {
    int x = mirrored() ? -xx : xx, y = mirrored() ? -yx : yx;
    return x == 1 ? 0 : y == 1 ? 90 : x == -1 ? 180 : 270;
  }
  bool upright() const { return *this == Orientation{}; }
  bool operator==(const Orientation&) const = default;
};

/// One of the eight: clockwise degrees after a left-right mirror, as degrees() and mirrored() tell them.
inline Orientation orientation_of(int degrees, bool mirrored) {
  Orientation orientation;
  if (mirrored) orientation = orientation.flipped_left_right();
  for (int turned = 0; turned < degrees; turned += 90) orientation = orientation.turned_right();
  return orientation;
}

}  // namespace chestlight
