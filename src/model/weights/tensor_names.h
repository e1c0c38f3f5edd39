// Bringing the tensor names of published checkpoints to the one spelling that the architectures read: torchvision's of today
// ("features.denseblock1.denselayer1.norm1.weight", "classifier.weight"). Wrappers around a network are known here; what an
// architecture's own tensors were called over the years, the architecture knows (model/architectures).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// The name without the wrappers in front, which are dropped repeatedly:
///   "model.", "module.", "backbone.", "network.", "net."   of training programs and DataParallel
///   the network's own name, such as "densenet121." or "mobilenet_v2."   of a module around torchvision's
/// `network` is the architecture's family: "densenet", "mobilenetv2".
std::string_view unwrapped_tensor_name(std::string_view name, std::string_view network);

/// The name with the last linear layer's spelling brought to "classifier.": "fc.", "head.", "head.fc." and "last_linear.", and a
/// position in a Sequential behind any of them, as in "classifier.0." or "fc.1.".
std::string canonical_head_name(std::string_view name);

/// The same tensors, each under canonical(unwrapped name). kInvalidModel when two of them would share a name.
Result<TensorMap> with_canonical_names(const TensorMap& tensors, std::string_view network,
                                       std::string (*canonical)(std::string_view));

}  // namespace chestlight
