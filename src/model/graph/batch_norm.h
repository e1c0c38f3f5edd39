// Folding batch norm into the convolutions around it, in double precision.
//
// At inference a batch norm is y = scale·x + shift per channel, scale = γ/√(variance + ε), shift = β − mean·scale.
// Two foldings, both exact but for rounding:
//   behind a convolution (nothing else reading it)   scale and shift go into its weights and bias
//   in front, with a ReLU between, of a convolution  with t = −shift/scale,
//                                                    relu(scale·x + shift) = scale·(max(x, t) − t)   for scale > 0
//                                                                          = scale·(min(x, t) − t)   for scale < 0
//       so the graph keeps one channelwise maximum (and one minimum where a scale is negative), scale goes into the
//       weights and −scale·t into the bias. Only for convolutions without padding: the constant would be missing where
//       zeros are padded. A channel whose scale is 0, or so small that t is beyond the element type, is either always
//       on (linear) or always off (dropped), and is treated as such.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/graph/graph.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// y = scale·x + shift, per channel.
struct ChannelAffine {
  std::vector<double> scale;
  std::vector<double> shift;
};

/// torchvision's ε, but for MobileNetV3's.
inline constexpr double kBatchNormEpsilon = 1e-5;

/// The batch norm whose tensors are `prefix`.weight, .bias, .running_mean, .running_var, all [channels] (shapes
/// already checked). Errors: those of widen(); kInvalidModel for a negative variance.
Result<ChannelAffine> read_batch_norm(const TensorMap& tensors, std::string_view prefix, double epsilon = kBatchNormEpsilon);

/// What a convolution is given instead of its input x, per input channel: slope·(x − threshold) + constant.
struct InputAffine {
  std::vector<double> slope;
  std::vector<double> threshold;
  std::vector<double> constant;
};

/// x as it is: slope 1, threshold 0, constant 0.
InputAffine untouched_input(std::size_t channels);

/// relu(scale·x + shift) = slope·(min(max(x, low), high) − threshold) + constant, split into what stays in front of the
/// convolution and what goes into it. An open side (−largest or +largest finite number) clamps nothing.
struct ClampedAffine {
  std::vector<float> low;
  std::vector<float> high;
  bool clamps_below = false;  // some channel has a low that is not open
  bool clamps_above = false;
  InputAffine input;
};

/// low and high are rounded to `element`, and threshold is the rounded one, so that a channel that is off contributes
/// exactly nothing.
ClampedAffine clamped_affine(const ChannelAffine& affine, ElementType element);

struct FoldedConvolution {
  std::vector<float> weights;  // rounded to the element type asked for
  std::vector<float> bias;
};

/// The convolution with `weights` [out, in, size, size], behind `input` and in front of `behind`. Weights are rounded
/// to `element`, and thresholds enter the bias with the rounded weights. With size > 1 or padding, every threshold and
/// constant must be 0.
FoldedConvolution fold_convolution(const std::vector<float>& weights, const InputAffine& input, const ChannelAffine& behind,
                                   ElementType element);

/// No change: scale 1, shift 0.
ChannelAffine identity_affine(std::size_t channels);

}  // namespace chestlight
