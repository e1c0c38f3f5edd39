#include "model/weights/checkpoint.h"

#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "model/weights/damage.h"
#include "model/weights/foreign_files.h"
#include "model/weights/onnx_reader.h"
#include "model/weights/pytorch.h"
#include "model/weights/safetensors.h"

namespace chestlight {
namespace {

/// A length, and a header that begins with a brace.
bool looks_like_safetensors(Bytes file) {
  constexpr std::uint64_t kLongest = 100'000'000;  // by the format
  ByteReader reader(file);
  const auto length = reader.little<std::uint64_t>();
  return length && *length >= 2 && *length <= kLongest && reader.little<std::uint8_t>() == '{';
}

Result<Checkpoint> checkpoint_of(std::string container, Result<TensorMap> tensors) {
  if (!tensors) return tensors.error();
  Checkpoint made;
  made.container = std::move(container), made.tensors = std::move(*tensors);
  return made;
}

Error bad_index(std::string message) {
  return {ErrorCode::kCorrupt, std::move(message), "Choose the .index.json file that lies beside the shards."};
}

}  // namespace

Result<Checkpoint> read_checkpoint(Bytes file) {
  if (is_pytorch_legacy(file)) return read_pytorch_legacy(file);
  if (as_text(file).starts_with("PK\x03\x04") || as_text(file).starts_with("PK\x05\x06")) return read_pytorch_zip(file);
  if (looks_like_safetensors(file)) return checkpoint_of("safetensors", read_safetensors(file));
  if (is_onnx(file))
    return unsupported("This is an ONNX graph: it is run as it is, and holds no checkpoint.",
                       "Make a model folder with a manifest of architecture.family \"onnx\".");
  return foreign_file(file);
}

Result<Checkpoint> read_shards(Bytes index, const std::map<std::string, Bytes, std::less<>>& files) {
  CHESTLIGHT_TRY(const Json json, parse_json(as_text(index), "The index"));
  const auto map = json.is_object() ? json.find("weight_map") : json.end();
  if (!json.is_object() || map == json.end() || !map->is_object()) return bad_index("The index of the shards has no weight_map.");
  std::map<std::string, TensorMap, std::less<>> shards;
  Checkpoint made;
  made.container = "safetensors, in shards";
  for (const auto& [tensor, place] : map->items()) {
    if (!place.is_string()) return bad_index(text("The index of the shards names no file for tensor ", tensor, "."));
    const std::string& name = place.get_ref<const std::string&>();
    auto shard = shards.find(name);
    if (shard == shards.end()) {
      const auto file = files.find(name);
      if (file == files.end())
        return Error{ErrorCode::kMissing, text("The index names the shard ", name, ", which is not there."),
                     "Choose the index together with all files that it names."};
      CHESTLIGHT_TRY(TensorMap tensors, read_safetensors(file->second));
      shard = shards.emplace(name, std::move(tensors)).first;
    }
    const auto found = shard->second.find(tensor);
    if (found == shard->second.end())
      return Error{ErrorCode::kMissing, text("The index says that ", name, " holds tensor ", tensor, "; it does not."),
                   "Get the index and its files from one place."};
    made.tensors.emplace(tensor, found->second);
  }
  return made;
}

}  // namespace chestlight
