#include "metrics/labels/join.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/counted.h"
#include "metrics/labels/image_keys.h"
#include "metrics/labels/row_marks.h"

namespace chestlight {
namespace {

using ImagesByKey = std::unordered_map<std::string, std::vector<int>>;

ImagesByKey index_images(std::span<const ImageName> images, JoinKey key) {
  ImagesByKey index;
  for (std::size_t i = 0; i < images.size(); ++i)
    if (std::string name = key_of_image(images[i], key); !name.empty()) index[std::move(name)].push_back(static_cast<int>(i));
  return index;
}

struct Match {
  JoinKey key = JoinKey::kFileName;
  int column = -1;
  std::vector<std::vector<int>> rows_of_image;
  int images = 0;
  int rows_without_image = 0;
};

Match match_by(const Table& table, int column, JoinKey key, const ImagesByKey& index, std::size_t images) {
  Match match{key, column, std::vector<std::vector<int>>(images)};
  for (int row = 0; row < table.rows(); ++row) {
    const auto found = index.find(key_of_cell(table.cell(row, column), key));
    if (found == index.end()) {
      ++match.rows_without_image;
      continue;
    }
    for (int image : found->second) {
      match.images += match.rows_of_image[static_cast<std::size_t>(image)].empty();
      match.rows_of_image[static_cast<std::size_t>(image)].push_back(row);
    }
  }
  return match;
}

Match best_match(const Table& table, const TableLayout& layout, std::span<const ImageName> images) {
  Match best;
  for (JoinKey key : layout.keys) {
    if (best.images == static_cast<int>(images.size())) break;
    const ImagesByKey index = index_images(images, key);
    if (index.empty()) continue;
    for (int column : layout.image_columns)
      if (Match match = match_by(table, column, key, index, images.size()); match.images > best.images) best = std::move(match);
  }
  return best;
}

Error nothing_matched(const Table& table, const TableLayout& layout, std::span<const ImageName> images) {
  std::string columns;
  for (int column : layout.image_columns) columns += (columns.empty() ? "" : ", ") + table.name(column);
  const std::string_view cell = layout.image_columns.empty() ? "" : table.cell(0, layout.image_columns[0]);
  return Error{ErrorCode::kMissing,
               text("No row of the table belongs to any of the ", images.size(), " images. The columns ", columns,
                    " were compared with paths, names and numbers of the images; the first row says \"", cell,
                    "\", the first image is \"", images.empty() ? std::string() : images[0].path, "\"."),
               "Name the column that names the images, or what it names."};
}

/// "3 images: a.png, b.png, c.png and 2 more"
class Examples {
 public:
  void add(std::string_view name) {
    if (++count_ <= 3) names_ += (count_ > 1 ? ", " : "") + std::string(name);
  }
  int count() const { return count_; }
  std::string names() const { return count_ > 3 ? text(names_, " and ", count_ - 3, " more") : names_; }

 private:
  int count_ = 0;
  std::string names_;
};

void remark_on_match(const Match& match, std::span<const ImageName> images, Labels& labels) {
  Examples without;
  for (std::size_t i = 0; i < images.size(); ++i)
    if (match.rows_of_image[i].empty()) without.add(images[i].path);
  if (without.count() > 0)
    labels.remarks.push_back(text(counted(without.count(), "image has", "images have"), " no row in the table and ",
                                  without.count() == 1 ? "is" : "are", " left out (", without.names(), ")."));
  if (match.rows_without_image > 0)
    labels.remarks.push_back(text(counted(match.rows_without_image, "row belongs", "rows belong"), " to no image here and ",
                                  match.rows_without_image == 1 ? "is" : "are", " left out."));
  if (match.key == JoinKey::kStudy) return;
  std::unordered_map<int, int> images_of_row;
  for (const std::vector<int>& rows : match.rows_of_image)
    for (int row : rows) ++images_of_row[row];
  const auto shared = static_cast<int>(
      std::count_if(images_of_row.begin(), images_of_row.end(), [](const auto& entry) { return entry.second > 1; }));
  if (shared > 0)
    labels.remarks.push_back(text(counted(shared, "row belongs", "rows belong"),
                                  " to several images of the same name in different folders; each of them gets its labels."));
}

void remark_on_patients(Labels& labels) {
  std::map<std::string_view, int> images;
  for (const std::string& patient : labels.patients)
    if (!patient.empty()) ++images[patient];
  int patients = 0, theirs = 0;
  for (const auto& [patient, count] : images)
    if (count > 1) {
      ++patients;
      theirs += count;
    }
  if (patients > 0)
    labels.remarks.push_back(text(counted(patients, "patient has", "patients have"), " more than one image (", theirs,
                                  " images); intervals take images as independent, so they are too narrow."));
}

/// Names of findings that occur in the lists of matched rows, in order; the 14 of ChestX-ray14 always.
std::vector<std::string> names_in_lists(const Table& table, const TableLayout& layout, const Match& match) {
  std::map<std::string, std::string> names;  // by key, so that two spellings are one
  if (layout.format == LabelFormat::kChestXray14)
    for (const char* name : {"Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia",
                             "Pneumothorax", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia"})
      names.emplace(finding_key(name), name);
  for (const std::vector<int>& rows : match.rows_of_image)
    for (int row : rows)
      for (std::string& name : names_in_list(layout.format, table.cell(row, *layout.list)))
        if (!names_nothing(name) && !names_unknown(name)) names.emplace(finding_key(name), std::move(name));
  std::vector<std::string> list;
  for (auto& [key, name] : names) list.push_back(std::move(name));
  return list;
}

void take_marks(const Table& table, const TableLayout& layout, const Match& match, std::span<const ImageName> images,
                const LabelChoice& choice, Labels& labels) {
  RowMarks marks(table, layout, labels.findings, choice);
  labels.labels.assign(labels.findings.size(), std::vector<std::int8_t>(images.size(), kUnknownLabel));
  Examples disagreeing, repeated;
  std::set<std::string> disputed;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::vector<int>& rows = match.rows_of_image[i];
    if (rows.empty()) continue;
    const MergedMarks merged = marks.merge(rows);
    for (std::size_t f = 0; f < labels.findings.size(); ++f) labels.labels[f][i] = merged.labels[f];
    for (std::size_t f : merged.disputed) disputed.insert(labels.findings[f]);
    if (!merged.disputed.empty()) disagreeing.add(images[i].path);
    else if (rows.size() > 1 && !layout.reader) repeated.add(images[i].path);
  }
  if (disagreeing.count() > 0) {
    std::string names;
    for (const std::string& finding : disputed) names += (names.empty() ? "" : ", ") + finding;
    labels.remarks.push_back(text(counted(disagreeing.count(), "image has rows", "images have rows"), " that disagree on ", names,
                                  "; there the label counts as unknown (", disagreeing.names(), ")."));
  }
  if (repeated.count() > 0)
    labels.remarks.push_back(text(counted(repeated.count(), "image has", "images have"),
                                  " several rows that agree; they count once (", repeated.names(), ")."));
  marks.remark(labels.remarks);
}

}  // namespace

int Labels::find(std::string_view finding) const {
  const std::string wanted = finding_key(finding);
  for (std::size_t f = 0; f < findings.size(); ++f)
    if (finding_key(findings[f]) == wanted) return static_cast<int>(f);
  return -1;
}

Result<Labels> join_labels(const Table& table, std::span<const ImageName> images, const LabelChoice& choice) {
  CHESTLIGHT_TRY(TableLayout layout, recognise_layout(table, choice.columns));
  if (choice.key) layout.keys = {*choice.key};
  const Match match = best_match(table, layout, images);
  if (match.images == 0) return nothing_matched(table, layout, images);

  Labels labels;
  labels.format = layout.format;
  labels.key = match.key;
  labels.column = table.name(match.column);
  labels.rows = table.rows();
  labels.rows_without_image = match.rows_without_image;
  labels.images_with_row = match.images;
  labels.remarks = table.remarks();
  remark_on_match(match, images, labels);
  if (layout.list) labels.findings = names_in_lists(table, layout, match);
  else
    for (const NamedColumn& finding : layout.findings) labels.findings.push_back(finding.name);
  take_marks(table, layout, match, images, choice, labels);

  for (const NamedColumn& group : layout.groups) labels.groups.push_back({group.name, std::vector<std::string>(images.size())});
  labels.patients.resize(images.size());
  for (const std::vector<int>& rows : match.rows_of_image) labels.has_row.push_back(!rows.empty());
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (match.rows_of_image[i].empty()) continue;
    const int row = match.rows_of_image[i].front();
    labels.patients[i] = layout.patient ? std::string(table.cell(row, *layout.patient)) : patient_in_path(images[i].path);
    for (std::size_t g = 0; g < layout.groups.size(); ++g)
      labels.groups[g].values[i] = group_value(layout.groups[g].name, table.cell(row, layout.groups[g].column));
  }
  remark_on_patients(labels);
  return labels;
}

Result<Labels> labels_from_folders(std::span<const ImageName> images) {
  Labels labels;
  labels.format = LabelFormat::kFolders;
  labels.images_with_row = static_cast<int>(images.size());
  labels.has_row.assign(images.size(), true);
  std::map<std::string, std::string> folders;
  std::set<std::string> all;
  for (const ImageName& image : images) {
    const std::string folder = folder_of(image.path);
    all.insert(column_key(folder));
    if (!folder.empty() && !names_nothing(folder)) folders.emplace(finding_key(folder), folder);
    labels.patients.push_back(patient_in_path(image.path));
  }
  if (all.size() < 2 || folders.empty())
    return Error{ErrorCode::kMissing, "The images do not lie in folders that could be labels: at least two are needed.",
                 "Name a table with labels, or sort the images into folders such as NORMAL and PNEUMONIA."};
  for (const auto& [folder_key, name] : folders) {
    labels.findings.push_back(name);
    labels.labels.emplace_back();
    for (const ImageName& image : images) {
      const std::string folder = folder_of(image.path);
      labels.labels.back().push_back(folder.empty() ? kUnknownLabel : finding_key(folder) == folder_key);
    }
  }
  remark_on_patients(labels);
  return labels;
}

Result<Labels> labels_from_verdicts(std::span<const ImageName> images, std::span<const ImageVerdict> verdicts) {
  if (verdicts.empty())
    return Error{ErrorCode::kMissing, "No reader has said anything of these images yet.", "Give verdicts on findings first."};
  Labels labels;
  labels.format = LabelFormat::kVerdicts;
  labels.has_row.assign(images.size(), false);
  for (const ImageName& image : images) labels.patients.push_back(patient_in_path(image.path));
  for (const ImageVerdict& verdict : verdicts) {
    if (verdict.image >= images.size())
      return Error{ErrorCode::kInvalidRequest, text("A verdict is on image ", verdict.image, "; there are ", images.size(), "."),
                   ""};
    int place = labels.find(verdict.finding);
    if (place < 0) {
      place = static_cast<int>(labels.findings.size());
      labels.findings.push_back(verdict.finding);
      labels.labels.emplace_back(images.size(), kUnknownLabel);
    }
    labels.labels[static_cast<std::size_t>(place)][verdict.image] = verdict.present ? 1 : 0;
    labels.has_row[verdict.image] = true;
  }
  labels.rows = static_cast<int>(verdicts.size());
  labels.images_with_row = static_cast<int>(std::count(labels.has_row.begin(), labels.has_row.end(), true));
  remark_on_patients(labels);
  return labels;
}

}  // namespace chestlight
