// Networks that come as a finished ONNX graph (model.onnx) in place of weights: any architecture that ends in global average
// pooling and one linear layer, as most classifiers of films do.
//
// What is asked of the file: one input `input` [batch, channels, height, width] with the batch left open; outputs `logits`
// [batch, classes] and `features` [batch, k, h, w], what the pooling averages; and the linear layer's numbers among its
// initialisers, under the names in the manifest. Evidence maps, fine evidence, occlusion and RISE need no more. Gradients, and
// networks with a part untrained, would need the weights in a known arrangement: they are not to be had.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "findings/manifest.h"
#include "model/architectures/densenet.h"

namespace chestlight {

/// Checks all of this and gives the linear layer. Errors: those of read_onnx(); kInvalidModel with what was found, and how to
/// export a file that fits.
Result<Head> head_of_finished_graph(const Manifest& manifest, Bytes onnx);

}  // namespace chestlight
