// Any bytes either are safetensors, or ONNX, or have a reason why not; whatever tensors come out can be widened and judged as a
// network, and what is recognised as one can be built and written in every form.
#include <cstdlib>

#include "model/architectures/architecture.h"
#include "model/architectures/foreign_onnx.h"
#include "model/weights/onnx_reader.h"
#include "model/weights/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  if (auto onnx = read_onnx({data, size}))
    for (const auto& [name, tensor] : onnx->initialisers) (void)widen(onnx->initialisers, name);
  if (const auto graph = read_foreign_onnx({data, size}); graph ? !read_onnx(graph->onnx) : graph.error().hint.empty())
    std::abort();
  auto tensors = read_safetensors({data, size});
  if (!tensors) {
    if (tensors.error().message.empty()) std::abort();
    return 0;
  }
  for (const auto& [name, tensor] : *tensors) {
    auto numbers = widen(*tensors, name);
    if (numbers && numbers->size() != tensor.count()) std::abort();
  }
  const auto network = recognise(*tensors);
  if (!network) {
    if (network.error().message.empty() || network.error().hint.empty()) std::abort();
    return 0;
  }
  for (const char* name : {"forward", "reverse", "forward-random-head", "reverse-random-block"})
    for (Precision precision : {Precision::kFloat32, Precision::kFloat16}) {
      const auto onnx = (*network)->onnx(*graph_variant(name), precision);
      if (onnx && onnx->empty()) std::abort();
    }
  return 0;
}
