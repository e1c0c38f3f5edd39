// The member "feature_heads" of manifest.json:
//   {"reasons": [{id, severity: "refuse" | "warn", text, measured, weights: [numbers], bias}],
//    "any_finding": {weights, bias, calibration, measured}}      both optional; any_finding may
//   have an evaluation (evaluation_json.h) and thresholds: a calibrated one for each operating point, in (0, 1)
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "findings/feature_heads.h"

namespace chestlight {

/// All heads have the same number of weights, 1 to 65536. Errors: as parse_manifest().
/// `films`: of the manifest's evaluation, 0 without one.
Result<FeatureHeads> read_feature_heads(const JsonReader& heads, int films = 0);

}  // namespace chestlight
