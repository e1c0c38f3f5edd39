// Writing a graph as an ONNX model: IR version 8, operator set 17, weights inside the file as raw data.
// Source of the field numbers: github.com/onnx/onnx, onnx/onnx.proto.
#pragma once

#include <cstdint>
#include <vector>

#include "model/graph/graph.h"

namespace chestlight {

/// The whole file. The same graph always gives the same bytes; beyond them (allocated once, exactly) only the
/// graph's structure is held, never a second copy of the weights.
std::vector<std::uint8_t> write_onnx(const Graph& graph);

}  // namespace chestlight
