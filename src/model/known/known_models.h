// Published networks for films, recognised by their structure and their file's name: what their outputs mean, which were never
// trained, what they want to see, the thresholds their authors give, their licence and where they are published.
//
// Facts of their publishers, as data; nothing of the weights is here. What is not known of a network stays open: it is imported
// all the same, with a form to fill in.
#pragma once

#include <span>
#include <string_view>

namespace chestlight {

/// How a film's values v in 0 … 1 become the network's.
enum class Scaling {
  kSymmetric1024,  // (2v − 1)·1024: torchxrayvision
  kImageNet,       // (v − mean)/std of each colour of ImageNet's photographs
  kChestFilms,     // (v − 0.5056)/0.252: mean and deviation of chest films, as Medical MAE and EVA-X have them
};

struct KnownModel {
  std::string_view id, name;
  std::string_view architecture;  // Architecture::name()
  int channels = 0, outputs = 0;
  std::string_view file_name;                // which the publisher's file name begins with
  std::span<const std::string_view> labels;  // one per output
  std::span<const float> thresholds;         // of sigmoid(logit), one per output; NaN: never trained. Empty: none are published
  Scaling scaling = Scaling::kImageNet;
  int side = 224;  // pixels of the square input
  std::string_view licence, link;
  double crop = 1;  // share of the centre square that is seen: 224 of 256 pixels are 0.875
};

std::span<const KnownModel> known_models();

/// The model that a network of this structure in a file of this name is; nullptr where it is none that is known.
const KnownModel* find_known_model(std::string_view architecture, int channels, int outputs, std::string_view file_name);
const KnownModel* find_known_model(std::string_view id);

/// Labels that a network of that many outputs most likely has, in the order of the data sets they come from; empty where nothing
/// can be guessed.
std::span<const std::string_view> likely_labels(int outputs);

}  // namespace chestlight
