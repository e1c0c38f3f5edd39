// Model: a manifest, the network it vouches for, and the graphs that can be had of it. Immutable once loaded.
//
// A network comes as weights of a known architecture, from which graphs are built as they are needed; or as one finished
// graph (engine/external_onnx.h), of which there is nothing but that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/job.h"
#include "findings/manifest.h"
#include "model/architectures/densenet.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

class Model {
 public:
  /// Checks the manifest's schema, the size and SHA-256 of the network's file, and that it makes a network with the
  /// manifest's channels and as many outputs as it has labels.
  static Result<Model> load(Bytes manifest, std::vector<std::uint8_t> network);

  Model(Model&&) = default;  // tensors_ views network_: moving a vector keeps its buffer, copying would not
  Model& operator=(Model&&) = default;

  const Manifest& manifest() const { return manifest_; }
  const Head& head() const { return head_; }
  /// That of the graphs with a random head; empty where there are none.
  const Head& random_head() const { return random_head_; }
  /// Whether gradients and networks with a part untrained can be had.
  bool has_weights() const { return !manifest_.is_finished_graph(); }
  /// Dense blocks of the network; 0 where they are not known.
  int blocks() const { return blocks_; }
  /// SHA-256 of the network's file: with the manifest's id, what identifies a result's model.
  const std::string& sha256() const { return sha256_; }

  /// A graph by name, as an ONNX file: "forward" has the input `input` [n,channels,h,w] and the outputs `logits` [n,classes] and
  /// `features` [n,channels,h,w]; "reverse" has besides them the gradients of a weighted sum of logits
  /// (build_densenet_reverse). Either name may end in "-random-head" or "-random-block": the same with that part untrained
  /// (graph/reinitialised.h). All but "forward" are in float32 whatever `precision` says. Error
  /// kUnavailable for all but "forward" in float32 where the network is a finished graph.
  Result<std::vector<std::uint8_t>> onnx(std::string_view name, Precision precision) const;

  /// The same before it is written, of a network that comes as weights.
  Result<Graph> graph(std::string_view name, Precision precision) const;

  /// One inference of the network on one film: channels × height × width values, as `preprocess` makes them.
  InferenceRequest request(std::vector<float> film) const;

  /// An inference of the right shape on a blank film, for trying out a runtime.
  InferenceRequest warm_up() const;

 private:
  Model() = default;

  Result<void> take_weights();
  Result<void> take_finished_graph();

  std::vector<std::uint8_t> network_;
  TensorMap tensors_;  // of a network that comes as weights
  Manifest manifest_;
  Head head_, random_head_;
  int blocks_ = 0;
  std::string sha256_;
};

}  // namespace chestlight
