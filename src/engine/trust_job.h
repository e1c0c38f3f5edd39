// Checking whether an explanation deserves trust (explain/checks/trust.h): makes the map, then the checks.
#pragma once

#include "base/json.h"
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
  TrustJob(std::shared_ptr<const Model> model, FilmQuestion asked, const Method& method);
  JobResult result() const override;
};

/// explanation_json, with line and checks: [{id, name, verdict, text, values: {name: [numbers]}}] where it was analysed.
Json trust_json(const Model& model, const TrustResult& result);

}  // namespace chestlight
