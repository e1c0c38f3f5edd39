// What a reader's Correction (contract/correction.h) does to a film.
//
// A corrected film is a film like any other, as if the file had been so. So the gate, the network's input and the words
// need to know nothing of corrections; only maps do, to lie right on the film as it was opened: correction_map().
#pragma once

#include "base/result.h"
#include "contract/correction.h"
#include "imaging/coordinates.h"
#include "imaging/film.h"
#include "imaging/resample.h"

namespace chestlight {

using contract::Correction;
using contract::correction_words;

/// Errors: kInvalidRequest: a crop that is empty or not inside width × height, a window without width, turns outside
/// 0..3.
Result<void> check_correction(const Correction& correction, int width, int height);

/// `correction` must have been checked against the film. Facts of the file stay, but for the orientation it states, which
/// a turned or mirrored film no longer has. Windows for eyes are the file's own and go; it opens with its whole range.
Film correct_film(const Film& film, const Correction& correction);

/// From the film as opened (width × height SourcePx) to the corrected film, whose SourcePx begin at its own corner.
Map<SourceSpace, SourceSpace> correction_map(const Correction& correction, int width, int height);

}  // namespace chestlight
