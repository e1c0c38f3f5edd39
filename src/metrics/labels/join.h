// Labels of images from a table, or from the folders that the images lie in: which row belongs to which image, and what it says.
//
// The join is proposed, not asked for: each column that may name images is tried with each key, and the pair that finds most
// images wins. Letters are compared without case. What does not match, what disagrees and what makes intervals too narrow is said
// in `remarks`, a sentence each, with up to three examples. Nothing here opens an image.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "metrics/labels/layout.h"

namespace chestlight {

struct ImageName {
  std::string path;                                          // below the folder that was opened, with / or backslashes
  std::string sop_instance_uid = "", accession_number = "";  // of DICOM files, where the user joins by them
};

enum class UncertainLabels { kIgnore, kPositive, kNegative };
enum class BlankLabels { kByFormat, kIgnore, kNegative };  // by format: negative in CheXpert and MIMIC-CXR ("not mentioned")

struct LabelChoice {
  ColumnChoice columns;
  std::optional<JoinKey> key;
  UncertainLabels uncertain = UncertainLabels::kIgnore;
  BlankLabels blank = BlankLabels::kByFormat;
};

struct Grouping {
  std::string name;                 // "sex"
  std::vector<std::string> values;  // one for each image; empty where it is not known
};

constexpr std::int8_t kUnknownLabel = -1;

struct Labels {
  LabelFormat format = LabelFormat::kColumns;
  std::optional<JoinKey> key;  // of a table
  std::string column;          // that names the images
  int rows = 0, rows_without_image = 0;
  std::vector<bool> has_row;  // one for each image
  int images_with_row = 0;
  std::vector<std::string> findings;             // as the table names them
  std::vector<std::vector<std::int8_t>> labels;  // [finding][image]: 1, 0 or kUnknownLabel
  std::vector<std::string> patients;             // one for each image; empty where it is not known
  std::vector<Grouping> groups;
  std::vector<std::string> remarks;

  /// By finding_key(). @return −1 where there is none
  int find(std::string_view finding) const;
};

/// Errors: as recognise_layout; "missing" (no row belongs to an image).
Result<Labels> join_labels(const Table& table, std::span<const ImageName> images, const LabelChoice& choice = {});

/// Errors: "missing" (the images lie in no folder, or all in one).
Result<Labels> labels_from_folders(std::span<const ImageName> images);

/// What a reader says of a finding of one image.
struct ImageVerdict {
  std::size_t image = 0;  // its place among the images
  std::string finding;
  bool present = false;
};
/// Of several verdicts on one finding of an image the last one counts; where there is none the label is unknown.
/// Errors: "missing" (there is no verdict), "invalid-request" (one is on an image that is not there).
Result<Labels> labels_from_verdicts(std::span<const ImageName> images, std::span<const ImageVerdict> verdicts);

}  // namespace chestlight
