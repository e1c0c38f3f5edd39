// The steps that forward graphs are built from: constants out of tensors, checked against the precision; convolutions with
// the batch norm behind them folded in; the two ends that are float32 in every precision.
//
// Numbers are read with widen() and folded in double precision (graph/batch_norm.h). Names of values begin with the `name`
// given. Errors: those of widen(); kInvalidModel where a folded number does not fit the precision.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/architectures/architecture.h"
#include "model/architectures/family.h"
#include "model/graph/batch_norm.h"
#include "model/graph/operators.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

class NetworkBuilder {
 public:
  /// `name` is the graph's; `body`: what everything between the two ends computes in.
  NetworkBuilder(const TensorMap& tensors, const NetworkPlan& plan, std::string name, ElementType body);

  Graph& graph() { return graph_; }
  ElementType body() const { return body_; }
  /// The input as the body reads it.
  Value body_input() const { return body_input_; }

  /// Tensor `tensor`, [out, in, size, size], on `input` made of x, followed by the affine `behind`, as one convolution.
  Result<Value> convolution(const std::string& name, const std::string& tensor, Value x, const InputAffine& input,
                            const ChannelAffine& behind, KernelWindow window);
  /// The same of a depthwise one, [channels, 1, size, size], on x as it is.
  Result<Value> depthwise(const std::string& name, const std::string& tensor, Value x, const ChannelAffine& behind,
                          KernelWindow window);
  /// relu(scale·x + shift) but for what goes into the convolution behind it (clamped.input).
  Value clamp(const std::string& name, Value x, const ClampedAffine& clamped);

  /// A constant that fits its element type.
  Result<Value> constant(std::string name, ElementType element, const std::vector<std::int64_t>& extents,
                         std::span<const float> numbers);
  Result<Value> body_constant(std::string name, const std::vector<std::int64_t>& extents, std::span<const float> numbers);

  /// x in float32, as the last steps read it.
  Value leave_body(Value x);
  /// Pooling and the linear layer on `features`, both outputs marked; takes the graph.
  Result<ForwardGraph> finish(std::vector<Value> layers, Value features) &&;

 private:
  const TensorMap& tensors_;
  ElementType body_;
  Graph graph_;
  Value input_;
  Value body_input_;
};

/// The linear layer's numbers. Errors: those of widen().
Result<Head> read_head(const TensorMap& tensors, const NetworkPlan& plan);

}  // namespace chestlight
