// Unlikely, uncertain, likely, or not assessed: a score against what is known of it.
//
// The rule-out threshold is the highest with a sensitivity of 0.95, the rule-in threshold the lowest with a specificity of 0.95,
// both from the evaluation's quantiles. A score that is below the first is unlikely, one at or above the second likely. Where a
// finding is told so well that the two cross, both move to the middle between them: it is then unlikely or likely.
// A finding is not assessed where fewer than 50 films of the evaluation have it, where the 95 % interval of its AUROC reaches
// down to 0.6 or lower, where the network was never taught it, and where there is no evaluation of it.
#pragma once

#include <optional>
#include <string>

#include "contract/analysis.h"
#include "findings/calibration.h"
#include "findings/evaluation.h"
#include "findings/scores.h"

namespace chestlight {

using contract::Zone;

inline constexpr int kFewestFilms = 50;
inline constexpr double kPoorAuroc = 0.6;
inline constexpr double kRuleOutSensitivity = 0.95, kRuleInSpecificity = 0.95;

struct ZoneLimits {
  double rule_out = 0, rule_in = 0;  // logits; rule_out <= rule_in
};
ZoneLimits zone_limits(const ScoreEvaluation& evaluation);

/// Limits that were found on films of one's own (findings/site_profile.h). Nothing: that zone was not proved there.
struct LocalZones {
  std::optional<Calibrated> unlikely_below, likely_from;
};

/// The order of findings by zone: likely first, what is not assessed last; within a zone by likelihood ratio.
template <class Finding>
bool stands_before(const Finding& a, const Finding& b) {
  auto rank = [](const Finding& finding) { return finding.zone == Zone::kNotAssessed ? -1 : static_cast<int>(finding.zone); };
  if (rank(a) != rank(b)) return rank(a) > rank(b);
  if (a.likelihood_ratio && b.likelihood_ratio) return *a.likelihood_ratio > *b.likelihood_ratio;
  return a.calibrated > b.calibrated;
}

/// Why a finding's score cannot be put into a zone, in a sentence; empty where it can.
std::string why_not_assessed(bool trained, const std::optional<ScoreEvaluation>& evaluation);

/// All that a score tells. Of the limits one may be missing, where the zones are a site's own and nothing else is known.
struct Reading {
  Zone zone = Zone::kNotAssessed;
  std::string reason;                  // why it is not assessed
  std::optional<double> percentile;    // 0..100; where there is an evaluation
  std::optional<Calibrated> rule_out;  // these three where it is assessed
  std::optional<Calibrated> rule_in;
  std::optional<double> likelihood_ratio;
};
/// local: the zones of a site come before the model's own; a side that has none keeps the model's limit, which gives way where
/// the two would cross.
Reading read_score(Logit logit, const Calibration& calibration, bool trained, const std::optional<ScoreEvaluation>& evaluation,
                   const std::optional<LocalZones>& local = std::nullopt);

}  // namespace chestlight
