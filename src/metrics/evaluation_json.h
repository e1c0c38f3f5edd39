// An evaluation as evaluation.json holds it, and the scores behind it as CSV.
//
//   {labels: {format, joined_by, column, images, images_with_row, rows, rows_without_image, findings, remarks},
//    models: [{id, sha256, operating_point, films, findings: [{id, label, positives, negatives, auroc, interval: [low, high],
//              interval_method, average_precision, prevalence, prevalence_estimated: {value, interval,
//              model, brier, calibration_error}, mean_score, brier, calibration_error, threshold, confusion,
//              sensitivity, specificity, ppv, npv: {value, part, whole, interval}, thresholds, triage, calibration, sentence,
//              note, groups: [{group, value, positives, negatives, auroc, interval, p, differs, sensitivity, specificity}]}]}],
//    comparisons: [{first, second, finding, films, first_auroc, second_auroc, difference, interval, z, p}]}
// What cannot be had is null, and `note` says why.
#pragma once

#include <span>

#include "base/json.h"
#include "metrics/evaluation.h"

namespace chestlight {

Json labels_json(const Labels& labels);
Json evaluation_json(const Evaluation& evaluation, const Labels& labels);

/// One line for each image with a row, model and finding (RFC 4180): file, model, finding, score, threshold, label, and the
/// groups. A cell that a spreadsheet would run as a formula begins with an apostrophe.
std::string scores_csv(const std::vector<ModelScores>& models, const Labels& labels, std::span<const ImageName> images,
                       const EvaluationOptions& options);

}  // namespace chestlight
