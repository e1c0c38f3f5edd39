#include "explain/methods/evidence.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace chestlight {

namespace {

Error misfit(std::string message) {
  return {ErrorCode::kInferenceFailed, std::move(message), "Try again; if it persists, choose another backend or model."};
}

}  // namespace

float EvidenceMaps::largest_residual() const {
  return residual.empty() ? 0 : *std::max_element(residual.begin(), residual.end());
}

Result<EvidenceMaps> evidence_maps(const Features& features, std::span<const float> head_weights,
                                   std::span<const float> head_bias, std::span<const float> logits) {
  const std::size_t classes = head_bias.size();
  if (features.width < 1 || features.height < 1 || features.channels < 1)
    return misfit(text("The network gave features of ", features.channels, " × ", features.height, " × ", features.width,
                       "; every side must be at least 1."));
  const auto channels = static_cast<std::size_t>(features.channels);
  const std::size_t cells = static_cast<std::size_t>(features.width) * features.height;
  if (features.values.size() != channels * cells || head_weights.size() != classes * channels || logits.size() != classes ||
      classes == 0)
    return misfit(text("The network's outputs do not fit its head: ", features.values.size(), " features for ", channels, " × ",
                       cells, " cells, ", logits.size(), " logits and ", head_weights.size(), " weights for ", classes,
                       " classes."));

  EvidenceMaps maps;
  maps.classes = static_cast<int>(classes);
  maps.width = features.width;
  maps.height = features.height;
  maps.bias.assign(head_bias.begin(), head_bias.end());
  maps.contributions.assign(classes * cells, 0.0f);
  for (std::size_t k = 0; k < channels; ++k) {
    const float* activation = features.values.data() + k * cells;
    for (std::size_t c = 0; c < classes; ++c) {
      const float weight = head_weights[c * channels + k];
      float* contribution = maps.contributions.data() + c * cells;
      for (std::size_t cell = 0; cell < cells; ++cell) contribution[cell] += weight * activation[cell];
    }
  }

  maps.residual.resize(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    double sum = 0;
    for (float contribution : maps.map(static_cast<int>(c)).span()) sum += contribution;
    maps.residual[c] = static_cast<float>(std::abs(head_bias[c] + sum / static_cast<double>(cells) - logits[c]));
    if (!std::isfinite(maps.residual[c])) return misfit(text("The network gave a number that is not finite for output ", c, "."));
  }
  return maps;
}

Grid<float> evidence_from(const EvidenceMaps& maps, int class_index, Logit zero) {
  const auto contributions = maps.map(class_index);
  Grid<float> evidence(maps.width, maps.height);
  for (std::size_t cell = 0; cell < contributions.size(); ++cell)
    evidence.values()[cell] = maps.bias[class_index] + contributions.data[cell] - zero.value;
  return evidence;
}

Grid<float> evidence_of(const Question& question, const NetworkTensor& features, int film) {
  Grid<float> evidence(features.width, features.height);
  const std::span<const float> activations = features.film(film);
  const std::size_t cells = evidence.values().size();
  for (std::size_t i = 0; i < activations.size(); ++i)
    evidence.values()[i % cells] += question.head_weights[i / cells] * activations[i];
  for (float& value : evidence.values()) value = question.head_bias + value - question.zero;  // as evidence_from() rounds
  return evidence;
}

}  // namespace chestlight
