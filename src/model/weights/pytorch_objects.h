// What the objects of a PyTorch checkpoint mean: which tensors its network has, under which names, and where their numbers lie.
// It reads no numbers and knows no container (pytorch.h).
//
// Read as a network: a state dict; a whole module (its _parameters, _buffers and _modules); and a dict or an object that holds
// either under one of the names that training programs use. What lies beside it, such as an optimiser's state, is passed over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/weights/pickle.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

inline constexpr std::size_t kMaxTensorsOfNetwork = 100'000;

/// A stretch of numbers that tensors are views of.
struct Storage {
  std::string_view element;      // "FloatStorage"
  std::size_t element_size = 0;  // bytes
  std::optional<DataType> type;  // nothing where a network cannot be stored so
  std::uint64_t count = 0;       // elements
};

/// Elements of a storage: at offset + Σ index[d] · strides[d].
struct StoredTensor {
  std::string name;
  std::string_view storage;  // its key
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape, strides;
};

/// The names of Python that checkpoints may hold.
GlobalUse pytorch_global(std::string_view module, std::string_view name);

/// Every storage that the pickle names, by its key. Error kCorrupt where one is described in two ways, or not understood.
Result<std::map<std::string_view, Storage>> storages_of(const Pickle& pickle);

/// The tensors of the network. Errors: kInvalidModel where there is none, with what there is; kCorrupt; kTooLarge.
Result<std::vector<StoredTensor>> network_tensors(const Pickle& pickle);

}  // namespace chestlight
