// Results for other programs: one record per film (contract/film_record.h), as JSON or CSV. The page and the command line export
// by these functions alone.
//
// What the records hold is said once for other programs, as a JSON schema: tools/cxr/findings.schema.json.
// Every record carries the notice, because a record is copied further than the file it came in.
#pragma once

#include <string>
#include <vector>

#include "contract/film_record.h"

namespace chestlight {

inline constexpr char kExportNotice[] = "For research and teaching. Not a medical device.";

/// Of a film that was read.
contract::FilmRecord analysis_record(const std::string& file, const contract::Analysis& analysis, const std::string& backend,
                                     const std::string& decoder);
/// Of a file that could not be read or run.
contract::FilmRecord failure_record(const std::string& file, const contract::Failure& failure);

/// One array, one object for each film; `identifiers` only where there are any.
std::string records_as_json(const std::vector<contract::FilmRecord>& records);
/// One line per film and finding, CRLF line ends (RFC 4180); a film without findings has one line with empty columns. Text that a
/// spreadsheet would take for a formula is made harmless.
std::string records_as_csv(const std::vector<contract::FilmRecord>& records);

/// One line per film: its summary, and of each finding the calibrated score ("Effusion"), its range over small changes where that
/// was checked ("Effusion low", "Effusion high", "Effusion zone flips"), its zone ("Effusion zone"), its threshold and the
/// reader's own ("Effusion threshold", "Effusion own threshold"), the reader's verdict and note ("Effusion verdict", "Effusion
/// note"); empty where the film has no such finding. Without identifiers.
std::string records_as_wide_csv(const std::vector<contract::FilmRecord>& records);

/// A field of CSV: quoted where it must be, a ' before what could begin a formula, also after a separator, because many
/// spreadsheets split at semicolons or tabs whatever the quotes say.
std::string csv_field(const std::string& text);

}  // namespace chestlight
