// What the columns of a table of labels mean: the published formats, recognised by their heads, and tables of one's own.
//
//   ChestX-ray14   Data_Entry_2017*.csv: "Image Index", names of findings in "Finding Labels", separated by |
//   CheXpert       train.csv, valid.csv: "Path" and a column for each finding with 1, 0, −1 (uncertain) or nothing
//   MIMIC-CXR      mimic-cxr-2.0.0-chexpert.csv: the same by "study_id"; with "dicom_id" where the metadata were joined to it
//   PadChest       "ImageID", a list ['a', 'b'] in "Labels"
//   VinDr-CXR      "image_id", "rad_id" and either "class_name" (a row for each box) or a column for each finding: several
//   readers covid-chestxray-dataset   "filename" and steps such as Pneumonia/Viral/COVID-19 in "finding" folders        no table:
//   the name of each film's folder is its label (NORMAL is none), as Kermany's films come columns        any table: each column
//   of 0, 1, −1 and blanks is a finding
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/labels/table.h"

namespace chestlight {

enum class LabelFormat { kChestXray14, kCheXpert, kMimic, kPadChest, kVinDr, kCovidChestXray, kFolders, kVerdicts, kColumns };
std::string_view label_format_name(LabelFormat format);

/// What of an image a cell names.
enum class JoinKey { kPath, kFileName, kStem, kStudy, kSopInstanceUid, kAccessionNumber };
std::string_view join_key_name(JoinKey key);          // "file name"
Result<JoinKey> parse_join_key(std::string_view id);  // "file-name"

enum class Mark : std::int8_t { kAbsent = 0, kPresent = 1, kUncertain = -1, kBlank = -2, kUnreadable = -3 };
Mark parse_mark(std::string_view cell);

/// A name as names are compared: "Pleural_Effusion", "pleural effusion" → "effusion", as the 14 findings have it.
std::string finding_key(std::string_view name);
/// Whether a name says that there is nothing: "No Finding", "normal".
bool names_nothing(std::string_view name);

struct NamedColumn {
  std::string name;
  int column = 0;
};

struct TableLayout {
  LabelFormat format = LabelFormat::kColumns;
  std::vector<int> image_columns;     // any of them may name the image; the most likely first
  std::vector<JoinKey> keys;          // that are tried with these columns
  std::vector<NamedColumn> findings;  // a column each
  std::optional<int> list;            // or names in one cell
  std::optional<int> reader, patient, modality;
  std::vector<NamedColumn> groups;  // "view", "sex", "age"
};

/// Columns that the user named; empty where the page is to find them.
struct ColumnChoice {
  std::string image;
  std::vector<std::string> groups;
};

/// Errors: "invalid-request" (a column that is named is not there), "unavailable" (no column can be a finding).
Result<TableLayout> recognise_layout(const Table& table, const ColumnChoice& choice = {});

/// The names in a cell of a list, as the format writes them.
std::vector<std::string> names_in_list(LabelFormat format, std::string_view cell);

}  // namespace chestlight
