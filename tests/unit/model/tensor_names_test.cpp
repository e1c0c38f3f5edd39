#include "model/weights/tensor_names.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

struct Row {
  const char* origin;
  const char* found;
  const char* canonical;
};

constexpr Row kRows[] = {
    {"torchvision", "features.denseblock1.denselayer1.norm1.weight", "features.denseblock1.denselayer1.norm1.weight"},
    {"torchvision", "features.norm5.running_var", "features.norm5.running_var"},
    {"torchvision", "classifier.bias", "classifier.bias"},
    {"arnoweng/CheXNet", "module.densenet121.features.denseblock1.denselayer2.norm.1.weight",
     "features.denseblock1.denselayer2.norm1.weight"},
    {"arnoweng/CheXNet", "module.densenet121.features.denseblock4.denselayer16.conv.2.weight",
     "features.denseblock4.denselayer16.conv2.weight"},
    {"arnoweng/CheXNet", "module.densenet121.classifier.0.weight", "classifier.weight"},
    {"arnoweng/CheXNet", "module.densenet121.features.transition1.norm.weight", "features.transition1.norm.weight"},
    {"Lightning", "model.module.features.conv0.weight", "features.conv0.weight"},
    {"a name that only looks wrapped", "densenet.features.conv0.weight", "densenet.features.conv0.weight"},
    {"scale companion", "model.features.denseblock1.denselayer1.conv.1.weight.scale",
     "features.denseblock1.denselayer1.conv1.weight.scale"},
    {"nothing behind the layer", "features.denseblock1.denselayer1", "features.denseblock1.denselayer1"},
    {"ends behind the part", "a.denselayer1.norm.1", "a.denselayer1.norm.1"},
    {"empty", "", ""},
};

TEST(TensorNames, BecomeTorchvisions) {
  for (const Row& row : kRows) EXPECT_EQ(canonical_tensor_name(row.found), row.canonical) << row.origin;
}

TEST(TensorNames, TwoTensorsMayNotShareOne) {
  TensorMap tensors{{"module.classifier.bias", {}}, {"classifier.0.bias", {}}};
  auto renamed = with_canonical_names(tensors);
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error().code, ErrorCode::kInvalidModel);
  EXPECT_EQ(renamed.error().message, "Two tensors would both be called classifier.bias; one of them is module.classifier.bias.");
}

}  // namespace
}  // namespace chestlight
