#include "engine/blobs.h"

#include <cstring>

namespace chestlight {

contract::TensorShape shape_of(const InferenceTensor& tensor) {
  return {tensor.name, {tensor.shape.begin(), tensor.shape.end()}};
}

Result<std::vector<InferenceTensor>> tensors_of(const std::vector<contract::TensorShape>& shapes, std::span<const Blob> blobs) {
  const auto wrong = [](std::string message) { return Error{ErrorCode::kInvalidRequest, std::move(message), ""}; };
  if (blobs.size() != shapes.size()) return wrong(text("Expected ", shapes.size(), " buffers, found ", blobs.size(), "."));
  std::vector<InferenceTensor> tensors;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    InferenceTensor& tensor = tensors.emplace_back(InferenceTensor{shapes[i].name, {}, {}});
    double count = 1;
    for (int extent : shapes[i].shape) {
      if (extent < 0) return wrong(text("outputs[", i, "].shape: not a size"));
      tensor.shape.push_back(extent);
      count *= extent;
    }
    if (count * sizeof(float) != static_cast<double>(blobs[i].size()))
      return wrong(text("outputs[", i, "].shape holds ", count, " numbers, the buffer ", blobs[i].size() / sizeof(float)));
    tensor.values.resize(blobs[i].size() / sizeof(float));
    if (!blobs[i].empty()) std::memcpy(tensor.values.data(), blobs[i].data(), blobs[i].size());
  }
  return tensors;
}

}  // namespace chestlight
