#include "engine/answers.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chestlight {

Answers::Entry* Answers::touch(int film) {
  auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.film == film; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.end(), entries_, found);
  return &entries_.back();
}

const std::vector<InferenceTensor>* Answers::find(int film, const std::string& about, std::size_t request) {
  Entry* entry = touch(film);
  if (!entry || entry->about != about || request >= entry->answers.size()) return nullptr;
  return &entry->answers[request];
}

void Answers::keep(int film, const std::string& about, std::size_t request, std::vector<InferenceTensor> answer) {
  Entry* entry = touch(film);
  if (!entry) entry = &entries_.emplace_back(Entry{film, about, {}});
  if (entry->about != about) *entry = {film, about, {}};
  if (request != entry->answers.size()) return;  // one before it was forgotten
  entry->answers.push_back(std::move(answer));
  while (bytes() > budget_ && !entries_.empty()) entries_.pop_front();
}

void Answers::forget(int film) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.film == film; });
}

std::size_t Answers::bytes() const {
  std::size_t numbers = 0;
  for (const Entry& entry : entries_)
    for (const auto& answer : entry.answers)
      for (const InferenceTensor& tensor : answer) numbers += tensor.values.size();
  return numbers * sizeof(float);
}

}  // namespace chestlight
