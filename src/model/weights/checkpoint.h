// Reading a checkpoint in whatever container it comes: PyTorch's two, safetensors in one file or in shards. Nothing in it is
// executed or decompressed. Which network its tensors make is asked elsewhere (model/architectures).
//
// What is no checkpoint that can be read is named, with a way out: a web page, a Git LFS pointer, plain text, TorchScript,
// Keras, TensorFlow.js, ONNX, a language model's GGUF, an archive.
//
// Memory: the tensors view the file. Beyond it there is what describes them, bounded by the limits of pickle.h, and a copy of
// tensors whose numbers do not lie in a row, together no larger than the file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

struct Checkpoint {
  std::string container;  // for people: "PyTorch, ZIP container"
  TensorMap tensors;      // views of the file, and of rearranged
  std::vector<std::vector<std::uint8_t>> rearranged;

  Checkpoint() = default;
  Checkpoint(Checkpoint&&) = default;  // a moved vector keeps its buffer; a copied one would not
  Checkpoint& operator=(Checkpoint&&) = default;
};

/// The tensors of the network in `file`, which must outlive them. Errors: kEmptyFile, kTruncated, kCorrupt, kTooLarge,
/// kUnsupportedFormat (a format that can be named), kInvalidModel (no network in it).
Result<Checkpoint> read_checkpoint(Bytes file);

/// safetensors in several files: `index` is model.safetensors.index.json, `files` are those that it names.
/// Errors: as above; kMissing where a file or a tensor is not there.
Result<Checkpoint> read_shards(Bytes index, const std::map<std::string, Bytes, std::less<>>& files);

}  // namespace chestlight
