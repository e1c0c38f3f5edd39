// Explanations as JSON: the contract of `methods` and of the results of `explain` (see engine/protocol.h).
#pragma once

#include "base/json.h"
#include "engine/explanation.h"

namespace chestlight {

/// [{id, name, explanation, paper, unit, signed, from_threshold, needs_reverse, requests, layers, default_layer,
/// unavailable: why this model cannot be asked by it, or empty}]
/// `requests` counts calls of the network, the first look at the film included; `layers` is empty for methods without.
Json methods_json(const Model& model);

/// {analysed, reasons, may_be_overridden, overridden, method, layer?, finding: {id, name, calibrated, threshold, state, logit},
/// operating_point,
///  width, height, spread, signed, unit, from_threshold, cutoff, geometry: {source_to_model, model_width, model_height},
///  sentence, area, boxes: [[x, y, width, height]], notes, measures: {…}, model: {id, sha256}, notice}
/// Boxes in SourcePx; area as a share of the film that the network saw; `spread` says whether a second map follows.
/// Of a film that the gate refused: analysed (false), reasons, the two after them, method, model and notice only.
Json explanation_json(const Model& model, const Explanation& explanation);

}  // namespace chestlight
