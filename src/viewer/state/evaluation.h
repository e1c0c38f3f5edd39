// Labels of the films and what scores are worth against them, as the screen knows it: what the case told last, and what of it is
// looked at. Figures come from the case as text; nothing is computed here.
//
// Results are asked for while they are looked at: at once, when labels or thresholds are others, and while films are analysed
// each time a tenth more of them is known.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/messages.h"
#include "viewer/state/choices.h"

namespace chestlight::viewer {

struct EvaluationView {
  std::optional<contract::LabelsJoined> labels;
  std::shared_ptr<const contract::FilmsEvaluated> results;
  bool asked = false;        // an answer is on its way
  bool stale = true;         // more is known than the results show
  int films_when_asked = 0;  // that something was known of
  std::string opened;        // the finding whose plots are shown
  EvaluationColumn column = EvaluationColumn::kAuroc;
  bool rising = false;
  JoinPart part = JoinPart::kNone;  // what of the join is being chosen
  std::string naming;               // the finding whose column is being chosen
  bool groups_open = false;
  contract::CallCosts costs;                                        // of the threshold of least cost
  contract::ThresholdRule rule = contract::ThresholdRule::kYouden;  // of the thresholds in a site profile
};

}  // namespace chestlight::viewer
