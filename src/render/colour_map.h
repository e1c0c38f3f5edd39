// Colours for evidence maps, to be laid over a grey film. sRGB, 8 bits, straight (not premultiplied) alpha. The one source
// of them: exported pictures, the legend and the shader of the page (which is handed the ramp's stops) all ask here.
//
// Evidence: the ramp of matplotlib's "inferno" (S. van der Walt, N. Smith, 2015, CC0) between 0.22 and 0.97,
// as one polynomial of the fourth degree per channel, fitted here to within 8/255. Lightness (CIELAB L*)
// rises evenly with the value, so the order survives in grey, in print and with any colour vision; there are
// no edges that are not in the map, as jet and rainbow ramps make. The black end is left out: it would darken
// the film where there is no evidence.
//
// Signed: one blue for evidence against, one orange for evidence in favour, told apart with any colour
// vision; the amount is the alpha alone, so zero is the film itself.
#pragma once

#include <array>
#include <cstdint>

namespace chestlight {

struct Rgba {
  std::uint8_t r = 0, g = 0, b = 0, a = 0;
};

/// `value` 0..1 (clamped; NaN is 0). Alpha rises from 0 at 0 to 255 at 1.
Rgba evidence_colour(float value);

/// `value` −1..1 (clamped; NaN is 0). Blue below 0, orange above; alpha rises with |value| as that of evidence_colour().
Rgba signed_evidence_colour(float value);

/// Stops of the ramp at even distances from 0 to 1: mixed linearly between them, they are evidence_colour() to within
/// kRampStopError of 255. shaders/film.frag is handed them, and has as many.
inline constexpr int kRampStops = 24;
inline constexpr int kRampStopError = 2;

/// A colour as shares of full strength, straight alpha.
struct RampStop {
  float r = 0, g = 0, b = 0, a = 0;
};
std::array<RampStop, kRampStops> evidence_ramp();
/// The one colour of evidence against, or for, at full strength.
RampStop colour_of_sign(bool against);

/// A map's value as a share of its scale, mixed from the stops as the shader does it.
RampStop map_colour(const std::array<RampStop, kRampStops>& ramp, float share, bool is_signed);

/// `colour` at `opacity` (0..1) over `below`; the result is opaque where `below` is.
Rgba blend_over(Rgba below, Rgba colour, float opacity);

}  // namespace chestlight
