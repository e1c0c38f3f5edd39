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
constexpr double kReach = 0.1;            // beyond a lung's outer edge or top, of its width or height
constexpr double kWall = 0.12;            // of the chest beside the lungs, of the width of both
constexpr double kAbove = 0.08;           // of the chest above the lungs, of the height of both
constexpr double kUnder = 0.25;           // of the chest under the lungs, the same

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

ChestPlaces::Box ChestPlaces::box_of(const std::vector<BodyPx>& outline) {
  if (outline.empty()) return {};
  Box box{outline[0].x, outline[0].y, outline[0].x, outline[0].y};
  for (const BodyPx& point : outline) {
    box.left = std::min(box.left, point.x), box.right = std::max(box.right, point.x);
    box.top = std::min(box.top, point.y), box.bottom = std::max(box.bottom, point.y);
  }
  return box;
}

ChestPlaces::ChestPlaces(const Anatomy& anatomy)
    : anatomy_(anatomy),
      left_(box_of(anatomy.left_body)),
      right_(box_of(anatomy.right_body)),
      heart_(box_of(anatomy.heart_body)) {
  chest_ = {std::min(left_.left, right_.left), std::min(left_.top, right_.top), std::max(left_.right, right_.right),
            std::max(left_.bottom, right_.bottom)};
  const double width = chest_.width(), height = chest_.height();
  chest_.left -= kWall * width, chest_.right += kWall * width;
  chest_.top -= kAbove * height, chest_.bottom += kUnder * height;
}

ChestPlace ChestPlaces::place_in_lung(const Box& lung, BodyPx at, bool on_left) {
  const double down = (at.y - lung.top) / lung.height();
  const double inwards = (on_left ? at.x - lung.left : lung.right - at.x) / lung.width();
  if (down < kApexHeight) return ChestPlace::kApex;
  if (down > 1 - kAngleHeight && inwards < kAngleWidth) return ChestPlace::kCostophrenicAngle;
  if (down < 1.0 / 3) return ChestPlace::kUpperZone;
  return down < 2.0 / 3 ? ChestPlace::kMiddleZone : ChestPlace::kLowerZone;
}

/// Whether the lung lies straight above the point, and not too far.
bool ChestPlaces::is_under(const std::vector<BodyPx>& outline, const Box& lung, BodyPx at) {
  if (at.x < lung.left || at.x > lung.right) return false;
  double lowest = -1e300;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const BodyPx &a = outline[i], &b = outline[(i + 1) % outline.size()];
    if ((a.x > at.x) == (b.x > at.x)) continue;
    lowest = std::max(lowest, a.y + (b.y - a.y) * (at.x - a.x) / (b.x - a.x));
  }
  return at.y >= lowest && at.y <= std::max(lowest, lung.bottom) + kDiaphragmDepth * lung.height();
}

PlaceOnChest ChestPlaces::at(SourcePx point) const {
  const BodyPx body = anatomy_.to_body(point);
  auto within = [&](const Box& box, const std::vector<BodyPx>& outline) { return box.holds(body) && encloses(outline, body); };
  if (!anatomy_.heart_body.empty() && within(heart_, anatomy_.heart_body)) return {ChestPlace::kHeart, Side::kCentre};
  if (within(left_, anatomy_.left_body)) return {place_in_lung(left_, body, true), Side::kLeft};
  if (within(right_, anatomy_.right_body)) return {place_in_lung(right_, body, false), Side::kRight};
  // Between the lungs: a lung on either side at the same height, or above where only one reaches so far down.
  const double left_middle = (left_.left + left_.right) / 2, right_middle = (right_.left + right_.right) / 2;
  const double top = std::min(left_.top, right_.top), bottom = std::min(left_.bottom, right_.bottom);
  if (body.x < left_.right && is_under(anatomy_.left_body, left_, body)) return {ChestPlace::kDiaphragm, Side::kLeft};
  if (body.x > right_.left && is_under(anatomy_.right_body, right_, body)) return {ChestPlace::kDiaphragm, Side::kRight};
  if (body.x > left_middle && body.x < right_middle && body.y >= top && body.y <= bottom)
    return {ChestPlace::kMediastinum, Side::kCentre};
  return {};
}

bool ChestPlaces::in_chest(SourcePx point) const { return chest_.holds(anatomy_.to_body(point)); }

bool ChestPlaces::left_of_middle(SourcePx point) const { return anatomy_.to_body(point).x < (left_.right + right_.left) / 2; }

std::optional<ChestPlaces::NearLung> ChestPlaces::near_lung(SourcePx point) const {
  const BodyPx body = anatomy_.to_body(point);
  const bool on_left = body.x < (left_.right + right_.left) / 2;
  const Box& lung = on_left ? left_ : right_;
  const NearLung near{on_left, (on_left ? body.x - lung.left : lung.right - body.x) / lung.width(),
                      (body.y - lung.top) / lung.height()};
  if (near.inwards < -kReach || near.inwards > 1 || near.down < -kReach || near.down > 1) return std::nullopt;
  return near;
}

bool ChestPlaces::under_mediastinum(SourcePx point) const {
  const BodyPx body = anatomy_.to_body(point);
  return body.y > std::min(left_.bottom, right_.bottom) && body.x > (left_.left + left_.right) / 2 &&
         body.x < (right_.left + right_.right) / 2;
}

PlaceOnChest place_of(const Anatomy& anatomy, SourcePx at) { return ChestPlaces(anatomy).at(at); }

std::string place_words(PlaceOnChest place, PictureSides sides) {
  const std::string name = name_of(place.place);
  if (place.side != Side::kLeft && place.side != Side::kRight) return name;
  const bool on_left = place.side == Side::kLeft;
  if (sides == PictureSides::kUnknown) return text(name, ", image ", on_left ? "left" : "right");
  const bool patients_left = on_left == (sides == PictureSides::kPatientsLeftIsLeft);
  return text(patients_left ? "left " : "right ", name);
}

}  // namespace chestlight
