#include "metrics/profile.h"

#include <cmath>

#include "base/version.h"
#include "contract/site_profile_json.h"
#include "findings/site_profile.h"
#include "study/export.h"

namespace chestlight {
namespace {

bool can_be_used(double score) { return score > 0 && score < 1; }

contract::Bounds bounds_of(const Interval& interval) { return {interval.low, interval.high}; }

std::optional<contract::ProfileThreshold> threshold_of(const Measures& measures, contract::ThresholdRule rule) {
  for (const ChosenThreshold& chosen : measures.thresholds) {
    if (chosen.rule != rule || !can_be_used(chosen.threshold)) continue;
    const Share &sensitivity = chosen.rates.sensitivity, &specificity = chosen.rates.specificity;
    return contract::ProfileThreshold{chosen.threshold,
                                      chosen.name,
                                      sensitivity.value.value_or(0),
                                      bounds_of(sensitivity.interval),
                                      specificity.value.value_or(0),
                                      bounds_of(specificity.interval)};
  }
  return std::nullopt;
}

std::optional<contract::ProfileZone> zone_of_profile(const std::optional<TriageZone>& zone) {
  if (!zone || !can_be_used(zone->edge)) return std::nullopt;
  return contract::ProfileZone{zone->edge, zone->films, zone->right, bounds_of(wilson_interval(zone->right, zone->films))};
}

}  // namespace

contract::SiteProfile site_profile(const ModelEvaluation& model, const EvaluationOptions& options, contract::ThresholdRule rule,
                                   const std::string& date) {
  contract::SiteProfile profile{kProfileKind, 1, {model.id, model.sha256, model.version}, date, model.films};
  profile.ppv = options.goal.ppv;
  profile.npv = options.goal.npv;
  profile.confidence = options.goal.confidence;
  for (const FindingEvaluation& finding : model.findings) {
    if (!finding.measures) continue;
    profile.findings.push_back({finding.id, finding.positives, finding.negatives, threshold_of(*finding.measures, rule),
                                zone_of_profile(finding.measures->triage.called),
                                zone_of_profile(finding.measures->triage.cleared)});
  }
  profile.app = app_name_and_version();
  profile.notice = kExportNotice;
  return profile;
}

std::string site_profile_json(const contract::SiteProfile& profile) { return write_indented_json(to_json(profile)) + "\n"; }

}  // namespace chestlight
