// Places on a frontal chest film as a reader names them, from the outlines of lungs and heart.
//
// Zones are thirds of each lung's own height, from its top to its lowest point, across the tilted body axis. What is not a lung
// is told by the outlines around it: the heart; the mediastinum and hila between the lungs; the diaphragm under them; the apices
// and costophrenic angles are parts of a lung that have names of their own. Anything else is outside.
#pragma once

#include <string>

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

/// `anatomy` must be one that was found.
PlaceOnChest place_of(const Anatomy& anatomy, SourcePx at);

/// "left lower zone" where `sides` says that the picture's right is the patient's left; else "lower zone, image right"; "over the
/// heart", "mediastinum and hila", "outside the lungs".
std::string place_words(PlaceOnChest place, PictureSides sides = PictureSides::kUnknown);

}  // namespace chestlight
