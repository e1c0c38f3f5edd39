// The one rule for what the network sees of a film's values: which value is black to it and which is white, for every
// format. It never depends on the screen.
//
//   direction   That of the display: brighter on screen is brighter to the network. A film's values rise with brightness:
//               MONOCHROME1, an inverse presentation LUT, a negative rescale slope and a VOI LUT that falls are each
//               turned round before a film is made (imaging/dicom/stored_image.h).
//   padding     Values that the file calls padding, and what its display shutter hides, are no picture: they count for
//               nothing below and become the darkest value of the picture.
//   window      The first of the file's windows and VOI LUTs that is usable, as a straight line. One is usable if it shows
//               most of the film: at least half of the picture's pixels lie within it, and the picture's values (1st to 99th
//               percentile) fill at least two fifths of it. So a placeholder (1/1), a window of other bits (32768/65536
//               or 128/256 on 12 bits) and one beside the values are passed over, and the film says so.
//   8 bits      Without a usable window, 0 to 255 as stored: such pictures were windowed when they were made.
//   ends        Deeper films without a usable window: the least and the greatest value, outliers apart. Outliers are at most
//               the darkest and the brightest six hundredths of the picture, and only where they lie further beyond the other
//               values than the span of those: a dead pixel, a burnt-in marker at full scale. Ordinary films have none, so
//               their ends are exactly their least and their greatest value. A larger marker counts as picture.
//
// Numbers: radiographs of test packs have 56 to 100 % of their pixels within their window and fill 61 to 95 % of it; the
// windows named above show 0 to 6 %. What the rule does to scores: tests/bench/stored_ways.mjs.
#pragma once

#include <optional>

#include "imaging/film.h"
#include "imaging/histogram.h"

namespace chestlight {

/// Share of the pixels at each end that may be outliers.
inline constexpr double kMostOutliers = 0.06;
/// Outliers lie further beyond the other values than this part of those values' span.
inline constexpr double kOutlierReach = 1;
/// Share of the pixels at each end that a window need not show.
inline constexpr double kLeftOut = 0.01;
inline constexpr double kLeastShown = 0.5;
inline constexpr double kLeastFilled = 0.4;

/// Black and white of a deep film without a usable window; nothing where all values are the same.
std::optional<ValueRange> robust_ends(const Histogram& picture);

/// Sets the ends of a film (Film::used_range) whose picture has these values, and says so where outliers were set apart.
void choose_ends(Film& film, const Histogram& picture);

/// Whether a window shows most of the film.
bool is_usable(const ValueRange& window, const Histogram& picture);

Histogram histogram_of(const Grid<std::uint16_t>& pixels);

}  // namespace chestlight
