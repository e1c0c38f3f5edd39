// Explanations through the engine's entrance against PyTorch's autograd (tests/golden/explain/make_explain.py). The network
// is run by the plain interpreter of tests/support, in doubles; tests/cli/methods.test.mjs does the same with ONNX Runtime.
#include <gtest/gtest.h>

#include <cstring>

#include "engine/protocol.h"
#include "support/files.h"
#include "support/graph_interpreter.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::Array;

class ExplainGolden : public ::testing::TestWithParam<const char*> {
 protected:
  ExplainGolden()
      : golden_(*parse_json(as_text(golden_file("explain.json")), "explain.json")),
        model_(Model::load(golden_file("manifest.json"), golden_file("weights.safetensors")).value()) {
    call("load-model", Json::object(), {golden_file("manifest.json"), golden_file("weights.safetensors")});
    film_ = call("open", {{"name", "film.png"}}, {golden_file("../film.png")})["film"];
  }

  /// Of the network's folder.
  static std::vector<std::uint8_t> golden_file(const std::string& name) {
    return testing::read_file(std::string(CHESTLIGHT_GOLDEN) + "/explain/" + GetParam() + "/" + name);
  }

  Json call(const std::string& method, Json args, std::vector<Blob> blobs = {}) {
    const std::string request = write_json({{"method", method}, {"args", std::move(args)}});
    blobs.insert(blobs.begin(), Blob(request.begin(), request.end()));
    blobs_ = protocol_.call(std::move(blobs));
    const Json reply = *parse_json(as_text(blobs_[0]), "reply");
    EXPECT_TRUE(reply["ok"]) << write_json(reply);
    return reply.value("value", Json::object());
  }

  Graph graph_of(const std::string& name) const {
    return *model_.architecture().graph(*graph_variant(name), Precision::kFloat32);
  }

  /// The network's answer to the request that `call` just brought.
  std::pair<Json, std::vector<Blob>> run(const Json& request) {
    std::map<std::string, Array> inputs;
    for (std::size_t i = 0; i < request["inputs"].size(); ++i) {
      std::vector<float> values(blobs_[1 + i].size() / sizeof(float));
      std::memcpy(values.data(), blobs_[1 + i].data(), blobs_[1 + i].size());
      inputs[request["inputs"][i]["name"]] = {request["inputs"][i]["shape"].get<std::vector<std::int64_t>>(),
                                              {values.begin(), values.end()}};
    }
    const auto outputs = testing::interpret(graph_of(request["graph"].get<std::string>()), inputs);
    Json descriptions = Json::array();
    std::vector<Blob> blobs;
    for (const Json& name : request["outputs"]) {
      const Array& output = outputs.at(name.get<std::string>());
      const std::vector<float> narrowed(output.numbers.begin(), output.numbers.end());
      Blob blob(narrowed.size() * sizeof(float));
      std::memcpy(blob.data(), narrowed.data(), blob.size());
      descriptions.push_back({{"name", name}, {"shape", output.shape}});
      blobs.push_back(std::move(blob));
    }
    return {descriptions, blobs};
  }

  /// Runs a job to its end; its result's tensors are in blobs_ from 1 on.
  Json finish(const Json& job) {
    for (Json next = call("next", job); !next["request"].is_null(); next = call("next", job)) {
      auto [outputs, blobs] = run(next["request"]);
      call("accept", {{"job", job["job"]}, {"outputs", outputs}}, blobs);
    }
    return call("result", job);
  }

  void expect_map(const std::string& name, const Blob& blob, double allowed) {
    const Json& expected = golden_["maps"][name];
    const int height = expected["shape"][0], width = expected["shape"][1], step = expected["step"];
    ASSERT_EQ(blob.size(), sizeof(float) * width * height) << name;
    std::vector<float> values(blob.size() / sizeof(float));
    std::memcpy(values.data(), blob.data(), blob.size());
    std::size_t index = 0;
    double largest = 0;
    for (int y = 0; y < height; y += step)
      for (int x = 0; x < width; x += step, ++index)
        largest = std::max(largest, std::abs(values[y * width + x] - expected["values"][index].get<double>()));
    EXPECT_LT(largest / expected["largest"].get<double>(), allowed) << name;
  }

  Json golden_;
  Model model_;
  Protocol protocol_;
  std::vector<Blob> blobs_;
  std::uint32_t film_ = 0;
};

INSTANTIATE_TEST_SUITE_P(EveryArchitecture, ExplainGolden, ::testing::Values("densenet", "mobilenet_v2"));

TEST_P(ExplainGolden, MapsAreThoseOfPyTorch) {
  for (const auto& [name, expected] : golden_["maps"].items()) {
    if (name.ends_with(" spread") || name == "rise") continue;  // RISE's 384 films take the interpreter too long
    const std::size_t space = name.find(' ');
    Json args = {{"film", film_}, {"finding", golden_["finding"]}, {"method", name.substr(0, space)}};
    if (space != std::string::npos) args["layer"] = name.substr(space + 1);
    const Json result = finish({{"job", call("explain", args)["job"]}});
    EXPECT_NEAR(result["finding"]["logit"].get<double>(), golden_["logit"].get<double>(), kExplainedMap);
    const std::vector<Blob> maps(blobs_.begin() + 1, blobs_.end());
    expect_map(name, maps.at(0), name == "occlusion" ? kExplainedDrop : kExplainedMap);
    if (result["spread"]) expect_map(name + " spread", maps.at(1), kExplainedMap);
    if (name == "integrated-gradients") {
      EXPECT_NEAR(result["measures"]["completeness_error"].get<double>(), golden_["completeness_error"].get<double>(),
                  kExplainedDrop);
    }
  }
}

TEST_P(ExplainGolden, AGradientMapIsCheckedAsOftenAsTheCountSays) {
  const Json job = {{"job", call("trust", {{"film", film_}, {"finding", golden_["finding"]}, {"method", "grad-cam"}})["job"]}};
  const int total = 1 + 1 + trust_requests(*choose_method("grad-cam", "", {}).value().method);
  int done = 0;
  for (Json next = call("next", job); !next["request"].is_null(); next = call("next", job)) {
    auto [outputs, blobs] = run(next["request"]);
    EXPECT_EQ(call("accept", {{"job", job["job"]}, {"outputs", outputs}}, blobs), (Json{{"done", ++done}, {"total", total}}));
  }
  EXPECT_EQ(done, total);
  const Json result = call("result", job);
  EXPECT_FALSE(result["line"].get<std::string>().empty());
  ASSERT_EQ(result["checks"].size(), 5u);
  EXPECT_EQ(result["checks"][0]["verdict"], "passed") << "the evidence adds up";
}

}  // namespace
}  // namespace chestlight
