// Reading the safetensors container: a JSON table of contents in front of raw little-endian tensors.
//
// Layout: u64 header length n, n bytes of JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...,
// "__metadata__": {string: string}}, then the data; offsets count from the end of the header. Every byte of the data
// must belong to exactly one tensor. Source: github.com/huggingface/safetensors, README, "Format".
// Any bytes may be given: nothing outside them is read, and work and memory are bounded by their size.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// Longest header we read, in bytes. DenseNet-201 with scales needs 0.2 MB; the format allows 100 MB.
inline constexpr std::size_t kMaxSafetensorsHeader = std::size_t{8} << 20;

/// The tensors of `file`, as views into it: `file` must outlive the map. `__metadata__` is checked and left out.
/// Errors: kEmptyFile, kTruncated (shorter than its header says), kTooLarge (header over the limit), kCorrupt
/// (everything else; the message names the tensor, what was found and what was expected).
Result<TensorMap> read_safetensors(Bytes file);

}  // namespace chestlight
