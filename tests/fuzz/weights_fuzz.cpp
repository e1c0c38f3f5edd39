// Any bytes either are safetensors, or ONNX, or have a reason why not; whatever tensors come out can be renamed, widened and
// judged as a network, and what is judged to be a DenseNet can be built and written.
#include <cstdlib>

#include "model/architectures/densenet.h"
#include "model/graph/onnx_writer.h"
#include "model/weights/onnx_reader.h"
#include "model/weights/safetensors.h"
#include "model/weights/tensor_names.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  if (auto onnx = read_onnx({data, size}))
    for (const auto& [name, tensor] : onnx->initialisers) (void)widen(onnx->initialisers, name);
  auto tensors = read_safetensors({data, size});
  if (!tensors) {
    if (tensors.error().message.empty()) std::abort();
    return 0;
  }
  for (const auto& [name, tensor] : *tensors) {
    auto numbers = widen(*tensors, name);
    if (numbers && numbers->size() != tensor.count()) std::abort();
  }
  auto canonical = with_canonical_names(*tensors);
  if (!canonical) return 0;
  for (Precision precision : {Precision::kFloat32, Precision::kFloat16}) {
    auto graph = build_densenet(*canonical, precision);
    if (graph && write_onnx(*graph).empty()) std::abort();
  }
  return 0;
}
