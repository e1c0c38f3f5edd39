// Where the evidence for a finding lies, in words: thirds and sides of the part of the film that the network
// saw.
//
// Only the positive part of a map counts. The page gives maps measured from the threshold (margin_map). The words name the smallest of these regions
// that holds most of it: a side (60 %), else the centre (60 % in the middle third of the width), else both
// sides; and one third of the height (50 %), else two neighbouring thirds (80 %), else all heights; with the
// share inside the region. Sides are those of the picture; a frontal film is by custom shown with the
// patient's right on the picture's left, but nothing in a plain picture file says whether that is so. Where a DICOM
// file's Patient Orientation says it, the words name the patient's side.
//
// These are thirds of the picture, not the radiologist's lung zones: no lungs are found here.
#pragma once

#include <array>
#include <string>

#include "base/grid.h"
#include "explain/map_geometry.h"
#include "imaging/film.h"

namespace chestlight {

/// What is known about whose side the picture's left is.
enum class PictureSides {
  kUnknown,
  kPatientsRightIsLeft,  // the custom for frontal films
  kPatientsLeftIsLeft,
};

/// From Patient Orientation (0020,0020), whose first value is where the picture's right points to on the patient.
PictureSides sides_of(const Film& film);

enum class Side { kLeft, kCentre, kRight, kBoth };

struct Location {
  Side side = Side::kBoth;
  int first_third = 0;  // of the height, 0 at the top
  int last_third = 2;
  double share = 0;          // of the positive evidence inside the region, 0..1
  double mean_positive = 0;  // mean positive contribution over the region seen, logits
  double mean_negative = 0;  // the same of the negative ones, ≤ 0
};

/// `map`: contributions of one class, over the network's whole input. What lies outside the film (letterbox)
/// is not counted.
Location locate_evidence(GridView<const float> map, const FilmView& view);

struct LocationWording {
  PictureSides sides = PictureSides::kUnknown;
  bool from_threshold = true;  // the map's zero is the threshold: a film below it may have no positive cell
};

/// "Mainly image left, lower third (the patient's right, if the film is not flipped): 71 % of the positive
/// evidence; coarse 4 × 4 map."; "Mainly the patient's right (image left), lower third: …" where that is known. Says so where nothing, or little, speaks for the finding.
std::string location_words(const Location& location, int map_width, int map_height, LocationWording wording = {});

}  // namespace chestlight
