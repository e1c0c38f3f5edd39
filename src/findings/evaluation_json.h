// The evaluations of manifest.json (their schema stands at the top of tools/training/export.py).
//
//   at the root      kind "out-of-fold" or "held-out"; data: which films; films, patients; mean_auroc in 0..1 with its interval
//   of a label, and  positives, negatives: together at most the films of the root; auroc in 0..1 with its interval; with and
//   of any finding   without: 64 finite logits each, that never fall
//
// An interval is [low, high] in 0..1. All are optional; one of a label without the root's is an error, since nobody could say
// which films it speaks of. Errors: those of the manifest, in words.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/result.h"
#include "findings/evaluation.h"

namespace chestlight {

/// "evaluation" of `root`; nothing where there is none.
Result<std::optional<EvaluatedFilms>> read_model_evaluation(const JsonReader& root);

/// "evaluation" of a label or of any finding; nothing where there is none. `films`: of the root's, 0 without one.
Result<std::optional<ScoreEvaluation>> read_evaluation(const JsonReader& at, int films);

}  // namespace chestlight
