// A site profile made of an evaluation: of each finding with films of both kinds the threshold that one rule found, with what it
// did on these films, and the zones that were proved.
#pragma once

#include <string>

#include "contract/site_profile.h"
#include "metrics/evaluation.h"

namespace chestlight {

/// date: as "2026-12-01". A finding without measures is left out; a threshold that calls no film, or is no score between 0 and 1,
/// too.
contract::SiteProfile site_profile(const ModelEvaluation& model, const EvaluationOptions& options, contract::ThresholdRule rule,
                                   const std::string& date);
/// The same as the file has it.
std::string site_profile_json(const contract::SiteProfile& profile);

}  // namespace chestlight
