#include "support/tiny_model.h"

#include <cstring>

#include "base/sha256.h"
#include "support/random_network.h"

namespace chestlight::testing {
std::vector<std::uint8_t> safetensors_file(const TensorMap& tensors) {
  Json header = Json::object();
  std::vector<std::uint8_t> data;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", data_type_name(tensor.type)},
                    {"shape", tensor.shape},
                    {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data.insert(data.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  const std::string text = write_json(header);
  std::vector<std::uint8_t> file(8);
  for (int i = 0; i < 8; ++i) file[i] = static_cast<std::uint8_t>(std::uint64_t{text.size()} >> (8 * i));
  file.insert(file.end(), text.begin(), text.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

namespace {

Json operating_point(const char* id, double threshold) {
  return {{"id", id},
          {"name", id},
          {"explanation", "For tests."},
          {"data", "No films."},
          {"thresholds", std::vector<double>(5, threshold)}};
}

}  // namespace

std::vector<std::uint8_t> TinyModel::manifest_bytes() const {
  const std::string text = write_json(manifest);
  return {text.begin(), text.end()};
}

namespace {

TinyModel model_of(const TensorMap& tensors) {
  TinyModel model;
  model.weights = safetensors_file(tensors);
  Json labels = Json::array();
  for (const char* id : {"a", "b", "c", "d", "e"})
    labels.push_back(
        {{"id", id}, {"name", id}, {"explanation", "A label."}, {"calibration", {{"kind", "none"}}}, {"cutoff", 0.5}});
  model.manifest = {
      {"schema_version", 1},
      {"id", "tiny"},
      {"name", "Tiny"},
      {"version", "1"},
      {"licence", "Apache-2.0"},
      {"sources", {"Random numbers."}},
      {"files", {{"weights.safetensors", {{"sha256", sha256_hex(model.weights)}, {"bytes", model.weights.size()}}}}},
      {"architecture", {{"family", "densenet"}}},
      {"input",
       {{"width", 64},
        {"height", 64},
        {"channels", 3},
        {"fit", "centre-square-crop"},
        {"filter", "lanczos3"},
        {"mean", {0.5, 0.5, 0.5}},
        {"std", {0.25, 0.25, 0.25}}}},
      {"labels", labels},
      {"operating_points", {operating_point("low", 0.1), operating_point("high", 0.9)}},
      {"default_operating_point", "low"},
      {"limits", {"Knows nothing."}},
      {"notice", "For tests."}};
  return model;
}

std::string replaced(std::string name, std::string_view from, std::string_view to) {
  if (const auto at = name.find(from); at != std::string::npos) name.replace(at, from.size(), to);
  return name;
}

}  // namespace

TinyModel tiny_model() { return model_of(make_random_tensors("small").tensors); }

TinyModel tiny_model_with_names_of_2017() {
  const RandomTensors made = make_random_tensors("small");
  TensorMap renamed;
  for (const auto& [name, tensor] : made.tensors) {
    std::string old = replaced(replaced(name, ".norm1.", ".norm.1."), ".conv2.", ".conv.2.");
    renamed["module.densenet121." + replaced(old, "classifier.", "classifier.0.")] = tensor;
  }
  return model_of(renamed);
}

}  // namespace chestlight::testing
