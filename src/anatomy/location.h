// Where the evidence for a finding lies, in words: zones of the lungs, or thirds of the part of the film that the network
// saw where no lungs were found on it.
//
// Only the positive part of a map counts. The words name the smallest of these
// regions that holds most of it: a side (60 %), else the centre (60 % between the lungs; without lungs in the
// middle third of the width), else both sides; and one zone (50 %), else two neighbouring ones (80 %), else all heights; with the
// share inside the region. Upper, middle and lower zone are thirds of each lung's height, from its apex to its base; a zone
// reaches a tenth of the lung beyond its outer edges, since cells are coarse. What lies between the lungs is called after what is
// there: mediastinum above, heart below. Evidence beyond is below the lungs, at the diaphragm or under it, or outside, and where
// most of it is, the words say only that. Sides are those of the picture; a frontal film is by custom shown with the
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
  double outside = 0;        // of it outside the lungs and what lies between them, below them too
  double below = 0;          // of it below the lungs
  double mean_positive = 0;  // mean positive contribution over the region seen, logits
  double mean_negative = 0;  // the same of the negative ones, ≤ 0
};

/// The largest region of the contour, as a place of its own.
struct MainRegion {
  Location location;
  double of_contour = 0;   // of the evidence inside the contour, the share that it holds
  double of_evidence = 0;  // of all positive evidence
  int regions = 0;         // in the contour, itself among them; 0: there is no contour
};

/// Which cell of a map, and which place on the patient, each part of the film seen belongs to. It is the same for every map
/// of one film and size: worked out once, each map then costs a few microseconds. `lungs` on the film that `view` speaks of.
class EvidencePlaces {
 public:
  EvidencePlaces(const FilmView& view, int map_width, int map_height, const Lungs& lungs = {});

  /// `map`: contributions of one class, over the network's whole input, of the size given. What lies outside the film
  /// (letterbox) is not counted.
  Location locate(GridView<const float> map) const;
  /// `region`: of each cell, the share that lies in the largest region of the contour; its other fields are as in MainRegion.
  MainRegion locate_region(GridView<const float> map, GridView<const float> region, double of_contour, int regions) const;

 private:
  struct Run {
    int cell, place;  // index into the map; column + 6 * row, or kOutside, kBelow
    int samples;
  };
  std::vector<Run> runs_;
  bool in_lungs_;
};

/// Where the largest region of the contour lies, if it holds half of it: "Mainly over the heart (between the lungs, lower zone):
/// one region, 31 % of the positive evidence." Else, and without a region: "Mainly image left, lower zone (the patient's right,
/// if the film is not flipped): 71 % of the positive evidence."; "Diffuse, the largest part …" where no place has half. "Mainly
/// the patient's right (image left), lower zone: …" where sides are known. Says so where nothing, or little, speaks for the
/// finding, where the map is coarse, and where no lungs were found: "…, lower third …; no lungs found: thirds of the picture."
std::string location_words(const Location& location, const MainRegion& region, int map_width, int map_height,
                           PictureSides sides = PictureSides::kUnknown);

/// The same in a few words, for a list: "left lower zone" (of the patient) where sides are known, else "lower zone, image right";
/// "over the heart", "at the diaphragm", "outside the lungs", "diffuse"; nothing where nothing speaks for the finding.
std::string place_in_short(const Location& location, const MainRegion& region, PictureSides sides = PictureSides::kUnknown);

}  // namespace chestlight
