// Networks that come as a finished ONNX graph (model.onnx) in place of weights: any architecture that ends in global average
// pooling and one linear layer, as most classifiers of films do.
//
// What is asked of the file: one input `input` [batch, channels, height, width] with the batch left open; outputs `logits`
// [batch, classes] and `features` [batch, k, h, w], what the pooling averages; and the linear layer's numbers among its
// initialisers, under the names in the manifest. A graph of which only the scores are to be had has no features and no head, and
// there are no maps but those that look at scores alone. Evidence maps, fine evidence, occlusion and RISE need no more.
// Gradients, and networks with a part untrained, would need the weights in a known arrangement: they are not to be had.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "model/architectures/architecture.h"

namespace chestlight {

/// What the manifest says of the file.
struct OnnxDescription {
  int channels = 0, height = 0, width = 0;  // of the input
  int classes = 0;
  std::string head_weight, head_bias;  // initialisers
  bool scores_only = false;            // there is no features output and no head: no maps
};

/// Checks all of this. It views the file's bytes, which must outlive it. Errors: those of read_onnx(); kInvalidModel with what
/// was found, and how to export a file that fits.
Result<std::unique_ptr<Architecture>> recognise_onnx(Bytes onnx, const OnnxDescription& description);

}  // namespace chestlight
