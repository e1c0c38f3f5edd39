// The anatomy network with its manifest: one more graph in the same runtime, beside the model of findings. Immutable.
//
// Its manifest is that of every network (findings/manifest.h) up to `input`; instead of labels and operating points it has
//   masks       ["right_lung", "left_lung", "heart"], in the order of the masks
//   answers     ["turned_0", "turned_90", "turned_180", "turned_270", "mirrored", "inverted", "chest"], of the logits
//   thresholds  {chest, turned, mirrored, inverted}: the probability in (0, 1) from which on each is said
// and its architecture.family is "anatomy". Masks and answers in another order are refused: the code knows what they mean.
// It is right on ONNX Runtime's WebGPU provider, too, as long as no convolution has a multiple of three but not of four inputs,
// and a multiple of four outputs (tests/browser/gradients.test.mjs).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "anatomy/anatomy.h"
#include "base/bytes.h"
#include "base/result.h"
#include "engine/job.h"
#include "findings/manifest.h"
#include "model/architectures/architecture.h"

namespace chestlight {

/// The name of its forward graph to a runtime.
inline constexpr std::string_view kAnatomyGraph = "anatomy";
/// The graph that a request is for, by its name to a runtime.
inline std::string_view graph_of(const InferenceRequest& request) {
  return request.of_anatomy ? kAnatomyGraph : graph_name(request.graph);
}

class AnatomyModel {
 public:
  /// Errors: those of a manifest; a file that is not the manifest's; a network of another kind, or with other outputs.
  static Result<AnatomyModel> load(Bytes manifest, std::vector<std::uint8_t> network);

  const Manifest& manifest() const { return manifest_; }  // its part that all networks have
  const Architecture& architecture() const { return *architecture_; }
  const AnatomyThresholds& thresholds() const { return thresholds_; }
  const std::string& sha256() const { return sha256_; }

  /// What to run for an input tensor of the manifest's size.
  InferenceRequest request(std::vector<float> input) const;
  /// Errors: kInferenceFailed where the outputs are not those that were asked for, or not finite.
  Result<AnatomyEvidence> evidence(std::vector<InferenceTensor> outputs) const;
  /// One inference on a blank film, for trying out a runtime.
  InferenceRequest warm_up() const;

 private:
  AnatomyModel() = default;

  std::vector<std::uint8_t> network_;
  std::unique_ptr<Architecture> architecture_;  // views network_
  Manifest manifest_;
  AnatomyThresholds thresholds_;
  std::string sha256_;
};

}  // namespace chestlight
