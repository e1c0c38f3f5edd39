// What an export adds to the record of a film: what the reader did, the date; and names of files.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contract/film_record.h"

namespace chestlight {

/// Measurements; the state of each finding against the reader's own threshold, where there is one in (0, 1); the date.
void add_notes(contract::FilmRecord& record, const std::vector<contract::MeasurementRecord>& measurements,
               const std::map<std::string, double>& own_thresholds, const std::string& date);

/// "a/b/film.dcm" → "film.dcm"
std::string last_part(const std::string& path);

/// Without the ending of the last part.
std::string stem_of(const std::string& path);

}  // namespace chestlight
