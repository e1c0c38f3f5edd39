// A film as the network gets it, with the record of what the model saw (contract/analysis.h).
#pragma once

#include "base/grid.h"
#include "contract/analysis.h"
#include "findings/input_spec.h"
#include "findings/preprocess.h"
#include "imaging/correction.h"
#include "imaging/film.h"

namespace chestlight {

using contract::InputRecord;

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
