// What a reader chooses of the worklist: its columns, its order, its filter.
#pragma once

#include <optional>
#include <string>

#include "contract/analysis.h"

namespace chestlight::viewer {

using contract::Zone;

enum class WorklistColumn { kArrival, kName, kStudy, kView, kState, kFinding, kVerdict, kScore };

/// Opens from kWorklistFrom films on; or as the reader chose.
enum class WorklistPanel { kAuto, kOpen, kClosed };

enum class VerdictFilter { kAny, kWith, kWithout };

struct WorklistSort {
  WorklistColumn column = WorklistColumn::kArrival;
  std::string finding = "";  // of kScore
  bool descending = false;

  bool operator==(const WorklistSort&) const = default;
};

struct WorklistFilter {
  bool unread = false;
  bool refused = false;
  VerdictFilter verdict = VerdictFilter::kAny;
  std::string finding = "";  // empty: any finding
  std::optional<Zone> zone;  // in which that finding is

  bool operator==(const WorklistFilter&) const = default;
};

}  // namespace chestlight::viewer
