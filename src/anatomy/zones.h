// Places on a frontal chest film as a reader names them, from the outlines of lungs and heart.
//
// Zones are thirds of each lung's own height, from its top to its lowest point, across the tilted body axis. What is not a lung
// is told by the outlines around it: the heart; the mediastinum and hila between the lungs; the diaphragm under them; the apices
// and costophrenic angles are parts of a lung that have names of their own. Anything else is outside.
//
// The chest is the box around both lungs, a little wider: with the chest wall, the diaphragm and what lies just under it, without
// shoulders, arms, abdomen and the film's corners.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "anatomy/anatomy.h"
#include "anatomy/location.h"

namespace chestlight {

enum class ChestPlace {
  kOutside,
  kApex,
  kUpperZone,
  kMiddleZone,
  kLowerZone,
  kCostophrenicAngle,
  kDiaphragm,    // and what lies under it
  kMediastinum,  // and hila
  kHeart,
};

struct PlaceOnChest {
  ChestPlace place = ChestPlace::kOutside;
  Side side = Side::kBoth;  // kLeft and kRight of the upright picture; kCentre: heart and mediastinum; kBoth: outside
  bool operator==(const PlaceOnChest&) const = default;
};

/// The places of one film, worked out once for many points. The anatomy must be one that was found, and outlive it.
class ChestPlaces {
 public:
  explicit ChestPlaces(const Anatomy& anatomy);

  PlaceOnChest at(SourcePx point) const;
  bool in_chest(SourcePx point) const;
  /// A lung that the point lies in or next to, by a tenth of the lung beyond its outer edge or top; coarse evidence reaches that
  /// far.
  struct NearLung {
    bool on_left = false;
    double inwards = 0;  // 0 at the lung's outer edge, 1 at its inner one
    double down = 0;     // 0 at its top, 1 at its lowest point
  };
  std::optional<NearLung> near_lung(SourcePx point) const;
  /// Whether it lies left of the middle between both lungs.
  bool left_of_middle(SourcePx point) const;
  /// Between the lungs, and lower than the shorter one.
  bool under_mediastinum(SourcePx point) const;

 private:
  struct Box {
    double left = 0, top = 0, right = 0, bottom = 0;
    bool holds(BodyPx at) const { return at.x >= left && at.x <= right && at.y >= top && at.y <= bottom; }
    double width() const { return right - left; }
    double height() const { return bottom - top; }
  };
  static Box box_of(const std::vector<BodyPx>& outline);
  static ChestPlace place_in_lung(const Box& lung, BodyPx at, bool on_left);
  static bool is_under(const std::vector<BodyPx>& outline, const Box& lung, BodyPx at);

  const Anatomy& anatomy_;
  Box left_, right_, heart_, chest_;
};

/// `anatomy` must be one that was found.
PlaceOnChest place_of(const Anatomy& anatomy, SourcePx at);

/// "left lower zone" where `sides` says that the picture's right is the patient's left; else "lower zone, image right"; "over the
/// heart", "mediastinum and hila", "outside the lungs".
std::string place_words(PlaceOnChest place, PictureSides sides = PictureSides::kUnknown);

}  // namespace chestlight
