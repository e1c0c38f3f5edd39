// How much work each check of explain/checks/trust.h does: shared by the checks and by the count of their requests.
#pragma once

namespace chestlight {

inline constexpr int kRandomRegions = 15;  // with the region itself, two requests
inline constexpr int kCurveSteps = 12;     // points of each curve after its first
inline constexpr int kVariants = 8;        // shifted and re-contrasted films for the score
inline constexpr int kAffordable = 8;      // a method of more requests is not run again for its map's stability
inline constexpr int kRandomMixtures = 3;  // of an affordable method, which is also run with a random head and a random block;
                                           // others with a random head alone

}  // namespace chestlight
