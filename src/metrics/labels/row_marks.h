// What the rows of one image say of each finding, made into one label.
//
// Where a table has several readers, more than half of them decide and an even split is unknown; otherwise rows that disagree
// make the label unknown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "metrics/labels/join.h"

namespace chestlight {

/// Whether a name in a list says that nobody has looked: "todo", "Unknown".
bool names_unknown(std::string_view name);

struct MergedMarks {
  std::vector<std::int8_t> labels;    // one for each finding: 1, 0 or kUnknownLabel
  std::vector<std::size_t> disputed;  // findings that rows disagree on
};

class RowMarks {
 public:
  RowMarks(const Table& table, const TableLayout& layout, const std::vector<std::string>& findings, const LabelChoice& choice);

  MergedMarks merge(const std::vector<int>& rows);

  /// Sentences about what was met on the way: uncertain labels, cells that are no label, rows that are no film.
  void remark(std::vector<std::string>& remarks) const;

 private:
  using Labels = std::vector<std::int8_t>;
  Labels read_row(int row);
  std::int8_t label_of(Mark mark, std::size_t finding, int row);
  MergedMarks merge_by_majority(const std::vector<int>& rows);

  const Table& table_;
  const TableLayout& layout_;
  std::map<std::string, std::size_t> finding_of_name_;
  std::vector<std::string> names_;
  UncertainLabels uncertain_;
  bool blank_is_absent_;
  int uncertain_labels_ = 0, unreadable_labels_ = 0, rows_of_other_kinds_ = 0;
  std::string first_unreadable_;
};

}  // namespace chestlight
