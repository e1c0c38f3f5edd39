#include "metrics/evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "metrics/multiple_tests.h"
#include "metrics/sample_size.h"
#include "metrics/thresholds.h"

namespace chestlight {
namespace {

constexpr int kBins = 10;
constexpr int kHistogramSteps = 20;
constexpr double kSmallestChance = 0.05;

Error wrong_request(std::string message, std::string hint = "") {
  return {ErrorCode::kInvalidRequest, std::move(message), std::move(hint)};
}

/// A place for each finding of the model: its index in the labels, or −1.
Result<std::vector<int>> match_findings(const ModelScores& model, const Labels& labels, const EvaluationOptions& options) {
  std::vector<int> matched;
  for (const std::string& id : model.findings) {
    std::string name = id;
    for (const auto& [finding, other] : options.names)
      if (finding_key(finding) == finding_key(id)) name = other;
    matched.push_back(labels.find(name));
    if (matched.back() < 0 && name != id)
      return wrong_request(text("The labels have no \"", name, "\", which was to be ", id, "."),
                           "Correct the name of the column.");
  }
  return matched;
}

Result<void> check_scores(const ModelScores& model, std::size_t images) {
  const bool prevalences_fit = model.prevalences.empty() || model.prevalences.size() == model.findings.size();
  if (model.thresholds.size() != model.findings.size() || model.scores.size() != model.findings.size() || !prevalences_fit)
    return wrong_request(text("Model ", model.id, " has ", model.findings.size(), " findings, ", model.thresholds.size(),
                              " thresholds and ", model.scores.size(), " lists of scores."));
  for (const std::vector<double>& scores : model.scores) {
    if (scores.size() != images)
      return wrong_request(text("Model ", model.id, " has ", scores.size(), " scores for ", images, " images."));
    for (double score : scores)
      if (!std::isnan(score) && !(score >= 0 && score <= 1))
        return wrong_request(text("Model ", model.id, " has a score outside 0 to 1."));
  }
  return {};
}

/// The films that count for a finding and for which `wanted(image)` holds.
template <class Wanted>
Result<Sample> sample_where(const std::vector<double>& scores, const std::vector<std::int8_t>& labels, const Wanted& wanted) {
  std::vector<double> known;
  std::vector<std::uint8_t> truth;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i]) || labels[i] == kUnknownLabel || !wanted(i)) continue;
    known.push_back(scores[i]);
    truth.push_back(static_cast<std::uint8_t>(labels[i]));
  }
  return Sample::make(std::move(known), std::move(truth));
}

/// "90", "97.5"
std::string percent_of(double share) { return text(std::round(share * 1e4) / 100); }

std::string cost_words(const contract::CallCosts& costs) {
  return text("least cost, a miss as ", costs.miss, " false findings",
              costs.prevalence > 0 ? text(" where ", percent_of(costs.prevalence), " % have it") : "");
}

Result<std::vector<ChosenThreshold>> choose_thresholds(const Sample& sample, const EvaluationOptions& options) {
  using Rule = contract::ThresholdRule;
  std::vector<ChosenThreshold> chosen;
  const auto add = [&](Rule rule, std::string id, std::string name, const Result<double>& threshold) -> Result<void> {
    if (threshold)
      chosen.push_back({std::move(id), std::move(name), *threshold, rates_of(confusion_at(sample, *threshold)), rule});
    else if (threshold.error().code != ErrorCode::kUnavailable) return threshold.error();
    return {};
  };
  const std::string sensitivity = percent_of(options.sensitivity), specificity = percent_of(options.specificity);
  CHESTLIGHT_CHECK(add(Rule::kSensitivity, "sensitivity-" + sensitivity, text("sensitivity of ", sensitivity, " %"),
                       threshold_by_sensitivity(sample, options.sensitivity)));
  CHESTLIGHT_CHECK(add(Rule::kSpecificity, "specificity-" + specificity, text("specificity of ", specificity, " %"),
                       threshold_by_specificity(sample, options.specificity)));
  CHESTLIGHT_CHECK(add(Rule::kYouden, "youden", "largest sum of both (Youden)", threshold_by_youden(sample)));
  CHESTLIGHT_CHECK(add(Rule::kCost, "cost", cost_words(options.costs), threshold_by_cost(sample, options.costs)));
  return chosen;
}

Result<Measures> measure(const Sample& sample, const EvaluationOptions& options) {
  Measures measures;
  CHESTLIGHT_TRY(measures.auroc, auroc(sample));
  CHESTLIGHT_TRY(measures.average_precision, average_precision(sample));
  CHESTLIGHT_TRY(measures.roc, roc_curve(sample));
  CHESTLIGHT_TRY(measures.precision_recall, precision_recall_curve(sample));
  CHESTLIGHT_TRY(measures.triage, conformal_triage(sample, options.goal));
  CHESTLIGHT_TRY(measures.thresholds, choose_thresholds(sample, options));
  measures.sample_size = sample_size_sentence(measures.auroc, sample.positives(), sample.negatives());
  return measures;
}

Result<PrevalenceHere> prevalence_here(const Sample& sample, double model) {
  CHESTLIGHT_TRY(PriorShift shift, estimate_prior_shift(sample.scores(), model));
  CHESTLIGHT_TRY(const Sample corrected,
                 Sample::make(std::move(shift.corrected), {sample.truth().begin(), sample.truth().end()}));
  CHESTLIGHT_TRY(const std::vector<CalibrationBin> bins, calibration_bins(corrected, kBins, Binning::kEqualWidth));
  return PrevalenceHere{model, shift.prevalence, shift.interval, brier_score(corrected), expected_calibration_error(bins)};
}

void count_histogram(const Sample& sample, FindingEvaluation& finding) {
  for (std::vector<int>& counts : finding.histogram) counts.assign(kHistogramSteps, 0);
  for (int i = 0; i < sample.size(); ++i) {
    const int step = std::min(static_cast<int>(sample.scores()[i] * kHistogramSteps), kHistogramSteps - 1);
    ++finding.histogram[sample.truth()[i]][static_cast<std::size_t>(step)];
  }
}

Result<void> measure_groups(const std::vector<double>& scores, const std::vector<std::int8_t>& marks, const Labels& labels,
                            FindingEvaluation& finding) {
  for (const Grouping& group : labels.groups) {
    std::vector<std::string> values = group.values;
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::erase(values, "");
    if (values.size() < 2 || values.size() > 20) continue;  // one value tells nothing; so many are no group
    for (const std::string& value : values) {
      CHESTLIGHT_TRY(const Sample inside, sample_where(scores, marks, [&](std::size_t i) { return group.values[i] == value; }));
      CHESTLIGHT_TRY(const Sample outside, sample_where(scores, marks, [&](std::size_t i) {
                       return !group.values[i].empty() && group.values[i] != value;
                     }));
      GroupEvaluation result{group.name, value, inside.positives(), inside.negatives()};
      result.rates = rates_of(confusion_at(inside, finding.threshold));
      if (const Result<Auroc> area = auroc(inside)) result.auroc = *area;
      if (const Result<AreaDifference> difference = compare_unpaired(inside, outside); difference && difference->variance > 0)
        result.p = difference->p;
      finding.groups.push_back(std::move(result));
    }
  }
  return {};
}

/// All groups of all findings are tested together.
void mark_groups(ModelEvaluation& model) {
  std::vector<GroupEvaluation*> tested;
  for (FindingEvaluation& finding : model.findings)
    for (GroupEvaluation& group : finding.groups)
      if (group.p) tested.push_back(&group);
  std::vector<double> p;
  for (const GroupEvaluation* group : tested) p.push_back(*group->p);
  const std::vector<bool> differs = holm(p, kSmallestChance);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->differs = differs[i];
}

Result<FindingEvaluation> evaluate_finding(const ModelScores& model, std::size_t f, int label, const Labels& labels,
                                           const EvaluationOptions& options) {
  FindingEvaluation finding{model.findings[f]};
  finding.threshold = model.thresholds[f];
  if (label < 0) {
    finding.note = "The labels do not name this finding.";
    return finding;
  }
  const std::vector<std::int8_t>& marks = labels.labels[static_cast<std::size_t>(label)];
  finding.label = labels.findings[static_cast<std::size_t>(label)];
  CHESTLIGHT_TRY(const Sample sample, sample_where(model.scores[f], marks, [](std::size_t) { return true; }));
  finding.positives = sample.positives();
  finding.negatives = sample.negatives();
  finding.confusion = confusion_at(sample, finding.threshold);
  finding.rates = rates_of(finding.confusion);
  count_histogram(sample, finding);
  if (sample.size() > 0) {
    finding.brier = brier_score(sample);
    CHESTLIGHT_TRY(finding.bins, calibration_bins(sample, kBins, Binning::kEqualWidth));
    finding.calibration_error = expected_calibration_error(finding.bins);
    for (double score : sample.scores()) finding.mean_score += score / sample.size();
    std::vector<double> steps;
    for (int percent = 1; percent < 100; ++percent) steps.push_back(percent / 100.0);
    CHESTLIGHT_TRY(finding.decision, decision_curve(sample, steps));
    if (f < model.prevalences.size() && model.prevalences[f]) {
      CHESTLIGHT_TRY(finding.prevalence, prevalence_here(sample, *model.prevalences[f]));
    }
  }
  Result<Measures> measures = measure(sample, options);
  if (measures) {
    finding.measures = std::move(*measures);
    CHESTLIGHT_CHECK(measure_groups(model.scores[f], marks, labels, finding));
  } else if (measures.error().code == ErrorCode::kUnavailable) {
    finding.note = text(measures.error().message, " ", measures.error().hint);
  } else {
    return measures.error();
  }
  return finding;
}

Result<void> compare_models(const ModelScores& first, const std::vector<int>& first_labels, const ModelScores& second,
                            const Labels& labels, std::vector<Comparison>& comparisons) {
  for (std::size_t f = 0; f < first.findings.size(); ++f) {
    const auto other = std::find(second.findings.begin(), second.findings.end(), first.findings[f]);
    if (first_labels[f] < 0 || other == second.findings.end()) continue;
    const std::vector<double>& b = second.scores[static_cast<std::size_t>(other - second.findings.begin())];
    const std::vector<double>& a = first.scores[f];
    const std::vector<std::int8_t>& marks = labels.labels[static_cast<std::size_t>(first_labels[f])];
    const auto both = [&](std::size_t i) { return !std::isnan(a[i]) && !std::isnan(b[i]); };
    CHESTLIGHT_TRY(const Sample one, sample_where(a, marks, both));
    CHESTLIGHT_TRY(const Sample two, sample_where(b, marks, both));
    if (const Result<AreaDifference> difference = compare_paired(one, two))
      comparisons.push_back({first.id, second.id, first.findings[f], one.size(), *difference});
  }
  return {};
}

}  // namespace

Result<Evaluation> evaluate(const std::vector<ModelScores>& models, const Labels& labels, const EvaluationOptions& options) {
  Evaluation evaluation;
  std::vector<std::vector<int>> matched;
  for (const ModelScores& model : models) {
    CHESTLIGHT_CHECK(check_scores(model, labels.patients.size()));
    CHESTLIGHT_TRY(std::vector<int> places, match_findings(model, labels, options));
    matched.push_back(std::move(places));
    ModelEvaluation result{model.id, model.sha256, model.operating_point};
    result.version = model.version;
    for (std::size_t i = 0; i < labels.patients.size(); ++i)
      result.films += labels.has_row[i] && !model.scores.empty() && !std::isnan(model.scores[0][i]);
    for (std::size_t f = 0; f < model.findings.size(); ++f) {
      CHESTLIGHT_TRY(FindingEvaluation finding, evaluate_finding(model, f, matched.back()[f], labels, options));
      result.findings.push_back(std::move(finding));
    }
    mark_groups(result);
    evaluation.models.push_back(std::move(result));
  }
  for (std::size_t a = 0; a < models.size(); ++a)
    for (std::size_t b = a + 1; b < models.size(); ++b)
      CHESTLIGHT_CHECK(compare_models(models[a], matched[a], models[b], labels, evaluation.comparisons));
  return evaluation;
}

}  // namespace chestlight
