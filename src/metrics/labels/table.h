// A table of text as it comes from a spreadsheet: CSV with commas, semicolons or tabs, in UTF-8 or Latin-1.
//
// Follows RFC 4180: quoted cells may hold separators, line ends and doubled quotes. The first line is the head. The separator is
// the one that the head holds most of; a table whose separator is a semicolon or a tab may write its numbers with decimal commas.
// The table owns its text; cells point into it. What was odd and did no harm is said in `remarks`, a sentence each. Errors:
// "empty-file", "too-large" (over 256 MiB, or 4 million rows), "unsupported-format" (a workbook, UTF-16, a picture), "corrupt" (a
// quote that is never closed, a head without a name, two columns of one name).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

class Table {
 public:
  static Result<Table> read(Bytes bytes);

  int rows() const { return static_cast<int>(columns_.empty() ? 0 : cells_.size() / columns_.size()); }
  int columns() const { return static_cast<int>(columns_.size()); }
  const std::string& name(int column) const { return columns_[static_cast<std::size_t>(column)]; }
  /// Without spaces around it; empty where the row was too short.
  std::string_view cell(int row, int column) const {
    const Cell& cell = cells_[static_cast<std::size_t>(row) * columns_.size() + static_cast<std::size_t>(column)];
    return std::string_view(text_).substr(cell.begin, cell.length);
  }
  /// By name, as column_key() has it. @return −1 where there is none
  int find(std::string_view name) const;

  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  struct Cell {
    std::uint32_t begin = 0, length = 0;
  };
  std::string text_;  // UTF-8, quotes removed
  std::vector<std::string> columns_;
  std::vector<Cell> cells_;
  std::vector<std::string> remarks_;

  friend class TableReader;
};

/// What two names of a column have in common: small letters and digits. "Patient ID", "patient_id" → "patientid"
std::string column_key(std::string_view name);

}  // namespace chestlight
