// From the bytes of a file to a Film: PNG (every bit depth, colour type and interlacing) and JPEG (baseline, extended
// and progressive, 8 bits). Colour becomes grey by the luminance of Rec. ITU-R BT.601 in 16-bit fixed point,
// (19595 R + 38470 G + 7471 B + 32768) >> 16: JPEG's own definition of Y, and Pillow's convert("L").
// Transparency is composited on black. Gamma, ICC and sRGB chunks are not applied: values stay as stored.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "imaging/film.h"

namespace chestlight {

/// More pixels than any detector for chests has: the film carries size_note().
constexpr std::uint64_t kUnusualPixels = 40'000'000;
std::string size_note(std::uint64_t pixels);

/// Checked on the file's header, before anything is allocated.
struct DecodeLimits {
  std::size_t max_bytes = std::size_t{128} << 20;
  std::uint64_t max_pixels = 64'000'000;       // the largest chest detectors have 18 million
  std::uint64_t note_pixels = kUnusualPixels;  // above this the film carries a note
  int max_side = 20'000;
};

/// Errors: kEmptyFile, kUnsupportedFormat, kNotAnImage, kTooLarge, kTruncated, kCorrupt.
/// A film whose every pixel is not proven to be there is an error, even where pixels could be had: half a film must never
/// be analysed as a whole one, and what a decoder puts in place of the rest is nobody's film. The same bytes give the
/// same film or the same error, whatever was decoded before.
Result<Film> decode_image(Bytes bytes, const DecodeLimits& limits = {});

}  // namespace chestlight
