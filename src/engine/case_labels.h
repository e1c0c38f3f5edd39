// The labels of a case: tables that came in, how one of them (or the folders of the films) is joined to the films, and the scores
// that are known measured against them. One owner; it reads no file and knows no network, and everything is worked out anew from
// what the films are now.
//
// The figures are those of metrics/evaluation.h; what is exported is what the request `evaluate` (evaluate.h) answers, so that
// the page and `cxr evaluate` write the same.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "contract/evaluation.h"
#include "contract/film_record.h"
#include "contract/messages.h"
#include "engine/model.h"
#include "metrics/evaluation.h"
#include "metrics/labels/join.h"

namespace chestlight {

class CaseLabels {
 public:
  /// A film of the case, by the page's number. record: what became of it, null while nothing did.
  struct Film {
    int id = 0;
    std::string name;
    const contract::FilmRecord* record = nullptr;
  };
  struct File {
    std::string name, mime;
    std::vector<std::uint8_t> bytes;
  };

  void open_table(int id, const std::string& name);
  /// Of a table that is open; another one is left alone.
  void read_table(int id, std::vector<std::uint8_t> bytes);
  void refuse_table(int id, const contract::Failure& why);
  /// Every table that is open; none of them is read any more.
  void refuse_all(const contract::Failure& why);
  void close_table(int id);
  void choose(const contract::LabelsChoice& choice);
  const contract::LabelsChoice& choice() const { return choice_; }
  std::string table_name(int id) const;
  /// Somebody wants films joined to labels.
  bool wanted() const { return asked_ || !tables_.empty(); }

  /// Joins anew. model: whose findings the labels are to name; null while there is none.
  contract::LabelsJoined join(const std::vector<Film>& films, const Model* model);
  /// Of the films as they were joined last. site: the operating point of the site profile in use, if any; its id may be asked
  /// for. Errors stand in the value.
  contract::FilmsEvaluated evaluate(const std::vector<Film>& films, const Model* model, const contract::EvaluateFilms& asked,
                                    const OperatingPoint* site = nullptr) const;
  /// What the labels say of a finding of the model on a film; nothing where they do not.
  std::optional<bool> truth(int film, const std::string& finding) const;
  /// Errors: what kept labels from being joined; "missing" (no film with a label was analysed); those of evaluate.h.
  Result<File> export_as(const contract::ExportEvaluation& asked, const std::vector<Film>& films, const Model* model,
                         const OperatingPoint* site = nullptr) const;

 private:
  struct Entry {
    std::string name;
    std::vector<std::uint8_t> bytes;
    std::optional<Table> table;
    std::optional<contract::Failure> error;
  };
  /// Scores of the films with labels, and what became of the others.
  struct Scored {
    ModelScores scores;
    std::string point_name;
    contract::LabelledFilms films;
    std::vector<std::string> remarks;
  };

  Result<Labels> join_by_choice(std::span<const ImageName> images, std::vector<contract::LabelTable>& tables);
  contract::LabelsJoin describe_join(const Labels& labels, const Model* model) const;
  Result<Scored> score(const std::vector<Film>& films, const Model& model, const std::string& operating_point,
                       const OperatingPoint* site) const;

  std::map<int, Entry> tables_;
  contract::LabelsChoice choice_;
  bool asked_ = false;
  int version_ = 0;
  int source_ = 0;  // of labels_: a table, or -1 for folders
  std::optional<Labels> labels_;
  std::optional<contract::Failure> failure_;  // why there are none
  std::vector<int> joined_films_;             // one for each image of labels_
};

}  // namespace chestlight
