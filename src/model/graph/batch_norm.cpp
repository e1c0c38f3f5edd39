#include "model/graph/batch_norm.h"

#include <cmath>

#include "base/text.h"

namespace chestlight {

Result<ChannelAffine> read_batch_norm(const TensorMap& tensors, std::string_view prefix, double epsilon) {
  CHESTLIGHT_TRY(std::vector<float> gamma, widen(tensors, text(prefix, ".weight")));
  CHESTLIGHT_TRY(std::vector<float> beta, widen(tensors, text(prefix, ".bias")));
  CHESTLIGHT_TRY(std::vector<float> mean, widen(tensors, text(prefix, ".running_mean")));
  CHESTLIGHT_TRY(std::vector<float> variance, widen(tensors, text(prefix, ".running_var")));
  ChannelAffine affine;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    if (variance[c] < 0)
      return Error{ErrorCode::kInvalidModel,
                   text("Tensor ", prefix, ".running_var holds a negative variance (", variance[c], ")."),
                   "The file is damaged; use another checkpoint."};
    double scale = gamma[c] / std::sqrt(variance[c] + epsilon);
    affine.scale.push_back(scale);
    affine.shift.push_back(beta[c] - mean[c] * scale);
  }
  return affine;
}

ChannelAffine identity_affine(std::size_t channels) {
  return {std::vector<double>(channels, 1.0), std::vector<double>(channels, 0.0)};
}

InputAffine untouched_input(std::size_t channels) {
  return {std::vector<double>(channels, 1.0), std::vector<double>(channels, 0.0), std::vector<double>(channels, 0.0)};
}

ClampedAffine clamped_affine(const ChannelAffine& affine, ElementType element) {
  const double open = largest_finite(element);
  ClampedAffine clamped;
  for (std::size_t c = 0; c < affine.scale.size(); ++c) {
    double scale = affine.scale[c];
    double shift = affine.shift[c];
    double threshold = scale == 0 ? INFINITY : rounded_to(element, -shift / scale);
    double low = -open, high = open, constant = 0;
    if (std::abs(threshold) < open) {
      (scale > 0 ? low : high) = threshold;
      (scale > 0 ? clamped.clamps_below : clamped.clamps_above) = true;
    } else {
      threshold = 0;
      if (shift > 0) constant = shift;  // always on
      else scale = 0;                   // always off
    }
    clamped.low.push_back(static_cast<float>(low));
    clamped.high.push_back(static_cast<float>(high));
    clamped.input.slope.push_back(scale);
    clamped.input.threshold.push_back(threshold);
    clamped.input.constant.push_back(constant);
  }
  return clamped;
}

FoldedConvolution fold_convolution(const std::vector<float>& weights, const InputAffine& input, const ChannelAffine& behind,
                                   ElementType element) {
  const std::size_t outputs = behind.scale.size();
  const std::size_t inputs = input.slope.size();
  const std::size_t window = weights.size() / (outputs * inputs);
  FoldedConvolution folded{std::vector<float>(weights.size()), std::vector<float>(outputs)};
  for (std::size_t o = 0; o < outputs; ++o) {
    double bias = behind.shift[o];
    for (std::size_t c = 0; c < inputs; ++c) {
      for (std::size_t k = 0; k < window; ++k) {
        std::size_t at = (o * inputs + c) * window + k;
        double weight = behind.scale[o] * weights[at];
        double rounded = rounded_to(element, weight * input.slope[c]);
        folded.weights[at] = static_cast<float>(rounded);
        bias += weight * input.constant[c] - rounded * input.threshold[c];
      }
    }
    folded.bias[o] = static_cast<float>(bias);
  }
  return folded;
}

}  // namespace chestlight
