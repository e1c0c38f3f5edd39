// What an explanation is asked: which film, as the network takes it, and which of its scores.
//
// A score is Σ class_weights · logits; for one finding its weight is 1 and the others are 0. The film has been looked
// at once before: `features` and `score` are what the network made of it, unchanged.
#pragma once

#include <string>
#include <vector>

#include "base/grid.h"
#include "explain/procedure.h"
#include "imaging/resample.h"

namespace chestlight {

struct Question {
  int channels = 1;           // of the network's input
  int width = 0, height = 0;  // ModelPx
  std::vector<float> film;    // channels × height × width
  PixelRect covered;          // the part of the input that the film covers (all of it but for a letterbox)

  std::vector<float> head;           // of the network, classes × features
  std::vector<float> head_biases;    // one per class
  std::vector<float> class_weights;  // one per class: aim_at()
  std::vector<float> head_weights;   // Σ class_weights · rows of the head, one per feature
  float head_bias = 0;
  std::vector<float> random_head;  // as `head`, of the network with a random head, which has no biases; empty where no
                                   // network with a part untrained can be asked
  NetworkWeights weights = NetworkWeights::kTrained;  // which network is asked
  float threshold = 0;                                // logits: where the film would stand on its threshold
  float zero = 0;                                     // logits: what evidence is measured from (Manifest::evidence_zero)

  std::string layer;                // for methods that look into the network: one of layer_choices(layers)
  std::vector<std::string> layers;  // the network's outputs that have gradients, finest first; the last one is "features"

  NetworkTensor features;     // of the unchanged film
  std::vector<float> logits;  // of the unchanged film, one per class
  float score = 0;            // of the unchanged film, logits

  /// Asks for Σ class_weights · logits from now on; of a film that was looked at, `score` follows.
  void aim_at(std::vector<float> class_weights);

  /// The same of the network with other weights. The film has not been looked at with them yet.
  Question with(NetworkWeights weights) const;

  std::size_t film_size() const { return static_cast<std::size_t>(channels) * height * width; }

  /// The score of one film of a batch; `answer` must hold the logits.
  float score_of(const NetworkAnswer& answer, int index) const;

  /// A batch for these films that asks for `outputs`; with gradients of the score where one is among them.
  NetworkBatch ask(std::vector<float> films, std::vector<std::string> outputs) const;
};

/// Has the network look at the film and fills in `features` and `score`. One request.
Procedure<Question> look_at(Network& network, Question question);

/// The scores of any number of films, one after the other in `films`, in requests of at most kBatchFilms.
Procedure<std::vector<float>> scores_of(Network& network, const Question& question, std::vector<float> films);

/// Films in one request: enough to keep a GPU busy, few enough for the memory of a phone and for steady progress.
inline constexpr int kBatchFilms = 8;

/// Requests that `films` need.
inline constexpr int requests_for(int films) { return (films + kBatchFilms - 1) / kBatchFilms; }

}  // namespace chestlight
