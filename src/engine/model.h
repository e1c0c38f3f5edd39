// Model: a manifest, the tensors it vouches for, and the graphs that can be built from them. Immutable once loaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/job.h"
#include "findings/manifest.h"
#include "graph/densenet.h"
#include "weights/tensor_map.h"

namespace chestlight {

class Model {
 public:
  /// Checks the manifest's schema, the weights' size and SHA-256, and that the tensors make a network with the
  /// manifest's channels and as many outputs as it has labels.
  static Result<Model> load(Bytes manifest, std::vector<std::uint8_t> weights);

  Model(Model&&) = default;  // tensors_ views weights_: moving a vector keeps its buffer, copying would not
  Model& operator=(Model&&) = default;

  const Manifest& manifest() const { return manifest_; }
  const Head& head() const { return head_; }
  /// That of the graphs with a random head.
  const Head& random_head() const { return random_head_; }
  /// Dense blocks of the network.
  int blocks() const { return blocks_; }
  /// SHA-256 of weights.safetensors: with the manifest's id, what identifies a result's model.
  const std::string& sha256() const { return sha256_; }

  /// A graph by name: "forward" has the input `input` [n,channels,h,w] and the outputs `logits` [n,classes] and
  /// `features` [n,channels,h,w]; "reverse" has besides them the gradients of a weighted sum of logits
  /// (build_densenet_reverse). Either name may end in "-random-head" or "-random-block": the same with that part untrained
  /// (graph/reinitialised.h). All but "forward" are in float32 whatever `precision` says.
  Result<Graph> graph(std::string_view name, Precision precision) const;

  /// One inference of the network on one film: channels × height × width values, as `preprocess` makes them.
  InferenceRequest request(std::vector<float> film) const;

  /// An inference of the right shape on a blank film, for trying out a runtime.
  InferenceRequest warm_up() const;

 private:
  Model() = default;

  std::vector<std::uint8_t> weights_;
  TensorMap tensors_;
  Manifest manifest_;
  Head head_, random_head_;
  int blocks_ = 0;
  std::string sha256_;
};

}  // namespace chestlight
