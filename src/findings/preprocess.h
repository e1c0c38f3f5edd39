// From a film to the network's input, exactly as the manifest's input section says, and the map between the two.
// What the user does on screen (window, inversion, zoom) has no part in it.
//
//   v       the resampled grey value between black and white by the rule of imaging/network_range.h; 0 for a deep film of
//           one single value. Clamped to 0..1 before and after: before, because the 8-bit pictures that networks are
//           trained on hold nothing beyond black and white; after, because lanczos3 overshoots at edges.
//   detail  where the manifest asks for it, v is first made that coarse with its filter, clamped, and then enlarged
//           linearly (Pillow's BILINEAR, PyTorch's interpolate with align_corners=False)
//   tensor  (v − mean[c]) / std_dev[c]; the border of a letterbox has v = 0
#pragma once

#include <vector>

#include "findings/input_spec.h"
#include "imaging/coordinates.h"
#include "imaging/film.h"
#include "imaging/resample.h"

namespace chestlight {

/// A slight change of what the network is shown. As it is made, it changes nothing.
struct InputChange {
  double right = 0, down = 0;  // how far the picture moves, in shares of the sides of the part that is seen; within ±0.5
  double crop = 1;             // share of those sides that is seen, around their centre; above 0
  double contrast = 1;         // of v about its mean over the part that the film covers; v stays within 0..1
  bool mirrored = false;       // left to right
};

/// Which source pixels the network sees, and where they come to lie in its input.
struct InputGeometry {
  PixelRect seen;    // in SourcePx
  PixelRect placed;  // in ModelPx; smaller than the input where it is letterboxed
  SourceToModel source_to_model;
};

struct ModelInput {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<float> tensor;  // [channels, height, width]
  InputGeometry geometry;
};

/// Of a film of width × height SourcePx (each ≥ 1). Crops begin at ⌊W/2⌋ − ⌊w/2⌋, as torchxrayvision's XRayCenterCrop
/// does; letterboxes round the shown part to whole pixels, and the map says what was really done.
/// A change moves the part that is seen by whole pixels; where it would reach over the film there is nothing, v = 0, as under the
/// border of a letterbox.
InputGeometry input_geometry(int width, int height, const InputSpec& spec, const InputChange& change = {});

/// `film` must not be empty; `spec` must hold one mean and one std_dev per channel (a valid manifest does).
ModelInput preprocess(const Film& film, const InputSpec& spec, const InputChange& change = {});

}  // namespace chestlight
