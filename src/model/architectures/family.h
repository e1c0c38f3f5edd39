// What one architecture brings along (see architecture.h, how to add one). Everything else is shared: canonical names, the
// error that says what is missing, reverse mode, both precisions, untrained parts, the head, ONNX.
//
// Every network here ends in a rectifier, global average pooling and one linear layer, so that its evidence map is exact.
// That layer's tensors are called classifier.weight [classes, features] and classifier.bias [classes].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/architectures/tensor_inventory.h"
#include "model/graph/graph.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// What the tensors tell of a network before it is built.
struct NetworkPlan {
  std::string name;  // for people, with what tells it from its siblings: "DenseNet-121"
  int channels = 0;  // of the input
  int features = 0;  // channels of the last feature map
  int classes = 0;
  std::vector<std::string> layers;      // values of the graph that maps can look at, finest first; without "features"
  std::vector<std::string> last_block;  // convolutions through which everything passes last: "features.18.0.weight", …
};

struct ForwardGraph {
  Graph graph;
  Value input;
  std::vector<Value> layers;  // as the plan names them, in its order
  Value features;
  Value logits;
};

struct ArchitectureFamily {
  std::string_view id;    // as manifests spell it: "densenet"
  std::string_view name;  // for people: "DenseNet"

  /// A tensor's name in the one spelling that the rest reads: torchvision's of today, but for the linear layer's (above).
  /// Wrappers such as "module." are gone already (weights/tensor_names.h). A name that means nothing here stays as it is.
  std::string (*canonical_name)(std::string_view name) = nullptr;

  /// Whether a canonical name is of this architecture, whatever the tensor's place: how near a file comes to it.
  bool (*is_own_name)(std::string_view name) = nullptr;

  /// Reads the plan off the tensors, taking every tensor that the network needs from the inventory. The error says in a
  /// sentence what does not fit: what was found, what was expected.
  Result<NetworkPlan> (*plan)(TensorInventory& inventory) = nullptr;

  /// The network that a file with these tensors comes closest to, for people: "DenseNet-121".
  std::string (*nearest)(const TensorMap& tensors) = nullptr;

  /// The forward graph of tensors that plan() has accepted, computing in `body` but at its two ends.
  Result<ForwardGraph> (*forward)(const TensorMap& tensors, const NetworkPlan& plan, ElementType body) = nullptr;
};

}  // namespace chestlight
