// How good models are on films with labels: every figure of the report, for each model and finding, and models against each
// other.
//
// Values in, values out: nothing here reads a film or a table. A film counts for a finding where it has a score and a known
// label; for a comparison of two models where both have scored it. Intervals are of 95 %.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/evaluation.h"
#include "metrics/calibration_measures.h"
#include "metrics/conformal_triage.h"
#include "metrics/decision_curve.h"
#include "metrics/labels/join.h"
#include "metrics/precision_recall.h"
#include "metrics/prior_shift.h"
#include "metrics/rates.h"
#include "metrics/roc.h"

namespace chestlight {

/// What a model said of each image.
struct ModelScores {
  std::string id, sha256, operating_point;
  std::vector<std::string> findings;
  std::vector<double> thresholds;           // one for each finding
  std::vector<std::vector<double>> scores;  // [finding][image], probabilities; NaN where the image was not analysed
  std::string version = "";
  // One for each finding, or none: how frequent it was where its probabilities were evaluated; nothing where that is not known.
  std::vector<std::optional<double>> prevalences = {};
};

struct GroupEvaluation {
  std::string group, value;  // "sex", "F"
  int positives = 0, negatives = 0;
  std::optional<Auroc> auroc;
  Rates rates;              // at the model's threshold
  std::optional<double> p;  // of the area here against that of all other films; empty where one of them has no variance
  bool differs = false;     // beyond chance, with all groups and findings of the model taken together (Holm)
};

struct ChosenThreshold {
  std::string id, name;  // "youden", "Youden"
  double threshold = 0;
  Rates rates;  // on the films that it was chosen on
  contract::ThresholdRule rule = contract::ThresholdRule::kYouden;
};

/// Everything that needs films with and without the finding.
struct Measures {
  Auroc auroc;
  double average_precision = 0;
  std::vector<RocPoint> roc;
  std::vector<PrecisionRecallPoint> precision_recall;
  std::vector<ChosenThreshold> thresholds;
  Triage triage;
  std::string sample_size;  // a sentence
};

/// How frequent a finding is by the scores alone (prior_shift.h), and what the scores are worth when they are corrected for that.
struct PrevalenceHere {
  double model = 0;      // where the model was evaluated
  double estimated = 0;  // here
  Interval interval;
  double brier = 0, calibration_error = 0;  // of the corrected scores
};

struct FindingEvaluation {
  std::string id;
  std::string label;  // what the table calls it; empty where it has no such finding
  int positives = 0, negatives = 0;
  std::string note;  // why there are no measures; empty where there are
  double threshold = 0;
  Confusion confusion;
  Rates rates;
  double mean_score = 0, brier = 0, calibration_error = 0;  // where any film counts
  std::optional<PrevalenceHere> prevalence;                 // where any film counts and the model's is known
  std::vector<CalibrationBin> bins;
  std::vector<DecisionPoint> decision;
  std::vector<int> histogram[2];  // films in 20 steps of the score: without, with the finding
  std::optional<Measures> measures;
  std::vector<GroupEvaluation> groups;
};

struct ModelEvaluation {
  std::string id, sha256, operating_point;
  int films = 0;  // with a score and a row
  std::vector<FindingEvaluation> findings;
  std::string version = "";
};

struct Comparison {
  std::string first, second, finding;  // ids
  int films = 0;
  AreaDifference difference;
};

struct Evaluation {
  std::vector<ModelEvaluation> models;
  std::vector<Comparison> comparisons;  // of each pair of models, for the findings that both have
};

struct EvaluationOptions {
  std::vector<std::pair<std::string, std::string>> names;  // a model's finding and what the table calls it, where names differ
  TriageGoal goal;
  contract::CallCosts costs;                    // of the threshold of least cost
  double sensitivity = 0.9, specificity = 0.9;  // that thresholds are to reach
};

/// Errors: "invalid-request" (sizes that do not fit, a score that is no probability, a name that is not in the table).
Result<Evaluation> evaluate(const std::vector<ModelScores>& models, const Labels& labels, const EvaluationOptions& options = {});

}  // namespace chestlight
