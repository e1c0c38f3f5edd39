#include "engine/anatomy_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "findings/manifest_fields.h"
#include "model/weights/safetensors.h"

namespace chestlight {
namespace {

constexpr std::array<const char*, 3> kMasks = {"right_lung", "left_lung", "heart"};
constexpr std::array<const char*, 7> kAnswers = {"turned_0", "turned_90", "turned_180", "turned_270",
                                                 "mirrored", "inverted",  "chest"};
constexpr std::size_t kTurns = 4, kMirrored = 4, kInverted = 5, kChest = 6;

template <std::size_t N>
Result<void> expect_list(const JsonReader& root, std::string_view key, const std::array<const char*, N>& expected) {
  CHESTLIGHT_TRY(const std::vector<std::string> found, read_texts(root, key));
  if (std::equal(found.begin(), found.end(), expected.begin(), expected.end())) return {};
  std::string names;
  for (const char* name : expected) names += text(names.empty() ? "" : ", ", name);
  CHESTLIGHT_TRY(JsonReader list, root.member(key));
  return complaint(list, names, "another list");
}

struct AnatomyManifest {
  Manifest common;
  AnatomyThresholds thresholds;
};

Result<AnatomyManifest> read_anatomy_manifest(const JsonReader& root) {
  AnatomyManifest manifest;
  CHESTLIGHT_TRY(manifest.common, read_network_part(root));
  CHESTLIGHT_CHECK(expect_list(root, "masks", kMasks));
  CHESTLIGHT_CHECK(expect_list(root, "answers", kAnswers));
  CHESTLIGHT_TRY(JsonReader thresholds, root.member("thresholds"));
  CHESTLIGHT_TRY(manifest.thresholds.chest, read_between(thresholds, "chest", 0, 1));
  CHESTLIGHT_TRY(manifest.thresholds.turned, read_between(thresholds, "turned", 0, 1));
  CHESTLIGHT_TRY(manifest.thresholds.mirrored, read_between(thresholds, "mirrored", 0, 1));
  CHESTLIGHT_TRY(manifest.thresholds.inverted, read_between(thresholds, "inverted", 0, 1));
  return manifest;
}

Error unfit(std::string message) {
  return Error{ErrorCode::kInvalidModel, std::move(message), "Download the anatomy network again."};
}

Error wrong_answer(const std::string& what) {
  return Error{ErrorCode::kInferenceFailed, "The anatomy network's output is not what its graph promises: " + what + ".",
               "Try the other backend (?backend=wasm), and report this if it persists."};
}

double sigmoid(double logit) { return 1 / (1 + std::exp(-logit)); }

std::array<double, kTurns> softmax(const float* logits) {
  const double largest = *std::max_element(logits, logits + kTurns);
  std::array<double, kTurns> shares;
  double sum = 0;
  for (std::size_t i = 0; i < kTurns; ++i) sum += shares[i] = std::exp(logits[i] - largest);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

Result<AnatomyModel> AnatomyModel::load(Bytes manifest, std::vector<std::uint8_t> network) {
  CHESTLIGHT_TRY(AnatomyManifest read, parse_manifest_as<AnatomyManifest>(as_text(manifest), read_anatomy_manifest));
  AnatomyModel model;
  model.manifest_ = std::move(read.common);
  model.thresholds_ = read.thresholds;
  const std::string_view file = model.manifest_.network_file();
  CHESTLIGHT_CHECK(verify_file(model.manifest_, file, network));
  model.sha256_ = model.manifest_.find_file(file)->sha256;
  model.network_ = std::move(network);
  CHESTLIGHT_TRY(const TensorMap tensors, read_safetensors(model.network_));
  CHESTLIGHT_TRY(model.architecture_, recognise(tensors));
  const Architecture& architecture = *model.architecture_;
  if (architecture.family() != kAnatomyGraph || model.manifest_.family != kAnatomyGraph)
    return unfit(text("Expected an anatomy network, found \"", architecture.family(), "\", which its manifest calls \"",
                      model.manifest_.family, "\"."));
  if (architecture.channels() != model.manifest_.input.channels ||
      architecture.head().classes != static_cast<int>(kAnswers.size()))
    return unfit(text("The anatomy network has ", architecture.channels(), " channels and ", architecture.head().classes,
                      " answers, expected ", model.manifest_.input.channels, " and ", kAnswers.size(), "."));
  return model;
}

InferenceRequest AnatomyModel::request(std::vector<float> input) const {
  const InputSpec& spec = manifest_.input;
  InferenceRequest request{{}, {{"input", {1, spec.channels, spec.height, spec.width}, std::move(input)}}, {"masks", "logits"}};
  request.of_anatomy = true;
  return request;
}

InferenceRequest AnatomyModel::warm_up() const {
  const InputSpec& spec = manifest_.input;
  return request(std::vector<float>(static_cast<std::size_t>(spec.channels) * spec.height * spec.width));
}

Result<AnatomyEvidence> AnatomyModel::evidence(std::vector<InferenceTensor> outputs) const {
  if (outputs.size() != 2 || outputs[0].name != "masks" || outputs[1].name != "logits")
    return wrong_answer(text("expected masks and logits, found ", outputs.size(), " tensors"));
  const InferenceTensor &masks = outputs[0], &logits = outputs[1];
  const std::vector<std::int64_t> wanted = {1, static_cast<std::int64_t>(kMasks.size()), manifest_.input.height / 2,
                                            manifest_.input.width / 2};
  const int width = manifest_.input.width / 2, height = manifest_.input.height / 2;
  const std::size_t cells = static_cast<std::size_t>(width) * height;
  if (masks.shape != wanted || masks.values.size() != kMasks.size() * cells)
    return wrong_answer(text("masks are not ", kMasks.size(), " of ", width, " × ", height));
  if (logits.values.size() != kAnswers.size()) return wrong_answer(text(logits.values.size(), " answers"));
  for (const InferenceTensor& output : outputs)
    if (!std::all_of(output.values.begin(), output.values.end(), [](float value) { return std::isfinite(value); }))
      return wrong_answer(text(output.name, " holds a number that is not finite"));
  auto plane = [&](std::size_t mask) {
    const float* first = masks.values.data() + mask * cells;
    return Grid<float>(width, height, std::vector<float>(first, first + cells));
  };
  AnatomyEvidence evidence{plane(0), plane(1), plane(2), softmax(logits.values.data())};
  evidence.mirrored = sigmoid(logits.values[kMirrored]);
  evidence.inverted = sigmoid(logits.values[kInverted]);
  evidence.chest = sigmoid(logits.values[kChest]);
  return evidence;
}

}  // namespace chestlight
