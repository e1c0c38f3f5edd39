// A reader study: what a reader said of films before and after they saw what the model says, and what that is worth against
// labels. Scores are the reader's, 0 to 100: 50 + half of the confidence where they say that the finding is there, 50 − half of
// it where they say that it is not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/evaluation.h"
#include "contract/failure.h"

namespace chestlight::contract {

/// One arm of one finding of one film.
struct StudyAnswer {
  bool present{false};
  double confidence{0};  // in that, 0 to 100

  double score() const { return present ? 50 + confidence / 2 : 50 - confidence / 2; }
  bool operator==(const StudyAnswer&) const = default;
};

/// film: by the page's number. Nothing: that arm was not read.
struct StudyReading {
  int film{0};
  std::string finding{};
  std::optional<StudyAnswer> unaided;
  std::optional<StudyAnswer> aided;
};

/// What a study was: films in the order in which they were read.
struct StudyRecord {
  std::string reader{};
  int seed{0};  // of that order
  bool with_model{false};
  std::vector<int> films{};
  std::vector<StudyReading> readings{};
};

/// What one reader is worth on the films with labels, without and with the model, with intervals of 95 %.
struct StudyFinding {
  std::string id{};
  std::string name{};
  int with = 0;
  int without = 0;
  std::string note = "";  // why there are no figures
  Figure unaided = {};    // area under the ROC curve
  Figure aided = {};
  std::string difference = "";  // of the two areas, in a sentence; empty without the second arm
  std::optional<EvaluationPlot> roc;
};

}  // namespace chestlight::contract
