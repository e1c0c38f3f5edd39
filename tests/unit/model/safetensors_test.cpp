#include "model/weights/safetensors.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace chestlight {
namespace {

/// A file from its header and data; the length in front is the header's own.
std::string file_of(const std::string& header, const std::string& data) {
  std::string length;
  for (int shift = 0; shift < 64; shift += 8) length += static_cast<char>(std::uint64_t{header.size()} >> shift & 0xff);
  return length + header + data;
}

TEST(Safetensors, ReadsTypesShapesAndBytes) {
  std::string file = file_of(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]},)"
                             R"("a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},)"
                             R"("empty":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},)"
                             R"("scalar":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}   )",
                             "abcdefghijkl");
  auto tensors = read_safetensors(as_bytes(file));
  ASSERT_TRUE(tensors) << tensors.error().message;
  ASSERT_EQ(tensors->size(), 4u);
  EXPECT_EQ(as_text(tensors->at("a").bytes), "abcd");
  EXPECT_EQ(tensors->at("a").type, DataType::kI8);
  EXPECT_EQ(as_text(tensors->at("b").bytes), "efgh");
  EXPECT_EQ(tensors->at("b").shape, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(tensors->at("empty").count(), 0u);
  EXPECT_EQ(as_text(tensors->at("scalar").bytes), "ijkl");
}

struct BadFile {
  const char* origin;
  std::string file;
  ErrorCode code;
  std::string message;
};

std::string one(const std::string& entry, const std::string& data = "abcd") { return file_of(R"({"w":)" + entry + "}", data); }

std::vector<BadFile> bad_files() {
  using enum ErrorCode;
  std::string long_length(8, '\x7f');
  return {
      {"nothing", "", kEmptyFile, "The weights file is empty."},
      {"less than a length", "abc", kTruncated, "The weights file has 3 bytes; a safetensors file has at least 10."},
      {"a zip, as PyTorch writes", std::string("PK\3\4\0\0\0\0\0\0\0\0", 12), kCorrupt,
       "This is not a safetensors file: its header does not begin with a brace."},
      {"length of 2^62", long_length + "{}", kTooLarge, "The header claims 9187201950435737471 bytes; at most 8388608 are read."},
      {"cut inside the header", file_of("{\"w\":", "").substr(0, 10), kTruncated,
       "The header claims 5 bytes, but only 2 follow."},
      {"broken JSON", file_of("{\"w\":", ""), kCorrupt, "The header of the weights file is not a JSON object."},
      {"entry of the wrong type", one("7"), kCorrupt, "Tensor w: expected an object, found number."},
      {"no dtype", one(R"({"shape":[1],"data_offsets":[0,4]})"), kCorrupt, "Tensor w: dtype is missing or not a string."},
      {"unknown dtype", one(R"({"dtype":"Q4","shape":[1],"data_offsets":[0,4]})"), kCorrupt,
       "Tensor w: dtype \"Q4\" is not one we know."},
      {"negative extent", one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"), kCorrupt,
       "Tensor w: shape is missing or not an array of whole numbers from 0 up."},
      {"fractional extent", one(R"({"dtype":"F32","shape":[1.5],"data_offsets":[0,4]})"), kCorrupt,
       "Tensor w: shape is missing or not an array of whole numbers from 0 up."},
      {"one offset", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})"), kCorrupt,
       "Tensor w: data_offsets is missing or not two whole numbers."},
      {"backward offsets", one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})"), kCorrupt,
       "Tensor w: data_offsets end at 0, before they begin at 4."},
      {"past the end", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"), kTruncated,
       "Tensor w: data_offsets end at 8, but the file holds 4 bytes of data."},
      {"size against shape", one(R"({"dtype":"F32","shape":[3,1],"data_offsets":[0,4]})"), kCorrupt,
       "Tensor w: found 4 bytes; F32 [3, 1] needs 12."},
      {"product over 64 bits", one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]})"), kCorrupt,
       "Tensor w: its shape multiplies to more bytes than a file can hold."},
      {"extent over 63 bits", one(R"({"dtype":"U8","shape":[0,18446744073709551615],"data_offsets":[0,0]})"), kCorrupt,
       "Tensor w: its shape multiplies to more bytes than a file can hold."},
      {"overlap",
       file_of(R"({"v":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
               R"("w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
               "abcd"),
       kCorrupt, "Tensor w: begins at byte 2, inside another tensor that ends at 3."},
      {"gap",
       file_of(R"({"v":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
               R"("w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
               "abcd"),
       kCorrupt, "Tensor w: begins at byte 2; the 1 bytes before it belong to no tensor."},
      {"bytes behind", one(R"({"dtype":"U8","shape":[3],"data_offsets":[0,3]})"), kCorrupt,
       "The last 1 bytes of the weights file belong to no tensor."},
      {"same name twice",
       file_of(R"({"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
               R"("w":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
               "abcd"),
       kCorrupt, "Tensor w: named twice in the header."},
      {"metadata that is no object", file_of(R"({"__metadata__":3})", ""), kCorrupt, "__metadata__ is not an object."},
      {"metadata that is no string", file_of(R"({"__metadata__":{"a":3}})", ""), kCorrupt,
       "__metadata__ holds a value that is not a string."},
  };
}

TEST(Safetensors, RefusesBrokenFilesAndSaysWhy) {
  for (const BadFile& row : bad_files()) {
    SCOPED_TRACE(row.origin);
    auto tensors = read_safetensors(as_bytes(row.file));
    ASSERT_FALSE(tensors);
    EXPECT_EQ(tensors.error().code, row.code);
    EXPECT_EQ(tensors.error().message, row.message);
    EXPECT_FALSE(tensors.error().hint.empty());
  }
}

TEST(Safetensors, SurvivesEveryTruncationAndEveryFlippedByte) {
  std::string file = file_of(R"({"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"F16","shape":[2,1],"data_offsets":[4,8]}})",
                             "abcdefgh");
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(read_safetensors(as_bytes(std::string_view(file).substr(0, size)))) << size;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(flipped[at] ^ 1 << bit);
      auto tensors = read_safetensors(as_bytes(flipped));
      if (!tensors) continue;
      for (const auto& [name, tensor] : *tensors) EXPECT_LE(tensor.bytes.size(), 8u) << at;
    }
}

}  // namespace
}  // namespace chestlight
