// The one EXIF fact that changes pixels: which way up the picture is (tag 0x0112 of IFD 0; Exif 2.32, CIPA DC-008).
// Nothing else of EXIF is read: the rest may name places and people.
#pragma once

#include "base/bytes.h"

namespace chestlight {

/// `tiff` begins with "II" or "MM". Returns 1..8, and 1 (upright) where the tag is absent or the block is not sound.
///   1 upright, 2 mirrored left-right, 3 turned by 180°, 4 mirrored top-bottom, 5 mirrored along the main diagonal,
///   6 to be turned clockwise by 90°, 7 mirrored along the other diagonal, 8 to be turned anticlockwise by 90°.
int exif_orientation(Bytes tiff);

}  // namespace chestlight
