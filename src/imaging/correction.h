// Correction: what a reader says is wrong with a film, put right before the network sees it. A value.
//
// It is not a way of looking: window, inversion and turns of the screen never reach the network. A correction is asked
// for by name, makes a new analysis, and stays written on every result it had a part in.
//
// A corrected film is a film like any other, as if the file had been so. So the gate, the network's input and the words
// need to know nothing of corrections; only maps do, to lie right on the film as it was opened: correction_map().
//
// Order: crop, mirror, turn; the window is in the film's own pixel values; inversion comes last.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "imaging/coordinates.h"
#include "imaging/film.h"
#include "imaging/resample.h"

namespace chestlight {

inline bool operator==(const PixelRect& a, const PixelRect& b) {
  return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}
inline bool operator==(const ValueRange& a, const ValueRange& b) { return a.black == b.black && a.white == b.white; }

struct Correction {
  std::optional<PixelRect> crop;     // SourcePx of the film as opened
  bool mirrored = false;             // left to right, before turning
  int quarter_turns = 0;             // clockwise, 0..3
  std::optional<ValueRange> window;  // pixel values that the network sees as 0 and 1
  bool inverted = false;

  bool any() const { return *this != Correction{}; }
  bool operator==(const Correction&) const = default;

  // Of the picture as it stands after what was corrected before.
  Correction turned_right() const { return oriented(mirrored, quarter_turns + 1); }
  Correction turned_left() const { return oriented(mirrored, quarter_turns + 3); }
  Correction flipped_left_right() const { return oriented(!mirrored, 4 - quarter_turns); }
  Correction flipped_top_bottom() const { return oriented(!mirrored, 6 - quarter_turns); }

 private:
  Correction oriented(bool mirror, int turns) const {
    Correction other = *this;
    other.mirrored = mirror;
    other.quarter_turns = turns % 4;
    return other;
  }
};

/// Errors: kInvalidRequest: a crop that is empty or not inside width × height, a window without width, turns outside
/// 0..3.
Result<void> check_correction(const Correction& correction, int width, int height);

/// `correction` must have been checked against the film. Facts of the file stay, but for the orientation it states, which
/// a turned or mirrored film no longer has. Windows for eyes are the file's own and go; it opens with its whole range.
Film correct_film(const Film& film, const Correction& correction);

/// From the film as opened (width × height SourcePx) to the corrected film, whose SourcePx begin at its own corner.
Map<SourceSpace, SourceSpace> correction_map(const Correction& correction, int width, int height);

/// "inverted, turned by 90°, cropped to 300 × 280 pixels"; empty for none.
std::string correction_words(const Correction& correction);

}  // namespace chestlight
