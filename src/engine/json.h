// The engine's values as JSON: what the page, the command line and exports read. One function per value; the field
// names here are the contract, and tests/unit/engine pins them.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "engine/engine.h"

namespace chestlight {

/// {code, message, hint}
Json error_json(const Error& error);

/// {id, name, version, licence, sha256, bytes, input: {width, height, detail, channels}, labels: [{id, name, explanation,
///  cutoff}], operating_points: [{id, name, explanation, data}], default_operating_point, limits, notice}
Json model_json(const Model& model);

/// {film, name, width, height, full_scale, low, high, window: {centre, width}, format, bits, channels, lossy, notes}
Json film_json(FilmId id, std::string_view name, const Film& film);

/// [{id, severity, text}]
Json reasons_json(const std::vector<GateReason>& reasons);

/// {source_to_model: [a,b,c,d,e,f], model_width, model_height}
Json geometry_json(const FilmView& view);

/// {analysed, reasons: [{id, severity, text}], may_be_overridden, overridden, input: input_json, operating_point: {id, name,
/// explanation}, summary: {headline, caveat},
///  any_finding?: {calibrated, measured},
///  findings: [{id, name, explanation, logit, probability, calibrated, threshold, state, sentence, where, bias,
///  map_zero, residual, cutoff, area, boxes: [[x, y, width, height]]}], map: {width, height}, geometry,
///  lungs: {found, likeness, picture_left?, picture_right?: [x, y, width, height]} in pixels of the film as corrected,
///  evidence_residual, model: {id, sha256}, notice}
/// The maps that come with it hold contributions: bias + mean over the map = logit. They are drawn from `map_zero`, the
/// contribution at which a film would stand on its threshold, so that what is coloured is what argues for a call.
Json analysis_json(const Model& model, const Analysis& analysis);

}  // namespace chestlight
