// Labels of films, and how good scores are against them, as the case tells it to the screen: the tables that came in, how one of
// them is joined to the films, and the results. Figures come as the text that the report has too (metrics/evaluation_words.h);
// the numbers beside them are for sorting and for plots.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "contract/failure.h"

namespace chestlight::contract {

/// What an uncertain label (-1) counts as, and a blank.
enum class UncertainRule { kIgnore, kPositive, kNegative };
enum class BlankRule { kByFormat, kIgnore, kNegative };

/// A finding of the model under the labels' name of it, where the two differ.
struct FindingColumn {
  std::string finding{};
  std::string column{};
};

/// How labels are read. Empty words: as it is found by itself (metrics/labels/join.h).
struct LabelsChoice {
  int source = 0;  // a table by its number; 0: the one that finds most films; -1: the folders that the films lie in
  std::string image_column = "";  // that names the films
  std::string join_by = "";       // what it names: "file-name"
  UncertainRule uncertain = UncertainRule::kIgnore;
  BlankRule blank = BlankRule::kByFormat;
  std::vector<std::string> groups = {};  // columns
  std::vector<FindingColumn> names = {};

  bool by_folders() const { return source == -1; }
};

/// How a threshold is found on films with labels: by the share of films with the finding that it finds, or of those without that
/// it leaves alone, by the largest sum of both, or by the least cost of wrong calls.
enum class ThresholdRule { kSensitivity, kSpecificity, kYouden, kCost };

/// A missed finding costs as much as so many false ones, where this share of films has it; 0: the share of the films with labels.
struct CallCosts {
  double miss = 5;
  double prevalence = 0;
};

/// A table that came in. error: why it cannot be used.
struct LabelTable {
  int id{0};
  std::string name{};
  int rows = 0;
  int films = 0;  // that it has a row for
  std::vector<std::string> columns = {};
  std::optional<Failure> error;
};

/// A finding as the labels name it, on the films here.
struct LabelledFinding {
  std::string name{};
  std::string finding = "";  // the model's id of it; empty: the model has none
  int with = 0;
  int without = 0;
  int unknown = 0;
};

/// What came of joining one table, or the folders, to the films.
struct LabelsJoin {
  int source{0};
  std::string sentence{};  // "12 of 14 films have labels …"
  std::string column = "";
  std::string join_by = "";  // as of LabelsChoice
  std::string join_by_text = "";
  int rows = 0;
  int rows_without_film = 0;
  int films = 0;
  int films_with_row = 0;
  std::vector<LabelledFinding> findings = {};
  std::vector<std::string> groups = {};
  std::vector<std::string> remarks = {};
};

/// One of what a column can name.
struct LabelsKey {
  std::string id{};
  std::string name{};
};

/// A figure of one finding: to be read and, where it can be had, to be sorted by.
struct Figure {
  std::string text = "–";
  std::optional<double> value;
};

struct EvaluatedFinding {
  std::string id{};
  std::string name = "";
  std::string label = "";  // what the labels call it; empty: they do not name it
  int with = 0;
  int without = 0;
  std::string note = "";  // why there are no figures
  Figure auroc = {};
  Figure average_precision = {};
  Figure sensitivity = {};
  Figure specificity = {};
  Figure ppv = {};
  Figure npv = {};
  std::string sentence = "";  // what the number of films tells
};

struct EvaluatedThreshold {
  std::string name{};
  std::string threshold{};
  std::string sensitivity{};
  std::string specificity{};
  std::string ppv{};
  std::string npv{};
};

struct EvaluatedGroup {
  std::string name{};  // "sex: F"
  int with = 0;
  int without = 0;
  std::string auroc{};
  std::string sensitivity{};
  std::string specificity{};
  std::string p{};
  bool differs = false;  // beyond chance
};

enum class CurveKind { kLine, kSteps, kDots, kBars };
enum class CurveTone { kMain, kOther, kReference };

struct PlotCurve {
  CurveKind kind{CurveKind::kLine};
  CurveTone tone{CurveTone::kMain};
  std::string name = "";                           // in the legend; empty: none
  std::vector<std::array<double, 2>> points = {};  // of bars: left edge and height
};

struct EvaluationPlot {
  std::string title{};
  std::string x_label{};
  std::string y_label{};
  std::array<double, 2> x{};  // from, to
  std::array<double, 2> y{};
  double bar_width = 0;
  std::vector<PlotCurve> curves = {};
};

/// A film that the threshold in use calls wrongly.
struct MisjudgedFilm {
  int id{0};
  std::string name{};
  std::string score{};
};

/// What is shown of one finding on request.
struct FindingMeasures {
  std::string finding{};
  std::string counts{};         // a sentence
  std::string prevalence = "";  // how frequent the finding is, in a sentence or two
  std::vector<EvaluatedThreshold> thresholds = {};
  std::vector<std::string> zones = {};  // a sentence each
  std::vector<EvaluatedGroup> groups = {};
  std::vector<EvaluationPlot> plots = {};
  std::vector<MisjudgedFilm> missed = {};       // lowest score first
  std::vector<MisjudgedFilm> false_calls = {};  // highest score first
};

/// Films with labels, by what became of them.
struct LabelledFilms {
  int with_labels = 0;
  int scored = 0;
  int refused = 0;
  int unreadable = 0;
  int waiting = 0;  // not analysed by this model, or not yet
};

}  // namespace chestlight::contract
