// ONNX files: one that PyTorch wrote, and hand-made ones with one fault each.
#include "model/weights/onnx_reader.h"

#include <gtest/gtest.h>

#include "model/graph/protobuf.h"
#include "support/files.h"

namespace chestlight {
namespace {

using testing::read_fixture;

std::string names(const std::vector<OnnxValue>& values) {
  std::string all;
  for (const OnnxValue& value : values) all += value.name + " " + shape_text(value.shape) + "; ";
  return all;
}

TEST(OnnxReader, AFileOfPyTorch) {
  const auto bytes = read_fixture("onnx_model/model.onnx");
  const OnnxFile file = read_onnx(bytes).value();
  EXPECT_EQ(names(file.inputs), "input [-1, 1, 64, 64]; ");
  EXPECT_EQ(names(file.outputs), "logits [-1, 3]; features [-1, 16, 8, 8]; ");
  ASSERT_TRUE(file.initialisers.contains("last.weight"));
  EXPECT_EQ(file.initialisers.at("last.weight").shape, (std::vector<std::int64_t>{3, 16}));
  EXPECT_EQ(widen(file.initialisers, "last.bias")->size(), 3u);
}

ProtobufMessage tensor(const char* name, std::vector<std::int64_t> shape, int type = 1) {
  ProtobufMessage message;
  message.integers(1, shape).integer(2, type).string(8, name);
  return message;
}

std::string model_with(const ProtobufMessage& initialiser) {
  return ProtobufMessage().message(7, ProtobufMessage().message(5, initialiser)).bytes();
}

Result<OnnxFile> read(const std::string& file) { return read_onnx(as_bytes(file)); }

TEST(OnnxReader, NumbersAreReadRawOrAsPackedFloats) {
  const std::string two("\0\0\x80\x3f\0\0\0\xc0", 8);  // 1, −2
  for (int field : {4, 9}) {
    const std::string file = model_with(tensor("w", {2}).string(field, two));
    const OnnxFile read_back = read(file).value();
    EXPECT_EQ(*widen(read_back.initialisers, "w"), (std::vector<float>{1, -2})) << field;
  }
  EXPECT_TRUE(read(model_with(tensor("words", {2}, 8).string(9, two)))->initialisers.empty()) << "a type no weights have";
  EXPECT_TRUE(read(model_with(tensor("nothing", {2})))->initialisers.empty());
}

TEST(OnnxReader, AnInitialisedInputIsNone) {
  auto value = [](const char* name) { return ProtobufMessage().string(1, name); };
  ProtobufMessage graph;
  graph.message(11, value("film")).message(11, value("w")).message(5, tensor("w", {1}).string(9, "abcd"));
  EXPECT_EQ(names(read(ProtobufMessage().message(7, graph).bytes())->inputs), "film []; ");
}

TEST(OnnxReader, EveryFaultHasItsWords) {
  const std::string whole = model_with(tensor("w", {1}).string(9, "abcd"));
  struct Row {
    const char* what;
    std::string file;
    ErrorCode code;
    const char* words;
  };
  const Row rows[] = {
      {"no bytes", "", ErrorCode::kEmptyFile, "empty"},
      {"a text", "hello, this is no model", ErrorCode::kCorrupt, "not an ONNX file"},
      {"cut short", whole.substr(0, whole.size() - 1), ErrorCode::kCorrupt, "not an ONNX file"},
      {"no graph", ProtobufMessage().integer(1, 8).bytes(), ErrorCode::kCorrupt, "no graph"},
      {"bytes of another shape", model_with(tensor("w", {2}).string(9, "abcd")), ErrorCode::kCorrupt,
       "Tensor w of the ONNX file has 4 bytes"},
      {"a shape whose product overflows", model_with(tensor("w", {1ll << 32, 1ll << 32}).string(9, "abcd")), ErrorCode::kCorrupt,
       "do not fit"},
      {"a negative extent", model_with(tensor("w", {-1}).string(9, "abcd")), ErrorCode::kCorrupt, "do not fit"},
      {"numbers in another file", model_with(tensor("w", {1}).integer(14, 1)), ErrorCode::kUnsupportedFormat, "another file"},
  };
  for (const Row& row : rows) {
    const auto found = read(row.file);
    ASSERT_FALSE(found) << row.what;
    EXPECT_EQ(found.error().code, row.code) << row.what;
    EXPECT_NE(found.error().message.find(row.words), std::string::npos) << row.what << ": " << found.error().message;
    EXPECT_FALSE(found.error().hint.empty()) << row.what;
  }
}

TEST(OnnxReader, EveryTruncationAndEveryChangedByteIsSurvived) {
  const auto bytes = read_fixture("onnx_model/model.onnx");
  for (std::size_t length = 0; length < bytes.size(); length += 7) (void)read_onnx(Bytes(bytes).first(length));
  int refused = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto changed = bytes;
    changed[i] ^= 0x55;
    refused += !read_onnx(changed);
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace chestlight
