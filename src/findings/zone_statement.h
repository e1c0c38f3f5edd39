// Zones, percentiles and evaluations in words and figures: the canvas, the text of the page, the command line and the exports all
// take them from here. Nothing here says that a film is normal, or that a finding is there or is not.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "findings/calibration.h"
#include "findings/evaluation.h"
#include "findings/scores.h"
#include "findings/zone.h"

namespace chestlight {

/// "0.57"; two digits, three below 0.1, "<0.001" and ">0.99" where those would read 0 or 1.
std::string score_figure(Calibrated score);

/// "likely", "not assessed".
const char* zone_in_words(Zone zone);

/// A finding as the summary speaks of it.
struct ZonedFinding {
  std::string_view name;
  Zone zone = Zone::kNotAssessed;
  double likelihood_ratio = 0;
  std::string_view place = {};  // in a few words, or nothing
};
/// "Likely: pleural effusion (left lower zone). Uncertain: atelectasis. 10 unlikely. 1 not assessed."; "Nothing likely. …".
/// Findings of a zone stand by likelihood ratio, the largest first; places of the likely ones only.
std::string summary_sentence(std::span<const ZonedFinding> findings);

/// What stands beside a result that names nothing, of a model that looks for so many findings.
std::string not_normal_caveat(std::size_t findings);

/// Score, percentile and zone with its thresholds: "0.57, higher than 96 % of films without it: likely (from 0.22)." Of what is
/// not assessed, the reason. `without`: how films without are called, "films without it".
std::string reading_sentence(Calibrated score, const Reading& reading, std::string_view without = "films without it");

/// One sentence on the score for any of the findings together.
std::string any_finding_sentence(Calibrated score, const Reading& reading);

/// "Sensitivity 0.61 (0.53 to 0.68), specificity 0.92 (0.90 to 0.93) at 0.22. AUROC 0.84 (0.79 to 0.88). 154 films with it, 1591
/// without." `threshold` lies in (0, 1).
std::string evaluation_sentence(const ScoreEvaluation& evaluation, Calibrated threshold, const Calibration& calibration);

/// "0.84 (0.79 to 0.88)"
std::string auroc_figure(const ScoreEvaluation& evaluation);

/// "Of 100 such films 12 are called, 4 of them rightly. PPV 0.33 (0.21 to 0.45), NPV 0.99 (0.98 to 0.99) where 5 % have it."
/// `prevalence` lies in (0, 1).
std::string prevalence_sentence(const ScoreEvaluation& evaluation, Calibrated threshold, const Calibration& calibration,
                                double prevalence);

/// "Evaluated on 1745 films of 592 patients, none of them trained on. Mean AUROC 0.75 (0.72 to 0.78)."
std::string evaluation_data_sentence(const EvaluatedFilms& evaluation);

/// "96 %"; ">99 %" and "<1 %" where those would read 100 or 0.
std::string percentile_figure(double percentile);

}  // namespace chestlight
