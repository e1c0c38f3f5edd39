#include "model/weights/pytorch.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/weights/damage.h"
#include "model/weights/pickle.h"
#include "model/weights/pytorch_objects.h"
#include "model/weights/zip_directory.h"

namespace chestlight {
namespace {

/// count · size, or nothing where no file has so many bytes.
std::optional<std::uint64_t> storage_bytes(std::uint64_t count, std::uint64_t size) {
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return std::nullopt;
  return bytes;
}

struct StoredNumbers {
  Storage storage;
  Bytes bytes;
};
using Storages = std::map<std::string_view, StoredNumbers>;

// ---- Tensors out of storages ----

/// Elements of a tensor and, of its storage, the first one behind the last that it reads; nothing where that overflows.
struct Reach {
  std::uint64_t count = 1, end = 0;
};

std::optional<Reach> reach_of(const StoredTensor& tensor) {
  Reach reach;
  std::int64_t last = tensor.offset;
  if (last < 0) return std::nullopt;
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    const std::int64_t extent = tensor.shape[d];
    std::int64_t step = 0;
    if (extent < 0 || tensor.strides[d] < 0) return std::nullopt;
    if (__builtin_mul_overflow(reach.count, static_cast<std::uint64_t>(extent), &reach.count)) return std::nullopt;
    if (extent > 1 && (__builtin_mul_overflow(extent - 1, tensor.strides[d], &step) || __builtin_add_overflow(last, step, &last)))
      return std::nullopt;
  }
  reach.end = reach.count == 0 ? 0 : static_cast<std::uint64_t>(last) + 1;
  return reach;
}

bool lies_in_a_row(const StoredTensor& tensor) {
  std::int64_t wanted = 1;
  for (std::size_t d = tensor.shape.size(); d-- > 0;) {
    if (tensor.shape[d] == 1) continue;
    if (tensor.strides[d] != wanted) return false;
    wanted *= tensor.shape[d];  // at most the number of elements, which reach_of() has checked
  }
  return true;
}

/// The elements in the order of their indices.
std::vector<std::uint8_t> in_a_row(const StoredTensor& tensor, Bytes numbers, std::size_t element, std::uint64_t count) {
  std::vector<std::uint8_t> row(static_cast<std::size_t>(count) * element);
  std::vector<std::int64_t> index(tensor.shape.size());
  std::int64_t at = tensor.offset;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(row.data() + i * element, numbers.data() + static_cast<std::size_t>(at) * element, element);
    for (std::size_t d = tensor.shape.size(); d-- > 0;) {
      if (tensor.shape[d] == 1) continue;  // its stride says nothing
      at += tensor.strides[d];
      if (++index[d] < tensor.shape[d]) break;
      at -= tensor.strides[d] * tensor.shape[d];
      index[d] = 0;
    }
  }
  return row;
}

class Assembler {
 public:
  Assembler(const Storages& storages, std::size_t file_size) : storages_(storages), may_copy_(file_size) {}

  Result<Checkpoint> assemble(const std::vector<StoredTensor>& tensors, std::string container) && {
    made_.container = std::move(container);
    for (const StoredTensor& tensor : tensors) CHESTLIGHT_CHECK(add(tensor));
    return std::move(made_);
  }

 private:
  Result<void> add(const StoredTensor& tensor) {
    const auto found = storages_.find(tensor.storage);
    if (found == storages_.end()) return damaged(text("The numbers of tensor ", tensor.name, " are not in the file."));
    const auto& [storage, numbers] = found->second;
    if (!storage.type)
      return unsupported(
          text("Tensor ", tensor.name, " is stored as ", storage.element, "; expected numbers of 16, 32 or 64 bits."),
          "Save the network as float32.");
    const auto reach = reach_of(tensor);
    if (!reach || reach->end > storage.count)
      return damaged(text("Tensor ", tensor.name, " ", shape_text(tensor.shape), " runs past the end of its storage, which has ",
                          storage.count, " elements."));
    Tensor made{*storage.type, tensor.shape, {}};
    if (reach->count > 0 && lies_in_a_row(tensor)) {
      made.bytes = numbers.subspan(static_cast<std::size_t>(tensor.offset) * storage.element_size,
                                   static_cast<std::size_t>(reach->count) * storage.element_size);
    } else if (reach->count > 0) {
      const auto size = storage_bytes(reach->count, storage.element_size);
      if (!size || *size > may_copy_)
        return damaged(text("Tensor ", tensor.name, " ", shape_text(tensor.shape),
                            " repeats the numbers of its storage beyond the size of the file."));
      may_copy_ -= static_cast<std::size_t>(*size);
      made_.rearranged.push_back(in_a_row(tensor, numbers, storage.element_size, reach->count));
      made.bytes = made_.rearranged.back();
    }
    if (!made_.tensors.emplace(tensor.name, std::move(made)).second)
      return damaged(text("The checkpoint holds tensor ", tensor.name, " twice."));
    return {};
  }

  const Storages& storages_;
  std::size_t may_copy_;  // bytes
  Checkpoint made_;
};

// ---- Legacy ----

constexpr std::uint8_t kLegacyMagic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};

class PickleSequence {
 public:
  explicit PickleSequence(Bytes file) : file_(file) {}

  Result<Pickle> next() {
    CHESTLIGHT_TRY(Pickle pickle, read_pickle(file_.subspan(position_), pytorch_global));
    position_ += pickle.size;
    return pickle;
  }
  std::size_t position() const { return position_; }

 private:
  Bytes file_;
  std::size_t position_ = 0;
};

Result<void> check_system(const Pickle& system) {
  const std::vector<PickleRef>& items = system.at(system.root).items;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if (system.at(items[i]).text == "little_endian" && system.at(items[i + 1]).kind == PickleNode::Kind::kBool &&
        system.at(items[i + 1]).integer == 0)
      return unsupported("The checkpoint was saved on a big-endian machine.", "Save it again on a little-endian one.");
  return {};
}

/// The numbers that follow the pickles, each storage behind its number of elements.
Result<Storages> legacy_storages(Bytes file, std::size_t position, const Pickle& keys,
                                 const std::map<std::string_view, Storage>& described) {
  ByteReader reader(file);
  reader.seek(position);
  Storages storages;
  for (PickleRef item : keys.at(keys.root).items) {
    const PickleNode& key = keys.at(item);
    const auto storage = described.find(key.text);
    if (key.kind != PickleNode::Kind::kText || storage == described.end())
      return damaged("The checkpoint lists a storage of numbers that none of its tensors has.");
    const auto count = reader.little<std::int64_t>();
    if (!count) return cut_off(text("The file ends before the numbers of storage ", shortened(key.text), "."));
    if (*count < 0 || static_cast<std::uint64_t>(*count) != storage->second.count)
      return damaged(
          text("Storage ", shortened(key.text), " has ", *count, " elements; its tensors say ", storage->second.count, "."));
    const auto size = storage_bytes(storage->second.count, storage->second.element_size);
    if (!size || *size > reader.remaining())
      return cut_off(text("Storage ", shortened(key.text), " claims ", storage->second.count, " elements of ",
                          storage->second.element_size, " bytes; ", reader.remaining(), " bytes follow."));
    const Bytes bytes = *reader.take(static_cast<std::size_t>(*size));
    if (!storages.emplace(storage->first, StoredNumbers{storage->second, bytes}).second)
      return damaged(text("The checkpoint lists storage ", shortened(key.text), " twice."));
  }
  if (reader.remaining() > 0)
    return damaged(text("The last ", reader.remaining(), " bytes of the checkpoint belong to no storage."));
  return storages;
}

// ---- ZIP ----

/// The folder that everything is in, with its slash: data.pkl's.
std::optional<std::string_view> root_of(const std::map<std::string_view, ZipEntry>& entries) {
  constexpr std::string_view kObjects = "data.pkl";
  for (const auto& [name, entry] : entries)
    if (name.ends_with(kObjects) && (name.size() == kObjects.size() || name[name.size() - kObjects.size() - 1] == '/'))
      return name.substr(0, name.size() - kObjects.size());
  return std::nullopt;
}

bool holds(const std::map<std::string_view, ZipEntry>& entries, std::string_view end) {
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first.ends_with(end); });
}

Error other_archive(const std::map<std::string_view, ZipEntry>& entries) {
  if (holds(entries, "model.weights.h5"))
    return unsupported("This is a Keras model, which is not read.",
                       "Export it to ONNX with tf2onnx and add it as a finished graph.");
  for (std::string_view packed : {".pt", ".pth", ".safetensors", ".ckpt", ".tar"})
    if (holds(entries, packed))
      return unsupported(text("This is a ZIP archive around a ", packed, " file."), "Unpack it and use the file in it.");
  return unsupported(text("This is a ZIP archive of ", entries.size(), " files and no checkpoint: it has no data.pkl."),
                     "Choose a file that torch.save wrote, or a .safetensors file.");
}

Result<Storages> zip_storages(const std::map<std::string_view, ZipEntry>& entries, std::string_view root,
                              const std::map<std::string_view, Storage>& described) {
  Storages storages;
  for (const auto& [key, storage] : described) {
    const auto entry = entries.find(text(root, "data/", key));
    if (entry == entries.end()) continue;  // a tensor of the network that needs it says so
    if (entry->second.is_compressed)
      return unsupported(text(shortened(entry->first), " is compressed; torch.save stores numbers as they are."),
                         "Use the file as torch.save wrote it.");
    const auto size = storage_bytes(storage.count, storage.element_size);
    if (!size || *size > entry->second.bytes.size())
      return cut_off(text("Storage ", shortened(key), " claims ", storage.count, " elements of ", storage.element_size,
                          " bytes; the file holds ", entry->second.bytes.size(), " bytes of it."));
    storages.emplace(key, StoredNumbers{storage, entry->second.bytes.first(static_cast<std::size_t>(*size))});
  }
  return storages;
}

}  // namespace

bool is_pytorch_legacy(Bytes file) {
  return file.size() >= std::size(kLegacyMagic) && std::equal(std::begin(kLegacyMagic), std::end(kLegacyMagic), file.begin());
}

Result<Checkpoint> read_pytorch_legacy(Bytes file) {
  constexpr std::int64_t kProtocol = 1001;
  PickleSequence pickles(file);
  CHESTLIGHT_CHECK(pickles.next());  // the magic number
  CHESTLIGHT_TRY(const Pickle protocol, pickles.next());
  if (protocol.at(protocol.root).integer != kProtocol)
    return unsupported(text("The checkpoint's container is of version ", protocol.at(protocol.root).integer, "; 1001 is known."),
                       "Save it again with a current PyTorch.");
  CHESTLIGHT_TRY(const Pickle system, pickles.next());
  CHESTLIGHT_CHECK(check_system(system));
  CHESTLIGHT_TRY(const Pickle objects, pickles.next());
  CHESTLIGHT_TRY(const Pickle keys, pickles.next());
  CHESTLIGHT_TRY(const auto described, storages_of(objects));
  CHESTLIGHT_TRY(const Storages storages, legacy_storages(file, pickles.position(), keys, described));
  CHESTLIGHT_TRY(const std::vector<StoredTensor> tensors, network_tensors(objects));
  return Assembler(storages, file.size()).assemble(tensors, "PyTorch, legacy container");
}

Result<Checkpoint> read_pytorch_zip(Bytes file) {
  CHESTLIGHT_TRY(const auto entries, read_zip_directory(file));
  const auto root = root_of(entries);
  if (!root) return other_archive(entries);
  const auto in_root = [&](std::string_view name) { return entries.find(text(*root, name)); };
  if (in_root("constants.pkl") != entries.end())
    return unsupported("This is a TorchScript program, which is not run here.",
                       "Save the network's weights instead: torch.save(torch.jit.load(FILE).state_dict(), \"weights.pt\").");
  if (const auto order = in_root("byteorder"); order != entries.end() && as_text(order->second.bytes) == "big")
    return unsupported("The checkpoint was saved on a big-endian machine.", "Save it again on a little-endian one.");
  const ZipEntry& data = in_root("data.pkl")->second;
  if (data.is_compressed)
    return unsupported("data.pkl is compressed; torch.save stores it as it is.", "Use the file as torch.save wrote it.");
  CHESTLIGHT_TRY(const Pickle objects, read_pickle(data.bytes, pytorch_global));
  CHESTLIGHT_TRY(const auto described, storages_of(objects));
  CHESTLIGHT_TRY(const Storages storages, zip_storages(entries, *root, described));
  CHESTLIGHT_TRY(const std::vector<StoredTensor> tensors, network_tensors(objects));
  return Assembler(storages, file.size()).assemble(tensors, "PyTorch, ZIP container");
}

}  // namespace chestlight
