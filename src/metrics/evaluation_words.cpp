#include "metrics/evaluation_words.h"

#include <cmath>

#include "base/text.h"

namespace chestlight {
namespace {

void add_zone(std::vector<std::string>& sentences, const std::optional<TriageZone>& zone,
              const std::optional<TriageRefusal>& refusal, std::string_view what, int films) {
  if (zone)
    sentences.push_back(
        text(what, fixed(zone->edge, 4), ": ", zone->films, " of ", films, " films, ", zone->right, " of them rightly."));
  else if (refusal) sentences.push_back(refusal->reason);
}

}  // namespace

std::string interval_words(const Interval& interval, int digits) {
  return fixed(interval.low, digits) + " to " + fixed(interval.high, digits);
}

std::string share_words(const Share& share) {
  if (!share.value) return "–";
  return text(fixed(100 * *share.value, 0), " % (", interval_words({100 * share.interval.low, 100 * share.interval.high}, 0),
              ")");
}

std::string area_words(const Auroc& area) { return text(fixed(area.area, 3), " (", interval_words(area.interval, 3), ")"); }

std::string area_or_dash(const std::optional<Auroc>& area) { return area ? area_words(*area) : "–"; }

std::string chance_words(double p) { return p < 0.001 ? "< 0.001" : fixed(p, 3); }

std::string threshold_words(double threshold) { return std::isfinite(threshold) ? fixed(threshold, 4) : "none"; }

std::string confusion_sentence(const FindingEvaluation& finding) {
  const Confusion& c = finding.confusion;
  const double films = finding.positives + finding.negatives;
  return text("At the model's threshold of ", fixed(finding.threshold, 4), ": ", c.true_positives, " found, ", c.false_negatives,
              " missed, ", c.false_positives, " false, ", c.true_negatives, " rightly left. Mean score ",
              fixed(finding.mean_score, 3), ", share with the finding ", fixed(finding.positives / films, 3), ", Brier score ",
              fixed(finding.brier, 4), ".");
}

std::string prevalence_words(const FindingEvaluation& finding) {
  const double films = finding.positives + finding.negatives;
  const std::string by_labels = text("Share with the finding: ", fixed(finding.positives / films, 3), " by the labels");
  const auto& here = finding.prevalence;
  if (!here)
    return by_labels + "; what the scores alone say is not known, because the model brings no evaluation of this finding.";
  return text(by_labels, ", ", fixed(here->estimated, 3), " (", interval_words(here->interval, 3), ") by the scores alone, ",
              fixed(here->model, 3),
              " where the model was evaluated. Scores corrected for the share by the scores have a Brier score of ",
              fixed(here->brier, 4), " instead of ", fixed(finding.brier, 4), " and a calibration error of ",
              fixed(here->calibration_error, 3), " instead of ", fixed(finding.calibration_error, 3), ".");
}

std::vector<std::string> zone_sentences(const FindingEvaluation& finding) {
  const Triage& triage = finding.measures->triage;
  const int films = finding.positives + finding.negatives;
  std::vector<std::string> sentences;
  add_zone(sentences, triage.called, triage.called_refusal, "called above ", films);
  add_zone(sentences, triage.cleared, triage.cleared_refusal, "cleared below ", films);
  sentences.push_back(text(triage.undecided, " films are left to a reader."));
  return sentences;
}

}  // namespace chestlight
