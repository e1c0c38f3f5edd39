// A threshold of the reader's own for one finding, tried: what it would call, how often rightly, and where few or many films
// have the finding. It changes no result: state, zone and exports follow the model's thresholds. What was tried last is
// remembered by finding, as is the prevalence. Thresholds and scores are calibrated, in 0..1.
#pragma once

#include <optional>
#include <string>

#include "findings/calibration.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// What the model in use tells of a finding; null where it has none of that id.
const LabelInfo* find_label(const State& state, const std::string& id);
Calibration calibration_of(const LabelInfo& label);

/// Along the logit, from the 1st percentile of films without the finding to the 99th of films with it.
struct ScoreScale {
  double low = 0, high = 1;  // low < high
  /// 0 at the low end, 1 at the high one.
  double at(double logit) const;
};
/// Nothing where nothing is known of the score.
std::optional<ScoreScale> score_scale(const LabelInfo& label);

struct ThresholdTrial {
  double threshold = 0.5;
  double logit = 0;  // of the threshold
  double prevalence = 0.1;
  std::string threshold_text;   // "0.12"
  std::string verdict;          // "At 0.12 this film is called."
  std::string evaluation;       // sensitivity, specificity, AUROC and counts
  std::string prevalence_text;  // "5.0 %"
  std::string at_prevalence;    // "Of 100 such films 12 are called, 4 of them rightly. …"
};
/// Begins at the threshold in use and at the share of the evaluation's films that have the finding. Nothing where nothing is
/// known of the score.
std::optional<ThresholdTrial> threshold_trial(const State& state, const Finding& finding);
bool can_try_threshold(const State& state);

/// Nothing is changed for a finding that the model has not, or for values that are none between 0 and 1.
void try_threshold(State& state, const std::string& finding, double threshold);
void set_prevalence(State& state, const std::string& finding, double prevalence);

/// The next threshold on the scale and the next prevalence, for keys and buttons; `step` is −1 or +1.
double stepped_threshold(const State& state, const Finding& finding, int step);
double stepped_prevalence(const State& state, const Finding& finding, int step);

constexpr double kRarest = 0.001, kCommonest = 0.9;

}  // namespace chestlight::viewer
