// Buffers at the engine's border: numbers as bytes, little-endian, and an inference's outputs from their shapes and bytes. And
// what keeps exceptions of the standard library inside: they become errors.
#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "contract/case.h"
#include "engine/job.h"

namespace chestlight {

using Blob = std::vector<std::uint8_t>;

template <class T>
Blob to_blob(std::span<const T> values) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
  return {bytes, bytes + values.size_bytes()};
}

contract::TensorShape shape_of(const InferenceTensor& tensor);

/// Errors: kInvalidRequest where there is not one blob for each shape, of its very size.
Result<std::vector<InferenceTensor>> tensors_of(const std::vector<contract::TensorShape>& shapes, std::span<const Blob> blobs);

/// What `work` returns; running out of memory and any other exception is an error.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kTooLarge, "There is not enough memory for this.",
                 "Close other films or tabs, or use a smaller file."};
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, text("Unexpected: ", exception.what(), "."), "Please report this with the file's format."};
  }
}

}  // namespace chestlight
