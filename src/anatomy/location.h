// Where the evidence for a finding lies, in words: zones of the lungs, or thirds of the part of the film that the network
// saw where no lungs were found on it.
//
// Only the positive part of a map counts. The words name the smallest of these
// regions that holds most of it: a side (60 %), else the centre (60 % between the lungs; without lungs in the
// middle third of the width), else both sides; and one zone (50 %), else two neighbouring ones (80 %), else all heights; with the
// share inside the region. Upper, middle and lower zone are thirds of each lung's height, from its apex to its base; a zone
// reaches a tenth of the lung beyond its outer edges, since cells are coarse. Evidence beyond that is outside the lungs, and
// where most of it is, the words say only that. Sides are those of the picture; a frontal film is by custom shown with the
// patient's right on the picture's left, but nothing in a plain picture file says whether that is so. Where a DICOM
// file's Patient Orientation says it, the words name the patient's side.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "anatomy/lungs.h"
#include "base/grid.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"

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
  bool in_lungs = false;  // thirds are those of the lungs, else those of the picture
  int first_third = 0;    // of the height, 0 at the top
  int last_third = 2;
  double share = 0;          // of the positive evidence inside the region, 0..1
  double outside = 0;        // of it outside the lungs and what lies between them
  double mean_positive = 0;  // mean positive contribution over the region seen, logits
  double mean_negative = 0;  // the same of the negative ones, ≤ 0
};

/// Which cell of a map, and which place on the patient, each part of the film seen belongs to. It is the same for every map
/// of one film and size: worked out once, each map then costs a few microseconds. `lungs` on the film that `view` speaks of.
class EvidencePlaces {
 public:
  EvidencePlaces(const FilmView& view, int map_width, int map_height, const Lungs& lungs = {});

  /// `map`: contributions of one class, over the network's whole input, of the size given. What lies outside the film
  /// (letterbox) is not counted.
  Location locate(GridView<const float> map) const;

 private:
  struct Run {
    int cell, place;  // index into the map; column + 6 * row, or kOutside
    int samples;
  };
  std::vector<Run> runs_;
  bool in_lungs_;
};

/// "Mainly image left, lower zone (the patient's right, if the film is not flipped): 71 % of the positive evidence; coarse
/// 4 × 4 map."; "Mainly the patient's right (image left), lower zone: …" where that is known; "Scattered, the largest part …"
/// where that place has less than half. Says so where nothing, or little, speaks for the finding, and where no lungs were
/// found: "…, lower third …; no lungs found: thirds of the picture."
std::string location_words(const Location& location, int map_width, int map_height, PictureSides sides = PictureSides::kUnknown);

}  // namespace chestlight
