// The engine as a WebAssembly module: five C functions around Protocol::call, for the worker and for Node.
//
// A call is: one input per buffer (the first is the JSON request, the rest its blobs), chestlight_call(), then the
// outputs in the same shape (the first is the JSON reply). Buffers belong to C++; JavaScript fills an input right after
// asking for it and copies outputs before the next call, so nobody keeps a view of a heap that may move.
#include <emscripten/emscripten.h>

#include "engine/protocol.h"

namespace {

chestlight::Protocol protocol;
std::vector<chestlight::Blob> inputs;
std::vector<chestlight::Blob> outputs;

}  // namespace

extern "C" {

/// A new input buffer of `size` bytes, to be filled before anything else is called.
EMSCRIPTEN_KEEPALIVE std::uint8_t* chestlight_input(std::size_t size) { return inputs.emplace_back(size).data(); }

/// Runs the call described by the inputs, which it consumes. Returns the number of outputs.
EMSCRIPTEN_KEEPALIVE std::size_t chestlight_call() {
  outputs = protocol.call(std::move(inputs));
  inputs.clear();
  return outputs.size();
}

EMSCRIPTEN_KEEPALIVE const std::uint8_t* chestlight_output(std::size_t index) { return outputs[index].data(); }
EMSCRIPTEN_KEEPALIVE std::size_t chestlight_output_size(std::size_t index) { return outputs[index].size(); }

/// Frees the outputs and any input of a call that was never made.
EMSCRIPTEN_KEEPALIVE void chestlight_release() {
  outputs = {};
  inputs = {};
}

}  // extern "C"
