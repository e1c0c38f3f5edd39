// The request `evaluate` of the engine's entrance: labels joined to images, and models' scores measured against them.
//
//   args     {images: [{file, sop_instance_uid?, accession_number?}], uncertain?, blank?, join_by?, image_column?, groups?:
//   [column],
//             names?: [{finding, column}], models: [{id, sha256, operating_point, findings: [id], thresholds: [number], info?}],
//             goal?: {ppv, npv, confidence}, costs?, sensitivity?, specificity?, rule?, notice, date?, remarks?: [sentence]}
//             info: the model as contract::ModelInfo; costs: contract::CallCosts; sensitivity, specificity: that thresholds are
//             to reach; rule: contract::ThresholdRule of the thresholds in a site profile
//   blobs    the table (empty: the images' folders are their labels); for each model its scores, float32 images × findings, NaN
//            where an image was not analysed
//   value    as evaluation_json.h has it; without models only {labels, with_row: [0 or 1 for each image]}
//   blobs    report.html and scores.csv, and for each model site-profile.json and model-card.json, empty without its info;
//            without models none
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "contract/model.h"

namespace chestlight {

struct EvaluationReply {
  Json value;
  std::vector<std::vector<std::uint8_t>> blobs;
};

/// How frequent each of these findings was where the model was evaluated; nothing where that is not known.
std::vector<std::optional<double>> evaluated_prevalences(const contract::ModelInfo& model,
                                                         const std::vector<std::string>& findings);

/// Errors: those of table.h, join.h and evaluation.h; "invalid-request" for arguments of another form.
Result<EvaluationReply> evaluate_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs);

}  // namespace chestlight
