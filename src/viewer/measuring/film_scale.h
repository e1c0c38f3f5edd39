// What can be said of places on a film: how long, which side, which value. And what cannot: a length is in mm only where
// the file states a pixel spacing that is above zero and the same both ways, and says in which plane; sides have letters
// only where the file states the patient's orientation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/state/state.h"

namespace chestlight::viewer {

/// mm per SourcePx.
struct Ruler {
  double mm = 0;
  bool at_detector = false;  // Imager Pixel Spacing: the chest lies before the detector and appears 5–15 % larger
};
std::optional<Ruler> ruler_of(const FilmInfo& info);
/// "mm, calibrated (Pixel Spacing)"; why there are no mm where there are none.
std::string ruler_in_words(const FilmInfo& info);

/// "48.3 mm", "48.3 mm at detector", "412 px", "37.2°"; "" while points are missing.
std::string measurement_in_words(const FilmInfo& info, const Measurement& measurement);

/// The longest of 1, 2, 5, 10 … mm that is at most `longest` ScreenPx long on screen.
struct ScaleBar {
  double mm = 0;
  double length = 0;  // ScreenPx
  std::string words;
};
std::optional<ScaleBar> scale_bar(const FilmEntry& film, double zoom, double longest);

/// Letters of PS3.3 C.7.6.1.1.1 (A, P, R, L, H, F, or several) at the edges of the film as it is seen now.
struct EdgeLetters {
  std::string left, right, top, bottom;
};
std::optional<EdgeLetters> edge_letters(const FilmEntry& film);
/// "Image left = patient's right", with "(assumed)" as a second line where the file does not say so.
std::vector<std::string> sides_in_words(const FilmEntry& film);

/// The pixel under the cross: place, stored and modality value, in lines. Empty without a cross or pixels.
std::vector<std::string> probe_in_words(const State& state);

}  // namespace chestlight::viewer
