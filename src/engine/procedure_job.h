// A job that runs a procedure (explain/procedure.h) to its end.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/job.h"
#include "engine/network_runs.h"

namespace chestlight {

template <class T>
class ProcedureJob : public Job {
 public:
  ProcedureJob(ProcedureJob&&) = delete;  // the procedure refers to the network beside it

  std::optional<InferenceRequest> next() override {
    if (!network_.waiting()) return std::nullopt;
    return to_request(*model_, *network_.waiting());
  }
  Result<void> accept(std::vector<InferenceTensor> outputs) override {
    if (!network_.waiting()) return Error{ErrorCode::kInvalidRequest, "The job is finished: it expects no more outputs.", ""};
    CHESTLIGHT_TRY(NetworkAnswer answer, to_answer(*model_, *network_.waiting(), std::move(outputs)));
    progress_.done += 1;
    network_.answer(std::move(answer));
    return {};
  }
  JobProgress progress() const override { return {progress_.done, finished() ? progress_.done : progress_.total}; }
  bool finished() const override { return procedure_->finished(); }

  const Model& model() const { return *model_; }
  /// Only when finished().
  const T& value() const { return procedure_->value(); }

 protected:
  /// `requests`: how many are expected. The job must start() before it is used.
  ProcedureJob(std::shared_ptr<const Model> model, int requests) : model_(std::move(model)), progress_{0, requests} {}
  Network& network() { return network_; }
  void start(Procedure<T> procedure) {
    procedure_.emplace(std::move(procedure));
    procedure_->start();
  }

 private:
  std::shared_ptr<const Model> model_;
  Network network_;
  std::optional<Procedure<T>> procedure_;
  JobProgress progress_;
};

}  // namespace chestlight
