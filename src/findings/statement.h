// Scores in words. Plain sentences for the summary line and for each finding.
//
// The words never say that a film is normal, healthy or clear, never that a finding is there or is not, and
// never speak of probability where the number was not calibrated. They say what the model scored, against
// which threshold, and what that threshold was chosen for.
#pragma once

#include <span>
#include <string>

#include "findings/manifest.h"
#include "findings/operating_point.h"
#include "findings/scores.h"
#include "findings/zone_statement.h"

namespace chestlight {

using contract::Summary;

/// `states`: one per label of the manifest.
Summary summarise(std::span<const FindingState> states);

/// One to three sentences on one finding: score, threshold, state, what the operating point means.
std::string finding_sentence(const Label& label, Calibrated score, Calibrated threshold, const OperatingPoint& operating_point);

}  // namespace chestlight
