// Reverse mode: appends to a graph, as ordinary operators, what computes gradients of one of its values, so that a
// runtime for inference computes gradients too. One rule per operator of graph/operators.h.
//
// At kinks the gradient is the one that PyTorch takes: relu, clip, maximum and minimum pass nothing on where they clamp or
// just touch; a max pool passes a window's gradient to the first of equal largest numbers, row by row. One exception:
// a window that begins in the padding and whose largest number is exactly 0 takes the padding for the first. Behind a
// ReLU, where our networks pool, that changes nothing: where it gave 0 its gradient is 0.
// Rows and columns that a pool or a strided convolution left out get 0.
#pragma once

#include <vector>

#include "model/graph/graph.h"

namespace chestlight {

/// The gradients of Σ seeds · output (over batch and all elements) with respect to each of `wanted`, in that order and of
/// their shapes. Films of a batch do not meet, so each film has its own gradient. `seeds` has the shape of `output`; each
/// of `wanted` must lead to `output` (aborts otherwise). What leads to it must be of graph/operators.h, and names are
/// made from names: one call per graph.
std::vector<Value> append_gradients(Graph& graph, Value output, Value seeds, const std::vector<Value>& wanted);

}  // namespace chestlight
