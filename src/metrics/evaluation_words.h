// The figures of an evaluation as text: the report, the page and its text say the same. Percent and areas with their intervals of
// 95 %; a dash where a figure cannot be had.
#pragma once

#include <string>
#include <string_view>

#include "metrics/evaluation.h"

namespace chestlight {

std::string share_words(const Share& share);  // "80 % (49 to 94)"
std::string area_words(const Auroc& area);    // "0.812 (0.701 to 0.923)"
std::string area_or_dash(const std::optional<Auroc>& area);
std::string chance_words(double p);             // "0.031", "< 0.001"
std::string threshold_words(double threshold);  // "0.1234", "none"
std::string interval_words(const Interval& interval, int digits);

/// "At the model's threshold of 0.1234: 3 found, 1 missed, …"
std::string confusion_sentence(const FindingEvaluation& finding);

/// How frequent the finding is by the labels, by the scores alone, and where the model was evaluated; and what correcting the
/// scores for that does. Of a finding with films that count.
std::string prevalence_words(const FindingEvaluation& finding);

/// What a zone with a guarantee holds, or why there is none: first of the films that are called, then of those that are cleared,
/// then of the rest. Needs measures.
std::vector<std::string> zone_sentences(const FindingEvaluation& finding);

}  // namespace chestlight
