#include "model/architectures/external_onnx.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/weights/onnx_reader.h"

namespace chestlight {
namespace {

constexpr char kHowToExport[] =
    "Export it with input_names=['input'], output_names=['logits', 'features'] and dynamic_axes that leave the first extent of "
    "all three open; features is what the global average pooling averages.";

Error unfit(std::string message, std::string hint = kHowToExport) {
  return {ErrorCode::kInvalidModel, std::move(message), std::move(hint)};
}

Error unavailable(std::string message) {
  return {ErrorCode::kUnavailable, std::move(message), "Use a model that comes with its weights, or another method."};
}

std::string names_of(const std::vector<OnnxValue>& values) {
  std::string names;
  for (const OnnxValue& value : values) names += (names.empty() ? "" : ", ") + value.name;
  return names.empty() ? "none" : names;
}

Result<void> check_input(const OnnxFile& file, const OnnxDescription& input) {
  if (file.inputs.size() != 1 || file.inputs.front().name != "input")
    return unfit(text("The ONNX graph has the inputs ", names_of(file.inputs), "; expected one named input."));
  const std::vector<std::int64_t>& shape = file.inputs.front().shape;
  const std::vector<std::int64_t> wanted{kOpenExtent, input.channels, input.height, input.width};
  auto suits = [](std::int64_t found, std::int64_t expected) { return found == expected || found == kOpenExtent; };
  if (!shape.empty() && !std::equal(shape.begin(), shape.end(), wanted.begin(), wanted.end(), suits))
    return unfit(text("The ONNX graph takes films of ", shape_text(shape), "; expected ", shape_text(wanted),
                      ", where -1 is a batch of any size."));
  return {};
}

Result<void> check_outputs(const OnnxFile& file, bool scores_only) {
  std::vector<std::string_view> expected = {"logits"};
  if (!scores_only) expected.push_back("features");
  for (std::string_view name : expected)
    if (std::none_of(file.outputs.begin(), file.outputs.end(), [&](const OnnxValue& value) { return value.name == name; }))
      return unfit(text("The ONNX graph has the outputs ", names_of(file.outputs), "; expected logits and features."));
  return {};
}

std::string matrices_of(const TensorMap& tensors) {
  constexpr std::size_t kMostNamed = 8;
  std::string named;
  std::size_t count = 0;
  for (const auto& [name, tensor] : tensors)
    if (tensor.shape.size() == 2 && ++count <= kMostNamed)
      named += text(named.empty() ? "" : ", ", name, " ", shape_text(tensor.shape));
  return named.empty() ? "none" : count > kMostNamed ? named + ", …" : named;
}

/// Row-major [columns, rows] of a row-major [rows, columns].
std::vector<float> transposed(const std::vector<float>& values, std::size_t rows) {
  std::vector<float> turned(values.size());
  const std::size_t columns = values.size() / rows;
  for (std::size_t i = 0; i < values.size(); ++i) turned[i % columns * rows + i / columns] = values[i];
  return turned;
}

Result<Head> read_linear_layer(const TensorMap& tensors, const OnnxDescription& described) {
  const std::int64_t classes = described.classes;
  const auto weight = tensors.find(described.head_weight), bias = tensors.find(described.head_bias);
  const std::string hint =
      text("Name the last linear layer in manifest.json, architecture.head.weight and .bias; matrices of this graph: ",
           matrices_of(tensors), ".");
  if (weight == tensors.end() || bias == tensors.end())
    return unfit(
        text("The ONNX graph has no initialiser ", weight == tensors.end() ? described.head_weight : described.head_bias, "."),
        hint);
  const std::vector<std::int64_t>& shape = weight->second.shape;
  const bool rows_are_classes = shape.size() == 2 && shape[0] == classes;
  if (shape.size() != 2 || (!rows_are_classes && shape[1] != classes) || bias->second.shape != std::vector{classes})
    return unfit(
        text("The ONNX graph's ", weight->first, " is ", shape_text(shape), " and ", bias->first, " ",
             shape_text(bias->second.shape), "; expected ", classes, " × features and ", classes, ", one row per label."),
        hint);
  Head head;
  head.classes = static_cast<int>(classes);
  head.features = static_cast<int>(shape[rows_are_classes ? 1 : 0]);
  CHESTLIGHT_TRY(head.weights, widen(tensors, weight->first));
  CHESTLIGHT_TRY(head.bias, widen(tensors, bias->first));
  if (!rows_are_classes && !head.weights.empty())
    head.weights = transposed(head.weights, static_cast<std::size_t>(head.features));
  return head;
}

class ExternalOnnx : public Architecture {
 public:
  ExternalOnnx(Bytes onnx, int channels, Head head) : onnx_(onnx), channels_(channels), head_(std::move(head)) {
    if (head_.features > 0) layers_.push_back("features");
  }

  std::string_view family() const override { return kOnnxFamily; }
  const std::string& name() const override { return name_; }
  int channels() const override { return channels_; }
  const Head& head() const override { return head_; }
  const std::vector<std::string>& layers() const override { return layers_; }
  const TensorMap& tensors() const override { return no_tensors_; }
  bool has_weights() const override { return false; }
  Result<Head> random_head() const override { return no_weights(); }
  Result<Graph> graph(GraphVariant, Precision) const override {
    return unavailable("This model is a finished ONNX graph: what it is made of is not known.");
  }
  Result<std::vector<std::uint8_t>> onnx(GraphVariant variant, Precision precision) const override {
    if (variant != GraphVariant{}) return no_weights();
    if (precision != Precision::kFloat32)
      return unavailable("This model is a finished ONNX graph: it runs in the precision it has.");
    return std::vector<std::uint8_t>(onnx_.begin(), onnx_.end());
  }

 private:
  static Error no_weights() { return unavailable("This model is a finished ONNX graph without weights: it has no gradients."); }

  Bytes onnx_;
  int channels_;
  Head head_;
  std::string name_ = "finished ONNX graph";
  std::vector<std::string> layers_;
  TensorMap no_tensors_;
};

}  // namespace

Result<std::unique_ptr<Architecture>> recognise_onnx(Bytes onnx, const OnnxDescription& description) {
  CHESTLIGHT_TRY(const OnnxFile file, read_onnx(onnx));
  CHESTLIGHT_CHECK(check_input(file, description));
  CHESTLIGHT_CHECK(check_outputs(file, description.scores_only));
  if (description.scores_only) {
    const Head none{description.classes, 0, {}, std::vector<float>(static_cast<std::size_t>(description.classes))};
    return std::unique_ptr<Architecture>(std::make_unique<ExternalOnnx>(onnx, description.channels, none));
  }
  CHESTLIGHT_TRY(Head head, read_linear_layer(file.initialisers, description));
  return std::unique_ptr<Architecture>(std::make_unique<ExternalOnnx>(onnx, description.channels, std::move(head)));
}

}  // namespace chestlight
