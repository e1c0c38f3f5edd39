// A reader against labels: the areas under the ROC curve of their scores without and with a model, the paired difference of both,
// and the scores as iMRMC reads them. One reader and one finding at a time; films are taken as independent. Source of the format:
// B. Gallas et al., iMRMC, "DFexample"; readerID, caseID, modalityID, score.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/roc.h"

namespace chestlight {

/// What one reader said of one film, 0 to 100, and what is true of it; nothing where an arm was not read or no label is known.
struct ReadFilm {
  std::string film;
  std::optional<double> unaided, aided;
  std::optional<bool> present;
};

struct ReaderResult {
  int positives = 0, negatives = 0;  // films with a label and a reading without the model
  std::string note;                  // why there are no areas
  std::optional<Auroc> unaided, aided;
  std::optional<AreaDifference> difference;  // aided − unaided, on the films that have both
  std::vector<RocPoint> unaided_curve, aided_curve;
};
ReaderResult evaluate_reader(const std::vector<ReadFilm>& films);

/// "With the model the area is larger by 0.05 (−0.02 to 0.12), p 0.17."; empty without a difference.
std::string reader_difference_words(const ReaderResult& result);

/// Rows readerID, caseID, modalityID, score with a head (RFC 4180). Truth rows have the reader −1 and the modality 0, and the
/// score 1 for films with the finding, 0 for those without; the arms are the modalities "unaided" and "aided".
std::string imrmc_csv(const std::string& reader, const std::vector<ReadFilm>& films);

}  // namespace chestlight
