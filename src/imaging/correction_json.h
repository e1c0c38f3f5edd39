// A correction as JSON, the same in requests, results and exports:
//
//   {invert: bool, mirror: bool, rotate: 0|90|180|270 (clockwise), crop: null|{x, y, width, height},
//    window: null|{black, white}}
#pragma once

#include "base/json.h"
#include "imaging/correction.h"

namespace chestlight {

Json rect_json(const PixelRect& rect);
Json correction_json(const Correction& correction);

/// What is left out is not corrected. Errors: kInvalidRequest, naming the field.
Result<Correction> correction_from_json(const JsonReader& reader);

}  // namespace chestlight
