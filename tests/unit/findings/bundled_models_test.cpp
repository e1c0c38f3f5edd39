// The models that the page ships: each manifest obeys the schema, vouches for the weights beside it, and
// names examples that fit it.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/sha256.h"
#include "findings/manifest.h"
#include "support/files.h"

namespace chestlight {
namespace {

using testing::read_file;

std::string models() { return std::string(CHESTLIGHT_MODELS) + "/"; }

std::vector<std::string> bundled_ids() {
  const auto bytes = read_file(models() + "index.json");
  const Json index = parse_json(as_text(bytes), "index.json").value();
  std::vector<std::string> ids;
  for (const Json& model : index["models"]) ids.push_back(model["id"]);
  EXPECT_NE(std::find(ids.begin(), ids.end(), index["default"]), ids.end()) << "the default model is not listed";
  return ids;
}

TEST(BundledModels, AreWhatTheirManifestsSay) {
  const auto ids = bundled_ids();
  ASSERT_FALSE(ids.empty());
  for (const std::string& id : ids) {
    const std::string folder = models() + id + "/";
    const auto text = read_file(folder + "manifest.json");
    auto manifest = parse_manifest(as_text(text));
    ASSERT_TRUE(manifest) << id << ": " << manifest.error().message;
    EXPECT_EQ(manifest->id, id);
    EXPECT_FALSE(manifest->limits.empty()) << id << ": a model without limits does not exist";
    EXPECT_NE(manifest->notice.find("Not a medical device"), std::string::npos) << id;
    for (const ManifestFile& file : manifest->files) {
      const auto bytes = read_file(folder + file.name);
      auto verified = verify_file(*manifest, file.name, bytes);
      EXPECT_TRUE(verified) << id << ": " << verified.error().message;
    }
    EXPECT_FALSE(read_file(folder + "card.md").empty()) << id;
  }
}

TEST(BundledModels, ExamplesFitTheModel) {
  for (const std::string& id : bundled_ids()) {
    const std::string folder = models() + id + "/";
    const auto text = read_file(folder + "manifest.json");
    const Manifest manifest = parse_manifest(as_text(text)).value();
    const auto golden_text = read_file(folder + manifest.golden);
    const Json golden = parse_json(as_text(golden_text), "golden.json").value();
    EXPECT_EQ(golden["weights_sha256"], manifest.find_file("weights.safetensors")->sha256)
        << id << ": the examples were made with other weights; run tools/models/make_golden.py";
    ASSERT_EQ(golden["labels"].size(), manifest.labels.size());
    for (std::size_t i = 0; i < manifest.labels.size(); ++i) EXPECT_EQ(golden["labels"][i], manifest.labels[i].id);
    ASSERT_FALSE(golden["examples"].empty());
    for (const Json& example : golden["examples"]) {
      EXPECT_EQ(example["logits"].size(), manifest.labels.size());
      const auto film = read_file(folder + example["film"].get<std::string>());
      EXPECT_EQ(sha256_hex(film), example["sha256"]) << id << ": " << example["film"];
      EXPECT_EQ(example["synthetic"], true) << "no patient's film is shipped";
      const Json& shape = example["maps"]["shape"];
      EXPECT_EQ(example["maps"]["values"].size(),
                shape[0].get<std::size_t>() * shape[1].get<std::size_t>() * shape[2].get<std::size_t>());
    }
  }
}

}  // namespace
}  // namespace chestlight
