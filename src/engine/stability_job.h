// Checking how far small changes of the picture move the scores of a film (findings/stability.h): the film as it is, which is the
// request of an analysis, then its changed copies. The job keeps the network's inputs, not the film.
#pragma once

#include <memory>
#include <vector>

#include "contract/analysis.h"
#include "engine/film_request.h"
#include "engine/procedure_job.h"

namespace chestlight {

/// Its value is an error "unavailable" where the film is refused.
class StabilityJob : public ProcedureJob<Result<contract::ScoreStability>> {
 public:
  StabilityJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request);
  /// A ScoreStability. Only where there is one.
  JobResult result() const override;
};

}  // namespace chestlight
