// The engine through its one entrance, as the worker and the command line use it. The network is a small random one, run
// by the plain interpreter of tests/support: real numbers, no runtime.
#include "engine/protocol.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "base/sha256.h"
#include "imaging/codecs/encode_png.h"
#include "support/files.h"
#include "support/graph_interpreter.h"
#include "support/tiny_model.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;

struct Answer {
  Json json;
  std::vector<Blob> blobs;

  const Json& value() const { return json["value"]; }
  std::string code() const { return json["ok"] ? "" : json["error"]["code"].get<std::string>(); }
  std::string message() const { return json["ok"] ? "" : json["error"]["message"].get<std::string>(); }
};

Blob blob_of(std::string_view text) { return {text.begin(), text.end()}; }

/// A grey gradient of width × height with a bright disc, as PNG.
Blob film_png(int width, int height) {
  std::vector<std::uint8_t> rgba;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const bool inside = (x - width / 3) * (x - width / 3) + (y - height / 2) * (y - height / 2) < width * width / 36;
      const auto grey = static_cast<std::uint8_t>(inside ? 250 : 40 + 120 * x / width + 40 * y / height);
      rgba.insert(rgba.end(), {grey, grey, grey, 255});
    }
  return encode_png(rgba, width, height);
}

class ProtocolTest : public ::testing::Test {
 protected:
  Answer call(const std::string& method, Json args = Json::object(), std::vector<Blob> blobs = {}) {
    blobs.insert(blobs.begin(), blob_of(write_json({{"method", method}, {"args", std::move(args)}})));
    std::vector<Blob> outputs = protocol_.call(std::move(blobs));
    Answer answer{*parse_json(as_text(outputs[0]), "reply"), {}};
    answer.blobs.assign(outputs.begin() + 1, outputs.end());
    return answer;
  }

  void load_tiny_model(const Json& feature_heads = {}) {
    testing::TinyModel tiny = testing::tiny_model();
    if (!feature_heads.is_null()) tiny.manifest["feature_heads"] = feature_heads;
    ASSERT_EQ(call("load-model", {}, {tiny.manifest_bytes(), tiny.weights}).message(), "");
    model_ = std::make_unique<Model>(Model::load(tiny.manifest_bytes(), tiny.weights).value());
  }

  std::uint32_t open_film(int width = 300, int height = 260) {
    return call("open", {{"name", "film.png"}}, {film_png(width, height)}).value()["film"];
  }

  /// What a runtime would answer to the first request of `job`.
  std::pair<Json, std::vector<Blob>> run(const Answer& next) {
    const Json& input = next.value()["request"]["inputs"][0];
    Array film{input["shape"].get<std::vector<std::int64_t>>(), {}};
    std::vector<float> values(next.blobs[0].size() / sizeof(float));
    std::memcpy(values.data(), next.blobs[0].data(), next.blobs[0].size());
    film.numbers.assign(values.begin(), values.end());
    auto outputs = testing::interpret(*model_->architecture().graph({}, Precision::kFloat32), {{"input", film}});

    Json descriptions = Json::array();
    std::vector<Blob> blobs;
    for (const Json& name : next.value()["request"]["outputs"]) {
      const Array& output = outputs.at(name.get<std::string>());
      std::vector<float> narrowed(output.numbers.begin(), output.numbers.end());
      Blob blob(narrowed.size() * sizeof(float));
      std::memcpy(blob.data(), narrowed.data(), blob.size());
      descriptions.push_back({{"name", name}, {"shape", output.shape}});
      blobs.push_back(std::move(blob));
    }
    return {descriptions, blobs};
  }

  std::uint32_t analysed_job(std::uint32_t film, Json args = Json::object()) {
    args["film"] = film;
    std::uint32_t job = call("analyse", args).value()["job"];
    auto [outputs, blobs] = run(call("next", {{"job", job}}));
    EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, blobs).message(), "");
    return job;
  }

  /// An explanation run to its end.
  std::uint32_t explained_job(const Json& args) {
    const Json job = call("explain", args).value();
    for (Answer next = call("next", job); !next.value()["request"].is_null(); next = call("next", job)) {
      auto [outputs, blobs] = run(next);
      EXPECT_EQ(call("accept", {{"job", job["job"]}, {"outputs", outputs}}, blobs).message(), "");
    }
    return job["job"];
  }

  Protocol protocol_;
  std::unique_ptr<Model> model_;
};

/// A head that scores `bias` on every film.
Json constant_head(int features, double bias) {
  return {{"weights", std::vector<double>(features)}, {"bias", bias}, {"measured", "on no films"}};
}

TEST_F(ProtocolTest, AFilmThatItsFeaturesSpeakAgainstGetsTheReasonAndNoScores) {
  const int features = Model::load(testing::tiny_model().manifest_bytes(), testing::tiny_model().weights)->head().features;
  Json warn = constant_head(features, 1), refuse = constant_head(features, 1), any = constant_head(features, 0.5);
  warn.update({{"id", "tilted"}, {"severity", "warn"}, {"text", "Tilted."}});
  refuse.update({{"id", "no-chest"}, {"severity", "refuse"}, {"text", "No chest."}});
  any["calibration"] = {{"kind", "none"}};

  load_tiny_model({{"reasons", {warn}}, {"any_finding", any}});
  Json warned = call("result", {{"job", analysed_job(open_film())}}).value();
  EXPECT_EQ(warned["analysed"], true);
  EXPECT_EQ(warned["reasons"].back()["text"], "Tilted. (on no films)");
  EXPECT_FLOAT_EQ(warned["any_finding"]["calibrated"], 0.62245935f);  // sigmoid(0.5)
  EXPECT_EQ(warned["any_finding"]["zone"], "not-assessed");
  EXPECT_EQ(
      warned["any_finding"]["sentence"],
      "Any of these findings together scores 0.62: not assessed. Nothing is known of how good its score is: the model brings no "
      "evaluation of it.");

  load_tiny_model({{"reasons", {warn, refuse}}});
  Json refused = call("result", {{"job", analysed_job(open_film())}}).value();
  EXPECT_EQ(refused["analysed"], false);
  EXPECT_EQ(refused["reasons"].back()["id"], "no-chest");
  EXPECT_TRUE(refused["findings"].empty());

  testing::TinyModel other = testing::tiny_model();
  other.manifest["feature_heads"] = {{"any_finding", any}};
  other.manifest["feature_heads"]["any_finding"]["weights"] = {1, 2};
  Answer answer = call("load-model", {}, {other.manifest_bytes(), other.weights});
  EXPECT_NE(answer.message().find("features, the manifest's feature_heads have 2 weights"), std::string::npos)
      << answer.message();
}

// The analysis of a corrected film is that of a file that had been so from the start.
TEST_F(ProtocolTest, ACorrectedFilmIsScoredAsIfTheFileHadBeenSo) {
  load_tiny_model();
  Json corrected =
      call("result",
           {{"job",
             analysed_job(
                 open_film(300, 260),
                 {{"correction",
                   {{"crop", {{"x", 40}, {"y", 20}, {"width", 200}, {"height", 220}}}, {"invert", true}, {"rotate", 90}}}})}})
          .value();
  Json plain = call("result", {{"job", analysed_job(open_film(300, 260))}}).value();

  std::vector<std::uint8_t> rgba;
  const Blob whole = call("pixels", {{"film", open_film(300, 260)}}).blobs[0];
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 220; ++x) {  // turned to the right: the left column comes to the top, read from below
      const int from_x = 40 + y, from_y = 20 + (219 - x);
      const auto grey = static_cast<std::uint8_t>(255 - whole[2 * (static_cast<std::size_t>(from_y) * 300 + from_x)]);
      rgba.insert(rgba.end(), {grey, grey, grey, 255});
    }
  std::uint32_t made = call("open", {{"name", "b.png"}}, {encode_png(rgba, 220, 200)}).value()["film"];
  Json expected = call("result", {{"job", analysed_job(made)}}).value();

  for (std::size_t i = 0; i < expected["findings"].size(); ++i) {
    EXPECT_NEAR(corrected["findings"][i]["logit"].get<double>(), expected["findings"][i]["logit"].get<double>(), kFloatFormula);
    EXPECT_EQ(corrected["findings"][i]["where"], expected["findings"][i]["where"]);
  }
  EXPECT_NE(corrected["findings"][0]["logit"], plain["findings"][0]["logit"]);
  EXPECT_EQ(corrected["input"]["corrections"]["rotate"], 90);
  EXPECT_EQ(corrected["input"]["corrections_text"], "inverted, turned by 90°, cropped to 200 × 220 pixels");
  EXPECT_EQ(corrected["input"]["inverted"]["by_correction"], true);
  EXPECT_TRUE(plain["input"]["corrections"].is_null());
  EXPECT_EQ(plain["input"]["crop"], (Json{{"x", 20}, {"y", 0}, {"width", 260}, {"height", 260}}));

  Answer outside =
      call("analyse", {{"film", made}, {"correction", {{"crop", {{"x", 0}, {"y", 0}, {"width", 221}, {"height", 9}}}}}});
  EXPECT_EQ(outside.code(), "invalid-request");
}

TEST_F(ProtocolTest, TheModelsInputCanBeLookedAt) {
  load_tiny_model();
  std::uint32_t film = open_film(300, 260);
  Answer seen = call("model-input", {{"film", film}, {"correction", {{"invert", true}}}});
  const InputSpec& spec = model_->manifest().input;
  ASSERT_EQ(seen.value()["width"], spec.width);
  ASSERT_EQ(seen.value()["height"], spec.height);
  ASSERT_EQ(seen.blobs[0].size(), static_cast<std::size_t>(spec.width) * spec.height);

  // The very pixels: what the job asks to be run, brought back to grey.
  std::uint32_t job = call("analyse", {{"film", film}, {"correction", {{"invert", true}}}}).value()["job"];
  Answer next = call("next", {{"job", job}});
  std::vector<float> values(next.blobs[0].size() / sizeof(float));
  std::memcpy(values.data(), next.blobs[0].data(), next.blobs[0].size());
  for (std::size_t i = 0; i < seen.blobs[0].size(); ++i) {
    const double v = values[i] * spec.std_dev[0] + spec.mean[0];
    ASSERT_NEAR(seen.blobs[0][i] / 255.0, v, 0.5 / 255 + kFloatFormula);
  }
}

TEST_F(ProtocolTest, ARefusedFilmIsAnalysedAnywayAndSaysSo) {
  load_tiny_model();
  std::uint32_t small = open_film(20, 18);
  Json refused = call("result", {{"job", call("analyse", {{"film", small}}).value()["job"]}}).value();
  ASSERT_EQ(refused["analysed"], false);
  EXPECT_EQ(refused["may_be_overridden"], true);
  EXPECT_EQ(refused["overridden"], false);
  EXPECT_FALSE(refused["input"]["rule"].get<std::string>().empty());

  Json anyway = call("result", {{"job", analysed_job(small, {{"anyway", true}})}}).value();
  EXPECT_EQ(anyway["analysed"], true);
  EXPECT_EQ(anyway["overridden"], true);
  EXPECT_EQ(anyway["reasons"][0]["id"], "too-small");
  EXPECT_FALSE(anyway["findings"].empty());

  Json unneeded = call("result", {{"job", analysed_job(open_film(600, 600), {{"anyway", true}})}}).value();
  EXPECT_EQ(unneeded["overridden"], false);

  std::vector<std::uint8_t> grey(4 * 300 * 300, 90);
  std::uint32_t blank = call("open", {{"name", "c.png"}}, {encode_png(grey, 300, 300)}).value()["film"];
  Json nothing = call("result", {{"job", call("analyse", {{"film", blank}, {"anyway", true}}).value()["job"]}}).value();
  EXPECT_EQ(nothing["analysed"], false);
  EXPECT_EQ(nothing["may_be_overridden"], false);
}

TEST_F(ProtocolTest, AFilmGoesFromBytesToScoresThatItsMapsAddUpTo) {
  load_tiny_model();
  Answer film = call("open", {{"name", "a.png"}}, {film_png(300, 260)});
  EXPECT_EQ(film.value()["width"], 300);
  EXPECT_EQ(film.value()["height"], 260);
  EXPECT_EQ(film.value()["format"], "PNG");
  EXPECT_EQ(film.value()["name"], "a.png");

  std::uint32_t job = analysed_job(film.value()["film"]);
  Answer result = call("result", {{"job", job}});
  const Json& analysis = result.value();
  EXPECT_EQ(analysis["analysed"], true);
  ASSERT_EQ(analysis["findings"].size(), 5u);
  EXPECT_EQ(analysis["operating_point"]["id"], "low");
  EXPECT_EQ(analysis["model"]["id"], "tiny");
  EXPECT_EQ(analysis["geometry"]["model_width"], 64);

  // The film is 300 × 260: the centre square of 260 begins at x = 20 and becomes 64 × 64.
  EXPECT_EQ(analysis["geometry"]["source_to_model"], (std::vector<double>{64.0 / 260, 0, -20 * 64.0 / 260, 0, 64.0 / 260, 0}));

  const int cells = analysis["map"]["width"].get<int>() * analysis["map"]["height"].get<int>();
  std::vector<float> maps(result.blobs[0].size() / sizeof(float));
  std::memcpy(maps.data(), result.blobs[0].data(), result.blobs[0].size());
  ASSERT_EQ(maps.size(), 5u * cells);
  std::set<double> scores;
  for (int i = 0; i < 5; ++i) {
    const Json& finding = analysis["findings"][i];
    double mean = 0;
    for (int cell = 0; cell < cells; ++cell) mean += maps[i * cells + cell] / cells;
    EXPECT_NEAR(finding["bias"].get<double>() + mean, finding["logit"].get<double>(), kEvidenceAddsUp) << i;
    EXPECT_FALSE(finding["sentence"].get<std::string>().empty());
    EXPECT_FALSE(finding["where"].get<std::string>().empty());
    scores.insert(finding["logit"].get<double>());
  }
  EXPECT_EQ(scores.size(), 5u);
  EXPECT_LE(analysis["evidence_residual"].get<double>(), kEvidenceAddsUp);
}

TEST_F(ProtocolTest, TheOperatingPointChangesThresholdsNotScoresNorMapsNorPlaces) {
  load_tiny_model();
  std::uint32_t film = open_film();
  Json low = call("result", {{"job", analysed_job(film)}}).value();
  Json high = call("result", {{"job", analysed_job(film, {{"operating_point", "high"}})}}).value();
  EXPECT_EQ(low["findings"][0]["logit"], high["findings"][0]["logit"]);
  EXPECT_FLOAT_EQ(low["findings"][0]["threshold"].get<float>(), 0.1f);
  EXPECT_FLOAT_EQ(high["findings"][0]["threshold"].get<float>(), 0.9f);
  bool states_differ = false;
  for (int i = 0; i < 5; ++i) {
    const Json &one = low["findings"][i], &other = high["findings"][i];
    states_differ = states_differ || one["state"] != other["state"];
    for (const char* same : {"map_zero", "where", "area", "boxes"}) EXPECT_EQ(one[same], other[same]) << i << " " << same;
    EXPECT_NEAR(one["map_zero"].get<double>() + one["bias"].get<double>(), std::log(9), kEvidenceAddsUp) << "the logit of 0.9";
  }
  EXPECT_TRUE(states_differ) << "or the comparison says nothing";
  for (const char* method : {"evidence", "fine-evidence"}) {
    const Json asked = {{"film", film}, {"finding", "b"}, {"method", method}};
    Json asked_high = asked;
    asked_high["operating_point"] = "high";
    Answer one = call("result", {{"job", explained_job(asked)}}), other = call("result", {{"job", explained_job(asked_high)}});
    EXPECT_EQ(one.blobs, other.blobs) << method;
    for (const char* same : {"sentence", "area", "boxes"}) EXPECT_EQ(one.value()[same], other.value()[same]) << method;
  }
  Answer unknown = call("analyse", {{"film", film}, {"operating_point", "medium"}});
  EXPECT_EQ(unknown.code(), "invalid-request");
  EXPECT_EQ(unknown.json["error"]["hint"],
            "Choose one of: low, high; or thresholds of your own, such as own:Effusion=0.3,Mass=0.2.");
}

TEST_F(ProtocolTest, ARequestMayBeRepeatedUntilItIsAccepted) {
  load_tiny_model();
  std::uint32_t job = call("analyse", {{"film", open_film()}}).value()["job"];
  Answer first = call("next", {{"job", job}}), again = call("next", {{"job", job}});
  EXPECT_EQ(first.json, again.json);
  EXPECT_EQ(first.blobs, again.blobs);
  auto [outputs, blobs] = run(again);
  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, blobs).value(), (Json{{"done", 1}, {"total", 1}}));
  EXPECT_TRUE(call("next", {{"job", job}}).value()["request"].is_null());
  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, blobs).code(), "invalid-request");
}

TEST_F(ProtocolTest, AFilmThatTheGateRefusesHasAReasonAndNoRequest) {
  load_tiny_model();
  std::uint32_t job = call("analyse", {{"film", open_film(1, 1)}}).value()["job"];
  EXPECT_TRUE(call("next", {{"job", job}}).value()["request"].is_null());
  Json analysis = call("result", {{"job", job}}).value();
  EXPECT_EQ(analysis["analysed"], false);
  EXPECT_TRUE(analysis["findings"].empty());
  ASSERT_FALSE(analysis["reasons"].empty());
  EXPECT_EQ(analysis["reasons"][0]["severity"], "refuse");
}

TEST_F(ProtocolTest, OutputsThatTheGraphDidNotPromiseAreRefused) {
  load_tiny_model();
  std::uint32_t job = call("analyse", {{"film", open_film()}}).value()["job"];
  auto [outputs, blobs] = run(call("next", {{"job", job}}));

  Json short_logits = outputs;
  short_logits[0]["shape"] = {1, 4};
  std::vector<Blob> short_blobs = blobs;
  short_blobs[0].resize(4 * sizeof(float));
  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", short_logits}}, short_blobs).code(), "inference-failed");

  std::vector<Blob> not_finite = blobs;
  const float nan = std::nanf("");
  std::memcpy(not_finite[0].data(), &nan, sizeof nan);
  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, not_finite).code(), "inference-failed");

  std::vector<Blob> cut = blobs;
  cut[1].pop_back();
  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, cut).code(), "invalid-request");

  EXPECT_EQ(call("accept", {{"job", job}, {"outputs", outputs}}, blobs).code(), "") << "the job survives all of them";
}

TEST_F(ProtocolTest, EveryMisuseIsAnErrorThatNamesItself) {
  struct {
    std::string origin;
    std::string method;
    Json args;
    std::string code;
    std::string message;
  } rows[] = {
      {"a page newer than the engine", "segment", {}, "invalid-request", "There is no method \"segment\"."},
      {"no model yet", "graph", {{"graph", "forward"}, {"precision", "fp32"}}, "missing", "No model is loaded yet."},
      {"a film closed meanwhile", "pixels", {{"film", 7}}, "missing", "Film 7 is not open."},
      {"a job cancelled meanwhile", "next", {{"job", 3}}, "missing", "Job 3 does not exist or was cancelled."},
      {"no argument", "pixels", Json::object(), "invalid-request", "args.film: missing"},
      {"a wrong type", "pixels", {{"film", "1"}}, "invalid-request", "args.film: expected a whole number, found string"},
      {"no buffer", "open", {{"name", "a"}}, "invalid-request", "Expected 1 buffers, found 0."},
  };
  for (const auto& row : rows) {
    Answer answer = call(row.method, row.args);
    EXPECT_EQ(answer.code(), row.code) << row.origin;
    EXPECT_EQ(answer.message(), row.message) << row.origin;
  }
  std::vector<Blob> garbage = protocol_.call({blob_of("{not json")});
  EXPECT_NE(as_text(garbage[0]).find("\"corrupt\""), std::string_view::npos);
}

TEST_F(ProtocolTest, OneBadFileLeavesTheOthersAlone) {
  std::uint32_t film = open_film();
  EXPECT_EQ(call("open", {{"name", "empty.png"}}, {Blob{}}).code(), "empty-file");
  EXPECT_EQ(call("open", {{"name", "notes.png"}}, {blob_of("Dear colleague,\n")}).code(), "not-an-image");
  EXPECT_EQ(call("pixels", {{"film", film}}).blobs[0].size(), 300u * 260 * 2);
}

TEST_F(ProtocolTest, IdsAreNeverReused) {
  std::uint32_t first = open_film();
  call("close", {{"film", first}});
  EXPECT_EQ(call("pixels", {{"film", first}}).code(), "missing");
  EXPECT_NE(open_film(), first);
}

TEST_F(ProtocolTest, AModelMustBeWhatItsManifestSays) {
  struct {
    std::string origin;
    void (*spoil)(testing::TinyModel&);
    std::string code;
  } rows[] = {
      {"cut short while downloading", [](testing::TinyModel& m) { m.weights.resize(m.weights.size() / 2); }, "truncated"},
      {"one flipped bit", [](testing::TinyModel& m) { m.weights.back() ^= 1; }, "hash-mismatch"},
      {"weights of another model",
       [](testing::TinyModel& m) {
         m.manifest["input"]["channels"] = 1;
         m.manifest["input"]["mean"] = {0.5};
         m.manifest["input"]["std"] = {0.25};
       },
       "invalid-model"},
      {"a label too many",
       [](testing::TinyModel& m) {
         Json label = m.manifest["labels"][0];
         label["id"] = "f";
         m.manifest["labels"].push_back(label);
         for (Json& point : m.manifest["operating_points"]) point["thresholds"].push_back(0.5);
       },
       "invalid-model"},
      {"a shape the schema forbids", [](testing::TinyModel& m) { m.manifest["input"]["width"] = "wide"; }, "invalid-manifest"},
      {"weights that are no safetensors",
       [](testing::TinyModel& m) {
         m.weights = blob_of("<html>404 Not Found</html>");
         m.manifest["files"]["weights.safetensors"] = {{"sha256", sha256_hex(m.weights)}, {"bytes", m.weights.size()}};
       },
       "corrupt"},
  };
  for (const auto& row : rows) {
    testing::TinyModel tiny = testing::tiny_model();
    row.spoil(tiny);
    Answer answer = call("load-model", {}, {tiny.manifest_bytes(), tiny.weights});
    EXPECT_EQ(answer.code(), row.code) << row.origin << ": " << answer.message();
  }
}

TEST_F(ProtocolTest, AFailedLoadKeepsTheModelInUse) {
  load_tiny_model();
  EXPECT_EQ(call("load-model", {}, {blob_of("{}"), Blob{}}).code(), "invalid-manifest");
  EXPECT_EQ(call("analyse", {{"film", open_film()}}).code(), "");
}

TEST_F(ProtocolTest, AnExportedPictureIsTheFilmWithACaptionBelow) {
  load_tiny_model();
  std::uint32_t film = open_film();
  std::uint32_t job = analysed_job(film);
  const Blob font = testing::read_font();
  Json args = {{"job", job}, {"film", film}, {"finding", "b"}, {"file", "a.png"}, {"date", "2026-11-30"}};
  Answer overlay = call("overlay", args, {font});
  ASSERT_EQ(overlay.message(), "");
  EXPECT_GT(overlay.value()["height"], 260 + 40);
  EXPECT_EQ(overlay.value()["width"], 300);
  Answer reopened = call("open", {{"name", "overlay.png"}}, {overlay.blobs[0]});
  EXPECT_EQ(reopened.value()["height"], overlay.value()["height"]);

  // The same evidence by the other way.
  const Json explained = {{"job", explained_job({{"film", film}, {"finding", "b"}, {"method", "evidence"}})}, {"film", film}};
  for (const Json& look : {Json::object(), Json{{"map", {{"against", true}, {"contour", true}, {"contour_level", 0.3}}}},
                           Json{{"inverted", true}, {"orientation", {{"rotate", 90}, {"mirror", true}}}}}) {
    Json asked = args, other = explained;
    asked["look"] = other["look"] = look;
    other["file"] = args["file"], other["date"] = args["date"];
    Answer one = call("overlay", asked, {font}), two = call("export-map", other, {font});
    ASSERT_EQ(one.message() + two.message(), "");
    EXPECT_EQ(one.value()["full_scale"], two.value()["full_scale"]) << "all findings' scale";
    EXPECT_EQ(one.blobs[0], two.blobs[1]) << write_json(look);
    if (!look.empty()) {
      EXPECT_NE(one.blobs[0], overlay.blobs[0]) << write_json(look);
    }
  }
}

TEST_F(ProtocolTest, APictureThatCannotBeMadeSaysWhy) {
  load_tiny_model();
  const std::uint32_t film = open_film();
  const Json good = {{"job", analysed_job(film)}, {"film", film}, {"finding", "b"}};
  const struct {
    const char* origin;
    Json change;
    const char* words;
  } rows[] = {
      {"no such finding", {{"finding", "z"}}, "the model has no \"z\""},
      {"a window without width",
       {{"look", {{"window", {{"centre", 1}, {"width", 0}, {"shape", "linear"}}}}}},
       "a number above 0"},
      {"an unknown shape", {{"look", {{"window", {{"centre", 1}, {"width", 9}, {"shape", "round"}}}}}}, "linear, sigmoid, table"},
      {"a turn of no quarter", {{"look", {{"orientation", {{"rotate", 45}, {"mirror", false}}}}}}, "0, 90, 180 or 270"},
      {"more than opaque", {{"look", {{"map", {{"opacity", 1.5}}}}}}, "expected 0 to 1"},
      {"a contour that is no switch", {{"look", {{"map", {{"contour", 1}}}}}}, "contour"},
      {"a file name without end", {{"file", std::string(5000, 'a')}}, "too long"},
  };
  for (const auto& row : rows) {
    Json args = good;
    args.update(row.change);
    Answer answer = call("overlay", args, {testing::read_font()});
    EXPECT_EQ(answer.code(), "invalid-request") << row.origin;
    EXPECT_NE(answer.message().find(row.words), std::string::npos) << row.origin << ": " << answer.message();
  }
  EXPECT_EQ(call("overlay", good).message(), "Expected 1 buffers, found 0.");
  for (const Blob& font : {Blob{}, blob_of("no font"), Blob(100000, 0)})
    EXPECT_EQ(call("overlay", good, {font}).message(), "The font for the caption is no TrueType font.");
  Blob cut = testing::read_font();
  cut.resize(cut.size() / 2);
  EXPECT_EQ(call("overlay", good, {cut}).code(), "invalid-request");
}

TEST_F(ProtocolTest, TheGraphIsOnnxForBothPrecisions) {
  load_tiny_model();
  for (const char* precision : {"fp32", "fp16"}) {
    Answer graph = call("graph", {{"graph", "forward"}, {"precision", precision}});
    ASSERT_EQ(graph.blobs.size(), 1u);
    EXPECT_EQ(graph.blobs[0][0], 0x08) << "field 1 (ir_version) of a ModelProto";
  }
  Answer reverse = call("graph", {{"graph", "reverse"}, {"precision", "fp32"}});
  EXPECT_NE(std::string(as_text(reverse.blobs.at(0))).find("gradient_input"), std::string::npos);
  EXPECT_EQ(call("graph", {{"graph", "reverse"}, {"precision", "fp16"}}).blobs.at(0), reverse.blobs[0]);  // float32 too
  for (const char* untrained : {"forward-random-head", "forward-random-block", "reverse-random-head", "reverse-random-block"}) {
    Answer made = call("graph", {{"graph", untrained}, {"precision", "fp16"}});
    ASSERT_EQ(made.blobs.size(), 1u) << untrained;
    EXPECT_NE(made.blobs[0], std::string_view(untrained).starts_with("reverse")
                                 ? reverse.blobs[0]
                                 : call("graph", {{"graph", "forward"}, {"precision", "fp32"}}).blobs.at(0));
  }
  EXPECT_EQ(call("graph", {{"graph", "sideways-random-head"}, {"precision", "fp32"}}).code(), "invalid-request");
  EXPECT_EQ(call("graph", {{"graph", "forward"}, {"precision", "fp8"}}).code(), "invalid-request");
  EXPECT_EQ(call("graph", {{"graph", "sideways"}, {"precision", "fp32"}}).message(), "There is no graph \"sideways\".");
  Answer warm_up = call("warm-up");
  EXPECT_EQ(warm_up.blobs[0].size(), 3u * 64 * 64 * sizeof(float));
}

TEST_F(ProtocolTest, AnExplanationIsAMapWithWordsBoxesAndItsPlaceOnTheFilm) {
  load_tiny_model();
  const std::uint32_t film = open_film();
  Json listed = call("methods").value()["methods"];
  ASSERT_EQ(listed[1]["id"], "fine-evidence");

  Json analysis = call("result", {{"job", analysed_job(film)}}).value();
  Answer started = call("explain", {{"film", film}, {"finding", "b"}, {"method", "fine-evidence"}});
  ASSERT_EQ(started.message(), "");
  const Json job = {{"job", started.value()["job"]}};
  EXPECT_EQ(call("result", job).code(), "invalid-request") << "not finished";
  int requests = 0;
  for (Answer next = call("next", job); !next.value()["request"].is_null(); next = call("next", job)) {
    auto [outputs, blobs] = run(next);
    Answer accepted = call("accept", {{"job", job["job"]}, {"outputs", outputs}}, blobs);
    ASSERT_EQ(accepted.message(), "");
    EXPECT_EQ(accepted.value(), (Json{{"done", ++requests}, {"total", listed[1]["requests"]}}));
  }
  EXPECT_EQ(requests, listed[1]["requests"].get<int>());

  Answer result = call("result", job);
  const Json& explanation = result.value();
  EXPECT_EQ(explanation["method"], "fine-evidence");
  EXPECT_EQ(explanation["finding"]["id"], "b");
  EXPECT_EQ(explanation["finding"]["logit"], analysis["findings"][1]["logit"]);
  EXPECT_EQ(explanation["finding"]["state"], analysis["findings"][1]["state"]);
  EXPECT_EQ(explanation["geometry"], analysis["geometry"]);
  EXPECT_EQ(explanation["width"], 4 * analysis["map"]["width"].get<int>());
  EXPECT_FALSE(explanation["sentence"].get<std::string>().empty());
  ASSERT_EQ(result.blobs.size(), 2u) << "the map and its spread";
  for (const Blob& blob : result.blobs)
    EXPECT_EQ(blob.size(), explanation["width"].get<std::size_t>() * explanation["height"].get<std::size_t>() * 4);

  Answer exported = call("export-map", {{"job", job["job"]}, {"film", film}}, {testing::read_font()});
  ASSERT_EQ(exported.blobs.size(), 3u) << exported.message();
  EXPECT_EQ(exported.value()["sentence"], explanation["sentence"]);
  EXPECT_EQ(exported.blobs[0].size(), 128 + result.blobs[0].size()) << "header and numbers";
  EXPECT_EQ(call("open", {{"name", "map.png"}}, {exported.blobs[1]}).value()["width"], 300);
  EXPECT_EQ(call("overlay", {{"job", job["job"]}, {"film", film}, {"finding", "b"}}).code(), "invalid-request");
}

TEST_F(ProtocolTest, WhatCannotBeExplainedSaysWhy) {
  load_tiny_model();
  const std::uint32_t film = open_film();
  Json args = {{"film", film}, {"finding", "z"}, {"method", "evidence"}};
  Answer unknown = call("explain", args);
  EXPECT_EQ(unknown.message(), "The model has no finding \"z\".");
  EXPECT_EQ(unknown.json["error"]["hint"], "Choose one of: a, b, c, d, e.");
  args["finding"] = "a";
  args["method"] = "hunch";
  EXPECT_EQ(call("explain", args).message(), "There is no method \"hunch\".");

  const Json job = {
      {"job", call("explain", {{"film", open_film(1, 1)}, {"finding", "a"}, {"method", "evidence"}}).value()["job"]}};
  EXPECT_TRUE(call("next", job).value()["request"].is_null());
  Answer refused = call("result", job);
  EXPECT_EQ(refused.value()["analysed"], false);
  EXPECT_EQ(refused.value()["reasons"][0]["severity"], "refuse");
  EXPECT_TRUE(refused.blobs.empty());
}

TEST_F(ProtocolTest, AMapOfAFindingBelowItsThresholdSaysSo) {
  load_tiny_model();
  const std::uint32_t film = open_film();
  Json analysis = call("result", {{"job", analysed_job(film, {{"operating_point", "high"}})}}).value();
  for (const Json& finding : analysis["findings"]) {
    const Json job = {
        {"job", call("explain", {{"film", film}, {"finding", finding["id"]}, {"method", "evidence"}, {"operating_point", "high"}})
                    .value()["job"]}};
    auto [outputs, blobs] = run(call("next", job));
    call("accept", {{"job", job["job"]}, {"outputs", outputs}}, blobs);
    Answer result = call("result", job);
    EXPECT_EQ(result.value()["sentence"], finding["where"]) << "the words of the analysis";
    const std::string notes = write_json(result.value()["notes"]);
    EXPECT_EQ(notes.find("below its threshold") != std::string::npos, finding["state"] == "below") << notes;
  }
}

}  // namespace
}  // namespace chestlight
