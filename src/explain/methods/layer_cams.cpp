// Class activation maps of any layer: its activations A weighted by the gradient g of the score with respect to them.
//
//   Grad-CAM     Σ_k mean_xy(g_k) · A_k                                         Selvaraju et al., ICCV 2017
//   Grad-CAM++   Σ_k [Σ_xy α_k · max(g_k, 0)] · A_k,  α = g² / (2g² + Σ_xy A · g³ + 1e-6)   Chattopadhay et al., WACV 2018
//   HiResCAM     Σ_k g_k · A_k, cell by cell                                    Draelos and Carin, arXiv 2011.08891
//   LayerCAM     Σ_k max(g_k, 0) · A_k, cell by cell                            Jiang et al., IEEE TIP 2021
//
// Then as pytorch-grad-cam does: negative values become 0, the smallest value is taken off, and the rest is divided by
// 1e-7 + the largest. "fused" scales every layer's map, enlarges it bilinearly to the finest layer's size, takes the mean
// and scales again. So these maps show where, never how much: each has a 1 somewhere, whatever the score.
// In the last layer (features) Grad-CAM and HiResCAM are the exact evidence, cut at 0 and scaled.
#include <algorithm>
#include <cmath>

#include "explain/methods/methods.h"
#include "imaging/map_geometry.h"

namespace chestlight {
namespace {

/// Activations and gradients of one channel, one film: the same cells.
struct Channel {
  std::span<const float> activations, gradients;
};

/// Adds what one channel contributes to the map.
using AddChannel = void (*)(const Channel&, std::span<double> map);

void add_weighted(const Channel& channel, double weight, std::span<double> map) {
  for (std::size_t i = 0; i < map.size(); ++i) map[i] += weight * channel.activations[i];
}

void add_grad_cam(const Channel& channel, std::span<double> map) {
  double sum = 0;
  for (float gradient : channel.gradients) sum += gradient;
  add_weighted(channel, sum / static_cast<double>(map.size()), map);
}

void add_grad_cam_plus_plus(const Channel& channel, std::span<double> map) {
  double activations = 0, weight = 0;
  for (float activation : channel.activations) activations += activation;
  for (double g : channel.gradients)
    if (g > 0) weight += g * g * g / (2 * g * g + activations * g * g * g + 1e-6);
  add_weighted(channel, weight, map);
}

void add_hires_cam(const Channel& channel, std::span<double> map) {
  for (std::size_t i = 0; i < map.size(); ++i) map[i] += double{channel.gradients[i]} * channel.activations[i];
}

void add_layer_cam(const Channel& channel, std::span<double> map) {
  for (std::size_t i = 0; i < map.size(); ++i) map[i] += std::max(double{channel.gradients[i]}, 0.0) * channel.activations[i];
}

/// Cut at 0 and scaled to 0..1; returns the largest value before scaling.
double cut_and_scale(Grid<float>& map) {
  auto& values = map.values();
  for (float& value : values) value = std::max(value, 0.0f);
  const float lowest = *std::min_element(values.begin(), values.end());
  const float highest = *std::max_element(values.begin(), values.end());
  for (float& value : values) value = (value - lowest) / (1e-7f + highest - lowest);
  return highest;
}

Grid<float> layer_map(const NetworkTensor& activations, const NetworkTensor& gradients, AddChannel add) {
  const std::size_t cells = static_cast<std::size_t>(activations.width) * activations.height;
  std::vector<double> sums(cells);
  for (int k = 0; k < activations.channels; ++k)
    add({activations.film(0).subspan(k * cells, cells), gradients.film(0).subspan(k * cells, cells)}, sums);
  return Grid<float>(activations.width, activations.height, std::vector<float>(sums.begin(), sums.end()));
}

void add_enlarged(const Grid<float>& map, double share, Grid<float>& onto) {
  for (int y = 0; y < onto.height(); ++y)
    for (int x = 0; x < onto.width(); ++x)
      onto(x, y) += static_cast<float>(
          share * sample_map(map.view(), {(x + 0.5) * map.width() / onto.width(), (y + 0.5) * map.height() / onto.height()}));
}

Procedure<ExplanationMap> layer_cam_with(Network& network, const Question& question, AddChannel add) {
  std::vector<std::string> layers{question.layer};
  if (question.layer == "fused") layers = question.layers;
  std::vector<std::string> outputs = layers;
  for (const std::string& layer : layers) outputs.push_back("gradient_" + layer);
  NetworkBatch batch = question.ask(question.film, std::move(outputs));
  const NetworkAnswer answer = co_await network.run(std::move(batch));

  ExplanationMap result;
  for (const std::string& layer : layers) {
    Grid<float> map = layer_map(answer.at(layer), answer.at("gradient_" + layer), add);
    result.measures.emplace_back("largest_" + layer, cut_and_scale(map));
    if (layers.size() == 1) {
      result.values = std::move(map);
      co_return result;
    }
    if (result.values.empty()) result.values = Grid<float>(map.width(), map.height());  // the first layer is the finest
    add_enlarged(map, 1.0 / static_cast<double>(layers.size()), result.values);
  }
  cut_and_scale(result.values);
  co_return result;
}

}  // namespace

Procedure<ExplanationMap> grad_cam(Network& network, const Question& question) {
  return layer_cam_with(network, question, add_grad_cam);
}
Procedure<ExplanationMap> grad_cam_plus_plus(Network& network, const Question& question) {
  return layer_cam_with(network, question, add_grad_cam_plus_plus);
}
Procedure<ExplanationMap> hires_cam(Network& network, const Question& question) {
  return layer_cam_with(network, question, add_hires_cam);
}
Procedure<ExplanationMap> layer_cam(Network& network, const Question& question) {
  return layer_cam_with(network, question, add_layer_cam);
}

}  // namespace chestlight
