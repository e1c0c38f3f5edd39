// The windows a reader can choose from: what the film opened with, what its file offers, and some by the film's own
// values. Radiographs have no calibrated scale, so nothing here is a number of grey values; the last four are
//   full     from the smallest to the largest value
//   auto     0.5th to 99.5th percentile of the exposed part, padding left out
//   lung     5th to 70th percentile: the dark half, mediastinum burnt out
//   bone     30th to 99.9th percentile: mediastinum and bone, lung black
#pragma once

#include <string>
#include <vector>

#include "viewer/state/state.h"

namespace chestlight::viewer {

struct WindowPreset {
  std::string id;    // "opened", "file-2", …, "full", "auto", "lung", "bone"
  std::string name;  // as shown
  Window window;     // film values
};

GreyShares grey_shares(const PixelBuffer& pixels);

/// In the order of the menu. The last three need the film's pixels to have been here once.
std::vector<WindowPreset> window_presets(const FilmEntry& film);

/// Nothing when the film has no such preset.
void choose_preset(FilmEntry& film, const std::string& id);
/// The next one of the menu, or the one before; from a window set by hand, the first or the last.
void step_preset(FilmEntry& film, int step);

/// The window in the file's own terms: modality values where a DICOM file has them, else film values.
Window stated_window(const FilmEntry& film);
/// "W 1200  L 600  Lung"; without a name where it was set by hand.
std::string window_in_words(const FilmEntry& film);

}  // namespace chestlight::viewer
