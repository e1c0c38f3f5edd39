#include "findings/zone.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight {

ZoneLimits zone_limits(const ScoreEvaluation& evaluation) {
  const double rule_out = quantile(evaluation.with, 1 - kRuleOutSensitivity);
  const double rule_in = quantile(evaluation.without, kRuleInSpecificity);
  if (rule_out <= rule_in) return {rule_out, rule_in};
  const double middle = (rule_out + rule_in) / 2;
  return {middle, middle};
}

std::string why_not_assessed(bool trained, const std::optional<ScoreEvaluation>& evaluation) {
  if (!trained) return "The model was not trained to find it.";
  if (!evaluation) return "Nothing is known of how good its score is: the model brings no evaluation of it.";
  if (evaluation->positives < kFewestFilms)
    return text("Only ", evaluation->positives, evaluation->positives == 1 ? " film" : " films",
                " of the evaluation had it; at least ", kFewestFilms, " are needed.");
  if (const Bounds& interval = evaluation->auroc_interval; interval[0] <= kPoorAuroc)
    return text("The evaluation leaves open whether the score tells it at all: AUROC ", fixed(interval[0], 2), " to ",
                fixed(interval[1], 2), ", where more than ", fixed(kPoorAuroc, 2), " is needed.");
  return "";
}

namespace {

void use_local_zones(Reading& reading, const LocalZones& local) {
  if (local.unlikely_below) reading.rule_out = local.unlikely_below;
  if (local.likely_from) reading.rule_in = local.likely_from;
  if (!reading.rule_out || !reading.rule_in || reading.rule_out->value <= reading.rule_in->value) return;
  (local.likely_from ? reading.rule_out : reading.rule_in) = local.likely_from ? reading.rule_in : reading.rule_out;
}

}  // namespace

Reading read_score(Logit logit, const Calibration& calibration, bool trained, const std::optional<ScoreEvaluation>& evaluation,
                   const std::optional<LocalZones>& local) {
  Reading reading;
  reading.reason = why_not_assessed(trained, evaluation);
  if (trained && evaluation) reading.percentile = percentile(*evaluation, logit.value);
  if (reading.reason.empty()) {
    const ZoneLimits limits = zone_limits(*evaluation);
    reading.rule_out = calibrate({static_cast<float>(limits.rule_out)}, calibration);
    reading.rule_in = calibrate({static_cast<float>(limits.rule_in)}, calibration);
    reading.likelihood_ratio = likelihood_ratio(*evaluation, logit.value);
  }
  if (local) {
    reading.reason.clear();
    use_local_zones(reading, *local);
  }
  if (!reading.reason.empty()) return reading;
  // As every threshold: calibrated values are compared, so that who has only the figures comes to the same zone.
  const float score = calibrate(logit, calibration).value;
  reading.zone = reading.rule_out && score < reading.rule_out->value  ? Zone::kUnlikely
                 : reading.rule_in && score >= reading.rule_in->value ? Zone::kLikely
                                                                      : Zone::kUncertain;
  return reading;
}

}  // namespace chestlight
