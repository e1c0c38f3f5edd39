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
//
// Where the outlines of lungs and heart are known (anatomy.h), zones are thirds of each lung's own outline and what lies between
// is called after the outlines; the apex and the costophrenic angle are named where half of the evidence lies in one. Then it is
// also known how much of the evidence lies in the lungs, over the heart, elsewhere in the chest and outside it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "anatomy/lungs.h"
#include "base/grid.h"
#include "contract/analysis.h"
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

/// A part of a lung with a name of its own.
enum class LungPart { kNone, kApex, kCostophrenicAngle };

struct Location {
  Side side = Side::kBoth;
  bool in_lungs = false;            // thirds are those of the lungs, else those of the picture
  bool by_outlines = false;         // of lungs and heart: between the lungs the first third is mediastinum, the last one heart
  LungPart part = LungPart::kNone;  // which holds half of the evidence in the region, on one side
  int first_third = 0;              // of the height, 0 at the top
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
struct Anatomy;

class EvidencePlaces {
 public:
  EvidencePlaces(const FilmView& view, int map_width, int map_height, const Lungs& lungs = {});
  /// By outlines: `anatomy` was found on the film of `view`, which is the film as opened.
  EvidencePlaces(const FilmView& view, int map_width, int map_height, const Anatomy& anatomy);

  /// `map`: contributions of one class, over the network's whole input, of the size given. What lies outside the film
  /// (letterbox) is not counted.
  Location locate(GridView<const float> map) const;
  /// `region`: of each cell, the share that lies in the largest region of the contour; its other fields are as in MainRegion.
  MainRegion locate_region(GridView<const float> map, GridView<const float> region, double of_contour, int regions) const;
  /// Of the positive evidence; nothing without outlines, and where nothing speaks for the finding.
  std::optional<contract::EvidenceShares> shares(GridView<const float> map) const;

 private:
  enum class Organ { kLungs, kHeart, kElsewhere, kOutside };
  struct Spot {
    int cell = 0, place = 0;  // index into the map; column + 6 * row, or kOutside, kBelow
    Organ organ = Organ::kElsewhere;
    LungPart part = LungPart::kNone;
    bool operator==(const Spot&) const = default;
  };
  struct Run {
    Spot spot;
    int samples = 0;
  };
  /// `spot_at(SourcePx, column, row)` fills in all but the cell, for each of kSamples × kSamples points of the film seen.
  template <class SpotAt>
  void sample(const FilmView& view, int map_width, int map_height, SpotAt spot_at);
  static Spot spot_by_outlines(const class ChestPlaces& chest, SourcePx at);

  std::vector<Run> runs_;
  bool in_lungs_ = false;
  bool by_outlines_ = false;
};

/// From this share of the positive evidence outside the chest on, a finding is said to rest on what is no sign of it.
inline constexpr double kShortcutShare = 0.5;
bool is_possible_shortcut(const contract::EvidenceShares& shares);
/// "Of the positive evidence 62 % lies in the lungs, 20 % over the heart, 10 % elsewhere in the chest, 8 % outside it.", with
/// "Possible shortcut: …" before it where is_possible_shortcut().
std::string shares_words(const contract::EvidenceShares& shares);

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
