// The request `train-head` of the engine's entrance: a head of one's own on the pooled features of the model in use, as a model
// folder that runs like any other.
//
//   args     images and labels as label_request.h has them; id, name: of the new model; findings?: [column of the table], all of
//            them where it is left out; folds? (5), seed? (1), balance? (false): each class weighs half; date?
//   blobs    the table; features, float32 images × features, NaN where an image was not analysed; manifest.json of the model in
//   use value    {labels, id, name, films, patients, findings: [{id, positives, negatives, auroc, interval: [low, high],
//   refusal}]} blobs    manifest.json and weights.safetensors
//
// Heads are judged by cross-validation: films of one patient, and copies of a film, are in one fold, so that no film is scored by
// a head that saw it. Calibration, thresholds and all that the manifest says of the scores come from these out-of-fold scores;
// the head that is kept was fitted on all films. A finding with too few patients is left out and says why.
#pragma once

#include <span>
#include <vector>

#include "base/json.h"
#include "engine/evaluate.h"
#include "engine/model.h"

namespace chestlight {

/// Errors: those of label_request.h and train_heads(); kUnavailable where no finding can be learnt, or where the network does not
/// end in one linear layer on its pooled features; kInvalidManifest for an id that no model may have.
Result<EvaluationReply> train_head_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs,
                                           const Model& model);

}  // namespace chestlight
