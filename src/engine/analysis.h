// Analysing one film: from the gate and the network's input to scores, words and evidence maps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/film_request.h"
#include "engine/model.h"
#include "engine/procedure_job.h"
#include "explain/methods/evidence.h"
#include "explain/procedure.h"
#include "explain/regions.h"
#include "findings/scores.h"
#include "findings/zone.h"

namespace chestlight {

/// One finding of one film, in the order of the manifest's labels.
struct FindingResult {
  Logit logit;
  Probability probability;
  Calibrated calibrated;
  Calibrated threshold;
  FindingState state = FindingState::kBelow;
  std::string sentence;                            // score, threshold and what that means, in words
  std::string where;                               // where the evidence for it lies, in words
  Regions regions;                                 // of its map
  Reading reading;                                 // the score against what is known of it
  std::string place;                               // where, in a few words
  std::optional<contract::EvidenceShares> shares;  // where lungs and heart are known
  Logit zero;                                      // what its evidence is measured from (Manifest::evidence_zero)
};

struct Analysis {
  std::vector<Reason> reasons;  // warnings, or why the film was not analysed
  bool analysed = false;        // false: there are no findings and no maps
  bool overridden = false;      // analysed although a reason refuses
  InputRecord input;            // what the model saw, or would have seen
  OperatingPoint operating_point;
  std::vector<FindingResult> findings;
  std::optional<Calibrated> any_finding;  // where the model has a head for it
  Reading any_finding_reading;
  EvidenceMaps evidence;                        // contributions: logit = bias + mean over the map
  std::vector<float> pooled;                    // the network's features, each its mean over the cells
  FilmView view;                                // what part of the film the network saw
  FilmView corrected_view;                      // the same of the corrected film
  PictureSides sides = PictureSides::kUnknown;  // of the corrected film
  Lungs lungs;                                  // on the corrected film

  /// The evidence for one finding measured from its zero: what is drawn and put into words.
  Grid<float> map(std::size_t finding) const {
    return evidence_from(evidence, static_cast<int>(finding), findings[finding].zero);
  }
};

/// Puts into words where the evidence for each finding lies, by lungs and heart or without them (nullptr).
void place_findings(Analysis& analysis, const Anatomy* anatomy);

/// Everything that one look of the network tells of a film. The error is evidence_maps()'s: numbers that make no map.
/// `model` must outlive it.
Procedure<Result<Analysis>> analyse_film(Network& network, const Model& model, FilmRequest asked);

/// One film, one request of the network. The job keeps the network's input, not the film.
class AnalyseJob : public ProcedureJob<Result<Analysis>> {
 public:
  AnalyseJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request);

  Result<void> accept(std::vector<InferenceTensor> outputs) override;
  /// Not where there is no analysis because the network's numbers make no map: accept() said so.
  bool finished() const override;
  JobResult result() const override;
  /// Only when finished().
  const Analysis& analysis() const { return value().value(); }
};

}  // namespace chestlight
