#include "engine/network_runs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"

namespace chestlight {
namespace {

Error unexpected(const std::string& what) {
  return Error{ErrorCode::kInferenceFailed, "The network's output is not what its graph promises: " + what + ".",
               "Try the other backend (?backend=wasm), and report this if it persists."};
}

Randomised randomised(NetworkWeights weights) {
  switch (weights) {
    case NetworkWeights::kTrained: return Randomised::kNothing;
    case NetworkWeights::kRandomHead: return Randomised::kHead;
    case NetworkWeights::kRandomBlock: return Randomised::kLastBlock;
  }
  std::abort();
}

}  // namespace

InferenceRequest to_request(const Model& model, const NetworkBatch& batch) {
  const InputSpec& input = model.manifest().input;
  InferenceRequest request{{!batch.class_weights.empty(), randomised(batch.weights)},
                           {{"input", {batch.count, input.channels, input.height, input.width}, batch.films}},
                           batch.outputs};
  if (batch.class_weights.empty()) return request;
  InferenceTensor weights{"class_weights", {batch.count, static_cast<std::int64_t>(batch.class_weights.size())}, {}};
  for (int i = 0; i < batch.count; ++i)
    weights.values.insert(weights.values.end(), batch.class_weights.begin(), batch.class_weights.end());
  request.inputs.push_back(std::move(weights));
  return request;
}

Result<NetworkAnswer> to_answer(const Model& model, const NetworkBatch& batch, std::vector<InferenceTensor> outputs) {
  if (outputs.size() != batch.outputs.size())
    return unexpected(text("expected ", batch.outputs.size(), " tensors, found ", outputs.size()));
  NetworkAnswer answer;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string& name = batch.outputs[i];
    InferenceTensor& output = outputs[i];
    if (output.shape.size() == 2) output.shape.insert(output.shape.end(), {1, 1});
    if (output.name != name || output.shape.size() != 4 || output.shape[0] != batch.count)
      return unexpected(text("expected ", name, " of ", batch.count, " films"));
    if (name == "logits" && output.shape[1] != static_cast<std::int64_t>(model.manifest().labels.size()))
      return unexpected(text("expected ", model.manifest().labels.size(), " logits, found ", output.shape[1]));
    if (name.ends_with("features") && output.shape[1] != model.head().features)
      return unexpected(text("expected ", model.head().features, " features, found ", output.shape[1]));
    std::int64_t size = 1;
    for (std::int64_t extent : output.shape) size *= extent;
    if (size < 1 || static_cast<std::size_t>(size) != output.values.size())
      return unexpected(text(name, " holds ", output.values.size(), " numbers, its shape ", size));
    if (!std::all_of(output.values.begin(), output.values.end(), [](float value) { return std::isfinite(value); }))
      return unexpected(text(name, " holds a number that is not finite"));
    answer[name] = {batch.count, static_cast<int>(output.shape[1]), static_cast<int>(output.shape[2]),
                    static_cast<int>(output.shape[3]), std::move(output.values)};
  }
  // A gradient is as large as what it is the gradient of.
  for (const auto& [name, tensor] : answer) {
    if (!name.starts_with("gradient_")) continue;
    const auto of = answer.find(name.substr(std::string_view("gradient_").size()));
    if (of != answer.end() && of->second.values.size() != tensor.values.size())
      return unexpected(text(name, " is not as large as ", of->first));
    const InputSpec& input = model.manifest().input;
    if (name == "gradient_input" &&
        (tensor.channels != input.channels || tensor.height != input.height || tensor.width != input.width))
      return unexpected("gradient_input is not as large as the input");
  }
  return answer;
}

}  // namespace chestlight
