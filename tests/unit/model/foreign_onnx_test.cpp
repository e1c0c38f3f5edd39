// ONNX graphs with names of their own: the way from the scores to the pooling, the graph written with the names known here, and
// what is said of graphs that give no independent scores.
#include "model/architectures/foreign_onnx.h"

#include <gtest/gtest.h>

#include "model/architectures/external_onnx.h"
#include "model/graph/protobuf.h"
#include "model/weights/onnx_reader.h"

namespace chestlight {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

ProtobufMessage node(const char* type, const std::vector<std::string>& inputs, const std::string& output) {
  ProtobufMessage message;
  for (const std::string& input : inputs) message.string(1, input);
  return message.string(2, output).string(4, type);
}

ProtobufMessage with_number(ProtobufMessage node, const char* name, std::int64_t value) {
  ProtobufMessage attribute;
  attribute.string(1, name).integer(3, value);
  return node.message(5, attribute);
}

ProtobufMessage weights_tensor(const char* name, const std::vector<std::int64_t>& shape, std::int64_t type = 1) {
  std::size_t count = 1;
  ProtobufMessage message;
  for (std::int64_t extent : shape) message.integer(1, extent), count *= static_cast<std::size_t>(extent);
  return message.integer(2, type).string(8, name).string(9, std::string(count * (type == 7 ? 8 : 4), '\1'));
}

ProtobufMessage value(const char* name, const std::vector<std::int64_t>& extents, std::int64_t type = 1) {
  ProtobufMessage shape, tensor_type, outer, info;
  for (std::int64_t extent : extents) {
    ProtobufMessage dimension;
    extent < 0 ? dimension.string(2, "n") : dimension.integer(1, extent);
    shape.message(1, dimension);
  }
  tensor_type.integer(1, type).message(2, shape);
  outer.message(1, tensor_type);
  return info.string(1, name).message(2, outer);
}

struct Parts {
  std::vector<ProtobufMessage> nodes, tensors;
  ProtobufMessage input = value("images", {-1, 3, 64, 64}), output = value("scores", {-1, 2});
};

Bytes8 onnx(const Parts& parts) {
  ProtobufMessage graph, model;
  for (const ProtobufMessage& one : parts.nodes) graph.message(1, one);
  for (const ProtobufMessage& one : parts.tensors) graph.message(5, one);
  graph.string(2, "net").message(11, parts.input).message(12, parts.output);
  model.integer(1, 8).message(7, graph);
  return {model.bytes().begin(), model.bytes().end()};
}

/// Convolution, rectifier, pooling, a linear layer and a sigmoid, as torch.onnx exports them.
Parts usual() {
  Parts parts;
  parts.nodes = {node("Conv", {"images", "conv.w"}, "a"),
                 node("Relu", {"a"}, "features"),
                 node("GlobalAveragePool", {"features"}, "p"),
                 node("Flatten", {"p"}, "flat"),
                 with_number(node("Gemm", {"flat", "fc.weight", "fc.bias"}, "raw"), "transB", 1),
                 node("Sigmoid", {"raw"}, "scores")};
  parts.tensors = {weights_tensor("conv.w", {4, 3, 3, 3}), weights_tensor("fc.weight", {2, 4}), weights_tensor("fc.bias", {2})};
  return parts;
}

TEST(ForeignOnnx, TheWayToTheFeaturesIsFoundAndTheGraphHasTheNamesKnownHere) {
  const auto found = read_foreign_onnx(onnx(usual()));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->channels, 3);
  EXPECT_EQ(found->side, 64);
  EXPECT_EQ(found->classes, 2);
  EXPECT_TRUE(found->sigmoid);
  EXPECT_EQ(found->why_no_maps, "");
  const auto known = recognise_onnx(found->onnx, {3, 64, 64, 2, found->head_weight, found->head_bias});
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ((*known)->head().features, 4);
  const OnnxFile file = read_onnx(found->onnx).value();
  EXPECT_EQ(file.inputs[0].shape, (std::vector<std::int64_t>{-1, 3, 64, 64}));
  EXPECT_EQ(file.outputs.size(), 2u);
}

TEST(ForeignOnnx, MatMulWithAddAndReduceMeanAreTheSameWay) {
  Parts parts = usual();
  parts.nodes[2] = node("ReduceMean", {"features", "axes"}, "p");
  parts.nodes[3] = node("Squeeze", {"p"}, "flat");
  parts.nodes[4] = node("MatMul", {"flat", "fc.weight"}, "product");
  parts.nodes[5] = node("Add", {"product", "fc.bias"}, "scores");
  ProtobufMessage axes;
  axes.integer(1, 2).integer(2, 7).string(8, "axes").string(9, std::string("\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16));
  parts.tensors = {weights_tensor("conv.w", {4, 3, 3, 3}), weights_tensor("fc.weight", {4, 2}), weights_tensor("fc.bias", {2}),
                   axes};
  const auto found = read_foreign_onnx(onnx(parts));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->why_no_maps, "");
  EXPECT_FALSE(found->sigmoid);
  EXPECT_TRUE(recognise_onnx(found->onnx, {3, 64, 64, 2, found->head_weight, found->head_bias}));
}

TEST(ForeignOnnx, AnotherValueOfAKnownNameGivesWay) {
  Parts parts = usual();
  parts.nodes[1] = node("Relu", {"a"}, "logits");  // of all names, this one for the features
  parts.nodes[2] = node("GlobalAveragePool", {"logits"}, "features");
  parts.nodes[3] = node("Flatten", {"features"}, "flat");
  const auto found = read_foreign_onnx(onnx(parts));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(recognise_onnx(found->onnx, {3, 64, 64, 2, found->head_weight, found->head_bias}));
  const std::string bytes(found->onnx.begin(), found->onnx.end());
  EXPECT_NE(bytes.find("file_features"), std::string::npos) << "the pooled value was called features";
}

TEST(ForeignOnnx, WithoutTheWayThereAreScoresAndItIsSaidWhy) {
  Parts max_pooled = usual();
  max_pooled.nodes[2] = node("GlobalMaxPool", {"features"}, "p");
  Parts computed = usual();
  computed.nodes[4] = node("Gemm", {"flat", "a", "fc.bias"}, "raw");
  for (const auto& [parts, why] :
       {std::pair{max_pooled, "No global average pooling"}, std::pair{computed, "does not end in a linear layer"}}) {
    const auto found = read_foreign_onnx(onnx(parts));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_NE(found->why_no_maps.find(why), std::string::npos) << found->why_no_maps;
    OnnxDescription described{3, 64, 64, 2, "", ""};
    described.scores_only = true;
    const auto known = recognise_onnx(found->onnx, described);
    ASSERT_TRUE(known) << known.error().message;
    EXPECT_EQ((*known)->head().features, 0);
    EXPECT_TRUE((*known)->layers().empty());
  }
}

TEST(ForeignOnnx, GraphsThatScoreNoFilmsAreRefusedWithAReason) {
  struct Row {
    const char* what;
    void (*change)(Parts&);
    const char* message;
  };
  const Row rows[] = {
      {"softmax", [](Parts& p) { p.nodes[5] = node("Softmax", {"raw"}, "scores"); }, "ends in a Softmax"},
      {"five channels", [](Parts& p) { p.input = value("images", {-1, 5, 64, 64}); }, "expected films of 1 or 3 channels"},
      {"no shape", [](Parts& p) { p.input = value("images", {}); }, "a shape it does not say"},
      {"half floats", [](Parts& p) { p.input = value("images", {-1, 3, 64, 64}, 10); }, "another number format"},
      {"too many scores", [](Parts& p) { p.tensors[2] = weights_tensor("fc.bias", {1000}); }, "1 to 64 findings"},
      {"a branch",
       [](Parts& p) {
         ProtobufMessage attribute, branch = node("If", {"a"}, "b");
         attribute.string(1, "then_branch").message(6, ProtobufMessage().string(2, "inner"));
         p.nodes.push_back(branch.message(5, attribute));
       },
       "branches or loops"},
      {"one film at a time",
       [](Parts& p) {
         p.input = value("images", {1, 3, 64, 64});
         p.nodes[3] = node("Reshape", {"p", "shape"}, "flat");
         ProtobufMessage shape;
         shape.integer(1, 2).integer(2, 7).string(8, "shape").string(9, std::string("\1\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0", 16));
         p.tensors.push_back(shape);
       },
       "1 film at a time"},
  };
  for (const Row& row : rows) {
    Parts parts = usual();
    row.change(parts);
    const auto found = read_foreign_onnx(onnx(parts));
    ASSERT_FALSE(found) << row.what;
    EXPECT_NE(found.error().message.find(row.message), std::string::npos) << found.error().message;
    EXPECT_FALSE(found.error().hint.empty()) << row.what;
  }
}

TEST(ForeignOnnx, EveryTruncationIsRefusedOrSound) {
  const Bytes8 whole = onnx(usual());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto found = read_foreign_onnx(Bytes(whole).first(length));
    EXPECT_TRUE(!found || read_onnx(found->onnx)) << length;
  }
}

}  // namespace
}  // namespace chestlight
