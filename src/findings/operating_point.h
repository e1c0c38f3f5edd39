// Above, borderline or below: a calibrated score against its threshold.
//
// A film that is a little darker or cropped a little differently moves a score by several per cent, so a
// score near the threshold is called what it is: borderline. With threshold t the borderline band is
//
//     0.9·t ≤ score ≤ 1.1·t        both ends included
//
// For t above 5/6 the upper end is halfway between t and 1 instead, so that a score can still be above. The
// comparison allows for the rounding of decimal figures to float: 0.11 against 0.10 is borderline, as it
// reads.
#pragma once

#include "contract/analysis.h"
#include "findings/scores.h"

namespace chestlight {

using contract::FindingState;

/// `score` is finite, `threshold` lies in (0, 1).
FindingState finding_state(Calibrated score, Calibrated threshold);

}  // namespace chestlight
