#include "engine/model.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/architectures/external_onnx.h"
#include "model/weights/safetensors.h"

namespace chestlight {
namespace {

Error mismatch(std::string message) {
  return {ErrorCode::kInvalidModel, std::move(message),
          "The network and the manifest belong to different models: get both from the same place."};
}

Result<void> check_family(const Manifest& manifest) {
  const std::vector<std::string_view> known = known_families();
  if (std::find(known.begin(), known.end(), manifest.family) != known.end()) return {};
  std::string list;
  for (std::string_view family : known)
    list += text(list.empty() ? "\"" : family == known.back() ? " or \"" : ", \"", family, '"');
  return Error{ErrorCode::kInvalidManifest,
               text("manifest.json: architecture.family: expected ", list, ", found \"", manifest.family, "\""),
               "Correct manifest.json, or use a newer version of Chestlight."};
}

Result<std::unique_ptr<Architecture>> recognise_file(const Manifest& manifest, Bytes network) {
  if (manifest.is_finished_graph()) {
    const InputSpec& input = manifest.input;
    return recognise_onnx(network, {input.channels, input.height, input.width, static_cast<int>(manifest.labels.size()),
                                    manifest.head_weight, manifest.head_bias, manifest.scores_only});
  }
  CHESTLIGHT_TRY(const TensorMap tensors, read_safetensors(network));
  return recognise(tensors);
}

Result<void> check_feature_heads(const FeatureHeads& heads, int features) {
  const FeatureHead* head = heads.any_finding ? &heads.any_finding->head : nullptr;
  if (!heads.reasons.empty()) head = &heads.reasons.front().head;  // all are of one length
  if (!head || head->weights.size() == static_cast<std::size_t>(features)) return {};
  return mismatch(
      text("The network has ", features, " features, the manifest's feature_heads have ", head->weights.size(), " weights."));
}

}  // namespace

Result<Model> Model::load(Bytes manifest, std::vector<std::uint8_t> network) {
  Model model;
  CHESTLIGHT_TRY(model.manifest_, parse_manifest(as_text(manifest)));
  CHESTLIGHT_CHECK(check_family(model.manifest_));
  CHESTLIGHT_CHECK(verify_file(model.manifest_, model.manifest_.network_file(), network));
  model.sha256_ = model.manifest_.find_file(model.manifest_.network_file())->sha256;
  model.network_ = std::move(network);
  CHESTLIGHT_TRY(model.architecture_, recognise_file(model.manifest_, model.network_));
  CHESTLIGHT_CHECK(model.check_against_manifest());
  if (model.architecture_->has_weights()) {
    CHESTLIGHT_TRY(model.random_head_, model.architecture_->random_head());
  }
  return model;
}

Result<void> Model::check_against_manifest() const {
  const Architecture& network = *architecture_;
  if (network.family() != manifest_.family)
    return mismatch(text("The network is a ", network.name(), " (\"", network.family(),
                         "\"), the manifest's architecture.family is \"", manifest_.family, "\"."));
  if (network.channels() != manifest_.input.channels)
    return mismatch(
        text("The network takes ", network.channels(), " channels, the manifest says ", manifest_.input.channels, "."));
  if (static_cast<std::size_t>(network.head().classes) != manifest_.labels.size())
    return mismatch(
        text("The network has ", network.head().classes, " outputs, the manifest names ", manifest_.labels.size(), " findings."));
  return check_feature_heads(manifest_.feature_heads, network.head().features);
}

InferenceRequest Model::warm_up() const {
  const InputSpec& input = manifest_.input;
  const std::size_t size = static_cast<std::size_t>(input.channels) * input.height * input.width;
  std::vector<std::string> outputs = {"logits"};
  if (architecture_->head().features > 0) outputs.push_back("features");
  return {{}, {{"input", {1, input.channels, input.height, input.width}, std::vector<float>(size)}}, std::move(outputs)};
}

}  // namespace chestlight
