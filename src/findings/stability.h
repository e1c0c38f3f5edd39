// Small changes of the picture, and how far they move a score: a shift of 2 % of the side either way, contrast 10 % higher and
// lower, a crop 4 % tighter, the mirror image. A trustworthy score hardly moves; one that moves into another zone is to be read
// with care. Scores are calibrated.
#pragma once

#include <span>
#include <string_view>

#include "contract/analysis.h"
#include "findings/preprocess.h"
#include "findings/scores.h"
#include "findings/zone.h"

namespace chestlight {

struct SmallChange {
  const char* name;  // within a sentence: "the mirror image"
  InputChange change;
};
/// In the order in which they are tried.
std::span<const SmallChange> small_changes();

struct ZonedScore {
  Calibrated score;
  Zone zone = Zone::kNotAssessed;
};
/// Of the picture as it is, and of each of small_changes() in their order. In words: "0.050 to 0.090 over 8 small changes of the
/// picture; uncertain to likely: the mirror image made it likely."
contract::FindingStability finding_stability(std::string_view finding, ZonedScore own, std::span<const ZonedScore> changed);

}  // namespace chestlight
