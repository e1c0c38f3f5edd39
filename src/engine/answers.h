// What the network answered to each film, so that the same pixels are not run again when only the question changed: other
// thresholds ask of a whole batch what it has answered already.
//
// Bounded by bytes; the film asked longest ago is forgotten first, and run again when it is needed.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <vector>

#include "engine/job.h"

namespace chestlight {

/// A DenseNet-121 at 224 pixels answers with 200 kB: two hundred films.
inline constexpr std::size_t kAnswersBudget = std::size_t{40} * 1024 * 1024;

class Answers {
 public:
  explicit Answers(std::size_t budget = kAnswersBudget) : budget_(budget) {}

  /// What the request of this number was answered with, when the film was asked about the same thing; nullptr where it was not.
  /// `about`: everything that pixels and network depend on. The requests of jobs about the same thing are the same, in order.
  const std::vector<InferenceTensor>* find(int film, const std::string& about, std::size_t request);
  /// Answers come in the order of their requests.
  void keep(int film, const std::string& about, std::size_t request, std::vector<InferenceTensor> answer);
  void forget(int film);
  std::size_t bytes() const;

 private:
  struct Entry {
    int film = 0;
    std::string about;
    std::vector<std::vector<InferenceTensor>> answers;
  };
  Entry* touch(int film);

  std::list<Entry> entries_;  // the one used longest ago first
  std::size_t budget_;
};

}  // namespace chestlight
