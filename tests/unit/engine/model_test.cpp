// Loading models of each architecture: that manifest and network belong together, and what is said where they do not.
#include "engine/model.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "support/files.h"
#include "support/tiny_model.h"

namespace chestlight {
namespace {

std::vector<std::uint8_t> golden_file(const std::string& name) {
  return testing::read_file(std::string(CHESTLIGHT_GOLDEN) + "/explain/" + name);
}

// tests/golden/explain/mobilenet_v2: weights as int8 with scales, in torchvision's names.
TEST(Model, AMobileNetV2InInt8Loads) {
  const auto model = Model::load(golden_file("mobilenet_v2/manifest.json"), golden_file("mobilenet_v2/weights.safetensors"));
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->manifest().family, "mobilenetv2");
  EXPECT_EQ(model->architecture().name(), "MobileNetV2");
  EXPECT_EQ(model->head().classes, 2);
  EXPECT_EQ(model->random_head().weights.size(), model->head().weights.size());
  for (Precision precision : {Precision::kFloat32, Precision::kFloat16}) EXPECT_TRUE(model->architecture().onnx({}, precision));
}

TEST(Model, AFamilyThatIsNotKnownIsAnsweredWithThoseThatAre) {
  testing::TinyModel tiny = testing::tiny_model();
  tiny.manifest["architecture"]["family"] = "transformer";
  const auto model = Model::load(tiny.manifest_bytes(), tiny.weights);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kInvalidManifest);
  EXPECT_EQ(model.error().message,
            "manifest.json: architecture.family: expected \"densenet\", \"mobilenetv2\", \"mobilenetv3\", \"resnet\", "
            "\"anatomy\" or \"onnx\", found \"transformer\"");
}

TEST(Model, TheNetworkMustBeOfTheManifestsFamily) {
  testing::TinyModel tiny = testing::tiny_model();
  tiny.manifest["architecture"]["family"] = "mobilenetv2";
  const auto model = Model::load(tiny.manifest_bytes(), tiny.weights);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kInvalidModel);
  EXPECT_EQ(model.error().message,
            "The network is a DenseNet of blocks 2-3-2 (\"densenet\"), the manifest's architecture.family is \"mobilenetv2\".");
}

// The names of a DataParallel checkpoint of 2017; the graph is that of the same tensors under today's names.
TEST(Model, TensorsUnderPublishedNamesLoad) {
  const testing::TinyModel tiny = testing::tiny_model(), published = testing::tiny_model_with_names_of_2017();
  ASSERT_NE(published.weights, tiny.weights);
  const auto model = Model::load(published.manifest_bytes(), published.weights);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(*model->architecture().onnx({}, Precision::kFloat32),
            *Model::load(tiny.manifest_bytes(), tiny.weights)->architecture().onnx({}, Precision::kFloat32));
}

}  // namespace
}  // namespace chestlight
