// What an export adds to the record of a film: what the reader tries, the date; and names of files.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "contract/film_record.h"

namespace chestlight {

/// The state of each finding against the reader's own threshold, where there is one in (0, 1); the date.
void add_notes(contract::FilmRecord& record, const std::map<std::string, double>& own_thresholds, const std::string& date);

/// Without the ending of the last part.
std::string stem_of(std::string_view path);

}  // namespace chestlight
