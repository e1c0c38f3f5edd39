// The operators that gradients are made of, beside those of graph/operators.h: what reverse.cpp appends. They have no
// reverse rules themselves, so a gradient cannot be differentiated once more.
//
// Conventions as in operators.h. Sizes known only at run time are kInt64 values, conditions are kBool values.
#pragma once

#include <cstdint>
#include <string>

#include "model/graph/graph.h"
#include "model/graph/operators.h"

namespace chestlight {

// Of [n, channels, height, width].
inline constexpr std::int64_t kHeightAxis = 2, kWidthAxis = 3;

/// What `convolution(x, weights)` with the same window is the transpose of: gradients of its output in, gradients of
/// its input out. A stride s maps s sizes of x to one size of its output; of those this gives the largest, and
/// cropped_like() cuts the rest off. `groups` is the number of channels of a depthwise convolution, else 1.
Value convolution_transposed(Graph& graph, std::string name, Value gradient, Value weights, KernelWindow window,
                             std::int64_t groups);

/// weights [out, in, size, size] as [in, out, size, size] and turned by half a turn: a convolution of stride 1 with them,
/// padded by size − 1 − padding, is convolution_transposed() with `weights`. Runtimes compute it once, when they load the
/// graph (it depends on constants alone), and are faster at convolutions.
Value turned_weights(Graph& graph, std::string name, Value weights);
/// The same for weights [C, 1, size, size] of a depthwise convolution: turned by half a turn, channels as they are.
Value turned_depthwise_weights(Graph& graph, std::string name, Value weights);

/// a − b of one shape; a / b with b a single number.
Value difference(Graph& graph, std::string name, Value a, Value b);
Value quotient(Graph& graph, std::string name, Value a, Value b);

/// Elementwise conditions; `b` is repeated where its extents are 1.
Value greater(Graph& graph, std::string name, Value a, Value b);
Value less(Graph& graph, std::string name, Value a, Value b);
Value equal(Graph& graph, std::string name, Value a, Value b);
/// `yes` where the condition holds, else `no` (a single number).
Value select(Graph& graph, std::string name, Value condition, Value yes, Value no);

/// The extents of x from dimension `first` on: kInt64 [rank − first].
Value extents_from(Graph& graph, std::string name, Value x, std::int64_t first);
/// All numbers of x multiplied: a scalar.
Value product(Graph& graph, std::string name, Value x);

/// x summed over height and width: [n, C, 1, 1].
Value sum_over_cells(Graph& graph, std::string name, Value x);

/// x[…, first : first + count, …] along channels.
Value channels_of(Graph& graph, std::string name, Value x, std::int64_t first, std::int64_t count);
/// The part of x with the height and width of `like`, from the top left; the rest is cut off.
Value cropped_like(Graph& graph, std::string name, Value x, Value like);

/// x [n, C, 1, 1] repeated to the shape of `like`.
Value expanded_like(Graph& graph, std::string name, Value x, Value like);
/// [n, C] → [n, C, 1, 1]
Value with_one_cell(Graph& graph, std::string name, Value x);

/// x · weights: x [n, classes], weights [classes, K].
Value linear_transposed(Graph& graph, std::string name, Value x, Value weights);

/// x under another name, e.g. to be an output beside another one of the same value.
Value identity(Graph& graph, std::string name, Value x);

}  // namespace chestlight
