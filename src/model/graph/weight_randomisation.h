// A trained network with a part of it untrained again: what a map of that is compared with, to see whether the map comes
// from what the network learned (J. Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018).
//
//   head        the classifier's weights drawn anew, normally distributed, as large as the trained ones on average; no
//               bias. Everything before it is as trained: it asks whether the map depends on what the finding weighs.
//   last block  every convolution of the last dense block, and of the transition before it, keeps its numbers in random
//               order. The head is as trained: it asks whether the map depends on what the network learned to see. The
//               transition belongs to it, because a dense block hands its input on beside what it makes of it. Numbers are
//               shuffled rather than drawn, so that the trained batch norms still meet values of about the size they know;
//               earlier blocks, whose norms stand before everything else, would leave nothing to look at.
//
// Seeded: one model always gives the same untrained one.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

enum class Reinitialised { kNothing, kHead, kLastBlock };

/// A tensor map like another, with some tensors replaced by numbers of its own. It must not outlive the other's bytes.
struct ReinitialisedTensors {
  std::vector<std::vector<float>> numbers;
  TensorMap tensors;  // views `numbers`: moving keeps them, copying would not
  ReinitialisedTensors() = default;
  ReinitialisedTensors(ReinitialisedTensors&&) = default;
  ReinitialisedTensors& operator=(ReinitialisedTensors&&) = default;
};

/// Of a network as graph/densenet.h takes it. Errors: those of infer_densenet() and widen().
Result<ReinitialisedTensors> reinitialise(const TensorMap& tensors, Reinitialised what);

}  // namespace chestlight
