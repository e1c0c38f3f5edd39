// Checking whether an explanation deserves trust (explain/checks/trust.h): makes the map, then the checks.
#pragma once

#include "engine/explanation.h"
#include "engine/procedure_job.h"
#include "explain/checks/trust.h"

namespace chestlight {

struct TrustResult {
  Explanation explanation;
  TrustReport report;  // empty where the film was not analysed
};

class TrustJob : public ProcedureJob<TrustResult> {
 public:
  TrustJob(std::shared_ptr<const Model> model, FilmRequest asked, const Method& method);
  /// The explanation, with line and checks of the TrustReport where the film was analysed.
  JobResult result() const override;
};

}  // namespace chestlight
