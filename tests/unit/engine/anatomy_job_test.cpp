// The anatomy network in the engine: what its manifest must say, what is refused, and a film through the job to the contract. The
// network is a random one of the right form: numbers mean nothing, shapes and errors do.
#include "engine/anatomy_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "engine/protocol.h"
#include "unit/engine/anatomy_fixture.h"

namespace chestlight {
namespace {

using testing::anatomy_manifest;
using testing::anatomy_outputs;
using testing::anatomy_weights;

Result<AnatomyModel> load(const Json& manifest, std::vector<std::uint8_t> weights) {
  const std::string source = write_json(manifest);
  return AnatomyModel::load({reinterpret_cast<const std::uint8_t*>(source.data()), source.size()}, std::move(weights));
}

TEST(AnatomyModel, TakesItsThresholdsFromTheManifest) {
  const auto weights = anatomy_weights();
  const auto model = load(anatomy_manifest(weights), weights);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FLOAT_EQ(static_cast<float>(model->thresholds().turned), 0.7f);
  EXPECT_FLOAT_EQ(static_cast<float>(model->thresholds().mirrored), 0.9f);
  const InferenceRequest request = model->warm_up();
  EXPECT_TRUE(request.of_anatomy);
  EXPECT_EQ(request.outputs, (std::vector<std::string>{"masks", "logits"}));
}

TEST(AnatomyModel, RefusesAnotherManifest) {
  struct Row {
    const char* what;
    std::function<void(Json&)> change;
    ErrorCode code;
    const char* said;
  };
  for (const Row& row : {
           Row{"masks in another order", [](Json& m) { m["masks"] = {"left_lung", "right_lung", "heart"}; },
               ErrorCode::kInvalidManifest, "masks"},
           Row{"an answer too few", [](Json& m) { m["answers"].erase(6); }, ErrorCode::kInvalidManifest, "answers"},
           Row{"a threshold of 1", [](Json& m) { m["thresholds"]["chest"] = 1; }, ErrorCode::kInvalidManifest,
               "thresholds.chest"},
           Row{"no thresholds", [](Json& m) { m.erase("thresholds"); }, ErrorCode::kInvalidManifest, "thresholds"},
           Row{"another family", [](Json& m) { m["architecture"]["family"] = "densenet"; }, ErrorCode::kInvalidModel, "anatomy"},
           Row{"three channels",
               [](Json& m) { m["input"]["channels"] = 3, m["input"]["mean"] = {0, 0, 0}, m["input"]["std"] = {1, 1, 1}; },
               ErrorCode::kInvalidModel, "channels"},
           Row{"other bytes", [](Json& m) { m["files"]["weights.safetensors"]["sha256"] = std::string(64, '0'); },
               ErrorCode::kHashMismatch, "weights.safetensors"},
       }) {
    SCOPED_TRACE(row.what);
    const auto weights = anatomy_weights();
    Json manifest = anatomy_manifest(weights);
    row.change(manifest);
    const auto model = load(manifest, weights);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, row.code) << model.error().message;
    EXPECT_NE(model.error().message.find(row.said), std::string::npos) << model.error().message;
  }
  const auto five = anatomy_weights(5);
  ASSERT_FALSE(load(anatomy_manifest(five), five));
}

/// Greys that fall off from the middle: with contrast, without meaning, and not two films side by side.
Film grey_film(int width, int height) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      film.pixels(x, y) =
          static_cast<std::uint16_t>(255 - 255 * (std::abs(2 * x - width) + std::abs(2 * y - height)) / (width + height));
  film.high = 255;
  return film;
}

TEST(AnatomyJob, TakesAFilmFromTheRequestToTheReport) {
  const auto weights = anatomy_weights();
  auto model = std::make_shared<const AnatomyModel>(load(anatomy_manifest(weights), weights).value());
  Film film = grey_film(600, 400);
  film.facts.dicom.emplace().modality = "CR";
  film.facts.dicom->spacing = PixelSpacing{0.5, 0.5, "patient"};
  AnatomyJob job(model, film, {});
  const auto request = job.next();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->inputs[0].shape, (std::vector<std::int64_t>{1, 1, 64, 64}));
  ASSERT_TRUE(job.next()) << "asking again repeats the request";
  ASSERT_TRUE(job.accept(anatomy_outputs(3, 3)));
  EXPECT_TRUE(job.finished());
  EXPECT_FALSE(job.next());
  EXPECT_FALSE(job.accept(anatomy_outputs(3, 3))) << "it is finished";
  const contract::AnatomyReport report = describe(*model, job.anatomy(), film.facts.dicom->spacing);
  ASSERT_TRUE(report.found) << report.reason;
  ASSERT_TRUE(report.cardiothoracic_ratio);
  EXPECT_NEAR(*report.cardiothoracic_ratio, 9.0 / 24, 0.04);
  // The film is letterboxed: 600 pixels over 32 cells.
  ASSERT_TRUE(report.heart_line);
  EXPECT_NEAR(report.heart_line->to[0] - report.heart_line->from[0], 9 * 18.75, 12);
  EXPECT_NEAR(*report.heart_line->millimetres, 84.4, 6);
  // By custom the patient's right lung lies on the picture's left.
  EXPECT_LT(report.lungs.right->outline[0][0], report.lungs.left->outline[0][0]);
  const Json json = job.result().value;
  EXPECT_EQ(json["model"]["id"], "anatomy");
  EXPECT_TRUE(json["cardiothoracic_ratio"].is_number());
}

TEST(AnatomyJob, MeasuresNothingWhereNoChestIsSeen) {
  const auto weights = anatomy_weights();
  auto model = std::make_shared<const AnatomyModel>(load(anatomy_manifest(weights), weights).value());
  const Film film = grey_film(64, 64);
  AnatomyJob job(model, film, {});
  ASSERT_TRUE(job.accept(anatomy_outputs(3, -4)));
  const Json json = job.result().value;
  EXPECT_EQ(json["found"], false);
  EXPECT_EQ(json["reason_id"], "no-chest");
  for (const char* figure :
       {"cardiothoracic_ratio", "heart_line", "chest_line", "heart", "tilt_degrees", "cut_off", "inspiration"})
    EXPECT_TRUE(json[figure].is_null()) << figure;
  EXPECT_TRUE(json["lungs"]["left"].is_null() && json["lungs"]["right"].is_null());
}

// Facts of the file and of the picture go before the network, which would look for lungs in anything.
TEST(AnatomyJob, DoesNotAskTheNetworkWhereFactsSayThatItIsNoFrontalChest) {
  const auto weights = anatomy_weights();
  auto model = std::make_shared<const AnatomyModel>(load(anatomy_manifest(weights), weights).value());
  struct Row {
    const char* id;
    std::function<void(Film&)> change;
  };
  for (const Row& row : {
           Row{"other-modality", [](Film& film) { film.facts.dicom.emplace().modality = "US"; }},
           Row{"lateral", [](Film& film) { film.facts.dicom.emplace().modality = "DX", film.facts.dicom->view = "lateral"; }},
           Row{"no-contrast", [](Film& film) { std::fill(film.pixels.values().begin(), film.pixels.values().end(), 90); }},
       }) {
    SCOPED_TRACE(row.id);
    Film film = grey_film(200, 200);
    row.change(film);
    AnatomyJob job(model, film, {});
    EXPECT_FALSE(job.next());
    ASSERT_TRUE(job.finished());
    const Json json = job.result().value;
    EXPECT_EQ(json["found"], false);
    EXPECT_EQ(json["reason_id"], row.id);
    EXPECT_GT(json["reason"].get<std::string>().size(), 20u);
  }
}

TEST(AnatomyJob, RefusesOutputsThatAreNotThoseAskedFor) {
  const auto weights = anatomy_weights();
  auto model = std::make_shared<const AnatomyModel>(load(anatomy_manifest(weights), weights).value());
  const Film film = grey_film(64, 64);
  struct Row {
    const char* what;
    std::function<void(std::vector<InferenceTensor>&)> change;
  };
  for (const Row& row : {
           Row{"one tensor", [](auto& tensors) { tensors.pop_back(); }},
           Row{"masks of another size", [](auto& tensors) { tensors[0].shape = {1, 3, 16, 64}; }},
           Row{"too few numbers", [](auto& tensors) { tensors[0].values.pop_back(); }},
           Row{"too few answers", [](auto& tensors) { tensors[1].values.pop_back(); }},
           Row{"a number that is not finite", [](auto& tensors) { tensors[1].values[2] = NAN; }},
       }) {
    AnatomyJob job(model, film, {});
    auto made = anatomy_outputs(3, 3);
    row.change(made);
    const auto accepted = job.accept(std::move(made));
    ASSERT_FALSE(accepted) << row.what;
    EXPECT_EQ(accepted.error().code, ErrorCode::kInferenceFailed);
    EXPECT_FALSE(job.finished());
  }
}

TEST(AnatomyEngine, NeedsItsNetworkAndNoModel) {
  Engine engine;
  const auto missing = engine.anatomy(1);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kMissing);
  const auto weights = anatomy_weights();
  const std::string manifest = write_json(anatomy_manifest(weights));
  ASSERT_TRUE(engine.load_anatomy({reinterpret_cast<const std::uint8_t*>(manifest.data()), manifest.size()}, weights));
  const auto no_film = engine.anatomy(1);
  ASSERT_FALSE(no_film);
  EXPECT_NE(no_film.error().message.find("Film 1"), std::string::npos);
}

// The anatomy network is one more graph of the runtime, and needs no model beside it.
TEST(AnatomyProtocol, GoesFromLoadingToTheRequest) {
  Protocol protocol;
  auto call = [&](const Json& request, std::vector<Blob> blobs = {}) {
    const std::string source = write_json(request);
    blobs.insert(blobs.begin(), Blob(source.begin(), source.end()));
    std::vector<Blob> outputs = protocol.call(std::move(blobs));
    return std::pair(*parse_json(as_text(outputs[0]), "reply"), outputs.size() - 1);
  };
  const Json graph = {{"method", "graph"}, {"args", {{"graph", "anatomy"}, {"precision", "fp32"}}}};
  EXPECT_EQ(call(graph).first["error"]["code"], "missing");

  const auto weights = anatomy_weights();
  const std::string manifest = write_json(anatomy_manifest(weights));
  const Blob manifest_bytes(manifest.begin(), manifest.end());
  const Json loaded = call({{"method", "load-anatomy"}, {"args", Json::object()}}, {manifest_bytes, weights}).first;
  ASSERT_EQ(loaded["ok"], true) << write_json(loaded);
  EXPECT_EQ(loaded["value"]["id"], "anatomy");
  EXPECT_EQ(loaded["value"]["bytes"], weights.size());

  EXPECT_EQ(call(graph).first["ok"], true);
  const auto [warm, blobs] = call({{"method", "warm-up"}, {"args", {{"anatomy", true}}}});
  ASSERT_EQ(warm["ok"], true) << write_json(warm);
  EXPECT_EQ(warm["value"]["request"]["graph"], "anatomy");
  EXPECT_EQ(warm["value"]["request"]["outputs"], Json({"masks", "logits"}));
  EXPECT_EQ(blobs, 1u);
  EXPECT_EQ(call({{"method", "warm-up"}, {"args", Json::object()}}).first["error"]["code"], "missing") << "of a model";
}

}  // namespace
}  // namespace chestlight
