// DenseNet (Huang et al., CVPR 2017) as torchvision lays it out: its shape read off the tensors of a checkpoint, and
// its forward graph built from them with every batch norm folded.
//
// The graph, which runs for any batch and any film size that leaves at least one cell:
//   in   input     [batch, channels, height, width]  float32, normalised as the model's manifest says
//   out  features  [batch, features, h, w]           float32, after the last ReLU; h = height/32 rounded as pools round
//   out  logits    [batch, classes]                  float32, = bias + weights · mean over cells of features
// Against a plain export it has fewer operators (graph/batch_norm.h), and each transition pools before its 1×1
// convolution rather than behind: both are linear and commute, and pooling first needs a quarter of the products.
//
// Tensor names must be torchvision's (weights/tensor_names.h makes them so).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/graph/graph.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

struct DenseNetShape {
  int channels = 0;                      // of the input
  int stem = 0;                          // channels after the first convolution
  int growth = 0;                        // channels that each dense layer adds
  int bottleneck = 0;                    // channels between the two convolutions of a dense layer
  std::vector<int> layers;               // dense layers per block
  std::vector<int> transition_channels;  // channels after each transition; one fewer than blocks
  int features = 0;                      // channels of the last feature map
  int classes = 0;

  friend bool operator==(const DenseNetShape&, const DenseNetShape&) = default;
};

/// Reads the shape off the tensors and checks that every tensor the network needs is there with the right shape, and
/// that no tensor is left over but num_batches_tracked, op_threshs (torchxrayvision) and .scale companions.
/// Errors: kInvalidModel; the message names the first tensor that is missing, unexpected or of another shape.
Result<DenseNetShape> infer_densenet(const TensorMap& tensors);

/// What the body of the network computes in. Input, features, pooling and classifier are float32 in both.
enum class Precision { kFloat32, kFloat16 };

/// The forward graph. Errors: those of infer_densenet() and widen(); kInvalidModel also where a folded weight does not
/// fit the precision.
Result<Graph> build_densenet(const TensorMap& tensors, Precision precision);

/// The forward graph and its gradients, always in float32 (those of a float16 body would underflow):
///   in   input, and class_weights  [batch, classes]: film by film, what score = Σ class_weights · logits to follow back
///   out  logits, features as above; block1 … blockB  [batch, channels, h, w], the outputs of the dense blocks
///        (torchvision's features.denseblock1 …), before the batch norm that follows
///   out  gradient_input, gradient_block1 … gradient_blockB, gradient_features: of the score with respect to each
/// Errors: those of build_densenet().
Result<Graph> build_densenet_reverse(const TensorMap& tensors);

/// The classifier alone, for the exact evidence map: logit = bias[c] + Σ_k weights[c·features + k] · mean(features[k]).
struct Head {
  int classes = 0;
  int features = 0;
  std::vector<float> weights;  // [classes, features], row-major
  std::vector<float> bias;     // [classes]
};

Result<Head> read_head(const TensorMap& tensors);

}  // namespace chestlight
