// Runs a graph with plain loops in double precision: the meaning of every operator of graph/operators.h and
// graph/gradient_operators.h, written to be read. For small networks in tests only; it is thousands of times slower than
// a real runtime. Casts do not round.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/graph/graph.h"

namespace chestlight::testing {

struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> numbers;
};

/// The graph's outputs by name. `inputs` by name must have the shapes that the graph asks for; aborts otherwise.
std::map<std::string, Array> interpret(const Graph& graph, const std::map<std::string, Array>& inputs);

}  // namespace chestlight::testing
