#include "metrics/labels/row_marks.h"

#include <algorithm>

#include "base/counted.h"

namespace chestlight {

bool names_unknown(std::string_view name) {
  const std::string key = column_key(name);
  return key == "todo" || key == "unknown" || key == "suboptimalstudy" || key == "unchanged" || key == "exclude";
}

RowMarks::RowMarks(const Table& table, const TableLayout& layout, const std::vector<std::string>& findings,
                   const LabelChoice& choice)
    : table_(table), layout_(layout), names_(findings), uncertain_(choice.uncertain) {
  for (std::size_t f = 0; f < findings.size(); ++f) finding_of_name_.emplace(finding_key(findings[f]), f);
  const bool mentions = layout.format == LabelFormat::kCheXpert || layout.format == LabelFormat::kMimic;
  blank_is_absent_ = choice.blank == BlankLabels::kNegative || (choice.blank == BlankLabels::kByFormat && mentions);
}

std::int8_t RowMarks::label_of(Mark mark, std::size_t finding, int row) {
  switch (mark) {
    case Mark::kPresent: return 1;
    case Mark::kAbsent: return 0;
    case Mark::kBlank: return blank_is_absent_ ? 0 : kUnknownLabel;
    case Mark::kUncertain:
      ++uncertain_labels_;
      return uncertain_ == UncertainLabels::kPositive ? 1 : uncertain_ == UncertainLabels::kNegative ? 0 : kUnknownLabel;
    case Mark::kUnreadable:
      if (++unreadable_labels_ == 1)
        first_unreadable_ =
            text("\"", table_.cell(row, layout_.findings[finding].column), "\" in row ", row + 2, " of ", names_[finding]);
      return kUnknownLabel;
  }
  return kUnknownLabel;
}

RowMarks::Labels RowMarks::read_row(int row) {
  Labels labels(names_.size(), kUnknownLabel);
  if (layout_.modality && column_key(table_.cell(row, *layout_.modality)) != "xray") {
    ++rows_of_other_kinds_;
    return labels;
  }
  if (!layout_.list) {
    for (std::size_t f = 0; f < names_.size(); ++f)
      labels[f] = label_of(parse_mark(table_.cell(row, layout_.findings[f].column)), f, row);
    return labels;
  }
  const std::vector<std::string> names = names_in_list(layout_.format, table_.cell(row, *layout_.list));
  if (names.empty() || std::any_of(names.begin(), names.end(), names_unknown)) return labels;
  std::fill(labels.begin(), labels.end(), 0);
  for (const std::string& name : names)
    if (const auto found = finding_of_name_.find(finding_key(name)); found != finding_of_name_.end()) labels[found->second] = 1;
  return labels;
}

MergedMarks RowMarks::merge(const std::vector<int>& rows) {
  if (layout_.reader) return merge_by_majority(rows);
  MergedMarks merged{read_row(rows.front()), {}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Labels other = read_row(rows[i]);
    for (std::size_t f = 0; f < other.size(); ++f) {
      const bool known = std::find(merged.disputed.begin(), merged.disputed.end(), f) != merged.disputed.end();
      if (known || other[f] == merged.labels[f] || other[f] == kUnknownLabel) continue;
      if (merged.labels[f] == kUnknownLabel) merged.labels[f] = other[f];
      else merged.disputed.push_back(f);
    }
  }
  for (std::size_t f : merged.disputed) merged.labels[f] = kUnknownLabel;
  return merged;
}

MergedMarks RowMarks::merge_by_majority(const std::vector<int>& rows) {
  std::map<std::string_view, Labels> of_reader;  // a reader has a row for each box
  for (int row : rows) {
    const Labels labels = read_row(row);
    auto [found, fresh] = of_reader.try_emplace(table_.cell(row, *layout_.reader), labels);
    if (!fresh)
      for (std::size_t f = 0; f < labels.size(); ++f) found->second[f] = std::max(found->second[f], labels[f]);
  }
  MergedMarks merged{Labels(names_.size(), kUnknownLabel), {}};
  for (std::size_t f = 0; f < names_.size(); ++f) {
    int present = 0, absent = 0;
    for (const auto& [reader, labels] : of_reader) {
      present += labels[f] == 1;
      absent += labels[f] == 0;
    }
    if (present != absent) merged.labels[f] = present > absent;
    else if (present > 0) merged.disputed.push_back(f);
  }
  return merged;
}

void RowMarks::remark(std::vector<std::string>& remarks) const {
  if (uncertain_labels_ > 0) {
    const std::string_view as = uncertain_ == UncertainLabels::kPositive   ? "present"
                                : uncertain_ == UncertainLabels::kNegative ? "absent"
                                                                           : "unknown";
    remarks.push_back(
        text(counted(uncertain_labels_, "uncertain label (-1) counts", "uncertain labels (-1) count"), " as ", as, "."));
  }
  if (unreadable_labels_ > 0)
    remarks.push_back(text(counted(unreadable_labels_, "cell is", "cells are"),
                           " neither 0, 1, -1 nor blank: unknown (the first is ", first_unreadable_, ")."));
  if (rows_of_other_kinds_ > 0)
    remarks.push_back(
        text(counted(rows_of_other_kinds_, "row is", "rows are"), " of another kind of image than X-rays and left out."));
}

}  // namespace chestlight
