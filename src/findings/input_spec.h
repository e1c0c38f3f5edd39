// What a network wants to see: the part of manifest.json that preprocessing obeys. A value; it prepares
// nothing itself.
//
//   network value = (v − mean) / std_dev, with v in 0..1:
//   8-bit sources    v = pixel / 255
//   deeper sources   v = (pixel − low) / (high − low), over the range of values the film uses
//
// A network that was trained on coarse films enlarged to its input must be shown coarse films: finer ones have texture
// that it never learnt. Its manifest says `detail`, and every film goes through that size first.
#pragma once

#include <algorithm>
#include <vector>

#include "imaging/filter.h"

namespace chestlight {

/// How a film that is not the network's shape becomes that shape.
enum class Fit {
  kCentreSquareCrop,  // the largest centred part of the input's shape; the rest is not seen
  kLetterbox,         // the whole film is kept, with a border of black
  kStretch,           // the whole film is kept, squashed
};

/// As manifests spell it.
constexpr const char* fit_name(Fit fit) {
  switch (fit) {
    case Fit::kCentreSquareCrop: return "centre-square-crop";
    case Fit::kLetterbox: return "letterbox";
    case Fit::kStretch: return "stretch";
  }
  return "";
}

struct InputSpec {
  int width = 0;     // ModelPx
  int height = 0;    // ModelPx
  int detail = 0;    // pixels across the width that carry detail, < width; enlarged linearly to ModelPx. 0: all of them
  int channels = 1;  // 1, or 3 with the grey value repeated
  Fit fit = Fit::kCentreSquareCrop;
  double crop = 1;  // with kCentreSquareCrop: the share of that part's sides that is seen, in (0, 1], as timm's crop_pct
  Filter filter = Filter::kLanczos3;
  std::vector<float> mean;     // one per channel
  std::vector<float> std_dev;  // one per channel, each > 0

  /// What a film needs on its shorter side to have all the detail that the network can use. SourcePx.
  int needed_side() const {
    const int shorter = std::min(width, height);
    return detail == 0 ? shorter : static_cast<int>(static_cast<long long>(shorter) * detail / width);
  }
};

}  // namespace chestlight
