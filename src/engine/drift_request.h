// The request `drift` of the engine's entrance: whether one batch of films is like another, such as this month's like last
// month's.
//
//   args     {findings: [id], reference: [file], batch: [file]}
//   blobs    calibrated scores of the reference, float32 films × findings, and of the batch; pooled features, float32 films ×
//            features, of the reference and of the batch. Films that were not analysed are not among them
//   value    {films: {reference, batch}, findings: [{id, stability_index, largest_gap, p, verdict, reference_mean, batch_mean}],
//             features: {share_differing}, unlike: [{file, distance, share}]}
//
// verdict: "stable", "some" or "shifted", by the population stability index (below 0.1, to 0.25, above), and "stable" wherever
// the Kolmogorov-Smirnov test, with all findings taken together (Holm), cannot tell the batches apart. share_differing: of the
// features whose own test has p below 0.05, about 0.05 where nothing changed. unlike: the films of the batch
// whose features lie further from the reference than 99 % of its own films, farthest first; share of the reference's films that
// lie as far. A distance is the root mean square of the features' standardised differences from the reference's means.
#pragma once

#include <span>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace chestlight {

/// Errors: "invalid-request" for arguments of another form; "unavailable" for a batch of fewer than 20 films.
Result<Json> drift_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs);

}  // namespace chestlight
