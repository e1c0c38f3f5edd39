// The anti-aliasing filters that film pixels can be resampled with. Names only; resample.h says what each one does.
#pragma once

namespace chestlight {

enum class Filter { kLanczos3, kTriangle, kArea, kGaussian };

}  // namespace chestlight
