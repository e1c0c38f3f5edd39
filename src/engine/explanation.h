// Explaining one finding of one film with one method (explain/methods.h): a map, and what it says in words, area and
// boxes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/film_request.h"
#include "engine/model.h"
#include "engine/procedure_job.h"
#include "explain/methods/methods.h"
#include "explain/procedure.h"
#include "explain/regions.h"

namespace chestlight {

struct Explanation {
  FilmRequest asked;
  const Method* method = nullptr;
  bool analysed = false;  // false: asked.reasons say why, and everything below is empty
  Standing standing;
  ExplanationMap map;
  Regions regions;
  std::string sentence;            // where, in words
  std::vector<std::string> notes;  // what to mind: below threshold, nothing positive, …
};

/// `model` and `method` must outlive it.
Procedure<Explanation> explain_film(Network& network, const Model& model, FilmRequest asked, const Method& method);

/// Why the model cannot be asked by this method, in a sentence; empty where it can.
std::string why_unavailable(const Method& method, const Model& model);

class ExplainJob : public ProcedureJob<Explanation> {
 public:
  ExplainJob(std::shared_ptr<const Model> model, FilmRequest asked, const Method& method);
  JobResult result() const override;
};

}  // namespace chestlight
