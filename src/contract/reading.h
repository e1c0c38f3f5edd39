// What a reader made of a film: whether it is read, what they say of its findings, what they measured, and where they moved the
// lines of the cardiothoracic ratio. It stands beside the
// network's scores and changes none of them. The case keeps it (engine/case_readings.cpp) and exports hold it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "contract/anatomy.h"

namespace chestlight::contract {

enum class Opinion { kNone, kAgree, kDisagree };

/// Of one finding. Neither opinion nor note: it was taken back.
struct Verdict {
  std::string finding{};
  Opinion opinion = Opinion::kNone;
  std::string note = "";  // in the reader's own words, one line

  bool given() const { return opinion != Opinion::kNone || !note.empty(); }
  bool operator==(const Verdict&) const = default;
};

/// A length or an angle that the reader measured on a film.
struct MeasurementRecord {
  std::string kind{};                              // "length", "angle"
  std::string text = "";                           // "48.3 mm", "37.2°"
  std::vector<std::array<double, 2>> points = {};  // SourcePx; of an angle: end, corner, end

  bool operator==(const MeasurementRecord&) const = default;
};

struct FilmReading {
  bool read = false;
  std::vector<Verdict> verdicts = {};  // those that are given, one for a finding
  std::vector<MeasurementRecord> measurements = {};
  std::optional<MovedLines> moved_lines;  // nothing: they are as they were measured

  bool operator==(const FilmReading&) const = default;
};

/// On one line, at most 200 letters.
std::string cleaned_note(const std::string& note);
/// Nothing where none was given.
std::optional<Verdict> verdict_on(const FilmReading& reading, const std::string& finding);
/// In place of the one on that finding, with its note cleaned; it goes where nothing is given.
void set_verdict(FilmReading& reading, const Verdict& verdict);
/// What was said earlier, where nothing was said of the same thing since: of each finding, of the measurements, of the lines.
void bring_back(FilmReading& reading, const FilmReading& earlier);

}  // namespace chestlight::contract
