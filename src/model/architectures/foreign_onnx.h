// Finished ONNX graphs as their authors export them, with names of their own: finding the way from the scores back to the global
// average pooling, so that evidence maps can be had, and writing the same graph with the names that this program knows.
//
// From the output backwards: a sigmoid, if there is one; a linear layer (Gemm, or MatMul and Add) whose numbers are stored in the
// file; Flatten, Reshape, Squeeze, Dropout or Identity; GlobalAveragePool, or ReduceMean over height and width. What goes into
// that is the features. Where the way is another, there are scores and no maps, and it is said why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

struct ForeignOnnx {
  int channels = 0, side = 0;  // of the input; side 0: the file leaves it open, or it is no square
  int classes = 0;
  std::string head_weight, head_bias;  // initialisers; empty: scores alone
  std::string why_no_maps;             // a sentence; empty where there are maps
  bool sigmoid = false;                // the file's scores went through one; the logits are what goes into it
  std::vector<std::uint8_t> onnx;      // input "input", outputs "logits" and, where there are maps, "features"; any batch
};

/// Errors: those of read_onnx(); kInvalidModel for a graph that gives no independent scores of films, with what was found.
Result<ForeignOnnx> read_foreign_onnx(Bytes file);

}  // namespace chestlight
