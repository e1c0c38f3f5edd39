// Class evidence maps: exactly which part of the film adds how much to each finding's logit.
//
// A network here ends in a rectifier → global average pool → linear. With features A (after the rectifier), head weights
// w and bias b the two linear steps can change places:
//
//     logit_c = b_c + Σ_k w_ck · mean_xy A_k(x,y) = b_c + mean_xy m_c(x,y),   m_c(x,y) = Σ_k w_ck · A_k(x,y)
//
// so m_c is not an approximation: it is signed, in logits, and its mean and the bias add up to the score. It
// says where the evidence came from, not that the evidence is right; one cell sees far more of the film than
// it covers.
// Source: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016.
#pragma once

#include <span>
#include <vector>

#include "base/grid.h"
#include "base/result.h"
#include "explain/question.h"
#include "findings/scores.h"

namespace chestlight {

struct EvidenceMaps {
  int classes = 0;
  int width = 0;                     // cells
  int height = 0;                    // cells
  std::vector<float> contributions;  // classes × height × width, logits
  std::vector<float> bias;           // per class, logits
  std::vector<float> residual;       // per class: |bias + mean over the map − logit|

  GridView<const float> map(int class_index) const {
    std::size_t cells = static_cast<std::size_t>(width) * height;
    return {contributions.data() + class_index * cells, width, height};
  }
  /// The largest of `residual`: how far the maps are from adding up. Rounding leaves about 1e-6 per logit in
  /// fp32.
  float largest_residual() const;
};

/// Features of one film, K × height × width, after the final ReLU.
struct Features {
  std::span<const float> values;
  int channels = 0;
  int width = 0;
  int height = 0;
};

/// The maps of all classes: one C×K · K×hw product.
/// head_weights C × K, head_bias C, logits C, as the network gave them.
/// Errors: "inference-failed" where the sizes do not fit each other or a number is not finite.
Result<EvidenceMaps> evidence_maps(const Features& features, std::span<const float> head_weights,
                                   std::span<const float> head_bias, std::span<const float> logits);

/// The map of one class measured from a logit of the model's own (Manifest::evidence_zero): bias + contribution − zero. So
///
///     logit = zero + mean over the map, exactly
///
/// and a cell is positive where a film that looked like it everywhere would score above `zero`. The zero belongs to the
/// finding, never to the operating point: the map of a film stays the same whichever threshold a reader chooses. It is not
/// a logit of 0, because the scores of rare findings lie far below that: on most films that are called, most cells would
/// speak against.
Grid<float> evidence_from(const EvidenceMaps& maps, int class_index, Logit zero);

/// The same for the score of a question, measured from its `zero`, from the features of one film of a batch.
Grid<float> evidence_of(const Question& question, const NetworkTensor& features, int film);

}  // namespace chestlight
