#include "engine/case_labels.h"

#include <algorithm>

#include "base/counted.h"
#include "base/text.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

std::vector<ImageName> images_of(const std::vector<CaseLabels::Film>& films) {
  std::vector<ImageName> images;
  for (const CaseLabels::Film& film : films) images.push_back({film.name});
  return images;
}

Result<LabelChoice> label_choice(const contract::LabelsChoice& choice) {
  LabelChoice made;
  made.uncertain = static_cast<UncertainLabels>(choice.uncertain);
  made.blank = static_cast<BlankLabels>(choice.blank);
  made.columns = {choice.image_column, choice.groups};
  if (!choice.join_by.empty()) {
    CHESTLIGHT_TRY(made.key, parse_join_key(choice.join_by));
  }
  return made;
}

/// What a column of a table can name. The numbers in DICOM files are asked for on the command line only: here files are not read
/// for the sake of labels.
std::vector<contract::LabelsKey> label_keys() {
  std::vector<contract::LabelsKey> keys;
  for (const char* id : {"path", "file-name", "stem", "study"})
    if (const Result<JoinKey> key = parse_join_key(id)) keys.push_back({id, std::string(join_key_name(*key))});
  return keys;
}

}  // namespace

void CaseLabels::open_table(int id, const std::string& name) { tables_[id] = Entry{name, {}, {}, {}}; }

void CaseLabels::read_table(int id, std::vector<std::uint8_t> bytes) {
  const auto found = tables_.find(id);
  if (found == tables_.end() || found->second.error) return;
  Entry& entry = found->second;
  Result<Table> table = Table::read(bytes);
  if (!table) return refuse_table(id, describe(table.error()));
  entry.bytes = std::move(bytes);
  entry.table = std::move(*table);
}

void CaseLabels::refuse_table(int id, const contract::Failure& why) {
  if (const auto found = tables_.find(id); found != tables_.end()) found->second.error = why;
}

void CaseLabels::refuse_all(const contract::Failure& why) {
  for (auto& [id, entry] : tables_) entry = Entry{entry.name, {}, {}, why};
}

void CaseLabels::close_table(int id) {
  tables_.erase(id);
  if (choice_.source == id) choose({});
}

void CaseLabels::choose(const contract::LabelsChoice& choice) {
  choice_ = choice;
  asked_ = true;
}

std::string CaseLabels::table_name(int id) const {
  const auto found = tables_.find(id);
  return found == tables_.end() ? "" : found->second.name;
}

/// Each table is joined as it is found by itself, so that a reader sees what each would give; the one in use as it was chosen.
Result<Labels> CaseLabels::join_by_choice(std::span<const ImageName> images, std::vector<contract::LabelTable>& tables) {
  int most = 0;
  source_ = choice_.by_folders() ? -1 : 0;
  for (const auto& [id, entry] : tables_) {
    contract::LabelTable& told = tables.emplace_back(contract::LabelTable{id, entry.name});
    told.error = entry.error;
    if (!entry.table) continue;
    told.rows = entry.table->rows();
    for (int column = 0; column < entry.table->columns(); ++column) told.columns.push_back(entry.table->name(column));
    const Result<Labels> labels = join_labels(*entry.table, images);
    if (labels) told.films = labels->images_with_row;
    else told.error = describe(labels.error());
    if (choice_.source == id || (choice_.source == 0 && told.films > most)) source_ = id;
    most = std::max(most, told.films);
  }
  if (choice_.by_folders()) return labels_from_folders(images);
  const auto used = tables_.find(source_);
  if (used == tables_.end() || !used->second.table)
    return Error{ErrorCode::kMissing, "There is no table of labels that can be used.", "Open a CSV file with labels."};
  CHESTLIGHT_TRY(const LabelChoice choice, label_choice(choice_));
  return join_labels(*used->second.table, images, choice);
}

contract::LabelsJoined CaseLabels::join(const std::vector<Film>& films, const Model* model) {
  contract::LabelsJoined joined{++version_};
  const std::vector<ImageName> images = images_of(films);
  joined.choice = choice_;
  joined.keys = label_keys();
  joined.folders = bool(labels_from_folders(images));
  joined_films_.clear();
  for (const Film& film : films) joined_films_.push_back(film.id);
  labels_.reset();
  failure_.reset();
  Result<Labels> labels = join_by_choice(images, joined.tables);
  if (labels) {
    labels_ = std::move(*labels);
    joined.join = describe_join(*labels_, model);
    return joined;
  }
  failure_ = describe(labels.error());
  // Where no table is in use, the first one says why it is not; one in use that could not be read says that.
  for (const contract::LabelTable& table : joined.tables)
    if (table.error && (source_ == 0 || (source_ == table.id && table.rows == 0))) {
      failure_ = table.error;
      break;
    }
  const bool readable = std::any_of(joined.tables.begin(), joined.tables.end(), [](const auto& table) { return table.rows > 0; });
  if (films.empty() && readable)
    failure_ =
        contract::Failure{"missing", "No film is open that labels could belong to.", "Open the films that the table names."};
  if (!tables_.empty() || choice_.by_folders()) joined.error = failure_;
  return joined;
}

std::optional<bool> CaseLabels::truth(int film, const std::string& finding) const {
  if (!labels_) return std::nullopt;
  std::string name = finding;
  for (const contract::FindingColumn& named : choice_.names)
    if (finding_key(named.finding) == finding_key(finding)) name = named.column;
  const int row = labels_->find(name);
  const auto image = std::find(joined_films_.begin(), joined_films_.end(), film);
  if (row < 0 || image == joined_films_.end()) return std::nullopt;
  const std::int8_t label =
      labels_->labels[static_cast<std::size_t>(row)][static_cast<std::size_t>(image - joined_films_.begin())];
  return label == kUnknownLabel ? std::nullopt : std::optional(label == 1);
}

contract::LabelsJoin CaseLabels::describe_join(const Labels& labels, const Model* model) const {
  contract::LabelsJoin join{source_, ""};
  join.films = static_cast<int>(labels.patients.size());
  join.films_with_row = labels.images_with_row;
  join.rows = labels.rows;
  join.rows_without_film = labels.rows_without_image;
  join.column = labels.column;
  if (labels.key) {
    join.join_by_text = join_key_name(*labels.key);
    for (const char* id : {"path", "file-name", "stem", "study", "sop-instance-uid", "accession-number"})
      if (const Result<JoinKey> key = parse_join_key(id); key && *key == *labels.key) join.join_by = id;
    join.sentence = text(labels.images_with_row, " of ", counted(join.films, "film has", "films have"), " labels in ",
                         last_part(table_name(source_)), " (", label_format_name(labels.format), ", joined by ",
                         join.join_by_text, " with the column ", labels.column, ").");
  } else {
    join.sentence = counted(join.films, "film has", "films have") + " the folder that it lies in as label.";
  }
  const auto id_of = [&](const std::string& name) -> std::string {
    if (!model) return "";
    for (const Label& label : model->manifest().labels) {
      std::string wanted = label.id;
      for (const contract::FindingColumn& named : choice_.names)
        if (finding_key(named.finding) == finding_key(label.id)) wanted = named.column;
      if (finding_key(wanted) == finding_key(name)) return label.id;
    }
    return "";
  };
  for (std::size_t f = 0; f < labels.findings.size(); ++f) {
    contract::LabelledFinding finding{labels.findings[f], id_of(labels.findings[f])};
    for (std::size_t i = 0; i < labels.patients.size(); ++i) {
      if (!labels.has_row[i]) continue;
      const std::int8_t label = labels.labels[f][i];
      ++(label == 1 ? finding.with : label == 0 ? finding.without : finding.unknown);
    }
    join.findings.push_back(std::move(finding));
  }
  for (const Grouping& group : labels.groups) join.groups.push_back(group.name);
  join.remarks = labels.remarks;
  return join;
}

}  // namespace chestlight
