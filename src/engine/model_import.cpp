#include "engine/model_import.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "engine/model_form.h"
#include "findings/manifest.h"
#include "model/architectures/architecture.h"
#include "model/architectures/foreign_onnx.h"
#include "model/known/known_models.h"
#include "model/weights/checkpoint.h"
#include "model/weights/onnx_reader.h"
#include "model/weights/safetensors_writer.h"

namespace chestlight {
namespace {

constexpr std::string_view kIndexEnd = ".index.json";

Error bad_request(std::string message, std::string hint) {
  return {ErrorCode::kInvalidRequest, std::move(message), std::move(hint)};
}

Result<Checkpoint> read_files(const std::map<std::string, Bytes, std::less<>>& files) {
  if (files.size() == 1) return read_checkpoint(files.begin()->second);
  const auto index = std::find_if(files.begin(), files.end(), [](const auto& file) { return file.first.ends_with(kIndexEnd); });
  if (index == files.end())
    return bad_request(text(files.size(), " files were given, and none is an index of shards."),
                       "Give one checkpoint, or all shards with their .index.json.");
  return read_shards(index->second, files);
}

/// The part of the file's name before its endings, in the letters that a model's id may have.
std::string id_from(std::string_view file_name) {
  std::string id;
  for (char c : file_name.substr(0, file_name.find(".index.json"))) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (plain && (!id.empty() || (c != '-' && c != '_' && c != '.'))) id += c;
    else if (!id.empty() && id.back() != '-') id += '-';
  }
  for (std::string_view ending : {".safetensors", ".tar", ".pt", ".pth", ".ckpt", ".bin", ".onnx"})
    if (id.ends_with(ending)) id.resize(id.size() - ending.size());
  if (id.size() > 64) id.resize(64);
  while (!id.empty() && (id.back() == '-' || id.back() == '.')) id.pop_back();
  return id.empty() ? "imported" : id;
}

struct Output {
  std::string label;
  float threshold = 0.5f;
};

/// What each output is called and which are kept: positions in the network's head.
struct Outputs {
  std::vector<std::size_t> kept;
  std::vector<Output> of_kept;
  std::vector<std::string> left_out;
};

Result<std::vector<std::string>> labels_of(const ImportRequest& request, const KnownModel* known, int outputs,
                                           std::vector<std::string>& assumptions) {
  if (const std::vector<std::string>& given = request.form.labels; !given.empty()) {
    if (given.size() != static_cast<std::size_t>(outputs))
      return bad_request(text("The network has ", outputs, " outputs; ", given.size(), " labels were given."),
                         "Give one label for each output, in their order.");
    return given;
  }
  std::span<const std::string_view> found = known ? known->labels : likely_labels(outputs);
  if (!known && !found.empty())
    assumptions.push_back(text(kLabelsGuessed, " from the number of outputs, ", outputs, ": the order of ",
                               outputs == 14 ? "ChestX-ray14" : "torchxrayvision", "."));
  std::vector<std::string> labels(found.begin(), found.end());
  if (!labels.empty()) return labels;
  assumptions.push_back(text(kLabelsNumbered, ": nothing says what they mean."));
  for (int i = 1; i <= outputs; ++i) labels.push_back(text("Output ", i));
  return labels;
}

Result<Outputs> outputs_of(const ImportRequest& request, const KnownModel* known, int count,
                           std::vector<std::string>& assumptions) {
  CHESTLIGHT_TRY(const std::vector<std::string> labels, labels_of(request, known, count, assumptions));
  Outputs outputs;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float threshold = known && !known->thresholds.empty() ? known->thresholds[i] : 0.5f;
    if (std::isnan(threshold)) {
      outputs.left_out.push_back(labels[i]);
    } else {
      outputs.kept.push_back(i);
      outputs.of_kept.push_back({labels[i], threshold});
    }
  }
  return outputs;
}

/// The network's tensors with only the rows of the head that are kept. `rows` owns those.
TensorMap with_rows_kept(const TensorMap& tensors, const Outputs& outputs, std::size_t count,
                         std::vector<std::vector<std::uint8_t>>& rows) {
  TensorMap kept = tensors;
  if (outputs.left_out.empty()) return kept;
  for (auto& [name, tensor] : kept) {
    if (!name.starts_with(kHeadTensors) || tensor.shape.empty() || tensor.shape[0] != static_cast<std::int64_t>(count)) continue;
    const std::size_t row = tensor.bytes.size() / count;
    std::vector<std::uint8_t>& bytes = rows.emplace_back();
    for (std::size_t output : outputs.kept) {
      const Bytes part = tensor.bytes.subspan(output * row, row);
      bytes.insert(bytes.end(), part.begin(), part.end());
    }
    tensor.shape[0] = static_cast<std::int64_t>(outputs.kept.size());
    tensor.bytes = bytes;
  }
  return kept;
}

Json input_json(const KnownModel* known, const contract::ModelForm& form, int channels, int side,
                std::vector<std::string>& assumptions) {
  constexpr double kMean[] = {0.485, 0.456, 0.406}, kStd[] = {0.229, 0.224, 0.225};
  const Scaling scaling = known ? known->scaling : channels == 1 ? Scaling::kSymmetric1024 : Scaling::kImageNet;
  const bool symmetric = scaling == Scaling::kSymmetric1024, films = scaling == Scaling::kChestFilms;
  Json mean = Json::array(), deviation = Json::array();
  for (int channel = 0; channel < channels; ++channel) {
    mean.push_back(symmetric ? 0.5 : films ? 0.5056 : kMean[channel]);
    deviation.push_back(symmetric ? 1.0 / 2048 : films ? 0.252 : kStd[channel]);
  }
  if (!known && (form.mean.empty() || form.deviation.empty()))
    assumptions.push_back(
        text(kInputAssumed, symmetric ? text(" to be scaled to -1024 ... 1024 and ", side, " pixels wide, as torchxrayvision's.")
                                      : text(" to be scaled by ImageNet's mean and deviation and ", side, " pixels wide.")));
  // torchxrayvision smooths and enlarges linearly; torchvision's Resize is Pillow's.
  return {{"width", side},
          {"height", side},
          {"channels", channels},
          {"fit", "centre-square-crop"},
          {"crop", known ? known->crop : 1.0},
          {"filter", symmetric ? "gaussian"
                     : films   ? "lanczos3"
                               : "triangle"},
          {"mean", mean},
          {"std", deviation}};
}

Json operating_point_json(const KnownModel* known, const Outputs& outputs) {
  const bool published = known && !known->thresholds.empty();
  Json thresholds = Json::array();
  for (const Output& output : outputs.of_kept) thresholds.push_back(output.threshold);
  return {
      {"id", published ? "published" : "half"},
      {"name", published ? "Published" : "One half"},
      {"explanation", published ? "The thresholds that the model's authors give." : "A score of one half; chosen on no films."},
      {"data", published ? "the authors' validation films" : "none"},
      {"thresholds", thresholds}};
}

std::string word_list(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += text(list.empty() ? "" : ", ", word);
  return list;
}

Json manifest_json(const ImportedModel& model, Json architecture, const KnownModel* known, const Outputs& outputs, Json input,
                   const std::string& file_name, const std::string& file_hash) {
  Json limits = Json::array({"Nothing is known of this model's scores on films like yours: nobody has evaluated it here."});
  for (const std::string& assumption : model.assumptions) limits.push_back(assumption);
  for (const std::string& note : model.notes) limits.push_back(note);
  if (!model.left_out.empty())
    limits.push_back(text("Left out, because they were never trained: ", word_list(model.left_out), "."));
  Json sources = Json::array({text("Imported from the file ", file_name.empty() ? "without a name" : file_name, " (",
                                   model.container, ", SHA-256 ", file_hash, ").")});
  if (known) sources.push_back(text("Published at ", known->link));
  Json labels = Json::array();
  for (const Output& output : outputs.of_kept) labels.push_back(manifest_label(output.label));
  const Json point = operating_point_json(known, outputs);
  return {{"schema_version", 1},
          {"id", model.id},
          {"name", model.name},
          {"version", "imported"},
          {"licence", model.licence},
          {"sources", sources},
          {"files", {{model.network_file, {{"sha256", sha256_hex(model.weights)}, {"bytes", model.weights.size()}}}}},
          {"architecture", std::move(architecture)},
          {"input", std::move(input)},
          {"labels", labels},
          {"operating_points", Json::array({point})},
          {"default_operating_point", point["id"]},
          {"limits", limits},
          {"notice", "For research and teaching. Not a medical device."}};
}

Result<const KnownModel*> known_model_of(const ImportRequest& request, const Architecture& network) {
  const int outputs = network.head().classes;
  if (request.known.empty()) return find_known_model(network.name(), network.channels(), outputs, request.file_name);
  const KnownModel* known = find_known_model(request.known);
  if (!known) return bad_request(text("No model is known as \"", request.known, "\"."), "Leave it out, or name a known one.");
  if (known->architecture != network.name() || known->channels != network.channels() || known->outputs != outputs)
    return bad_request(text("The file is a ", network.name(), " of ", network.channels(), " channels and ", outputs, " outputs; ",
                            known->name, " is a ", known->architecture, " of ", known->channels, " and ", known->outputs, "."),
                       "Choose the file of that model.");
  return known;
}

/// The manifest with what was said of the input; the model's name and manifest are those then.
Result<void> complete(ImportedModel& model, Json json, const ImportRequest& request, std::size_t outputs) {
  contract::ModelForm of_input = request.form;
  of_input.labels.clear();  // they have their place already, also where outputs are left out
  CHESTLIGHT_CHECK(apply_form(json, of_input, outputs, model.channels));
  json["version"] = imported_version(json);
  model.name = json["name"].get<std::string>();
  const std::string manifest = json.dump(1);
  CHESTLIGHT_CHECK(parse_manifest(manifest));  // an id or a label that no manifest may have
  model.manifest.assign(manifest.begin(), manifest.end());
  return {};
}

Result<ImportedModel> import_onnx(Bytes file, const ImportRequest& request) {
  CHESTLIGHT_TRY(ForeignOnnx graph, read_foreign_onnx(file));
  if (graph.side > 0 && request.form.side > 0 && graph.side != request.form.side)
    return bad_request(text("The graph takes films of ", graph.side, " pixels; ", request.form.side, " were asked for."),
                       "Export the network for another size, or leave the size out.");
  ImportedModel model;
  model.container = "ONNX", model.architecture = "finished ONNX graph", model.channels = graph.channels;
  model.side = graph.side > 0 ? graph.side : request.form.side > 0 ? request.form.side : 224;
  model.id = !request.id.empty() ? request.id : id_from(request.file_name);
  model.name = text("ONNX graph from ", request.file_name);
  model.licence = "unknown", model.network_file = "model.onnx";
  if (!graph.why_no_maps.empty()) model.notes.push_back(graph.why_no_maps);
  CHESTLIGHT_TRY(const Outputs outputs, outputs_of(request, nullptr, graph.classes, model.assumptions));
  for (const Output& output : outputs.of_kept) model.labels.push_back(output.label);
  if (!graph.sigmoid) model.assumptions.push_back("The graph's scores are taken for logits: it ends in no sigmoid.");
  Json input = input_json(nullptr, request.form, model.channels, model.side, model.assumptions);
  model.weights = std::move(graph.onnx);
  Json architecture = {{"family", std::string(kOnnxFamily)}};
  if (graph.head_weight.empty()) architecture["scores_only"] = true;
  else architecture["head"] = {{"weight", graph.head_weight}, {"bias", graph.head_bias}};
  Json json =
      manifest_json(model, std::move(architecture), nullptr, outputs, std::move(input), request.file_name, sha256_hex(file));
  CHESTLIGHT_CHECK(complete(model, std::move(json), request, outputs.kept.size()));
  return model;
}

}  // namespace

Result<ImportedModel> import_model(const std::map<std::string, Bytes, std::less<>>& files, const ImportRequest& request) {
  if (files.empty()) return bad_request("No file was given.", "Give the checkpoint.");
  if (files.size() == 1 && is_onnx(files.begin()->second)) return import_onnx(files.begin()->second, request);
  CHESTLIGHT_TRY(const Checkpoint checkpoint, read_files(files));
  CHESTLIGHT_TRY(const std::unique_ptr<Architecture> network, recognise(checkpoint.tensors));
  CHESTLIGHT_CHECK(network->graph({}, Precision::kFloat32));  // reads every number
  CHESTLIGHT_TRY(const KnownModel* known, known_model_of(request, *network));

  ImportedModel model;
  model.container = checkpoint.container, model.architecture = network->name(), model.channels = network->channels();
  model.side = request.form.side > 0 ? request.form.side : known ? known->side : 224;
  model.id = !request.id.empty() ? request.id : known ? std::string(known->id) : id_from(request.file_name);
  model.name = known ? std::string(known->name) : text(network->name(), " from ", request.file_name);
  model.licence = known ? std::string(known->licence) : "unknown";
  if (known) model.known = known->id, model.link = known->link;
  CHESTLIGHT_TRY(const Outputs outputs, outputs_of(request, known, network->head().classes, model.assumptions));
  for (const Output& output : outputs.of_kept) model.labels.push_back(output.label);
  model.left_out = outputs.left_out;
  Json input = input_json(known, request.form, model.channels, model.side, model.assumptions);

  std::vector<std::vector<std::uint8_t>> rows;
  model.weights =
      write_safetensors(with_rows_kept(network->tensors(), outputs, static_cast<std::size_t>(network->head().classes), rows));
  Json json = manifest_json(model, {{"family", std::string(network->family())}}, known, outputs, std::move(input),
                            request.file_name, sha256_hex(files.begin()->second));
  CHESTLIGHT_CHECK(complete(model, std::move(json), request, outputs.kept.size()));
  return model;
}

}  // namespace chestlight
