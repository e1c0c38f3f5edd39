// How the scores of one film differ from those of another by the same model: calibrated probabilities, from 0 to 1, and zones.
// A difference of scores is no change of the chest: position, breath and exposure move scores, too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/state/state.h"

namespace chestlight::viewer {

/// Of one finding. Pointers are good as long as the films' analyses.
struct ScoreChange {
  const Finding* first = nullptr;
  const Finding* last = nullptr;
  double difference = 0;             // of the calibrated scores, last − first
  bool zone_changed = false;         // both are assessed, in different zones
  std::optional<bool> within_bands;  // the bands of stability overlap; nothing where not both are known
  std::string text;                  // "Up by 0.31, from unlikely to likely."
};

struct ScoreChanges {
  std::vector<ScoreChange> rows;
  std::string note;  // why there are none, a sentence; else empty
};

/// Of the films that stand side by side, from the first to the last: the most changed first, or in the model's own order where
/// the reader keeps that (FindingsOrder). Nothing is said of a film without scores but why it has none.
ScoreChanges score_changes(const State& state);

/// What to mind of them all.
inline constexpr char kMindOfChanges[] =
    "Position, breath and exposure move scores, too: a change of a score is a reason to look.";

/// The difference is seen in figures of two digits.
inline bool is_change(double difference) { return difference >= 0.005 || difference <= -0.005; }

}  // namespace chestlight::viewer
