// Between procedures (explain/procedure.h) and jobs: what a procedure asks becomes an inference request, and a runtime's
// outputs become its answer once they have been checked.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/job.h"
#include "engine/model.h"
#include "explain/procedure.h"

namespace chestlight {

/// The request for `batch`: of the graph "forward", or of "reverse" where it wants gradients, with the weights it asks for.
InferenceRequest to_request(const Model& model, const NetworkBatch& batch);

/// The outputs as `batch` asked for them. Error "inference-failed" where one is missing, of another size, or not finite.
Result<NetworkAnswer> to_answer(const Model& model, const NetworkBatch& batch, std::vector<InferenceTensor> outputs);

}  // namespace chestlight
