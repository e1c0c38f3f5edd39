#include "metrics/labels/layout.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace chestlight {
namespace {

struct FormatRow {
  LabelFormat format;
  std::string_view name;
  std::vector<std::string_view> head;  // columns that tell it
  std::string_view image, list, reader, patient, modality;
  std::vector<JoinKey> keys;
};

const std::vector<FormatRow>& known_formats() {
  using enum JoinKey;
  static const std::vector<FormatRow> rows = {
      {LabelFormat::kChestXray14,
       "ChestX-ray14",
       {"Image Index", "Finding Labels"},
       "Image Index",
       "Finding Labels",
       "",
       "Patient ID",
       "",
       {kFileName, kStem}},
      {LabelFormat::kCheXpert, "CheXpert", {"Path", "Frontal/Lateral", "No Finding"}, "Path", "", "", "", "", {kPath, kFileName}},
      {LabelFormat::kMimic,
       "MIMIC-CXR",
       {"subject_id", "study_id", "No Finding"},
       "",
       "",
       "",
       "subject_id",
       "",
       {kStem, kStudy, kSopInstanceUid}},
      {LabelFormat::kPadChest, "PadChest", {"ImageID", "Labels"}, "ImageID", "Labels", "", "PatientID", "", {kFileName, kStem}},
      {LabelFormat::kVinDr,
       "VinDr-CXR",
       {"image_id", "class_name"},
       "image_id",
       "class_name",
       "rad_id",
       "",
       "",
       {kStem, kFileName}},
      {LabelFormat::kVinDr, "VinDr-CXR", {"image_id", "rad_id"}, "image_id", "", "rad_id", "", "", {kStem, kFileName}},
      {LabelFormat::kCovidChestXray,
       "covid-chestxray-dataset",
       {"filename", "finding", "modality"},
       "filename",
       "finding",
       "",
       "patientid",
       "modality",
       {kFileName, kStem}},
      {LabelFormat::kFolders, "folders", {}, "", "", "", "", "", {}},
      {LabelFormat::kVerdicts, "verdicts of a reader", {}, "", "", "", "", "", {}},
      {LabelFormat::kColumns, "columns", {}, "", "", "", "", "", {}},
  };
  return rows;
}

struct KeyRow {
  JoinKey key;
  std::string_view id, name;
};
constexpr std::array<KeyRow, 6> kKeys = {{{JoinKey::kPath, "path", "path"},
                                          {JoinKey::kFileName, "file-name", "file name"},
                                          {JoinKey::kStem, "stem", "file name without its ending"},
                                          {JoinKey::kStudy, "study", "folder of the study"},
                                          {JoinKey::kSopInstanceUid, "sop-instance-uid", "SOP Instance UID"},
                                          {JoinKey::kAccessionNumber, "accession-number", "accession number"}}};

/// Other names of the 14 findings of ChestX-ray14, both as column_key() has them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kOtherNames = {{{"pleuraleffusion", "effusion"},
                                                                                        {"pulmonaryedema", "edema"},
                                                                                        {"oedema", "edema"},
                                                                                        {"pulmonaryoedema", "edema"},
                                                                                        {"pulmonaryfibrosis", "fibrosis"},
                                                                                        {"pulmonarymass", "mass"},
                                                                                        {"lungmass", "mass"},
                                                                                        {"pulmonarynodule", "nodule"},
                                                                                        {"lungnodule", "nodule"},
                                                                                        {"infiltrates", "infiltration"},
                                                                                        {"infiltrate", "infiltration"},
                                                                                        {"hiatalhernia", "hernia"},
                                                                                        {"hiatushernia", "hernia"},
                                                                                        {"enlargedheart", "cardiomegaly"}}};

/// Columns that tell of a patient or a film, by any of their usual names.
constexpr std::array<std::string_view, 7> kPatientNames = {"patientid",  "patient", "subjectid", "subject",
                                                           "patientkey", "person",  "mrn"};
constexpr std::array<std::string_view, 5> kSexNames = {"sex", "gender", "patientgender", "patientsex", "patientsexdicom"};
constexpr std::array<std::string_view, 3> kAgeNames = {"age", "patientage", "ageyears"};
constexpr std::array<std::string_view, 6> kViewNames = {"view",       "viewposition",      "appa",
                                                        "projection", "viewpositiondicom", "frontallateral"};
constexpr std::array<std::string_view, 4> kListNames = {"findinglabels", "findings", "labels", "finding"};

template <class Names>
std::optional<int> find_any(const Table& table, const Names& names) {
  for (std::string_view name : names)
    if (const int column = table.find(name); column >= 0) return column;
  return std::nullopt;
}

std::optional<int> find_named(const Table& table, std::string_view name) {
  if (name.empty()) return std::nullopt;
  const int column = table.find(name);
  return column < 0 ? std::nullopt : std::optional(column);
}

/// Most cells are marks, one of them a 0 or a 1: a column of labels, with a few that were mistyped. In a known format a column of
/// uncertain marks is one, too.
bool holds_marks(const Table& table, int column, bool known_format) {
  int marks = 0, known = 0, other = 0;
  for (int row = 0; row < table.rows(); ++row) {
    const Mark mark = parse_mark(table.cell(row, column));
    known += mark == Mark::kAbsent || mark == Mark::kPresent || (known_format && mark == Mark::kUncertain);
    marks += mark != Mark::kUnreadable && mark != Mark::kBlank;
    other += mark == Mark::kUnreadable;
  }
  return known > 0 && other * 10 <= marks;
}

void add_finding_columns(const Table& table, TableLayout& layout) {
  std::vector<int> taken = layout.image_columns;
  for (const NamedColumn& group : layout.groups) taken.push_back(group.column);
  for (const std::optional<int>& column : {layout.patient, layout.reader, layout.modality})
    if (column) taken.push_back(*column);
  for (std::string_view name : {"study_id", "follow_up", "followup"})
    if (const int column = table.find(name); column >= 0) taken.push_back(column);
  for (int column = 0; column < table.columns(); ++column) {
    if (std::find(taken.begin(), taken.end(), column) != taken.end() || table.name(column).empty() ||
        names_nothing(table.name(column)))
      continue;
    if (holds_marks(table, column, layout.format != LabelFormat::kColumns))
      layout.findings.push_back({table.name(column), column});
  }
}

const FormatRow& format_of(const Table& table) {
  for (const FormatRow& row : known_formats())
    if (!row.head.empty() &&
        std::all_of(row.head.begin(), row.head.end(), [&](std::string_view name) { return table.find(name) >= 0; }))
      return row;
  return known_formats().back();
}

Result<void> take_choice(const Table& table, const ColumnChoice& choice, TableLayout& layout) {
  const auto missing = [&table](std::string_view name) {
    std::string names;
    for (int column = 0; column < table.columns(); ++column) names += (column > 0 ? ", " : "") + table.name(column);
    return Error{ErrorCode::kInvalidRequest, text("The table has no column \"", name, "\"."), text("It has ", names, ".")};
  };
  if (!choice.image.empty()) {
    const std::optional<int> column = find_named(table, choice.image);
    if (!column) return missing(choice.image);
    layout.image_columns = {*column};
  }
  for (const std::string& name : choice.groups) {
    const std::optional<int> column = find_named(table, name);
    if (!column) return missing(name);
    const bool known =
        std::any_of(layout.groups.begin(), layout.groups.end(), [&](const NamedColumn& g) { return g.column == *column; });
    if (!known) layout.groups.push_back({table.name(*column), *column});
  }
  return {};
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    std::string_view part = text.substr(begin, end - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    begin = end + 1;
  }
  return parts;
}

}  // namespace

std::string_view label_format_name(LabelFormat format) {
  for (const FormatRow& row : known_formats())
    if (row.format == format) return row.name;
  return "";
}

std::string_view join_key_name(JoinKey key) { return kKeys[static_cast<std::size_t>(key)].name; }

Result<JoinKey> parse_join_key(std::string_view id) {
  std::string known;
  for (const KeyRow& row : kKeys) {
    if (row.id == id) return row.key;
    known += (known.empty() ? "" : ", ") + std::string(row.id);
  }
  return Error{ErrorCode::kInvalidRequest, text("Images cannot be joined by \"", id, "\"."), text("Choose one of ", known, ".")};
}

Mark parse_mark(std::string_view cell) {
  if (cell.empty()) return Mark::kBlank;
  std::string word;
  for (char letter : cell)
    word.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter == ',' ? '.' : letter);
  const std::size_t point = word.find('.');  // 1.0 and, with a decimal comma, 1,0
  if (point != std::string::npos && point > 0 && word.find_first_not_of('0', point + 1) == std::string::npos) word.resize(point);
  for (std::string_view known : {"1", "+1", "yes", "y", "true", "positive", "present", "pos"})
    if (word == known) return Mark::kPresent;
  for (std::string_view known : {"0", "-0", "no", "n", "false", "negative", "absent", "neg"})
    if (word == known) return Mark::kAbsent;
  for (std::string_view known : {"-1",
                                 "\xe2\x88\x92"
                                 "1",
                                 "uncertain", "unsure"})
    if (word == known) return Mark::kUncertain;
  for (std::string_view known : {"nan", "na", "n/a", "none", "null", "-"})
    if (word == known) return Mark::kBlank;
  return Mark::kUnreadable;
}

std::string finding_key(std::string_view name) {
  const std::string key = column_key(name);
  for (const auto& [other, usual] : kOtherNames)
    if (key == other) return std::string(usual);
  return key;
}

bool names_nothing(std::string_view name) {
  const std::string key = column_key(name);
  return key == "nofinding" || key == "nofindings" || key == "normal" || key == "none";
}

Result<TableLayout> recognise_layout(const Table& table, const ColumnChoice& choice) {
  const FormatRow& known = format_of(table);
  TableLayout layout{known.format};
  layout.keys = known.keys;
  layout.patient = find_named(table, known.patient);
  if (!layout.patient) layout.patient = find_any(table, kPatientNames);
  layout.reader = find_named(table, known.reader);
  layout.modality = find_named(table, known.modality);
  layout.list = find_named(table, known.list);
  for (auto [name, column] : {std::pair("view", find_any(table, kViewNames)), std::pair("sex", find_any(table, kSexNames)),
                              std::pair("age", find_any(table, kAgeNames))})
    if (column) layout.groups.push_back({name, *column});
  if (const std::optional<int> image = find_named(table, known.image)) layout.image_columns = {*image};
  CHESTLIGHT_CHECK(take_choice(table, choice, layout));

  if (known.format == LabelFormat::kMimic && choice.image.empty())
    for (std::string_view name : {"dicom_id", "path", "study_id"})
      if (const int column = table.find(name); column >= 0) layout.image_columns.push_back(column);
  if (!layout.list) add_finding_columns(table, layout);
  if (layout.findings.empty() && !layout.list) layout.list = find_any(table, kListNames);
  if (layout.keys.empty())
    for (const KeyRow& row : kKeys)
      if (row.key != JoinKey::kStudy) layout.keys.push_back(row.key);  // any column of folders would match all images in them
  if (layout.image_columns.empty())
    for (int column = 0; column < table.columns(); ++column) {
      const bool label =
          std::any_of(layout.findings.begin(), layout.findings.end(), [&](const NamedColumn& f) { return f.column == column; });
      if (!label && layout.list != column) layout.image_columns.push_back(column);
    }
  if (layout.findings.empty() && !layout.list)
    return Error{ErrorCode::kUnavailable, "No column of the table can be read as labels.",
                 "A finding needs a column of 0, 1, -1 and blanks, or a column of names called \"Finding Labels\"."};
  return layout;
}

std::vector<std::string> names_in_list(LabelFormat format, std::string_view cell) {
  switch (format) {
    case LabelFormat::kPadChest: {
      std::vector<std::string> names;
      for (const std::string& part : split(cell, "[]',\"")) names.push_back(part);
      return names;
    }
    case LabelFormat::kCovidChestXray: return split(cell, "/,");
    case LabelFormat::kVinDr: return {std::string(cell)};
    default: return split(cell, "|;");
  }
}

}  // namespace chestlight
