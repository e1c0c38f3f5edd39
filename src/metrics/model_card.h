// An evaluation as a model card: the elements of the Applied Model Card of the Coalition for Health AI, as JSON.
//
// What the model brings along and what was measured fills them; "Not stated." stands where neither says anything, and nothing is
// made up. Results are labels with a value, an interval and the films behind it. Source: mc.chai.org, schema v0.2.
#pragma once

#include <string>

#include "contract/model.h"
#include "metrics/evaluation.h"
#include "metrics/evaluation_report.h"

namespace chestlight {

/// {AppliedModelCard: {BasicInfo, ReleaseInfo, ModelSummary, UsesAndDirections, Warnings, TrustIngredients, KeyMetrics,
/// Resources, Bibliography}}, indented.
std::string applied_model_card(const contract::ModelInfo& model, const ModelEvaluation& evaluation, const Labels& labels,
                               const ReportFacts& facts);

}  // namespace chestlight
