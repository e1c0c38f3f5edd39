// A site profile: thresholds and zones of one model, found by an evaluation on films of one's own, as one small JSON file. Its
// fields are those of SiteProfile. Scores, thresholds and edges are calibrated, in 0..1; what they did is told of the films that
// they were found on, with intervals of 95 %.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/model.h"

namespace chestlight::contract {

/// A film is called where its score is at or above `value`. chosen_by: the words of the rule.
struct ProfileThreshold {
  double value{0};
  std::string chosen_by{};
  double sensitivity{0};
  Bounds sensitivity_interval{};
  double specificity{0};
  Bounds specificity_interval{};
};

/// A zone whose predictive value was proved: films beyond `edge`, which itself is outside. films, right: of those it was found
/// on.
struct ProfileZone {
  double edge{0};
  int films{0};
  int right{0};
  Bounds interval{};  // of right / films
};

/// likely: films above its edge; unlikely: films below its edge. Nothing: it was not proved, and the model's own limit stays.
struct ProfileFinding {
  std::string id{};
  int positives{0};
  int negatives{0};
  std::optional<ProfileThreshold> threshold;  // nothing: there is none, and the model's own stays
  std::optional<ProfileZone> likely;
  std::optional<ProfileZone> unlikely;
};

struct SiteProfile {
  std::string kind{};     // "chestlight-site-profile"
  int schema_version{0};  // 1
  ModelId model{};
  std::string date{};  // of the evaluation, as "2026-12-01"
  int films{0};        // with a score and labels
  double ppv{0};       // proved of the likely zones, the negative one of the unlikely zones, at this confidence
  double npv{0};
  double confidence{0};
  std::vector<ProfileFinding> findings{};
  std::string app = "";
  std::string notice = "";
};

/// A profile in use, as it is named on the screen, in the report and in exports: the operating point that it adds, and in
/// sentences what it says of each finding.
struct ProfileInUse {
  std::string name{};  // "Site profile 2026-12-01 (120 films, 3f9a0c12)", with the beginning of its file's SHA-256
  OperatingPoint point{};
  std::vector<std::string> sentences = {};
};

}  // namespace chestlight::contract
