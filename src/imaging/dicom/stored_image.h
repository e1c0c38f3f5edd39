// From the stored values of a DICOM image to a Film. Parsing the file and undoing its compression is done before
// (web/dicom); the meaning of the values is decided here.
//
// Film values. A film keeps the stored values' order and, up to 16 bits, every one of them:
//   without modality LUT   film = stored − least,  least = 0 or −2^(bits−1): what the bits can hold
//   with modality LUT      film = LUT[stored]
//   inverted               film = greatest − that
// Inverted, once, if the photometric interpretation is MONOCHROME1, or the presentation LUT shape INVERSE (which is how
// a MONOCHROME1 image says it again), and turned back where the rescale slope is negative. Values beyond what their
// bits can hold widen the range. Where more than 65,536 values would be needed, the used range is scaled to 0..65535
// and the film carries a note.
//
// Windows are stated in modality values (slope · stored + intercept, or the LUT's output) and become windows of film
// values: LINEAR has its ends at centre − 0.5 ∓ (width − 1)/2, LINEAR_EXACT at centre ∓ width/2 (PS3.3 C.11.2.1.2),
// SIGMOID at those of its tangent in the centre, centre ∓ width/2, and a VOI LUT at those of the line through the inputs
// where it reaches 5 % and 95 % of its range. On screen each has its own exact curve (Window::shape, Film::tables). These
// are the film's presets, in the file's order: the windows, then the VOI LUTs.
//
// Padding is no picture, nor is what the display shutter hides: such pixels become the film's darkest used value, and
// count for no range and no window.
//
// What the network sees (Film::network_range) follows from the rule of imaging/network_range.h. The film opens on screen
// with the same window, without one as network_range.h has it for 8 bits, else between the percentiles of window.h. Each
// choice is a note. Where the VOI LUT that was chosen falls, the whole film is turned round, so that its values rise with
// brightness for screen and network alike.
//
// Pixels that are not square (facts.aspect) are made so by enlarging the film along the side that lacks pixels, linearly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "imaging/dicom/shutter.h"
#include "imaging/dicom/stored_values.h"
#include "imaging/film.h"

namespace chestlight {

/// A modality LUT, a VOI LUT or one colour of a palette: input `first_input` + i becomes values[i]; inputs outside take the
/// nearest entry.
struct LookupTable {
  int first_input = 0;
  int bits = 16;  // of the entries
  std::vector<std::uint16_t> values;
  std::string name;

  std::uint16_t at(std::int64_t input) const;  // there must be values
};

struct StoredWindow {
  double centre = 0;
  double width = 0;
  std::string name;
};

enum class VoiFunction { kLinear, kLinearExact, kSigmoid };

/// Inclusive.
struct StoredRange {
  std::int32_t low = 0;
  std::int32_t high = 0;
};

struct StoredImage {
  int width = 0;
  int height = 0;
  int channels = 1;  // 1, or 3 interleaved (RGB, YBR_FULL)
  int bits = 0;      // Bits Stored, 1..32
  bool is_signed = false;
  bool lossy = false;
  bool presentation_inverse = false;  // Presentation LUT Shape INVERSE
  StoredValues values;                // sign-extended and masked; width · height · channels
  std::optional<LookupTable> modality_lut;
  std::vector<StoredWindow> windows;
  VoiFunction voi_function = VoiFunction::kLinear;
  std::vector<LookupTable> voi_luts;
  std::vector<LookupTable> palette;  // red, green and blue of PALETTE COLOR; else none
  std::optional<StoredRange> padding;
  std::optional<Shutter> shutter;
  std::vector<std::uint8_t> drawing;  // over the picture, as Film has it
  DicomFacts facts;                   // slope and intercept among them
  std::vector<std::string> notes;     // of the reader
};

/// Errors: kCorrupt (sizes that do not fit each other, those of the drawing too), kTooLarge (over 64 million pixels),
/// kUnsupportedFormat (a photometric interpretation other than MONOCHROME1, MONOCHROME2, RGB, the YBR family and, with its
/// palette, PALETTE COLOR).
Result<Film> film_from_stored(const StoredImage& image);

}  // namespace chestlight
