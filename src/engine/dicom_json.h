// The arguments of open-dicom (web/dicom/read.js makes them) as a StoredImage.
//
//   image  {width, height, channels, bits, signed, lossy, presentation_inverse, notes: [text],
//           rescale: {slope, intercept, type}, voi_function: "LINEAR"|"LINEAR_EXACT"|"SIGMOID",
//           windows: [{centre, width, name}], modality_lut: null|table, voi_luts: [table], palette: null|[red, green, blue],
//           padding: null|{low, high},
//           facts: {transfer_syntax, modality, body_part, view_position, laterality, orientation, photometric,
//                   presentation_intent, frames, frame, frame_chosen, spacing: null|{row, column, kind}}}
//   table  (also red, green, blue)  {first, bits, values: [0..65535], name}
#pragma once

#include "base/bytes.h"
#include "base/json.h"
#include "imaging/dicom/stored_image.h"

namespace chestlight {

/// `values`: int32, little-endian, interleaved. Errors: kInvalidRequest, a caller's mistake.
Result<StoredImage> stored_image_from_json(const JsonReader& image, Bytes values);

}  // namespace chestlight
