// What the program knows of a network: one interface for every architecture, and for networks that come as a finished ONNX
// file. Nothing outside this folder names an architecture; a manifest names its family, which is only compared.
//
//   recognise(tensors)   finds the architecture whose tensors these are
//   recognise_onnx(file) takes a finished graph, of which there is nothing but its forward pass (external_onnx.h)
//
// The graphs, which run for any batch and any film size that leaves at least one cell:
//   in   input          [batch, channels, height, width]  float32, normalised as the model's manifest says
//   out  logits         [batch, classes]                  float32, = bias + weights · mean over cells of features
//   out  features       [batch, features, h, w]           float32, what the last pooling averages
// and of the reverse pass, always in float32 (gradients of a float16 body would underflow):
//   in   class_weights  [batch, classes]: film by film, what score = Σ class_weights · logits to follow back
//   out  each of layers() by its name, and gradient_NAME of each and of the input: of the score with respect to it
//
// To add an architecture: one file that defines an ArchitectureFamily (family.h), and its line in families.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/graph/graph.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// What the body of a network computes in. Input, features, pooling and classifier are float32 in both.
enum class Precision { kFloat32, kFloat16 };

/// The family of networks that come as a finished graph.
inline constexpr std::string_view kOnnxFamily = "onnx";

/// Which part of the trained network is untrained again (graph/weight_randomisation.h).
enum class Randomised { kNothing, kHead, kLastBlock };

/// Which graph of a network is meant.
struct GraphVariant {
  bool reverse = false;  // with gradients
  Randomised randomised = Randomised::kNothing;

  friend bool operator==(GraphVariant, GraphVariant) = default;
};

/// The name by which a graph crosses to the runtime: "forward" or "reverse", either also with "-random-head" or
/// "-random-block".
std::string_view graph_name(GraphVariant variant);
/// The graph of that name. Error kInvalidRequest with the known ones.
Result<GraphVariant> graph_variant(std::string_view name);

/// How the canonical names of the last layer's tensors begin.
inline constexpr std::string_view kHeadTensors = "classifier.";

/// The last linear layer, for the exact evidence map: logit = bias[c] + Σ_k weights[c·features + k] · mean(features[k]).
struct Head {
  int classes = 0;
  int features = 0;
  std::vector<float> weights;  // [classes, features], row-major
  std::vector<float> bias;     // [classes]
};

class Architecture {
 public:
  virtual ~Architecture() = default;

  /// As manifests spell it: "densenet", "mobilenetv2", "onnx".
  virtual std::string_view family() const = 0;
  /// For people: "DenseNet-121".
  virtual const std::string& name() const = 0;
  /// Of the input; 0 where the network does not say.
  virtual int channels() const = 0;
  virtual const Head& head() const = 0;
  /// Names of the values that maps can look at, finest first; the last one is "features".
  virtual const std::vector<std::string>& layers() const = 0;
  /// All that the network needs, under canonical names, as views of what it was recognised from; empty for a finished graph.
  virtual const TensorMap& tensors() const = 0;
  /// Whether there is more than the forward pass: gradients, and networks with a part untrained.
  virtual bool has_weights() const = 0;
  /// The head of the graphs with a random one; it has no biases. Only where has_weights().
  virtual Result<Head> random_head() const = 0;

  /// A graph. What is not the trained forward pass is in float32 whatever `precision` says.
  /// Errors: kUnavailable where it is not to be had; kInvalidModel where a number does not fit the precision.
  virtual Result<Graph> graph(GraphVariant variant, Precision precision) const = 0;
  /// The same as an ONNX file.
  virtual Result<std::vector<std::uint8_t>> onnx(GraphVariant variant, Precision precision) const = 0;
};

/// The architecture that these tensors make, under whatever published names (prefixes of wrappers, older spellings). It
/// views the tensors' bytes, which must outlive it. Every tensor that the network needs is there with the right shape, and
/// none is left over but those that carry no meaning (tensor_inventory.h).
/// Errors: kInvalidModel, with the architecture that comes closest and what it lacks; those of widen().
Result<std::unique_ptr<Architecture>> recognise(const TensorMap& tensors);

/// The families there are, as manifests spell them; kOnnxFamily is the last.
std::vector<std::string_view> known_families();

}  // namespace chestlight
