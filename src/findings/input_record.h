// What the model saw, in words and figures: the record that goes with every result.
//
// The network's input follows from stored values by one rule that the manifest and the file fix; nothing a reader does
// on screen has a part in it. Only a Correction changes it, and then the record says so.
#pragma once

#include <optional>
#include <string>

#include "base/grid.h"
#include "findings/input_spec.h"
#include "findings/preprocess.h"
#include "imaging/correction.h"
#include "imaging/film.h"

namespace chestlight {

struct InputRecord {
  std::string rule;                  // the whole rule in two or three sentences
  int width = 0, height = 0;         // ModelPx
  PixelRect seen;                    // SourcePx of the film as opened: what is not in here was not seen
  PixelRect placed;                  // ModelPx; smaller than the input where it is letterboxed
  std::optional<ValueRange> window;  // pixel values of the film as opened that became 0 and 1, before any inversion
  bool inverted_by_file = false;     // the file says that its larger values are darker; its film is the other way round
  Correction correction;
};

/// What network input a film gives: of the corrected film, with the map from the film as opened.
struct PreparedInput {
  Film corrected;  // empty where nothing is corrected: the film itself is meant
  ModelInput input;
  InputRecord record;
  SourceToModel source_to_model;  // from SourcePx of the film as opened
};

/// The corrected film, or `film` itself: what the gate is to look at.
inline const Film& seen_film(const PreparedInput& prepared, const Film& film) {
  return prepared.corrected.pixels.empty() ? film : prepared.corrected;
}

/// `correction` must have been checked against the film.
PreparedInput prepare_input(const Film& film, const Correction& correction, const InputSpec& spec);

/// The input as grey values, 0 black and 255 white, rounded: a network of three channels gets the same grey in each.
Grid<std::uint8_t> input_picture(const ModelInput& input, const InputSpec& spec);

}  // namespace chestlight
