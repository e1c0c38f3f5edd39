// A trained network with a part of it untrained again: what a map of that is compared with, to see whether the map comes
// from what the network learned (J. Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018).
//
//   random head   the classifier's weights drawn anew, normally distributed, as large as the trained ones on average; no
//                 bias. Everything before it is as trained: it asks whether the map depends on what the finding weighs.
//   shuffled      every convolution of the last block (which the architecture names) keeps its numbers in random order. The
//                 head is as trained: it asks whether the map depends on what the network learned to see. Numbers are shuffled
//                 rather than drawn, so that the trained batch norms still meet values of about the size they know; earlier
//                 blocks, whose norms stand before everything else, would leave nothing to look at.
//
// Seeded: one model always gives the same untrained one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/weights/tensor_map.h"

namespace chestlight {

/// A tensor map like another, with some tensors replaced by numbers of its own. It must not outlive the other's bytes.
struct RandomisedTensors {
  std::vector<std::vector<float>> numbers;
  TensorMap tensors;  // views `numbers`: moving keeps them, copying would not
  RandomisedTensors() = default;
  RandomisedTensors(RandomisedTensors&&) = default;
  RandomisedTensors& operator=(RandomisedTensors&&) = default;
};

/// With another classifier.weight, and classifier.bias of zeros. Errors: those of widen().
Result<RandomisedTensors> with_random_head(const TensorMap& tensors);

/// With the numbers of each of these tensors in random order. Errors: those of widen().
Result<RandomisedTensors> with_shuffled(const TensorMap& tensors, const std::vector<std::string>& names);

}  // namespace chestlight
