// The operators that our networks are made of. Each function appends one node and returns its output, with the shape
// as far as it is known; the mathematics of each operator stands here once. graph/reverse.cpp has one rule per function
// of this file.
//
// Layout is [batch, channels, height, width]; channel counts are always known. All inputs of one operator share an
// element type, which is the output's too (cast changes it). `name` names the output; it must be new to the graph.
// Arguments that do not fit are programming errors: the network's tensors are checked before a graph is begun.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/graph/graph.h"

namespace chestlight {

/// The ONNX operator of opset 17 that a node is written as, e.g. "Conv".
std::string_view operator_name(Operator op);

/// A square window moved over height and width; `padding` on all four sides.
struct KernelWindow {
  int size = 1;
  int stride = 1;
  int padding = 0;

  friend bool operator==(const KernelWindow&, const KernelWindow&) = default;
};

/// y[o] = bias[o] + Σ_c weights[o,c] ⋆ x[c], zeros outside. weights [out, in, size, size], bias [out].
Value convolution(Graph& graph, std::string name, Value x, Value weights, Value bias, KernelWindow window);
/// The same without bias.
Value convolution(Graph& graph, std::string name, Value x, Value weights, KernelWindow window);

/// y[c] = bias[c] + weights[c] ⋆ x[c], each channel on its own: weights [C, 1, size, size], bias [C].
Value depthwise_convolution(Graph& graph, std::string name, Value x, Value weights, Value bias, KernelWindow window);
/// The same without bias.
Value depthwise_convolution(Graph& graph, std::string name, Value x, Value weights, KernelWindow window);

/// Elementwise; `channels` is a constant [1, C, 1, 1] that is repeated over batch, height and width.
Value maximum(Graph& graph, std::string name, Value x, Value channels);
Value minimum(Graph& graph, std::string name, Value x, Value channels);
Value multiply(Graph& graph, std::string name, Value x, Value channels);
Value add(Graph& graph, std::string name, Value x, Value channels);

/// a + b of one shape.
Value sum(Graph& graph, std::string name, Value a, Value b);

/// max(x, 0)
Value relu(Graph& graph, std::string name, Value x);
/// min(max(x, low), high); `low` and `high` are constants of one number without extents.
Value clip(Graph& graph, std::string name, Value x, Value low, Value high);

/// min(max(x/6 + 1/2, 0), 1)
Value hard_sigmoid(Graph& graph, std::string name, Value x);

/// x · factors, which are values of the graph too: of x's shape, or [n, C, 1, 1] and repeated over height and width.
Value scaled_by(Graph& graph, std::string name, Value x, Value factors);

/// Joins along channels.
Value concatenate(Graph& graph, std::string name, const std::vector<Value>& parts);

/// Largest value in each window; outside counts as minus infinity.
Value max_pool(Graph& graph, std::string name, Value x, KernelWindow window);
/// Mean of each window; no padding, so windows that do not fit are left out.
Value average_pool(Graph& graph, std::string name, Value x, KernelWindow window);
/// Each value repeated `factor` times along height and width: [n, C, h, w] → [n, C, factor·h, factor·w].
Value enlarge(Graph& graph, std::string name, Value x, int factor);
/// [n, C, h, w] → [n, C, 1, 1]
Value global_average_pool(Graph& graph, std::string name, Value x);
/// [n, C, 1, 1] → [n, C]
Value flatten(Graph& graph, std::string name, Value x);

/// x · weightsᵀ + bias: x [n, K], weights [classes, K], bias [classes].
Value linear(Graph& graph, std::string name, Value x, Value weights, Value bias);

Value cast(Graph& graph, std::string name, Value x, ElementType element);

}  // namespace chestlight
