#include "contract/reading.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight::contract {

constexpr std::size_t kLongestNote = 200;

std::string cleaned_note(const std::string& note) { return one_line(note, kLongestNote); }

std::optional<Verdict> verdict_on(const FilmReading& reading, const std::string& finding) {
  for (const Verdict& verdict : reading.verdicts)
    if (verdict.finding == finding) return verdict;
  return std::nullopt;
}

void set_verdict(FilmReading& reading, const Verdict& verdict) {
  const Verdict clean{verdict.finding, verdict.opinion, cleaned_note(verdict.note)};
  auto found = std::find_if(reading.verdicts.begin(), reading.verdicts.end(),
                            [&](const Verdict& one) { return one.finding == verdict.finding; });
  if (found == reading.verdicts.end()) {
    if (clean.given()) reading.verdicts.push_back(clean);
  } else if (clean.given()) {
    *found = clean;
  } else {
    reading.verdicts.erase(found);
  }
}

void bring_back(FilmReading& reading, const FilmReading& earlier) {
  for (const Verdict& verdict : earlier.verdicts)
    if (!verdict_on(reading, verdict.finding)) set_verdict(reading, verdict);
  reading.read = reading.read || earlier.read;
  if (reading.measurements.empty()) reading.measurements = earlier.measurements;
  if (!reading.moved_lines) reading.moved_lines = earlier.moved_lines;
}

}  // namespace chestlight::contract
