// What else the network's features tell, by one weighted sum each: whether the picture is an upright chest film at all,
// and whether anything is found in it. They cost nothing beside the network and are fitted with it.
//
//   score = bias + Σ_k weights[k] · pooled[k],   pooled[k] = mean of feature k over all cells
//
// A reason is raised where its score is above 0; how often that is right and wrong was measured on films that it was not
// fitted on, and stands in `measured`. A picture unlike all of those may still pass: this is a net, not a wall.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "findings/calibration.h"
#include "findings/evaluation.h"
#include "findings/gate.h"
#include "findings/scores.h"

namespace chestlight {

struct FeatureHead {
  std::vector<float> weights;  // one per feature of the network
  float bias = 0;
};

/// A reason of the gate that is seen in features only.
struct LearnedReason {
  FeatureHead head;
  Reason reason;
  std::string measured;  // hit rate and false alarms, with the films they were measured on
};

/// How likely it is that a reader's report names any of the model's findings.
struct AnyFinding {
  FeatureHead head;
  Calibration calibration;
  std::string measured;
  std::optional<ScoreEvaluation> evaluation;
  std::vector<Calibrated> thresholds;  // one for each operating point, or none
};

struct FeatureHeads {
  std::vector<LearnedReason> reasons;
  std::optional<AnyFinding> any_finding;
};

/// Means over the cells: `values` is [channels, cells].
std::vector<float> pooled_features(std::span<const float> values, int channels);

float head_score(const FeatureHead& head, std::span<const float> pooled);

/// The reasons whose score is above 0, in the manifest's order; each text ends with what was measured.
std::vector<Reason> check_features(const std::vector<LearnedReason>& reasons, std::span<const float> pooled);

Calibrated any_finding_score(const AnyFinding& any, std::span<const float> pooled);

}  // namespace chestlight
