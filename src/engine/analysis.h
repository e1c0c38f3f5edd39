// Analysing one film: from the gate and the network's input to scores, words and evidence maps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "anatomy/location.h"
#include "engine/job.h"
#include "engine/model.h"
#include "explain/methods/evidence.h"
#include "explain/regions.h"
#include "findings/gate.h"
#include "findings/input_record.h"
#include "findings/operating_point.h"
#include "findings/preprocess.h"
#include "findings/scores.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"

namespace chestlight {

/// One finding of one film, in the order of the manifest's labels.
struct FindingResult {
  Logit logit;
  Probability probability;
  Calibrated calibrated;
  Calibrated threshold;
  FindingState state = FindingState::kBelow;
  std::string sentence;  // score, threshold and what that means, in words
  std::string where;     // where the evidence for it lies, in words
  Regions regions;       // of its map
  Logit zero;            // what its evidence is measured from (Manifest::evidence_zero)
};

/// What is asked of an analysis, beside the film.
struct AnalysisRequest {
  std::size_t operating_point = 0;  // index into the manifest's
  Correction correction;            // checked against the film
  bool anyway = false;              // also where the gate refuses, if that may be overridden
};

struct Analysis {
  std::vector<Reason> reasons;      // warnings, or why the film was not analysed
  bool analysed = false;            // false: there are no findings and no maps
  bool overridden = false;          // analysed although a reason refuses
  InputRecord input;                // what the model saw, or would have seen
  std::size_t operating_point = 0;  // index into the manifest's
  std::vector<FindingResult> findings;
  std::optional<Calibrated> any_finding;  // where the model has a head for it
  EvidenceMaps evidence;                  // contributions: logit = bias + mean over the map
  FilmView view;                          // what part of the film the network saw
  Lungs lungs;                            // on the corrected film

  /// The evidence for one finding measured from its zero: what is drawn and put into words.
  Grid<float> map(std::size_t finding) const {
    return evidence_from(evidence, static_cast<int>(finding), findings[finding].zero);
  }
};

/// One film, one request. The job keeps the network's input, not the film.
class AnalyseJob : public Job {
 public:
  AnalyseJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request);

  std::optional<InferenceRequest> next() override;
  Result<void> accept(std::vector<InferenceTensor> outputs) override;
  JobProgress progress() const override;

  bool finished() const override { return finished_; }
  JobResult result() const override;
  const Model& model() const { return *model_; }
  /// Complete once finished().
  const Analysis& analysis() const { return analysis_; }

 private:
  std::shared_ptr<const Model> model_;
  /// Decides on the reasons: false where the film is refused, and then the job is finished.
  bool passes();

  bool anyway_;
  std::vector<float> input_;  // channels × height × width, as the manifest's input says
  FilmView corrected_view_;   // the same of the corrected film: words speak of it
  Analysis analysis_;
  PictureSides sides_ = PictureSides::kUnknown;
  bool finished_ = false;
};

}  // namespace chestlight
