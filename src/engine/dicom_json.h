// The arguments of open-dicom (web/dicom/read.js makes them) as a StoredImage.
//
//   image  {width, height, channels, bits, signed, lossy, presentation_inverse, notes: [text],
//           rescale: {slope, intercept, type}, voi_function: "LINEAR"|"LINEAR_EXACT"|"SIGMOID",
//           windows: [{centre, width, name}], modality_lut: null|table, voi_luts: [table], palette: null|[red, green, blue],
//           type: "uint8"|"int8"|"uint16"|"int16"|"int32", padding: null|{low, high},
//           shutter: null|{rectangle: {left, right, top, bottom}, circle: {row, column, radius}, polygon: [column, row, …]},
//           facts: {transfer_syntax, modality, body_part, other_part, view_position, view, laterality, orientation, photometric,
//                   presentation_intent, frames, frame, frame_chosen, spacing: null|{row, column, kind}, aspect}}
//   table  (also red, green, blue)  {first, bits, values: [0..65535], name}
#pragma once

#include "base/json.h"
#include "imaging/dicom/stored_image.h"

namespace chestlight {

/// `values`: of the stated type, little-endian, interleaved; taken over, not copied. Errors: kInvalidRequest, a caller's
/// mistake.
Result<StoredImage> stored_image_from_json(const JsonReader& image, std::vector<std::uint8_t> values);

}  // namespace chestlight
