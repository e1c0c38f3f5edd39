// A Job asks for inference; it never runs it.
//
//   while (auto request = job.next()) job.accept(run(*request));
//
// is the whole contract, and the same loop drives analysing one film, a shift-averaged map or an evaluation over
// hundreds of films: in the page and in Node it is JavaScript around ONNX Runtime, in unit tests C++ around a fake.
// To cancel a job, stop calling next(). A request may be run again (after a lost GPU) as long as accept() was not
// called for it: next() has no effect that a second run could notice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/architectures/architecture.h"

namespace chestlight {

/// A dense float32 tensor, row-major.
struct InferenceTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// One call of the network.
struct InferenceRequest {
  GraphVariant graph;  // which of the model's graphs (graph_name() is how it crosses to the runtime)
  std::vector<InferenceTensor> inputs;
  std::vector<std::string> outputs;  // names wanted back, in this order
  bool of_anatomy = false;           // of the anatomy network (anatomy_model.h), which has one graph, instead of the model's
};

struct JobProgress {
  int done = 0;   // requests accepted
  int total = 0;  // requests in all
};

/// What a finished job has to say: facts, and float32 tensors beside them.
struct JobResult {
  Json value;
  std::vector<std::vector<float>> tensors;
};

class Job {
 public:
  virtual ~Job() = default;
  /// The next request, or nothing when the job is finished. Calling it again without accept() repeats the request.
  virtual std::optional<InferenceRequest> next() = 0;
  /// The outputs of the request that next() returned, in the order it named them.
  virtual Result<void> accept(std::vector<InferenceTensor> outputs) = 0;
  virtual JobProgress progress() const = 0;
  virtual bool finished() const = 0;
  /// Only when finished().
  virtual JobResult result() const = 0;
};

}  // namespace chestlight
