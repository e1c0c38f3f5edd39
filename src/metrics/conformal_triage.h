// Three zones with a guarantee: films that are called, films that are cleared, and the rest, which a reader decides.
//
// On films like those that the zones were found on, the predictive value of the called films and that of the cleared films are
// both at least what was asked for, at the stated confidence. A zone is the films above (below) one of the scores. Given that
// score, the films beyond it are independent draws, so the number of right ones is binomial and its tail is an exact test. Zones
// of eight sizes, chosen beforehand, are tested, and from each one larger ones until a test fails; so the chance that any zone is
// wrongly proved stays below 1 − confidence, and the largest pair of proved zones may be taken.
// Not for films of other scanners, patients or prevalence: the guarantee is for films drawn as these were.
// Source: A. Angelopoulos et al., "Learn then test", 2021, and "Conformal triage for medical imaging AI deployment", 2024.
#pragma once

#include <optional>
#include <string>

#include "metrics/sample.h"

namespace chestlight {

struct TriageGoal {
  double ppv = 0.9, npv = 0.95;  // in (0, 1)
  double confidence = 0.95;      // that both hold
};

struct TriageZone {
  double edge = 0;           // the zone is the films above (called) or below (cleared) this score; the edge itself is outside
  int films = 0, right = 0;  // of the labelled films
};

/// Why there is no zone, and how many labelled films would do.
struct TriageRefusal {
  std::string reason;         // a sentence
  std::optional<int> enough;  // films in all, as these; empty where no number would do
};

struct Triage {
  std::optional<TriageZone> called, cleared;
  std::optional<TriageRefusal> called_refusal, cleared_refusal;
  int undecided = 0;  // labelled films in neither zone
};

/// Errors: "invalid-request" (a goal outside (0, 1)), "unavailable" (one class only).
Result<Triage> conformal_triage(const Sample& sample, const TriageGoal& goal);

}  // namespace chestlight
