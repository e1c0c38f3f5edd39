// The member "feature_heads" of manifest.json:
//   {"reasons": [{id, severity: "refuse" | "warn", text, measured, weights: [numbers], bias}],
//    "any_finding": {weights, bias, calibration, measured}}      both optional
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "findings/feature_heads.h"

namespace chestlight {

/// All heads have the same number of weights, 1 to 65536. Errors: as parse_manifest().
Result<FeatureHeads> read_feature_heads(const JsonReader& heads);

}  // namespace chestlight
