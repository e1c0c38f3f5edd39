#include "findings/zone_statement.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace chestlight {

namespace {

/// A finding's name within a sentence: "pleural effusion", but "COPD".
std::string in_a_sentence(std::string_view name) {
  std::string word(name);
  auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!word.empty() && capital(word[0]) && !(word.size() > 1 && capital(word[1])))
    word[0] = static_cast<char>(word[0] - 'A' + 'a');
  return word;
}

/// "0.61 (0.53 to 0.68)"; a share that ends where the tables end reads "<0.01" or ">0.99".
std::string with_interval(const Proportion& share) {
  auto figure = [](double value) {
    if (value > 0.99) return std::string(">0.99");
    if (value < 0.01) return std::string("<0.01");
    return fixed(value, 2);
  };
  return text(figure(share.value), " (", figure(share.interval[0]), " to ", figure(share.interval[1]), ")");
}

}  // namespace

std::string score_figure(Calibrated score) {
  double value = score.value;
  if (value >= 0.995) return ">0.99";
  if (value >= 0.0995) return fixed(value, 2);
  if (value >= 0.0005) return fixed(value, 3);
  return "<0.001";
}

const char* zone_in_words(Zone zone) {
  switch (zone) {
    case Zone::kUnlikely: return "unlikely";
    case Zone::kUncertain: return "uncertain";
    case Zone::kLikely: return "likely";
    case Zone::kNotAssessed: return "not assessed";
  }
  return "";
}

std::string summary_sentence(std::span<const ZonedFinding> findings) {
  auto named = [&](Zone zone, bool with_places) {
    std::vector<const ZonedFinding*> found;
    for (const ZonedFinding& finding : findings)
      if (finding.zone == zone) found.push_back(&finding);
    std::stable_sort(found.begin(), found.end(),
                     [](const ZonedFinding* a, const ZonedFinding* b) { return a->likelihood_ratio > b->likelihood_ratio; });
    std::string names;
    for (const ZonedFinding* finding : found) {
      names += (names.empty() ? "" : ", ") + in_a_sentence(finding->name);
      if (with_places && !finding->place.empty()) names += text(" (", finding->place, ")");
    }
    return names;
  };
  auto count = [&](Zone zone) {
    return std::count_if(findings.begin(), findings.end(), [&](const ZonedFinding& finding) { return finding.zone == zone; });
  };
  const auto unlikely = count(Zone::kUnlikely), not_assessed = count(Zone::kNotAssessed);
  if (not_assessed == static_cast<std::ptrdiff_t>(findings.size()))
    return text("Nothing is known of how good these scores are: ", not_assessed, " not assessed.");
  const std::string likely = named(Zone::kLikely, true), uncertain = named(Zone::kUncertain, false);
  std::string sentence = likely.empty() ? "Nothing likely." : text("Likely: ", likely, ".");
  if (!uncertain.empty()) sentence += text(" Uncertain: ", uncertain, ".");
  if (unlikely > 0) sentence += text(" ", unlikely, " unlikely.");
  if (not_assessed > 0) sentence += text(" ", not_assessed, " not assessed.");
  return sentence;
}

std::string not_normal_caveat(std::size_t findings) {
  return text("This is not the same as normal: the model looks for ", findings, findings == 1 ? " finding" : " findings",
              " only, and misses some of those.");
}

std::string percentile_figure(double percentile) {
  if (percentile > 99) return ">99 %";
  if (percentile < 1) return "<1 %";
  return fixed(percentile, 0) + " %";
}

std::string reading_sentence(Calibrated score, const Reading& reading, std::string_view without) {
  std::string sentence = score_figure(score);
  if (reading.percentile) {
    const double p = *reading.percentile;
    sentence += p > 99  ? text(", higher than more than 99 % of ", without)
                : p < 1 ? text(", higher than less than 1 % of ", without)
                        : text(", higher than ", percentile_figure(p), " of ", without);
  }
  sentence += text(": ", zone_in_words(reading.zone));
  switch (reading.zone) {
    case Zone::kNotAssessed: return text(sentence, ". ", reading.reason);
    case Zone::kUnlikely: return text(sentence, " (below ", score_figure(*reading.rule_out), ").");
    case Zone::kLikely: return text(sentence, " (from ", score_figure(*reading.rule_in), ").");
    case Zone::kUncertain: {
      const std::string from = reading.rule_out ? "from " + score_figure(*reading.rule_out) : "";
      const std::string below = reading.rule_in ? "below " + score_figure(*reading.rule_in) : "";
      return text(sentence, " (", from, from.empty() || below.empty() ? "" : ", ", below, ").");
    }
  }
  return sentence;
}

std::string any_finding_sentence(Calibrated score, const Reading& reading) {
  return text("Any of these findings together scores ", reading_sentence(score, reading, "films without any"));
}

std::string evaluation_sentence(const ScoreEvaluation& evaluation, Calibrated threshold, const Calibration& calibration) {
  const double logit = logit_at(threshold, calibration).value;
  return text("Sensitivity ", with_interval(sensitivity(evaluation, logit)), ", specificity ",
              with_interval(specificity(evaluation, logit)), " at ", score_figure(threshold), ". AUROC ",
              auroc_figure(evaluation), ". ", evaluation.positives, evaluation.positives == 1 ? " film" : " films", " with it, ",
              evaluation.negatives, " without.");
}

std::string auroc_figure(const ScoreEvaluation& evaluation) {
  return with_interval({evaluation.auroc, evaluation.auroc_interval});
}

std::string prevalence_sentence(const ScoreEvaluation& evaluation, Calibrated threshold, const Calibration& calibration,
                                double prevalence) {
  const AtPrevalence at = at_prevalence(evaluation, logit_at(threshold, calibration).value, prevalence);
  const double called = std::round(at.called), rightly = std::min(std::round(at.rightly), called);
  const std::string counts = text("Of 100 such films ", fixed(called, 0), called == 1 ? " is" : " are", " called, ",
                                  rightly == 0 && at.rightly > 0 ? "less than one" : fixed(rightly, 0), " of them rightly.");
  const int digits = prevalence < 0.1 ? 1 : 0;
  return text(counts, " PPV ", with_interval(at.positive), ", NPV ", with_interval(at.negative), " where ",
              fixed(100 * prevalence, digits), " % have it.");
}

std::string evaluation_data_sentence(const EvaluatedFilms& evaluation) {
  const char* how = evaluation.kind == "held-out" ? "" : " Each was scored by a network that was not trained on its patient.";
  return text("Evaluated on ", evaluation.data, ".", how, " Mean AUROC ",
              with_interval({evaluation.mean_auroc, evaluation.mean_auroc_interval}), ".");
}

}  // namespace chestlight
