// Labels and results against them for the tests of the screen.
#pragma once

#include <string>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {

inline LabelTable label_table(int id, const std::string& name, int films) {
  LabelTable table{id, name};
  table.rows = 12;
  table.films = films;
  table.columns = {"Image Index", "Patient", "Effusion", "Mass"};
  return table;
}

/// One table with a row for two of three films.
inline LabelsJoined labels_joined_message(int version = 1) {
  LabelsJoined told{version};
  told.tables = {label_table(50, "folder/labels.csv", 2)};
  told.keys = {{"path", "path"}, {"file-name", "file name"}};
  told.join =
      LabelsJoin{50, "2 of 3 films have labels in labels.csv (columns, joined by file name with the column Image Index)."};
  told.join->column = "Image Index";
  told.join->join_by = "file-name";
  told.join->join_by_text = "file name";
  told.join->rows = 12;
  told.join->rows_without_film = 10;
  told.join->films = 3;
  told.join->films_with_row = 2;
  told.join->findings = {{"a", "a", 1, 1, 0}, {"other words", "", 0, 2, 0}};
  told.join->remarks = {"1 image has no row in the table and is left out (c.png).",
                        "10 rows belong to no image here and are left out."};
  return told;
}

inline EvaluatedFinding evaluated_finding(const std::string& id, double auroc) {
  EvaluatedFinding finding{id, id, id, 1, 1};
  finding.auroc = {"0.812 (0.701 to 0.923)", auroc};
  finding.average_precision = {"0.750", 0.75};
  for (Figure* share : {&finding.sensitivity, &finding.specificity, &finding.ppv, &finding.npv})
    *share = {"100 % (100 to 100)", 1.0};
  finding.sentence = "1 film has the finding and 1 does not: the area is 0.81, and anything from 0.70 to 0.92 fits them.";
  return finding;
}

/// Two findings with figures, one of one class only and one that the labels do not name.
inline FilmsEvaluated films_evaluated_message(int version = 1, const std::string& opened = "") {
  FilmsEvaluated told{version};
  told.operating_point_name = "Balanced";
  told.films = {2, 2, 0, 0, 0};
  told.findings = {evaluated_finding("a", 0.7), evaluated_finding("b", 0.9), EvaluatedFinding{"c", "c", "c", 2, 0},
                   EvaluatedFinding{"d", "d", ""}};
  told.findings[2].note = "All 2 films have the finding: nothing can be told apart. Add films without it.";
  told.findings[3].note = "The labels do not name this finding.";
  if (opened.empty()) return told;
  told.measures = FindingMeasures{opened, "At the model's threshold of 0.5000: 1 found, 1 missed, 1 false, 1 rightly left."};
  told.measures->thresholds = {
      {"the model's", "0.5000", "50 % (9 to 91)", "50 % (9 to 91)", "50 % (9 to 91)", "50 % (9 to 91)"},
      {"largest sum of both (Youden)", "0.7311", "100 % (34 to 100)", "50 % (9 to 91)", "67 % (21 to 94)", "100 % (21 to 100)"}};
  told.measures->zones = {"These 2 films do not prove a PPV of 90 %: about 300 such films would.",
                          "2 films are left to a reader."};
  told.measures->groups = {{"sex: F", 1, 1, "0.812 (0.701 to 0.923)", "50 % (9 to 91)", "50 % (9 to 91)", "0.031", true},
                           {"sex: M", 1, 1, "–", "–", "–", "–", false}};
  told.measures->plots = {{"ROC",
                           "1 − specificity",
                           "sensitivity",
                           {0, 1},
                           {0, 1},
                           0,
                           {{CurveKind::kLine, CurveTone::kMain, "AUROC 0.812", {{0, 0}, {0.2, 0.7}, {1, 1}}}}},
                          {"Precision and recall",
                           "recall (sensitivity)",
                           "precision (PPV)",
                           {0, 1},
                           {0, 1},
                           0,
                           {{CurveKind::kSteps, CurveTone::kMain, "mean 0.750", {{0, 1}, {0.5, 1}, {1, 0.5}}}}},
                          {"Calibration",
                           "score",
                           "share with the finding",
                           {0, 1},
                           {0, 1},
                           0,
                           {{CurveKind::kDots, CurveTone::kMain, "", {{0.2, 0.1}, {0.8, 0.9}}}}},
                          {"Decision curve",
                           "threshold",
                           "net benefit",
                           {0, 1},
                           {-0.1, 0.4},
                           0,
                           {{CurveKind::kLine, CurveTone::kOther, "act on all", {{0, 0.4}, {0.5, 0}}}}},
                          {"Scores",
                           "score",
                           "share of the class",
                           {0, 1},
                           {0, 0.5},
                           0.05,
                           {{CurveKind::kBars, CurveTone::kOther, "with the finding", {{0.5, 0.5}, {0.55, 0.25}}}}}};
  told.measures->missed = {{1, "a.png", "0.1234"}};
  told.measures->false_calls = {{2, "study/b.png", "0.9876"}, {3, "c.png", "0.8000"}};
  return told;
}

}  // namespace chestlight::viewer
