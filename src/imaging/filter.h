// The resampling filters, by name alone: what a manifest can ask for. What they do is in resample.h.
#pragma once

namespace chestlight {

enum class Filter {
  kLanczos3,  // sinc(x)·sinc(x/3), |x| < 3; Pillow's LANCZOS
  kTriangle,  // 1 − |x|, |x| < 1; Pillow's BILINEAR
  kArea,      // 1 on −½ < x ≤ ½; Pillow's BOX: the mean of what a target pixel covers
  kGaussian,  // exp(−2x²), |x| < 2: standard deviation half a target pixel (ImageMagick's definition)
};

}  // namespace chestlight
