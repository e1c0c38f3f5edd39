// What is known of a score from films that the network was not trained on: arithmetic on the tables of a manifest.
//
// Everything follows from how many films with and without the finding there were, and from 64 quantiles of the logit in each
// group. Between two knots the share of films below a logit is a straight line. Below the first and above the last knot lies
// 1/128 of the films, of which no more is said: shares end at 1/128 and 127/128. A film at the threshold is called.
// Logits here are those of the network, before calibration. Nothing here reads a file or makes words (statement.h).
#pragma once

#include <span>
#include <vector>

#include "contract/model.h"

namespace chestlight {

using contract::Bounds;
using contract::EvaluatedFilms;
using contract::ScoreEvaluation;

inline constexpr int kKnots = 64;

/// A share of films, 0..1, with its 95 % interval.
struct Proportion {
  double value = 0;
  Bounds interval{};
};

/// Share of films whose logit is lower, 1/128..127/128. `knots` as in Evaluation.
double share_below(std::span<const double> knots, double logit);
/// The logit that this share of films lies below; the first or last knot for shares beyond theirs.
double quantile(std::span<const double> knots, double share);

/// Wilson's score interval, 95 %, of a share seen in `count` films (count > 0).
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
Bounds wilson(double share, int count);

/// Of calling every film whose logit is `logit` or higher.
Proportion sensitivity(const ScoreEvaluation& evaluation, double logit);
Proportion specificity(const ScoreEvaluation& evaluation, double logit);

/// Share of films without the finding that score lower, 0..100.
double percentile(const ScoreEvaluation& evaluation, double logit);

/// How much more often a film with the finding scores about this high than one without. "About": the tenth of films to either
/// side, both groups weighing the same; half a film is added to each count, so that it is never 0 or infinite.
double likelihood_ratio(const ScoreEvaluation& evaluation, double logit);

/// A threshold's meaning where `prevalence` (0..1, both excluded) of the films have the finding. Intervals of the predictive
/// values come from both ends of those of sensitivity and specificity: wider than needed, never narrower.
struct AtPrevalence {
  Proportion positive;  // predictive value: of the films called, those that have it
  Proportion negative;  // of the films not called, those that do not
  double called = 0;    // of 100 films
  double rightly = 0;   // of those
};
AtPrevalence at_prevalence(const ScoreEvaluation& evaluation, double logit, double prevalence);

/// A point of the ROC curve; from (0, 0) to (1, 1), neither coordinate falls.
struct CurvePoint {
  double false_positives = 0;  // 1 − specificity
  double sensitivity = 0;
};
std::vector<CurvePoint> roc_curve(const ScoreEvaluation& evaluation);

}  // namespace chestlight
