#include "explain/methods/methods.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "explain/methods/evidence.h"

namespace chestlight {
namespace {

constexpr Method kMethods[] = {
    {.id = "evidence",
     .name = "Evidence",
     .explanation = "How much each part adds to the score: exact, in the coarse cells of the network's last layer.",
     .paper = "Zhou et al., CVPR 2016",
     .unit = "logits",
     .is_signed = true,
     .requests = 0,
     .map = evidence},
    {.id = "fine-evidence",
     .name = "Fine evidence",
     .explanation = "The exact evidence of sixteen slightly shifted films, on a grid four times finer, with its spread.",
     .paper = "Zhou et al., CVPR 2016; Long et al., CVPR 2015",
     .unit = "logits",
     .is_signed = true,
     .requests = requests_for(16),
     .map = fine_evidence},
    {.id = "occlusion",
     .name = "Occlusion",
     .explanation = "How much the score falls when a square of the film is covered, at 14 by 14 places.",
     .paper = "Zeiler and Fergus, ECCV 2014",
     .unit = "logits",
     .is_signed = true,
     .requests = requests_for(14 * 14),
     .map = occlusion},
    {.id = "rise",
     .name = "RISE",
     .explanation = "Which parts are visible when randomly masked films score high.",
     .paper = "Petsiuk et al., BMVC 2018",
     .unit = "probability",
     .is_signed = true,
     .requests = requests_for(384),
     .map = rise},
    {.id = "grad-cam",
     .name = "Grad-CAM",
     .explanation = "A layer's activations, each weighted by its mean gradient: where the layer holds what the score rises with.",
     .paper = "Selvaraju et al., ICCV 2017",
     .unit = "share of its maximum",
     .needs_reverse = true,
     .has_layers = true,
     .default_layer = "features",
     .requests = 1,
     .map = grad_cam},
    {.id = "grad-cam-plus-plus",
     .name = "Grad-CAM++",
     .explanation = "Grad-CAM with weights that let several small places count as much as one large one.",
     .paper = "Chattopadhay et al., WACV 2018",
     .unit = "share of its maximum",
     .needs_reverse = true,
     .has_layers = true,
     .default_layer = "features",
     .requests = 1,
     .map = grad_cam_plus_plus},
    {.id = "hires-cam",
     .name = "HiResCAM",
     .explanation = "A layer's activations times their own gradients, cell by cell: only places that the score used.",
     .paper = "Draelos and Carin, 2020",
     .unit = "share of its maximum",
     .needs_reverse = true,
     .has_layers = true,
     .default_layer = "features",
     .requests = 1,
     .map = hires_cam},
    {.id = "layer-cam",
     .name = "LayerCAM",
     .explanation = "As HiResCAM, with gradients that raise the score alone; sharp in early layers.",
     .paper = "Jiang et al., IEEE Transactions on Image Processing 2021",
     .unit = "share of its maximum",
     .needs_reverse = true,
     .has_layers = true,
     .default_layer = "fused",
     .requests = 1,
     .map = layer_cam},
    {.id = "input-gradient",
     .name = "Input gradient",
     .explanation = "How strongly the score reacts to each pixel, in either direction; noisy.",
     .paper = "Simonyan et al., ICLR workshop 2014",
     .unit = "logits per unit of input",
     .needs_reverse = true,
     .requests = 1,
     .map = input_gradient},
    {.id = "gradient-times-input",
     .name = "Gradient times input",
     .explanation = "The reaction to each pixel times the pixel's own value.",
     .paper = "Shrikumar et al., 2016",
     .unit = "logits",
     .is_signed = true,
     .needs_reverse = true,
     .requests = 1,
     .map = gradient_times_input},
    {.id = "smooth-grad",
     .name = "SmoothGrad",
     .explanation = "The input gradient averaged over films with a little noise, which takes out much of its own.",
     .paper = "Smilkov et al., 2017",
     .unit = "logits per unit of input",
     .needs_reverse = true,
     .requests = 24 / 4,
     .map = smooth_grad},
    {.id = "integrated-gradients",
     .name = "Integrated gradients",
     .explanation = "What each pixel adds on the way from plain grey to this film; the map sums to the difference of scores.",
     .paper = "Sundararajan et al., ICML 2017",
     .unit = "logits",
     .is_signed = true,
     .needs_reverse = true,
     .requests = (50 + 3) / 4 + 1,
     .map = integrated_gradients},
};

}  // namespace

std::span<const Method> methods() { return kMethods; }

std::vector<std::string> layer_choices(std::span<const std::string> layers) {
  std::vector<std::string> choices(layers.begin(), layers.end());
  choices.push_back("fused");
  return choices;
}

Result<MethodChoice> choose_method(std::string_view id, std::string_view layer, std::span<const std::string> layers) {
  const auto found = std::find_if(std::begin(kMethods), std::end(kMethods), [&](const Method& m) { return m.id == id; });
  if (found == std::end(kMethods)) {
    std::string known;
    for (const Method& method : kMethods) known += text(known.empty() ? "" : ", ", method.id);
    return Error{ErrorCode::kInvalidRequest, text("There is no method \"", id, "\"."), text("Choose one of: ", known, ".")};
  }
  if (layer.empty()) return MethodChoice{found, std::string(found->default_layer)};
  if (!found->has_layers)
    return Error{ErrorCode::kInvalidRequest, text("The method ", id, " has no layers to choose from."), "Leave the layer out."};
  const std::vector<std::string> choices = layer_choices(layers);
  if (std::find(choices.begin(), choices.end(), layer) != choices.end()) return MethodChoice{found, std::string(layer)};
  std::string known;
  for (const std::string& each : choices) known += (known.empty() ? "" : ", ") + each;
  return Error{ErrorCode::kInvalidRequest, text("The network has no layer \"", layer, "\"."),
               text("Choose one of: ", known, ".")};
}

Procedure<ExplanationMap> evidence(Network&, const Question& question) {
  ExplanationMap map{evidence_of(question, question.features, 0), {}, {}};
  double sum = 0;
  for (float value : map.values.values()) sum += value;
  const double mean = sum / static_cast<double>(map.values.values().size());
  map.measures = {{"residual", std::abs(mean + question.zero - question.score)}};
  co_return map;
}

}  // namespace chestlight
