// The record of what the model saw as JSON:
//
//   {rule, width, height, crop: {x, y, width, height}, placed: {…}, window: null|{black, white},
//    inverted: {by_file, by_correction}, rotation, mirrored, corrections: null|correction_json, corrections_text}
//
// crop: SourcePx of the film as opened; placed: ModelPx; window: pixel values that became black and white.
#pragma once

#include "base/json.h"
#include "findings/input_record.h"

namespace chestlight {

Json input_json(const InputRecord& record);

}  // namespace chestlight
