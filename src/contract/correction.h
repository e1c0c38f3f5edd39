// Correction: what a reader says is wrong with a film, put right before the network sees it. A value.
//
// It is not a way of looking: window, inversion and turns of the screen never reach the network. A correction is asked for by
// name, makes a new analysis, and stays written on every result it had a part in.
//
// Order: crop, mirror, turn; the window is in the film's own pixel values; inversion comes last.
// What it does to a film is in imaging/correct_film.h.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "contract/film.h"

namespace chestlight::contract {

/// @json {invert?: boolean, mirror?: boolean, rotate?: number, crop?: PixelRect | null, window?: ValueRange | null}
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

/// "inverted, turned by 90°, cropped to 300 × 280 pixels"; empty for none.
std::string correction_words(const Correction& correction);

/// {invert, mirror, rotate: degrees clockwise, crop: null|PixelRect, window: null|ValueRange}
Json to_json(const Correction& correction);
/// Fields that are missing or null mean nothing is corrected. Errors: turns other than by 90°, a crop beyond 0..65535.
Result<void> from_json(const JsonReader& reader, Correction& correction);

}  // namespace chestlight::contract
