// Film: one upright grey picture and the facts of how it came to be. A value; it knows no format, no model, no screen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/grid.h"
#include "contract/film.h"

namespace chestlight {

using contract::DicomFacts;
using contract::DisplayTable;
using contract::FilmScale;
using contract::NamedWindow;
using contract::PixelRect;
using contract::PixelSpacing;
using contract::ValueRange;
using contract::Window;
using contract::WindowShape;

struct FilmFacts {
  std::string format;               // "PNG", "JPEG", "DICOM": what the bytes were, whatever the file was called
  int bits = 8;                     // bits per channel in the file
  int channels = 1;                 // channels in the file, before conversion to grey
  bool lossy = false;               // a lossy code stream
  bool had_alpha = false;           // transparency was composited on black
  int exif_orientation = 1;         // 1..8; already applied
  double colourfulness = 0;         // mean of (|R−G| + |G−B|)/2 over white, 0..1; 0 for grey sources
  double coloured_fraction = 0;     // share of pixels where |R−G| + |G−B| exceeds 4/255 of white; 0 for grey sources
  std::optional<DicomFacts> dicom;  // of DICOM files only
  std::vector<std::string> notes;   // sentences a reader should see beside the film
};

struct Film {
  /// Grey values as stored, larger = brighter; width × height SourcePx.
  Grid<std::uint16_t> pixels;
  /// What the file has drawn over them, one bit for each pixel, row by row from the lowest bit of each byte; empty: nothing. For
  /// the screen alone: the network sees `pixels`.
  std::vector<std::uint8_t> drawing;
  /// The value that means "white" in the file's own scale: 255 for 8-bit sources, 65535 for 16-bit sources, what its
  /// bits can hold for DICOM (4095 for 12).
  std::uint16_t full_scale = 255;
  /// Smallest and largest value present.
  std::uint16_t low = 0;
  std::uint16_t high = 0;
  /// What the film should open with on screen. Never affects what the network sees.
  Window window;
  /// Windows the file offers, in its order; empty for files that know none.
  std::vector<NamedWindow> presets;
  /// Curves that windows of this film refer to.
  std::vector<DisplayTable> tables;
  /// What the file says is black and white for whoever reads it, where that shows most of the film.
  std::optional<ValueRange> stated_range;
  /// Else, of films deeper than 8 bits: the ends of their values without outliers (network_range.h).
  std::optional<ValueRange> used_range;
  FilmFacts facts;

  int width() const { return pixels.width(); }
  int height() const { return pixels.height(); }

  /// The values that the network sees as 0 and 1, by the rule of network_range.h; nothing for a deep film of one single
  /// value.
  std::optional<ValueRange> network_range() const {
    if (stated_range) return stated_range;
    if (full_scale <= 255) return ValueRange{0, 255};
    if (used_range) return used_range;
    if (high > low) return ValueRange{static_cast<double>(low), static_cast<double>(high)};
    return std::nullopt;
  }
};

}  // namespace chestlight
