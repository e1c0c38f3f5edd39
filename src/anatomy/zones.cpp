#include "anatomy/zones.h"

#include <algorithm>
#include <cmath>

#include "anatomy/mask_outline.h"
#include "base/text.h"

namespace chestlight {
namespace {

constexpr double kApexHeight = 0.12;      // of a lung's height
constexpr double kAngleHeight = 0.15;     // the same, from its lowest point
constexpr double kAngleWidth = 0.5;       // of a lung's width, from its outer edge
constexpr double kDiaphragmDepth = 0.15;  // under a lung, of its height

struct Box {
  double left, top, right, bottom;
};

Box box_of(const std::vector<BodyPx>& outline) {
  Box box{outline[0].x, outline[0].y, outline[0].x, outline[0].y};
  for (const BodyPx& point : outline) {
    box.left = std::min(box.left, point.x), box.right = std::max(box.right, point.x);
    box.top = std::min(box.top, point.y), box.bottom = std::max(box.bottom, point.y);
  }
  return box;
}

ChestPlace place_in_lung(const Box& lung, BodyPx at, bool on_left) {
  const double down = (at.y - lung.top) / (lung.bottom - lung.top);
  const double inwards = (on_left ? at.x - lung.left : lung.right - at.x) / (lung.right - lung.left);
  if (down < kApexHeight) return ChestPlace::kApex;
  if (down > 1 - kAngleHeight && inwards < kAngleWidth) return ChestPlace::kCostophrenicAngle;
  if (down < 1.0 / 3) return ChestPlace::kUpperZone;
  return down < 2.0 / 3 ? ChestPlace::kMiddleZone : ChestPlace::kLowerZone;
}

/// Whether the lung lies straight above the point, and not too far.
bool is_under(const std::vector<BodyPx>& outline, const Box& lung, BodyPx at) {
  if (at.x < lung.left || at.x > lung.right) return false;
  double lowest = -1e300;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const BodyPx &a = outline[i], &b = outline[(i + 1) % outline.size()];
    if ((a.x > at.x) == (b.x > at.x)) continue;
    lowest = std::max(lowest, a.y + (b.y - a.y) * (at.x - a.x) / (b.x - a.x));
  }
  return at.y >= lowest && at.y <= std::max(lowest, lung.bottom) + kDiaphragmDepth * (lung.bottom - lung.top);
}

const char* name_of(ChestPlace place) {
  switch (place) {
    case ChestPlace::kOutside: return "outside the lungs";
    case ChestPlace::kApex: return "apex";
    case ChestPlace::kUpperZone: return "upper zone";
    case ChestPlace::kMiddleZone: return "middle zone";
    case ChestPlace::kLowerZone: return "lower zone";
    case ChestPlace::kCostophrenicAngle: return "costophrenic angle";
    case ChestPlace::kDiaphragm: return "diaphragm";
    case ChestPlace::kMediastinum: return "mediastinum and hila";
    case ChestPlace::kHeart: return "over the heart";
  }
  return "";
}

}  // namespace

PlaceOnChest place_of(const Anatomy& anatomy, SourcePx at) {
  const BodyPx body = anatomy.to_body(at);
  if (!anatomy.heart_body.empty() && encloses(anatomy.heart_body, body)) return {ChestPlace::kHeart, Side::kCentre};
  const Box left = box_of(anatomy.left_body), right = box_of(anatomy.right_body);
  if (encloses(anatomy.left_body, body)) return {place_in_lung(left, body, true), Side::kLeft};
  if (encloses(anatomy.right_body, body)) return {place_in_lung(right, body, false), Side::kRight};
  // Between the lungs: a lung on either side at the same height, or above where only one reaches so far down.
  const double left_middle = (left.left + left.right) / 2, right_middle = (right.left + right.right) / 2;
  const double top = std::min(left.top, right.top), bottom = std::min(left.bottom, right.bottom);
  const bool under_left = is_under(anatomy.left_body, left, body), under_right = is_under(anatomy.right_body, right, body);
  if (under_left && body.x < left.right) return {ChestPlace::kDiaphragm, Side::kLeft};
  if (under_right && body.x > right.left) return {ChestPlace::kDiaphragm, Side::kRight};
  if (body.x > left_middle && body.x < right_middle && body.y >= top && body.y <= bottom)
    return {ChestPlace::kMediastinum, Side::kCentre};
  return {};
}

std::string place_words(PlaceOnChest place, PictureSides sides) {
  const std::string name = name_of(place.place);
  if (place.side != Side::kLeft && place.side != Side::kRight) return name;
  const bool on_left = place.side == Side::kLeft;
  if (sides == PictureSides::kUnknown) return text(name, ", image ", on_left ? "left" : "right");
  const bool patients_left = on_left == (sides == PictureSides::kPatientsLeftIsLeft);
  return text(patients_left ? "left " : "right ", name);
}

}  // namespace chestlight
