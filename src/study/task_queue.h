// What was asked of the case and waits for its turn, in the order of what a reader waits for. It holds no films and does nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "contract/case.h"

namespace chestlight {

/// The first goes first. Within one, first come first served.
enum class Urgency {
  kOpened,       // a film has just been read: the screen is told
  kPixels,       // a film is looked at
  kFacts,        // what the model saw, and what labels say of scores
  kLookedAt,     // the analysis of the film looked at
  kExplanation,  // somebody waits for it
  kOpening,      // files that came in
  kAnalysis,     // of the other films
  kSeenAnatomy,  // of the film looked at, whose findings are known
  kAnatomy,      // of the others
  kExport,
};

struct Task {
  int number = 0;  // counted up, never used twice
  contract::CaseTask asked;

  /// What it is kept under while the engine may stop: "task:12".
  std::string key() const;
};

/// The page's number of the film that it is about; 0 for none.
int film_of(const contract::CaseTask& task);
/// The pixels of its film must be decoded.
bool needs_film(const contract::CaseTask& task);
/// It is answered by running the network.
bool needs_network(const contract::CaseTask& task);
/// An explanation, a check, the export of a map or a page of a report: nullptr for others.
const contract::ExplanationQuestion* question_of(const contract::CaseTask& task);

class TaskQueue {
 public:
  int looked_at = 0;  // the film on screen; 0 for none

  /// Asked for twice, it is done once, but for exports. Nothing is returned then.
  const Task* add(contract::CaseTask asked);
  /// Puts back what was taken out, in its old place.
  void put_back(Task task);

  /// The most urgent task that `may_go`, nullptr for none. `is_open`: whether a film has been decoded.
  const Task* first(const std::function<bool(const Task&)>& may_go, const std::function<bool(int)>& is_open) const;
  Urgency urgency(const Task& task, bool film_is_open) const;

  Task take(int number);
  std::vector<Task> take_all(const std::function<bool(const Task&)>& which);
  bool any(const std::function<bool(const Task&)>& which) const;
  /// By number.
  const std::vector<Task>& all() const { return tasks_; }

 private:
  std::vector<Task> tasks_;  // by number
  int last_ = 0;
};

}  // namespace chestlight
