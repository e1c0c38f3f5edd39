// Bringing the tensor names of published DenseNet checkpoints to the one spelling that the graph builder reads:
// torchvision's, since version 0.3 ("features.denseblock1.denselayer1.norm1.weight", "classifier.weight").
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// One name in torchvision's spelling; a name that is already so comes back unchanged.
///   leading "model.", "module.", "densenet<digits>." (wrappers, DataParallel)      are dropped, repeatedly
///   "denselayerN.norm.1.", also conv and relu (torchvision before 0.3)             become "denselayerN.norm1."
///   "classifier.0." (a Sequential of Linear and Sigmoid)                           becomes "classifier."
std::string canonical_tensor_name(std::string_view name);

/// The same tensors under canonical names. kInvalidModel when two of them would share a name.
Result<TensorMap> with_canonical_names(const TensorMap& tensors);

}  // namespace chestlight
