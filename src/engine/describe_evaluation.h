// The results of an evaluation as the contract states them: figures as text and number, curves as points.
#pragma once

#include <string>

#include "contract/evaluation.h"
#include "metrics/evaluation.h"

namespace chestlight {

/// name: the finding's for people.
contract::EvaluatedFinding describe(const FindingEvaluation& finding, const std::string& name);
/// Without the films that are called wrongly. `finding` has measures.
contract::FindingMeasures describe_measures(const FindingEvaluation& finding);

}  // namespace chestlight
