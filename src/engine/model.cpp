#include "engine/model.h"

#include <utility>

#include "base/text.h"
#include "engine/external_onnx.h"
#include "model/graph/onnx_writer.h"
#include "model/graph/weight_randomisation.h"
#include "model/weights/safetensors.h"

namespace chestlight {

constexpr std::pair<std::string_view, Reinitialised> kReinitialised[] = {{"-random-head", Reinitialised::kHead},
                                                                         {"-random-block", Reinitialised::kLastBlock}};

static Result<void> check_feature_heads(const FeatureHeads& heads, int features) {
  const FeatureHead* head = heads.any_finding ? &heads.any_finding->head : nullptr;
  if (!heads.reasons.empty()) head = &heads.reasons.front().head;  // all are of one length
  if (!head || head->weights.size() == static_cast<std::size_t>(features)) return {};
  return Error{
      ErrorCode::kInvalidModel,
      text("The network has ", features, " features, the manifest's feature_heads have ", head->weights.size(), " weights."),
      "The network and the manifest belong to different models: get both from the same place."};
}

static Error mismatch(std::string message) {
  return {ErrorCode::kInvalidModel, std::move(message),
          "The network and the manifest belong to different models: get both from the same place."};
}

static Error unavailable(std::string message) {
  return {ErrorCode::kUnavailable, std::move(message), "Use a model that comes with its weights, or another method."};
}

Result<Model> Model::load(Bytes manifest, std::vector<std::uint8_t> network) {
  Model model;
  CHESTLIGHT_TRY(model.manifest_, parse_manifest(as_text(manifest)));
  CHESTLIGHT_CHECK(verify_file(model.manifest_, model.manifest_.network_file(), network));
  model.sha256_ = model.manifest_.find_file(model.manifest_.network_file())->sha256;
  model.network_ = std::move(network);
  CHESTLIGHT_CHECK(model.has_weights() ? model.take_weights() : model.take_finished_graph());
  CHESTLIGHT_CHECK(check_feature_heads(model.manifest_.feature_heads, model.head_.features));
  return model;
}

Result<void> Model::take_weights() {
  CHESTLIGHT_TRY(tensors_, read_safetensors(network_));
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(tensors_));
  CHESTLIGHT_TRY(head_, read_head(tensors_));
  CHESTLIGHT_TRY(ReinitialisedTensors untrained, reinitialise(tensors_, Reinitialised::kHead));
  CHESTLIGHT_TRY(random_head_, read_head(untrained.tensors));
  blocks_ = static_cast<int>(shape.layers.size());

  if (shape.channels != manifest_.input.channels)
    return mismatch(text("The network takes ", shape.channels, " channels, the manifest says ", manifest_.input.channels, "."));
  if (static_cast<std::size_t>(shape.classes) != manifest_.labels.size())
    return mismatch(
        text("The network has ", shape.classes, " outputs, the manifest names ", manifest_.labels.size(), " findings."));
  return {};
}

Result<void> Model::take_finished_graph() {
  CHESTLIGHT_TRY(head_, head_of_finished_graph(manifest_, network_));
  return {};
}

Result<std::vector<std::uint8_t>> Model::onnx(std::string_view name, Precision precision) const {
  if (has_weights()) {
    CHESTLIGHT_TRY(const Graph built, graph(name, precision));
    return write_onnx(built);
  }
  if (name != "forward") return unavailable("This model is a finished ONNX graph without weights: it has no gradients.");
  if (precision != Precision::kFloat32)
    return unavailable("This model is a finished ONNX graph: it runs in the precision it has.");
  return network_;
}

Result<Graph> Model::graph(std::string_view name, Precision precision) const {
  if (name == "forward") return build_densenet(tensors_, precision);
  if (name == "reverse") return build_densenet_reverse(tensors_);
  for (const auto& [ending, what] : kReinitialised) {
    if (!name.ends_with(ending)) continue;
    const std::string_view direction = name.substr(0, name.size() - ending.size());
    if (direction != "forward" && direction != "reverse") break;
    CHESTLIGHT_TRY(ReinitialisedTensors made, reinitialise(tensors_, what));
    if (direction == "reverse") return build_densenet_reverse(made.tensors);
    return build_densenet(made.tensors, Precision::kFloat32);
  }
  return Error{ErrorCode::kInvalidRequest, text("There is no graph \"", name, "\"."),
               "Ask for \"forward\" or \"reverse\", either also with \"-random-head\" or \"-random-block\"."};
}

InferenceRequest Model::request(std::vector<float> film) const {
  const InputSpec& input = manifest_.input;
  return {"forward", {{"input", {1, input.channels, input.height, input.width}, std::move(film)}}, {"logits", "features"}};
}

InferenceRequest Model::warm_up() const {
  const InputSpec& input = manifest_.input;
  return request(std::vector<float>(static_cast<std::size_t>(input.channels) * input.height * input.width));
}

}  // namespace chestlight
