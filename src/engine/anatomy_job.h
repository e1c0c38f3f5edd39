// Finding lungs and heart on one film: one run of the anatomy network, and what follows from its masks. A film of which plain
// facts say that it is no frontal chest (the gate's other-modality, lateral, two-films, no-contrast) is not shown to the network:
// the gate's sentence is the reason then.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "contract/anatomy.h"
#include "engine/anatomy_model.h"
#include "engine/job.h"
#include "imaging/correction.h"
#include "imaging/film.h"

namespace chestlight {

class AnatomyJob : public Job {
 public:
  /// `correction` must have been checked against the film, which is not needed any longer.
  AnatomyJob(std::shared_ptr<const AnatomyModel> model, const Film& film, const Correction& correction);

  std::optional<InferenceRequest> next() override;
  Result<void> accept(std::vector<InferenceTensor> outputs) override;
  JobProgress progress() const override { return {finished() ? 1 : 0, 1}; }
  bool finished() const override { return anatomy_.has_value(); }
  /// An AnatomyReport.
  JobResult result() const override;

  /// Only when finished().
  const Anatomy& anatomy() const { return *anatomy_; }
  contract::AnatomyReport report() const;

 private:
  std::shared_ptr<const AnatomyModel> model_;
  std::vector<float> input_;
  FilmView view_;
  std::optional<PixelSpacing> spacing_;
  std::optional<Anatomy> anatomy_;
};

/// What the contract says of it. `spacing`: of the film as opened.
contract::AnatomyReport describe(const AnatomyModel& model, const Anatomy& anatomy, const std::optional<PixelSpacing>& spacing);

}  // namespace chestlight
