// Models out of checkpoints: what is known, guessed and left out, and that the folder that comes out is a model that loads and
// computes the same. Random networks (tests/golden/graph), never the published weights.
#include "engine/model_import.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/json.h"
#include "engine/model.h"
#include "engine/protocol.h"
#include "findings/manifest.h"
#include "model/known/known_models.h"
#include "model/weights/safetensors_writer.h"
#include "support/random_network.h"

namespace chestlight {
namespace {

using testing::make_random_tensors;
using testing::RandomTensors;

using Files = std::map<std::string, Bytes, std::less<>>;

/// A DenseNet-121 as torchxrayvision makes it: one channel, 18 outputs.
RandomTensors xrv_network() {
  RandomTensors made = make_random_tensors("densenet121");
  made.add("features.conv0.weight", {64, 1, 7, 7}, testing::random_input("conv0", 64 * 49));
  made.add("classifier.weight", {18, 1024}, testing::random_input("head", 18 * 1024));
  made.add("classifier.bias", {18}, testing::random_input("bias", 18));
  made.add("op_threshs", {18}, std::vector<float>(18));
  return made;
}

Result<ImportedModel> import(const TensorMap& tensors, const ImportRequest& request) {
  const std::vector<std::uint8_t> file = write_safetensors(tensors);
  return import_model(Files{{request.file_name, file}}, request);
}

TEST(ModelImport, AnUnknownNetworkIsAModelThatSaysWhatIsGuessed) {
  const RandomTensors made = make_random_tensors("small");
  const auto model = import(made.tensors, {.file_name = "My Net (v2).safetensors"});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->id, "my-net-v2");
  EXPECT_EQ(model->known, "");
  EXPECT_EQ(model->architecture, "DenseNet of blocks 2-3-2");
  EXPECT_EQ(model->labels.size(), 5u);
  EXPECT_EQ(model->assumptions.size(), 2u) << "labels and input";

  const auto loaded = Model::load(model->manifest, model->weights);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->architecture().onnx({}, Precision::kFloat32).value(),
            recognise(made.tensors).value()->onnx({}, Precision::kFloat32).value());
  EXPECT_EQ(loaded->manifest().limits.size(), 3u);
  EXPECT_EQ(loaded->manifest().licence, "unknown");
}

TEST(ModelImport, AKnownModelComesReadyWithoutItsUntrainedOutputs) {
  const RandomTensors made = xrv_network();
  const auto model = import(made.tensors, {.file_name = "nih-densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best.pt"});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->id, "torchxrayvision-densenet121-nih");
  EXPECT_EQ(model->licence, "Apache-2.0");
  EXPECT_TRUE(model->assumptions.empty());
  EXPECT_EQ(model->left_out, (std::vector<std::string>{"Lung Lesion", "Fracture", "Lung Opacity", "Enlarged Cardiomediastinum"}));
  EXPECT_EQ(model->labels.size(), 14u);

  const Model loaded = Model::load(model->manifest, model->weights).value();
  const Manifest& manifest = loaded.manifest();
  EXPECT_EQ(manifest.labels[9].name, "Pleural thickening");
  EXPECT_FLOAT_EQ(manifest.operating_points[0].thresholds[4].value, .00045666535f);
  EXPECT_EQ(manifest.input.width, 224);
  EXPECT_EQ(manifest.input.mean[0], 0.5f);
  EXPECT_FLOAT_EQ(manifest.input.std_dev[0], 1.0f / 2048) << "(v - mean)/std is (2v - 1)·1024";
  const Head whole = recognise(made.tensors).value()->head();
  ASSERT_EQ(loaded.head().classes, 14);
  for (std::size_t i = 0; i < loaded.head().weights.size(); ++i) ASSERT_EQ(loaded.head().weights[i], whole.weights[i]);
}

TEST(ModelImport, OutputsAreLeftOutWhereverTheyStand) {
  const RandomTensors made = xrv_network();
  const auto model = import(made.tensors, {.file_name = "kaggle-densenet121-d121.pt"});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->labels, (std::vector<std::string>{"Pneumonia", "Lung Opacity"}));
  const Head whole = recognise(made.tensors).value()->head();
  const Head kept = Model::load(model->manifest, model->weights).value().head();
  EXPECT_EQ(kept.bias, (std::vector<float>{whole.bias[8], whole.bias[16]}));
  EXPECT_EQ(kept.weights[1024], whole.weights[16 * 1024]);
}

TEST(ModelImport, TheFilesNameTellsSiblingsApartAndMayBeOverruled) {
  const RandomTensors made = make_random_tensors("densenet121");
  EXPECT_EQ(import(made.tensors, {.file_name = "checkpoint"})->known, "chexnet-jrzech");
  EXPECT_EQ(import(made.tensors, {.file_name = "model.pth.tar"})->known, "chexnet-arnoweng");
  const auto other = import(made.tensors, {.file_name = "weights.pt"});
  EXPECT_EQ(other->known, "");
  EXPECT_EQ(other->labels[1], "Cardiomegaly") << "14 outputs are most likely those of ChestX-ray14";
  EXPECT_EQ(import(made.tensors, {.file_name = "weights.pt", .id = "mine", .known = "chexnet-jrzech"})->id, "mine");
}

TEST(ModelImport, WhatDoesNotFitIsSaid) {
  struct Row {
    const char* origin;
    ImportRequest request;
    const char* message;
  };
  const RandomTensors made = make_random_tensors("small");
  const Row rows[] = {
      {"too few labels",
       {.file_name = "a.pt", .form = {.labels = {"Mass", "Nodule"}}},
       "The network has 5 outputs; 2 labels were given."},
      {"an unknown known model", {.file_name = "a.pt", .known = "chex"}, "No model is known as \"chex\"."},
      {"another network than the one named",
       {.file_name = "a.pt", .known = "chexnet-jrzech"},
       "The file is a DenseNet of blocks 2-3-2 of 3 channels and 5 outputs; CheXNet reproduced by jrzech is a DenseNet-121 of 3 "
       "and 14."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    const auto model = import(made.tensors, row.request);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().message, row.message);
  }
  const auto bad_id = import(made.tensors, {.file_name = "a.pt", .id = "../up"});
  ASSERT_FALSE(bad_id);
  EXPECT_EQ(bad_id.error().code, ErrorCode::kInvalidManifest);
}

TEST(ModelImport, NumbersThatAreNotFiniteAndExchangedShapesAreRefused) {
  RandomTensors made = make_random_tensors("small");
  std::vector<float> numbers(4 * 16 * 9, 0.1f);
  numbers[77] = std::numeric_limits<float>::quiet_NaN();
  made.add("features.denseblock1.denselayer1.conv2.weight", {4, 16, 3, 3}, numbers);
  const auto diverged = import(made.tensors, {.file_name = "a.pt"});
  ASSERT_FALSE(diverged);
  EXPECT_EQ(diverged.error().message, "Tensor features.denseblock1.denselayer1.conv2.weight holds a value that is not finite.");

  made = make_random_tensors("small");
  std::swap(made.tensors["classifier.weight"].shape[0], made.tensors["classifier.weight"].shape[1]);
  const auto exchanged = import(made.tensors, {.file_name = "a.pt"});
  ASSERT_FALSE(exchanged);
  EXPECT_EQ(exchanged.error().message,
            "The tensors come closest to DenseNet-121. Tensor classifier.weight is [18, 5]; expected [any, 18].");
}

// ---- Through the engine's entrance, as the page and the command line ask ----

struct ImportAnswer {
  Json json;
  std::vector<Blob> blobs;
};

ImportAnswer ask(Protocol& protocol, const char* method, const Json& args, std::vector<Blob> blobs) {
  const std::string request = write_json({{"method", method}, {"args", args}});
  blobs.insert(blobs.begin(), Blob(request.begin(), request.end()));
  std::vector<Blob> outputs = protocol.call(std::move(blobs));
  ImportAnswer answer{*parse_json(as_text(outputs[0]), "reply"), {}};
  answer.blobs.assign(outputs.begin() + 1, outputs.end());
  return answer;
}

TEST(ImportRequest, ACheckpointBecomesAModelThatLoads) {
  Protocol protocol;
  const Blob file = write_safetensors(make_random_tensors("small").tensors);
  const Json labels = {"a", "b", "c", "d", "e"};
  const ImportAnswer made =
      ask(protocol, "import", {{"names", {"net.safetensors"}}, {"form", {{"labels", labels}, {"side", 64}}}}, {file});
  ASSERT_TRUE(made.json["ok"]) << made.json;
  EXPECT_EQ(made.json["value"]["id"], "net");
  EXPECT_EQ(made.json["value"]["labels"], labels);
  ASSERT_EQ(made.blobs.size(), 2u);
  EXPECT_TRUE(ask(protocol, "load-model", Json::object(), made.blobs).json["ok"]);
}

TEST(ImportRequest, WhatIsNoCheckpointIsRefused) {
  Protocol protocol;
  const Blob page = {'<', 'h', 't', 'm', 'l', '>'};
  const auto code = [&](const Json& args, const std::vector<Blob>& blobs) {
    return ask(protocol, "import", args, blobs).json["error"]["code"];
  };
  EXPECT_EQ(code({{"names", {"weights.pt"}}}, {page}), "unsupported-format");
  EXPECT_EQ(code({{"names", {"weights.pt"}}}, {}), "invalid-request") << "a name without its file";
  EXPECT_EQ(code({{"names", {3}}}, {page}), "invalid-request");
  EXPECT_EQ(code({{"names", {"a.pt"}}, {"form", {{"side", "wide"}}}}, {page}), "invalid-request");
  EXPECT_EQ(code(Json::object(), {}), "invalid-request") << "no file at all";
}

TEST(KnownModels, EachHasAnIdOfItsOwnAndWholeTables) {
  std::set<std::string_view> ids;
  for (const KnownModel& known : known_models()) {
    EXPECT_TRUE(ids.insert(known.id).second) << known.id;
    EXPECT_EQ(known.labels.size(), static_cast<std::size_t>(known.outputs)) << known.id;
    EXPECT_TRUE(known.thresholds.empty() || known.thresholds.size() == known.labels.size()) << known.id;
    EXPECT_EQ(find_known_model(known.architecture, known.channels, known.outputs, known.file_name), &known) << known.id;
    for (float threshold : known.thresholds) EXPECT_TRUE(std::isnan(threshold) || (threshold > 0 && threshold < 1)) << known.id;
    EXPECT_TRUE(known.link.starts_with("https://")) << known.id;
  }
}

TEST(KnownModels, FactsAreThoseOfTheirSources) {
  const KnownModel& resnet = *find_known_model("torchxrayvision-resnet50-512");
  EXPECT_EQ(resnet.side, 512);
  EXPECT_FLOAT_EQ(resnet.thresholds[0], .51570356f);
  EXPECT_TRUE(std::isnan(resnet.thresholds[14]) && std::isnan(resnet.thresholds[17]))
      << "Lung Lesion and Enlarged Cardiomediastinum";
  for (const char* id : {"eva-x-densenet121-mae", "eva-x-densenet121-mocov2"}) {
    EXPECT_EQ(find_known_model(id)->scaling, Scaling::kChestFilms) << id;
    EXPECT_EQ(find_known_model(id)->crop, 0.875) << "224 of 256 pixels";
  }
  EXPECT_EQ(find_known_model("chexnet-arnoweng")->crop, 0.875) << "the centre of its ten crops";
  EXPECT_EQ(find_known_model("chexnet-jrzech")->crop, 1);
}

}  // namespace
}  // namespace chestlight
