// See threshold_trial.h.
#include "viewer/state/threshold_trial.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "findings/zone_statement.h"
#include "viewer/state/explanations.h"

namespace chestlight::viewer {
namespace {

constexpr double kLowEnd = 0.01, kHighEnd = 0.99;  // percentiles of films without and with the finding
constexpr int kSteps = 40;                         // of the scale
constexpr double kRarer = 0.8;                     // factor of a step of prevalence
constexpr double kSmallestThreshold = 1e-6;        // calibrated: scores are floats

double within(double threshold) { return std::clamp(threshold, kSmallestThreshold, 1 - kSmallestThreshold); }

double value_of(const std::map<std::string, double>& own, const std::string& finding, double otherwise) {
  auto found = own.find(finding);
  return found == own.end() ? otherwise : found->second;
}

}  // namespace

const LabelInfo* find_label(const State& state, const std::string& id) {
  auto found =
      std::find_if(state.model.labels.begin(), state.model.labels.end(), [&](const LabelInfo& label) { return label.id == id; });
  return found == state.model.labels.end() ? nullptr : &*found;
}

Calibration calibration_of(const LabelInfo& label) {
  return {Calibration::Kind::kPlatt, static_cast<float>(label.calibration.scale), static_cast<float>(label.calibration.offset)};
}

double ScoreScale::at(double logit) const { return std::clamp((logit - low) / (high - low), 0.0, 1.0); }

std::optional<ScoreScale> score_scale(const LabelInfo& label) {
  if (!label.evaluation) return std::nullopt;
  const double low = quantile(label.evaluation->without, kLowEnd), high = quantile(label.evaluation->with, kHighEnd);
  if (!(low < high)) return std::nullopt;
  return ScoreScale{low, high};
}

std::optional<ThresholdTrial> threshold_trial(const State& state, const Finding& finding) {
  const LabelInfo* label = find_label(state, finding.id);
  if (!label || !label->evaluation) return std::nullopt;
  const ScoreEvaluation& evaluation = *label->evaluation;
  const Calibration calibration = calibration_of(*label);
  ThresholdTrial trial;
  trial.threshold = within(value_of(state.settings.thresholds, finding.id, finding.threshold));
  const double share = static_cast<double>(evaluation.positives) / (evaluation.positives + evaluation.negatives);
  trial.prevalence = std::clamp(value_of(state.settings.prevalences, finding.id, share), kRarest, kCommonest);
  const Calibrated threshold{static_cast<float>(trial.threshold)};
  trial.logit = logit_at(threshold, calibration).value;
  trial.threshold_text = score_figure(threshold);
  trial.verdict =
      text("At ", trial.threshold_text, " this film is ", finding.calibrated >= trial.threshold ? "" : "not ", "called.");
  trial.evaluation = evaluation_sentence(evaluation, threshold, calibration);
  trial.prevalence_text = fixed(100 * trial.prevalence, trial.prevalence < 0.1 ? 1 : 0) + " %";
  trial.at_prevalence = prevalence_sentence(evaluation, threshold, calibration, trial.prevalence);
  return trial;
}

bool can_try_threshold(const State& state) {
  const Finding* finding = pinned_finding(state);
  const LabelInfo* label = finding ? find_label(state, finding->id) : nullptr;
  return label && label->evaluation;
}

void try_threshold(State& state, const std::string& finding, double threshold) {
  if (find_label(state, finding) && threshold > 0 && threshold < 1) state.settings.thresholds[finding] = within(threshold);
}

void set_prevalence(State& state, const std::string& finding, double prevalence) {
  if (find_label(state, finding) && prevalence > 0 && prevalence < 1)
    state.settings.prevalences[finding] = std::clamp(prevalence, kRarest, kCommonest);
}

double stepped_threshold(const State& state, const Finding& finding, int step) {
  const auto trial = threshold_trial(state, finding);
  if (!trial) return finding.threshold;
  const LabelInfo& label = *find_label(state, finding.id);
  const auto scale = score_scale(label);
  if (!scale) return trial->threshold;
  const double size = (scale->high - scale->low) / kSteps;
  const double logit = std::clamp(trial->logit + step * size, scale->low, scale->high);
  return within(calibrate({static_cast<float>(logit)}, calibration_of(label)).value);
}

double stepped_prevalence(const State& state, const Finding& finding, int step) {
  const auto trial = threshold_trial(state, finding);
  if (!trial) return kRarest;
  return std::clamp(step < 0 ? trial->prevalence * kRarer : trial->prevalence / kRarer, kRarest, kCommonest);
}

}  // namespace chestlight::viewer
