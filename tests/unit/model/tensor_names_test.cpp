#include "model/weights/tensor_names.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

struct Row {
  const char* origin;
  const char* network;
  const char* found;
  const char* unwrapped;
};

constexpr Row kRows[] = {
    {"torchvision", "densenet", "features.norm5.running_var", "features.norm5.running_var"},
    {"arnoweng/CheXNet", "densenet", "module.densenet121.features.conv0.weight", "features.conv0.weight"},
    {"Lightning", "densenet", "model.module.features.conv0.weight", "features.conv0.weight"},
    {"a backbone", "mobilenetv2", "backbone.features.0.0.weight", "features.0.0.weight"},
    {"a module around torchvision's", "mobilenetv2", "mobilenet_v2.features.0.0.weight", "features.0.0.weight"},
    {"the same without underscore", "mobilenetv2", "net.mobilenetv2.classifier.1.bias", "classifier.1.bias"},
    {"another network's name", "mobilenetv2", "densenet121.features.conv0.weight", "densenet121.features.conv0.weight"},
    {"a word that begins like a wrapper", "densenet", "models.features.conv0.weight", "models.features.conv0.weight"},
    {"only a wrapper", "densenet", "model", "model"},
    {"nothing behind the wrapper", "densenet", "model.", ""},
    {"empty", "densenet", "", ""},
};

TEST(TensorNames, LoseTheirWrappers) {
  for (const Row& row : kRows) EXPECT_EQ(unwrapped_tensor_name(row.found, row.network), row.unwrapped) << row.origin;
}

}  // namespace
}  // namespace chestlight
