#include "engine/model.h"

#include <utility>

#include "base/text.h"
#include "graph/reinitialised.h"
#include "weights/safetensors.h"

namespace chestlight {

constexpr std::string_view kWeightsFile = "weights.safetensors";
constexpr std::pair<std::string_view, Reinitialised> kReinitialised[] = {{"-random-head", Reinitialised::kHead},
                                                                         {"-random-block", Reinitialised::kLastBlock}};

static Result<void> check_feature_heads(const FeatureHeads& heads, int features) {
  const FeatureHead* head = heads.any_finding ? &heads.any_finding->head : nullptr;
  if (!heads.reasons.empty()) head = &heads.reasons.front().head;  // all are of one length
  if (!head || head->weights.size() == static_cast<std::size_t>(features)) return {};
  return Error{ErrorCode::kInvalidModel,
               text("The network has ", features, " features, the manifest's feature_heads have ", head->weights.size(), " weights."),
               "The weights and the manifest belong to different models: get both from the same place."};
}

Result<Model> Model::load(Bytes manifest, std::vector<std::uint8_t> weights) {
  Model model;
  CHESTLIGHT_TRY(model.manifest_, parse_manifest(as_text(manifest)));
  CHESTLIGHT_CHECK(verify_file(model.manifest_, kWeightsFile, weights));
  model.sha256_ = model.manifest_.find_file(kWeightsFile)->sha256;
  model.weights_ = std::move(weights);
  CHESTLIGHT_TRY(model.tensors_, read_safetensors(model.weights_));
  CHESTLIGHT_TRY(DenseNetShape shape, infer_densenet(model.tensors_));
  CHESTLIGHT_TRY(model.head_, read_head(model.tensors_));
  CHESTLIGHT_TRY(ReinitialisedTensors untrained, reinitialise(model.tensors_, Reinitialised::kHead));
  CHESTLIGHT_TRY(model.random_head_, read_head(untrained.tensors));
  model.blocks_ = static_cast<int>(shape.layers.size());

  const InputSpec& input = model.manifest_.input;
  if (shape.channels != input.channels)
    return Error{ErrorCode::kInvalidModel,
                 text("The network takes ", shape.channels, " channels, the manifest says ", input.channels, "."),
                 "The weights and the manifest belong to different models: get both from the same place."};
  if (static_cast<std::size_t>(shape.classes) != model.manifest_.labels.size())
    return Error{ErrorCode::kInvalidModel,
                 text("The network has ", shape.classes, " outputs, the manifest names ",
                      model.manifest_.labels.size(), " findings."),
                 "The weights and the manifest belong to different models: get both from the same place."};
  CHESTLIGHT_CHECK(check_feature_heads(model.manifest_.feature_heads, model.head_.features));
  return model;
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
  return {"forward",
          {{"input", {1, input.channels, input.height, input.width}, std::move(film)}},
          {"logits", "features"}};
}

InferenceRequest Model::warm_up() const {
  const InputSpec& input = manifest_.input;
  return request(std::vector<float>(static_cast<std::size_t>(input.channels) * input.height * input.width));
}

}  // namespace chestlight
