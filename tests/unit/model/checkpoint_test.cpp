// Checkpoints of every container and wrapper that tests/fixtures/make_checkpoints.py made with PyTorch, files that are none, and
// damage to each region of both containers.
#include "model/weights/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/json.h"
#include "support/files.h"

namespace chestlight {
namespace {

using testing::read_fixture;

std::vector<std::uint8_t> fixture(const std::string& name) { return read_fixture("checkpoints/" + name); }

Json expected(const char* what) {
  const auto bytes = fixture("expected.json");
  return (*parse_json(as_text(bytes), "expected.json"))[what];
}

std::vector<double> numbers(const TensorMap& tensors, const std::string& name) {
  const Tensor& tensor = tensors.at(name);
  if (tensor.type == DataType::kI64) {
    std::vector<std::int64_t> integers(tensor.count());
    if (!integers.empty()) std::memcpy(integers.data(), tensor.bytes.data(), tensor.bytes.size());
    return {integers.begin(), integers.end()};
  }
  const std::vector<float> floats = *widen(tensors, name);
  return {floats.begin(), floats.end()};
}

void expect_tensors(const TensorMap& found, const Json& wanted, const std::string& prefix) {
  EXPECT_EQ(found.size(), wanted.size());
  for (const auto& [name, tensor] : wanted.items()) {
    ASSERT_TRUE(found.contains(prefix + name)) << prefix + name;
    EXPECT_EQ(found.at(prefix + name).shape, tensor["shape"].get<std::vector<std::int64_t>>()) << name;
    EXPECT_EQ(numbers(found, prefix + name), tensor["numbers"].get<std::vector<double>>()) << name;
  }
}

TEST(Checkpoint, EveryContainerAndWrapper) {
  struct Row {
    const char *file, *container, *prefix, *what;
  };
  constexpr const char *kLegacy = "PyTorch, legacy container", *kZip = "PyTorch, ZIP container";
  const Row rows[] = {
      {"zip_state_dict.pt", kZip, "", "state"},
      {"legacy_state_dict.pt", kLegacy, "", "state"},
      {"zip_protocol_4.pt", kZip, "", "state"},
      {"zip_module.pt", kZip, "", "state"},
      {"legacy_module.pt", kLegacy, "", "state"},
      {"legacy_parallel_module.pt", kLegacy, "module.", "state"},
      {"legacy_with_optimiser.pt", kLegacy, "module.", "state"},
      {"zip_model_state.pt", kZip, "", "state"},
      {"lightning.ckpt", kZip, "model.", "state"},
      {"zip_half.pt", kZip, "", "state"},
      {"zip_bfloat16.pt", kZip, "", "state"},
      {"zip_double.pt", kZip, "", "state"},
      {"zip_strides.pt", kZip, "", "strides"},
      {"legacy_strides.pt", kLegacy, "", "strides"},
      {"net.safetensors", "safetensors", "", "state"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.file);
    const auto bytes = fixture(row.file);
    const auto checkpoint = read_checkpoint(bytes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_EQ(checkpoint->container, row.container);
    expect_tensors(checkpoint->tensors, expected(row.what), row.prefix);
  }
}

TEST(Checkpoint, ParametersAreTensors) {
  const auto bytes = fixture("parameters.pt");
  const auto checkpoint = read_checkpoint(bytes);
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  Json wanted = expected("state");
  wanted.erase("features.1.num_batches_tracked");
  expect_tensors(checkpoint->tensors, wanted, "");
}

TEST(Checkpoint, TensorsInARowAreViewsAndOthersAreCopied) {
  const auto bytes = fixture("zip_strides.pt");
  const auto read = read_checkpoint(bytes);
  const Checkpoint& checkpoint = *read;
  const auto lies_in = [](Bytes part, const std::vector<std::uint8_t>& whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
  };
  EXPECT_TRUE(lies_in(checkpoint.tensors.at("part").bytes, bytes));
  EXPECT_FALSE(lies_in(checkpoint.tensors.at("transposed").bytes, bytes));
  EXPECT_EQ(checkpoint.rearranged.size(), 4u) << "transposed, every_second, block and expanded";
}

std::map<std::string, Bytes, std::less<>> shards(const std::vector<std::uint8_t>& one, const std::vector<std::uint8_t>& two) {
  return {{"net-00001-of-00002.safetensors", one}, {"net-00002-of-00002.safetensors", two}};
}

TEST(Checkpoint, Shards) {
  const auto index = fixture("net.safetensors.index.json"), one = fixture("net-00001-of-00002.safetensors"),
             two = fixture("net-00002-of-00002.safetensors");
  const auto checkpoint = read_shards(index, shards(one, two));
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  expect_tensors(checkpoint->tensors, expected("state"), "");

  const auto lacking = read_shards(index, {{"net-00001-of-00002.safetensors", one}});
  ASSERT_FALSE(lacking);
  EXPECT_EQ(lacking.error().message, "The index names the shard net-00002-of-00002.safetensors, which is not there.");
  const auto exchanged = read_shards(index, shards(two, one));
  ASSERT_FALSE(exchanged);
  EXPECT_TRUE(exchanged.error().message.ends_with("; it does not.")) << exchanged.error().message;
  for (const char* bad : {"{}", "[]", R"({"weight_map": 3})", R"({"weight_map": {"w": 3}})"}) {
    EXPECT_FALSE(read_shards(as_bytes(bad), shards(one, two))) << bad;
  }
}

TEST(Checkpoint, WhatIsNoneIsNamedWithAWayOut) {
  struct Row {
    const char* origin;
    std::string bytes;
    ErrorCode code;
    const char* message;
  };
  const auto held = [](const char* name) {
    const auto bytes = fixture(name);
    return std::string(as_text(bytes));
  };
  constexpr ErrorCode kUnsupported = ErrorCode::kUnsupportedFormat;
  const auto onnx = read_fixture("onnx_model/model.onnx"), picture = read_fixture("images/grey8.png"),
             zip = read_fixture("images/archive.zip");
  const Row rows[] = {
      {"nothing", "", ErrorCode::kEmptyFile, "The file is empty."},
      {"a server's answer", "\n<!DOCTYPE html><html>Not Found", kUnsupported,
       "This is a web page, not a checkpoint: a server answered with it in place of the file."},
      {"a clone without Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 28423711\n", kUnsupported,
       "This is a Git LFS pointer to a file of 28423711 bytes, not the file itself."},
      {"text named .pt", "Epoch 1: loss 0.3\n", kUnsupported, "This is a text file, not a checkpoint."},
      {"TensorFlow.js", R"({"format": "layers-model", "modelTopology": {}})", kUnsupported,
       "This is a TensorFlow.js model, which is not read."},
      {"the index of shards alone", held("net.safetensors.index.json"), kUnsupported,
       "This is the index of a checkpoint in several files."},
      {"a configuration", R"({"architecture": "densenet121"})", kUnsupported, "This is a JSON file, not a checkpoint."},
      {"Keras", std::string("\x89HDF\r\n\x1a\n\0\0", 10), kUnsupported, "This is a Keras or other HDF5 file, not a checkpoint."},
      {"a language model", std::string("GGUF\3\0\0\0", 8), kUnsupported,
       "This is a language model (GGUF), not a network for films, not a checkpoint."},
      {"TorchScript", held("torch_script.pt"), kUnsupported, "This is a TorchScript program, which is not run here."},
      {"ONNX", std::string(as_text(onnx)), kUnsupported, "This is an ONNX graph: it is run as it is, and holds no checkpoint."},
      {"pickle.dump", held("plain_pickle.pt"), kUnsupported, "This is a pickle that torch.save did not write."},
      {"a film", std::string(as_text(picture)), kUnsupported, "This is a PNG picture, not a checkpoint."},
      {"another archive", std::string(as_text(zip)), kUnsupported,
       "This is a ZIP archive of 1 files and no checkpoint: it has no data.pkl."},
      {"a download of zeros", std::string(64, '\0'), ErrorCode::kCorrupt,
       "The file begins with zeros alone: it was not copied to its end."},
      {"noise", "\x01\x02\x03\x04\x05\x06\x07\xff\xfe\xfd", kUnsupported, "This is no checkpoint that is known here."},
      {"a checkpoint that names builtins.eval", held("names_eval.pt"), ErrorCode::kCorrupt,
       "The checkpoint names __builtin__.eval, which is no part of a network; nothing was executed."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    const auto checkpoint = read_checkpoint(as_bytes(row.bytes));
    ASSERT_FALSE(checkpoint);
    EXPECT_EQ(checkpoint.error().code, row.code);
    EXPECT_EQ(checkpoint.error().message, row.message);
    EXPECT_FALSE(checkpoint.error().hint.empty());
  }
}

// A file that was cut off is refused wherever the cut lies, in every region of every container.
TEST(Checkpoint, NoPartOfAFileIsTakenForTheWhole) {
  for (const char* name :
       {"zip_state_dict.pt", "legacy_state_dict.pt", "legacy_module.pt", "zip_strides.pt", "net.safetensors"}) {
    const auto bytes = fixture(name);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const std::vector<std::uint8_t> part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
      const auto checkpoint = read_checkpoint(part);
      ASSERT_FALSE(checkpoint) << name << " cut to " << length << " bytes";
      ASSERT_FALSE(checkpoint.error().message.empty());
    }
  }
}

/// The file with the bytes `from`, which it holds once or more, replaced by as many others everywhere.
std::vector<std::uint8_t> changed(std::vector<std::uint8_t> bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const Bytes old_bytes = as_bytes(from), new_bytes = as_bytes(to);
  auto at = bytes.begin();
  int count = 0;
  while ((at = std::search(at, bytes.end(), old_bytes.begin(), old_bytes.end())) != bytes.end())
    at = std::copy(new_bytes.begin(), new_bytes.end(), at), ++count;
  EXPECT_GT(count, 0) << "the file holds no " << from;
  return bytes;
}

TEST(Checkpoint, DamageIsSaidInOneSentence) {
  struct Row {
    const char* origin;
    std::vector<std::uint8_t> bytes;
    const char* message;
  };
  const auto zip = fixture("zip_strides.pt"), legacy = fixture("legacy_strides.pt");
  const Row rows[] = {
      {"a storage that claims more than the file holds", changed(zip, "\x06K\x18tq", "\x06K\xfftq"),
       "Storage 0 claims 255 elements of 4 bytes; the file holds 96 bytes of it."},
      {"the same of the legacy container", changed(legacy, std::string("K\x18Ntq", 5), std::string("K\xffNtq", 5)),
       " has 24 elements; its tensors say 255."},
      {"a tensor that runs past the end of its storage", changed(zip, "K\x04K\x06\x85", "K\x04K\x7f\x85"),
       "Tensor part [127] runs past the end of its storage, which has 24 elements."},
      {"the numbers of another storage", changed(zip, "zip_strides/data/0", "zip_strides/data/9"),
       "The numbers of tensor whole are not in the file."},
      {"a directory that lies about where a file begins", changed(zip, std::string("PK\1\2", 4), std::string("PK\1\3", 4)),
       "The directory of the ZIP archive is damaged."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    const auto checkpoint = read_checkpoint(row.bytes);
    ASSERT_FALSE(checkpoint);
    EXPECT_TRUE(checkpoint.error().message.ends_with(row.message)) << checkpoint.error().message;
  }
}

}  // namespace
}  // namespace chestlight
