// PyTorch's two containers, by torch.save.
//
// Legacy (before 1.6): five pickles back to back, the magic number, 1001, the system's facts, the objects and the list of
// storage keys; then for each key an int64 number of elements and the elements. ZIP (since): ROOT/data.pkl, and the numbers of
// each storage in ROOT/data/KEY, stored as they are. Source: torch/serialization.py of PyTorch 1.13 and 2.x.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "model/weights/checkpoint.h"

namespace chestlight {

bool is_pytorch_legacy(Bytes file);

/// Errors: those of read_checkpoint().
Result<Checkpoint> read_pytorch_legacy(Bytes file);
/// Of any ZIP archive: one that is no PyTorch checkpoint is named.
Result<Checkpoint> read_pytorch_zip(Bytes file);

}  // namespace chestlight
