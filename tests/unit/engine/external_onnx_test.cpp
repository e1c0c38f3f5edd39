// Models that come as a finished ONNX graph: the same numbers as from weights, what cannot be had, and files that do not fit.
#include "model/architectures/external_onnx.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "engine/engine.h"
#include "engine/explanation.h"
#include "model/graph/onnx_writer.h"
#include "support/files.h"
#include "support/tiny_model.h"

namespace chestlight {
namespace {

using Blob = std::vector<std::uint8_t>;

/// The small network of tiny_model() written as ONNX, and a manifest for that.
testing::TinyModel finished_tiny_model() {
  testing::TinyModel tiny = testing::tiny_model();
  tiny.weights = Model::load(tiny.manifest_bytes(), tiny.weights)->architecture().onnx({}, Precision::kFloat32).value();
  tiny.manifest["files"] = {{"model.onnx", {{"sha256", sha256_hex(tiny.weights)}, {"bytes", tiny.weights.size()}}}};
  tiny.manifest["architecture"] = {{"family", "onnx"}};
  return tiny;
}

Result<std::unique_ptr<Architecture>> recognised(const Manifest& manifest, Bytes onnx) {
  return recognise_onnx(onnx, {manifest.input.channels, manifest.input.height, manifest.input.width,
                               static_cast<int>(manifest.labels.size()), manifest.head_weight, manifest.head_bias});
}

TEST(FinishedGraph, TheHeadAndTheGraphAreThoseOfTheFile) {
  const testing::TinyModel tiny = testing::tiny_model(), finished = finished_tiny_model();
  const Model built = Model::load(tiny.manifest_bytes(), tiny.weights).value();
  const Model given = Model::load(finished.manifest_bytes(), finished.weights).value();
  EXPECT_EQ(given.head().weights, built.head().weights);
  EXPECT_EQ(given.head().bias, built.head().bias);
  EXPECT_EQ(given.sha256(), sha256_hex(finished.weights));
  EXPECT_EQ(given.architecture().onnx({}, Precision::kFloat32).value(), finished.weights);
  EXPECT_FALSE(given.architecture().has_weights());
  EXPECT_EQ(given.architecture().layers(), std::vector<std::string>{"features"});
}

TEST(FinishedGraph, ATransposedHeadIsTurned) {
  Json manifest = *parse_json(as_text(testing::read_fixture("onnx_model/manifest.json")), "manifest");
  const Blob onnx = testing::read_fixture("onnx_model/model.onnx");
  const Head head = recognised(*parse_manifest(write_json(manifest)), onnx).value()->head();
  ASSERT_EQ(head.features, 16);
  // The same numbers as a matrix of 16 × 3: the two extents are swapped in the file.
  Blob turned = onnx;
  const std::string_view shape("\x08\x03\x08\x10\x10\x01", 6);  // dims 3, 16, then the type
  const auto found = std::search(turned.begin(), turned.end(), shape.begin(), shape.end());
  ASSERT_NE(found, turned.end());
  std::swap(found[1], found[3]);
  const Head other = recognised(*parse_manifest(write_json(manifest)), turned).value()->head();
  ASSERT_EQ(other.features, 16);
  EXPECT_EQ(other.weights[1], head.weights[3]) << "row 0, column 1 was stored as row 1, column 0 of rows of three";
}

TEST(FinishedGraph, GradientsAreRefusedAndTheOtherMethodsKept) {
  const testing::TinyModel finished = finished_tiny_model();
  const Model model = Model::load(finished.manifest_bytes(), finished.weights).value();
  for (const char* name : {"reverse", "forward-random-head", "reverse-random-block"})
    EXPECT_EQ(model.architecture().onnx(*graph_variant(name), Precision::kFloat32).error().code, ErrorCode::kUnavailable) << name;
  EXPECT_EQ(model.architecture().onnx({}, Precision::kFloat16).error().code, ErrorCode::kUnavailable);
  std::string kept;
  for (const Method& method : methods())
    if (why_unavailable(method, model).empty()) kept += std::string(method.id) + " ";
  EXPECT_EQ(kept, "evidence fine-evidence occlusion rise ");
}

TEST(FinishedGraph, WhatDoesNotFitIsSaidWithAWayOut) {
  struct Row {
    const char* what;
    const char* path;
    Json value;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"another side", "/input/width", 96, "takes films of [-1, 1, 64, 64]; expected [-1, 1, 64, 96]", "dynamic_axes"},
      {"no such initialiser", "/architecture/head/weight", "fc.weight", "no initialiser fc.weight",
       "matrices of this graph: last.weight [3, 16]"},
      {"no matrix", "/architecture/head/weight", "last.bias", "last.bias is [3]", "architecture.head.weight"},
      {"a bias of another length", "/architecture/head/bias", "body.3.bias", "body.3.bias [12]; expected 3", "one row per label"},
  };
  const Blob onnx = testing::read_fixture("onnx_model/model.onnx");
  for (const Row& row : rows) {
    Json manifest = *parse_json(as_text(testing::read_fixture("onnx_model/manifest.json")), "manifest");
    manifest[Json::json_pointer(row.path)] = row.value;
    const auto head = recognised(*parse_manifest(write_json(manifest)), onnx);
    ASSERT_FALSE(head) << row.what;
    EXPECT_EQ(head.error().code, ErrorCode::kInvalidModel) << row.what;
    EXPECT_NE((head.error().message + head.error().hint).find(row.message), std::string::npos)
        << row.what << ": " << head.error().message;
  }
}

/// The same length, so that the file around it stays what it is.
Blob renamed(Blob file, std::string_view from, std::string_view to) {
  EXPECT_EQ(from.size(), to.size());
  for (auto at = file.begin(); (at = std::search(at, file.end(), from.begin(), from.end())) != file.end(); at += from.size())
    std::copy(to.begin(), to.end(), at);
  return file;
}

TEST(FinishedGraph, OtherNamesAndAFixedBatchAreSaid) {
  const Manifest manifest = parse_manifest(as_text(testing::read_fixture("onnx_model/manifest.json"))).value();
  const Blob onnx = testing::read_fixture("onnx_model/model.onnx");
  struct Row {
    const char *from, *to, *message;
  };
  const Row rows[] = {{"input", "image", "has the inputs image; expected one named input"},
                      {"features", "lastlayr", "has the outputs logits, lastlayr; expected logits and features"}};
  for (const Row& row : rows) {
    const auto head = recognised(manifest, renamed(onnx, row.from, row.to));
    ASSERT_FALSE(head) << row.to;
    EXPECT_NE(head.error().message.find(row.message), std::string::npos) << head.error().message;
  }
  // Dimension {dim_param: "batch"} becomes {dim_value: 1} of the same length, behind an unknown field.
  const auto fixed = recognised(manifest, renamed(onnx,
                                                  std::string_view("\x0a\x07\x12\x05"
                                                                   "batch",
                                                                   9),
                                                  std::string_view("\x0a\x07\x1a\x03"
                                                                   "abc\x08\x01",
                                                                   9)));
  ASSERT_FALSE(fixed);
  EXPECT_NE(fixed.error().message.find("takes films of [1, 1, 64, 64]"), std::string::npos) << fixed.error().message;
  EXPECT_NE(fixed.error().hint.find("dynamic_axes"), std::string::npos);
}

}  // namespace
}  // namespace chestlight
