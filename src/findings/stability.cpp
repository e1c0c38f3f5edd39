#include "findings/stability.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "findings/zone_statement.h"

namespace chestlight {
namespace {

constexpr double kSmallShift = 0.02, kTighterCrop = 0.96, kMoreContrast = 1.1, kLessContrast = 0.9;
constexpr std::size_t kMostNamed = 3;  // changes that a sentence names

constexpr std::array<SmallChange, 8> kSmallChanges = {{
    {"a shift to the left", {.right = -kSmallShift}},
    {"a shift to the right", {.right = kSmallShift}},
    {"a shift upwards", {.down = -kSmallShift}},
    {"a shift downwards", {.down = kSmallShift}},
    {"more contrast", {.contrast = kMoreContrast}},
    {"less contrast", {.contrast = kLessContrast}},
    {"a tighter crop", {.crop = kTighterCrop}},
    {"the mirror image", {.mirrored = true}},
}};

/// "a shift upwards and the mirror image made it likely"; empty where nothing did.
std::string what_moved_it(Zone zone, std::span<const ZonedScore> changed) {
  std::vector<const char*> names;
  for (std::size_t i = 0; i < changed.size(); ++i)
    if (changed[i].zone == zone) names.push_back(kSmallChanges[i].name);
  if (names.empty()) return "";
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) all += text(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
  if (names.size() > kMostNamed) all = text(names.size(), " of them");
  return text(all, " made it ", zone_in_words(zone));
}

}  // namespace

std::span<const SmallChange> small_changes() { return kSmallChanges; }

contract::FindingStability finding_stability(std::string_view finding, ZonedScore own, std::span<const ZonedScore> changed) {
  contract::FindingStability stability{std::string(finding), own.score.value, own.score.value, own.zone, own.zone};
  for (const ZonedScore& one : changed) {
    stability.low = std::min<double>(stability.low, one.score.value);
    stability.high = std::max<double>(stability.high, one.score.value);
    stability.lowest_zone = std::min(stability.lowest_zone, one.zone);
    stability.highest_zone = std::max(stability.highest_zone, one.zone);
  }
  stability.flips = stability.lowest_zone != stability.highest_zone;

  const std::string low = score_figure({static_cast<float>(stability.low)});
  const std::string high = score_figure({static_cast<float>(stability.high)});
  stability.text = text(low, low == high ? "" : " to " + high, " over ", changed.size(), " small changes of the picture");
  if (own.zone == Zone::kNotAssessed) {
    stability.text += ".";
  } else if (!stability.flips) {
    stability.text += text("; ", zone_in_words(own.zone), " in all.");
  } else {
    stability.text += text("; ", zone_in_words(stability.lowest_zone), " to ", zone_in_words(stability.highest_zone));
    const char* before = ": ";
    for (Zone zone : {Zone::kUnlikely, Zone::kUncertain, Zone::kLikely}) {
      if (zone == own.zone) continue;
      if (const std::string moved = what_moved_it(zone, changed); !moved.empty()) stability.text += before + moved, before = "; ";
    }
    stability.text += ".";
  }
  return stability;
}

}  // namespace chestlight
