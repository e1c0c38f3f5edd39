// Reading what a finished ONNX file says of itself: its inputs, its outputs and the numbers stored in it. What its operators
// do is the runtime's business.
//
// The file is a Protocol Buffers message (github.com/onnx/onnx, onnx/onnx.proto); fields that are not asked for are passed
// over. Any bytes may be given: nothing outside them is read, and work and memory are bounded by their size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// An extent that the file leaves open, such as the number of films in a batch.
inline constexpr std::int64_t kOpenExtent = -1;

struct OnnxValue {
  std::string name;
  std::vector<std::int64_t> shape;  // empty also where the file does not state it
  int element = 0;                  // as TensorProto.DataType numbers them: 1 is float32; 0: not stated
};

struct OnnxFile {
  std::vector<OnnxValue> inputs;  // without those that initialisers give a value
  std::vector<OnnxValue> outputs;
  TensorMap initialisers;  // views of the file; those stored in another way than raw or as packed floats are left out
};

/// A message whose first field is ir_version, and that holds a graph.
bool is_onnx(Bytes file);

/// Errors: kEmptyFile, kCorrupt (no ONNX file, or a tensor whose bytes do not fit its shape), kUnsupportedFormat (numbers
/// kept in another file).
Result<OnnxFile> read_onnx(Bytes file);

}  // namespace chestlight
