#include "model/weights/pytorch_objects.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "model/weights/damage.h"

namespace chestlight {
namespace {

using Kind = PickleNode::Kind;

// ---- Names of Python ----

struct KnownGlobal {
  std::string_view module, name;
};

/// What a checkpoint may call. Those of torch._utils, OrderedDict and set have a meaning below; the others make values beside
/// the network, such as a learning rate that was a NumPy number.
constexpr KnownGlobal kCallable[] = {
    {"torch._utils", "_rebuild_tensor"},
    {"torch._utils", "_rebuild_tensor_v2"},
    {"torch._utils", "_rebuild_parameter"},
    {"torch._utils", "_rebuild_parameter_with_state"},
    {"torch._tensor", "_rebuild_from_type_v2"},
    {"torch.nn.parameter", "Parameter"},
    {"torch.autograd.variable", "Variable"},
    {"torch.nn.backends.thnn", "_get_thnn_function_backend"},
    {"torch", "Size"},
    {"torch", "device"},
    {"collections", "OrderedDict"},
    {"collections", "defaultdict"},
    {"collections", "Counter"},
    {"collections", "deque"},
    {"builtins", "set"},
    {"builtins", "frozenset"},
    {"builtins", "complex"},
    {"builtins", "slice"},
    {"builtins", "bytearray"},
    {"__builtin__", "set"},
    {"__builtin__", "frozenset"},
    {"functools", "partial"},
    {"numpy", "dtype"},
    {"numpy", "ndarray"},
    {"numpy.core.multiarray", "scalar"},
    {"numpy.core.multiarray", "_reconstruct"},
    {"numpy._core.multiarray", "scalar"},
    {"numpy._core.multiarray", "_reconstruct"},
    {"_codecs", "encode"},
    {"pathlib", "PosixPath"},
    {"pathlib", "WindowsPath"},
    {"datetime", "datetime"},
    {"datetime", "timedelta"},
};

/// Builtin types, which default values name.
constexpr std::string_view kBuiltinTypes[] = {"list", "dict", "tuple",  "int",     "float",
                                              "bool", "str",  "object", "unicode", "long"};

/// Whose classes, types and functions stand in modules: never called here.
constexpr std::string_view kLibraries[] = {
    "torch",     "torchvision", "torchxrayvision", "timm",   "numpy", "collections", "argparse", "pytorch_lightning",
    "lightning", "omegaconf",   "easydict",        "typing", "enum"};

/// Modules of Python that act on the machine, or make others act. No class of a network is theirs.
constexpr std::string_view kActing[] = {
    "os",      "posix",      "nt",       "sys",       "subprocess", "builtins",        "__builtin__", "importlib", "runpy",
    "shutil",  "socket",     "ctypes",   "pickle",    "_pickle",    "cPickle",         "marshal",     "code",      "codeop",
    "pty",     "webbrowser", "types",    "commands",  "popen2",     "platform",        "operator",    "urllib",    "http",
    "ftplib",  "smtplib",    "tempfile", "io",        "functools",  "asyncio",         "inspect",     "pdb",       "bdb",
    "timeit",  "cProfile",   "profile",  "threading", "signal",     "multiprocessing", "concurrent",  "zipimport", "pkgutil",
    "_codecs", "copyreg",    "copy_reg", "datetime",  "pathlib"};

// ---- Storages ----

struct StorageClass {
  std::string_view name;
  std::size_t size;
  std::optional<DataType> type;
};

constexpr StorageClass kStorageClasses[] = {
    {"FloatStorage", 4, DataType::kF32},        {"HalfStorage", 2, DataType::kF16},  {"BFloat16Storage", 2, DataType::kBF16},
    {"DoubleStorage", 8, DataType::kF64},       {"LongStorage", 8, DataType::kI64},  {"IntStorage", 4, DataType::kI32},
    {"ShortStorage", 2, DataType::kI16},        {"CharStorage", 1, DataType::kI8},   {"ByteStorage", 1, DataType::kU8},
    {"BoolStorage", 1, DataType::kBool},        {"UntypedStorage", 1, std::nullopt}, {"QInt8Storage", 1, std::nullopt},
    {"QUInt8Storage", 1, std::nullopt},         {"QInt32Storage", 4, std::nullopt},  {"ComplexFloatStorage", 8, std::nullopt},
    {"ComplexDoubleStorage", 16, std::nullopt},
};

Error without_network(std::string message) {
  return {ErrorCode::kInvalidModel, std::move(message), "Save the network's state_dict() with torch.save, or as safetensors."};
}

bool is_text(const Pickle& pickle, PickleRef ref, std::string_view wanted) {
  return pickle.at(ref).kind == Kind::kText && pickle.at(ref).text == wanted;
}

/// ('storage', class, key, location, elements[, view]) → what it says; nothing where the node means something else.
struct NamedStorage {
  std::string_view key;
  Storage storage;
  std::int64_t view_offset = 0;  // elements; of a storage that is part of another one
};

Result<std::optional<NamedStorage>> storage_of(const Pickle& pickle, PickleRef ref) {
  if (pickle.at(ref).kind != Kind::kPersistent) return std::optional<NamedStorage>();
  const PickleNode& what = pickle.at(pickle.at(ref).target);
  if (what.kind != Kind::kTuple || what.items.empty() || !is_text(pickle, what.items[0], "storage"))
    return std::optional<NamedStorage>();
  const auto part = [&](std::size_t i) -> const PickleNode& { return pickle.at(what.items[i]); };
  if (what.items.size() < 5 || part(1).kind != Kind::kGlobal || part(2).kind != Kind::kText || part(4).kind != Kind::kInteger)
    return damaged("The checkpoint describes a storage of numbers in a way that is not known.");
  NamedStorage named{part(2).text, {part(1).name, 0, {}, 0}, 0};
  const auto known = std::find_if(std::begin(kStorageClasses), std::end(kStorageClasses),
                                  [&](const StorageClass& each) { return each.name == part(1).name; });
  if (known == std::end(kStorageClasses))
    return damaged(
        text("The checkpoint stores numbers as ", shortened(pickle.global_name(what.items[1])), ", which is not known."));
  named.storage.element_size = known->size, named.storage.type = known->type;
  if (part(4).integer < 0) return damaged(text("Storage ", shortened(named.key), " claims ", part(4).integer, " elements."));
  named.storage.count = static_cast<std::uint64_t>(part(4).integer);
  if (what.items.size() > 5 && part(5).kind == Kind::kTuple) {  // (key, first element, elements)
    const PickleNode& view = part(5);
    if (view.items.size() != 3 || pickle.at(view.items[1]).kind != Kind::kInteger)
      return damaged("The checkpoint describes a part of a storage in a way that is not known.");
    named.view_offset = pickle.at(view.items[1]).integer;
  }
  return std::optional(named);
}

// ---- Tensors and what holds them ----

class NetworkReader {
 public:
  explicit NetworkReader(const Pickle& pickle) : pickle_(pickle) {}

  Result<std::vector<StoredTensor>> read() && {
    CHESTLIGHT_CHECK(find_network(pickle_.root, 0));
    if (work_ > kMostWork) return damaged("The objects in the checkpoint hold each other without an end.");
    if (tensors_.empty()) return without_network("The checkpoint holds a network without tensors.");
    return std::move(tensors_);
  }

 private:
  static constexpr int kDeepestWrapper = 6, kDeepestModule = 64;
  static constexpr std::size_t kMostVisits = 200'000, kMostWork = 20'000'000, kLongestName = 512, kMostDimensions = 8;
  /// Under which training programs keep the network, the better-known first.
  static constexpr std::array<std::string_view, 11> kNames = {"state_dict", "model_state_dict", "model_state", "model",
                                                              "net",        "network",          "module",      "weights",
                                                              "params",     "classifier",       "model_ema"};

  const PickleNode& at(PickleRef ref) const { return pickle_.at(ref); }

  bool is_mapping(PickleRef ref) const {
    if (at(ref).kind == Kind::kDict) return true;
    if (at(ref).kind != Kind::kCall) return false;
    const std::string name = pickle_.global_name(at(ref).target);
    return name == "collections.OrderedDict" || name == "collections.defaultdict";
  }

  /// Keys and values; an OrderedDict of Python 2 has them as pairs in its argument.
  std::vector<std::pair<PickleRef, PickleRef>> pairs(PickleRef mapping) const {
    std::vector<std::pair<PickleRef, PickleRef>> all;
    const PickleNode& node = at(mapping);
    if ((work_ += node.items.size()) > kMostWork) return all;  // read() says so
    if (node.kind == Kind::kCall && at(node.arguments).items.size() == 1)
      for (PickleRef pair : at(at(node.arguments).items[0]).items)
        if (at(pair).items.size() == 2) all.emplace_back(at(pair).items[0], at(pair).items[1]);
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) all.emplace_back(node.items[i], node.items[i + 1]);
    return all;
  }

  /// The last one counts, as in Python.
  PickleRef value_of(PickleRef mapping, std::string_view key) const {
    PickleRef found = kNoNode;
    for (const auto& [name, value] : pairs(mapping))
      if (is_text(pickle_, name, key)) found = value;
    return found;
  }

  /// An instance's __dict__, which BUILD gives as such or beside its slots.
  PickleRef attributes(PickleRef object) const {
    PickleRef state = at(object).state;
    if (state != kNoNode && at(state).kind == Kind::kTuple && !at(state).items.empty()) state = at(state).items[0];
    return state != kNoNode && is_mapping(state) ? state : kNoNode;
  }

  bool is_module(PickleRef ref) const {
    if (at(ref).kind != Kind::kObject) return false;
    const PickleRef state = attributes(ref);
    return state != kNoNode && value_of(state, "_modules") != kNoNode && value_of(state, "_parameters") != kNoNode;
  }

  struct RebuiltTensor {
    PickleRef storage = kNoNode, offset = kNoNode, shape = kNoNode, strides = kNoNode;
  };

  /// What a node says of a tensor, inside whatever wraps it; nothing where it is none.
  std::optional<RebuiltTensor> tensor_of(PickleRef ref) const {
    constexpr int kDeepest = 4;
    PickleRef target = at(ref).target, arguments = at(ref).arguments;
    if (at(ref).kind != Kind::kCall) return std::nullopt;
    for (int depth = 0; depth < kDeepest; ++depth) {
      const std::string called = pickle_.global_name(target);
      const std::vector<PickleRef>& given = at(arguments).items;
      if (called == "torch._utils._rebuild_tensor" || called == "torch._utils._rebuild_tensor_v2") {
        if (given.size() < 4) return std::nullopt;
        return RebuiltTensor{given[0], given[1], given[2], given[3]};
      }
      const bool wraps = called == "torch._utils._rebuild_parameter" || called == "torch._utils._rebuild_parameter_with_state" ||
                         called == "torch.nn.parameter.Parameter" || called == "torch.autograd.variable.Variable";
      if (called == "torch._tensor._rebuild_from_type_v2" && given.size() >= 3) {
        target = given[0], arguments = given[2];
      } else if (wraps && !given.empty() && at(given[0]).kind == Kind::kCall) {
        target = at(given[0]).target, arguments = at(given[0]).arguments;
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<std::vector<std::int64_t>> integers(PickleRef ref) const {
    const PickleNode* list = &at(ref);
    if (list->kind == Kind::kCall && pickle_.global_name(list->target) == "torch.Size" && at(list->arguments).items.size() == 1)
      list = &at(at(list->arguments).items[0]);
    if ((list->kind != Kind::kTuple && list->kind != Kind::kList) || list->items.size() > kMostDimensions) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (PickleRef item : list->items) {
      if (at(item).kind != Kind::kInteger) return std::nullopt;
      numbers.push_back(at(item).integer);
    }
    return numbers;
  }

  Result<void> add_tensor(std::string name, const RebuiltTensor& tensor) {
    if (tensors_.size() == kMaxTensorsOfNetwork)
      return Error{ErrorCode::kTooLarge, text("The checkpoint has more than ", kMaxTensorsOfNetwork, " tensors."),
                   "Save only the network's state_dict()."};
    CHESTLIGHT_TRY(const std::optional<NamedStorage> storage, storage_of(pickle_, tensor.storage));
    auto shape = integers(tensor.shape), strides = integers(tensor.strides);
    if (!storage || at(tensor.offset).kind != Kind::kInteger || !shape || !strides || shape->size() != strides->size())
      return damaged(text("Tensor ", shortened(name), " is described in a way that is not known."));
    std::int64_t offset = 0;
    if (__builtin_add_overflow(at(tensor.offset).integer, storage->view_offset, &offset))
      return damaged(text("Tensor ", shortened(name), " begins beyond every storage."));
    tensors_.push_back({std::move(name), storage->key, offset, std::move(*shape), std::move(*strides)});
    return {};
  }

  Result<std::string> joined(const std::string& prefix, PickleRef key) {
    std::string name = text(prefix, at(key).text);
    if (name.size() > kLongestName || ++visits_ > kMostVisits) return damaged("The names in the checkpoint do not end.");
    return name;
  }

  Result<void> read_tensors(const std::string& prefix, PickleRef mapping) {
    for (const auto& [key, value] : pairs(mapping)) {
      const auto tensor = tensor_of(value);
      if (!tensor || at(key).kind != Kind::kText) continue;
      CHESTLIGHT_TRY(std::string name, joined(prefix, key));
      CHESTLIGHT_CHECK(add_tensor(std::move(name), *tensor));
    }
    return {};
  }

  /// As Module.state_dict() does, but for buffers that are not to be saved: torchvision's networks have none.
  Result<void> read_module(const std::string& prefix, PickleRef module, int depth) {
    if (depth > kDeepestModule) return damaged("Modules of the network lie in each other without an end.");
    const PickleRef state = attributes(module);
    for (std::string_view part : {"_parameters", "_buffers"})
      if (const PickleRef mapping = value_of(state, part); mapping != kNoNode && is_mapping(mapping))
        CHESTLIGHT_CHECK(read_tensors(prefix, mapping));
    const PickleRef modules = value_of(state, "_modules");
    if (!is_mapping(modules)) return {};
    for (const auto& [key, value] : pairs(modules)) {
      if (at(key).kind != Kind::kText || !is_module(value)) continue;
      CHESTLIGHT_TRY(const std::string name, joined(prefix, key));
      CHESTLIGHT_CHECK(read_module(name + ".", value, depth + 1));
    }
    return {};
  }

  std::string keys_of(PickleRef mapping) const {
    constexpr std::size_t kShown = 8;
    std::string list;
    const auto all = pairs(mapping);
    for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i)
      list +=
          text(list.empty() ? "" : ", ", at(all[i].first).kind == Kind::kText ? shortened(at(all[i].first).text) : "(no text)");
    return list.empty() ? "nothing" : all.size() > kShown ? list + ", …" : list;
  }

  bool may_hold_network(PickleRef ref) const { return is_mapping(ref) || at(ref).kind == Kind::kObject; }

  Result<void> find_network(PickleRef ref, int depth) {
    if (depth > kDeepestWrapper) return without_network("The checkpoint wraps its network in too many dicts.");
    if (is_module(ref)) return read_module("", ref, 0);
    const PickleRef mapping = at(ref).kind == Kind::kObject ? attributes(ref) : ref;
    if (mapping == kNoNode || !is_mapping(mapping)) {
      if (tensor_of(ref)) return without_network("The checkpoint is one tensor without a name, not a network.");
      return without_network("The checkpoint holds no network: neither a state dict nor a module.");
    }
    const auto all = pairs(mapping);
    const bool is_state_dict =
        std::any_of(all.begin(), all.end(), [&](const auto& pair) { return tensor_of(pair.second).has_value(); });
    if (is_state_dict) return read_tensors("", mapping);
    for (std::string_view name : kNames)
      if (const PickleRef value = value_of(mapping, name); value != kNoNode && may_hold_network(value))
        return find_network(value, depth + 1);
    std::optional<PickleRef> module;  // under a name of the trainer's own
    for (const auto& pair : all)
      if (is_module(pair.second)) module = pair.second;
    if (module) return read_module("", *module, 0);
    return without_network(text("The checkpoint holds ", keys_of(mapping),
                                "; expected tensors, or a network under a name such as state_dict or model."));
  }

  const Pickle& pickle_;
  std::vector<StoredTensor> tensors_;
  std::size_t visits_ = 0;
  mutable std::size_t work_ = 0;  // pairs looked at: objects may hold each other many times over
};

}  // namespace

GlobalUse pytorch_global(std::string_view module, std::string_view name) {
  for (const KnownGlobal& known : kCallable)
    if (known.module == module && known.name == name) return GlobalUse::kMayBeCalled;
  const bool builtin = module == "builtins" || module == "__builtin__";
  if (builtin && std::find(std::begin(kBuiltinTypes), std::end(kBuiltinTypes), name) != std::end(kBuiltinTypes))
    return GlobalUse::kMayBeNamed;
  const std::string_view package = module.substr(0, module.find('.'));
  if (std::find(std::begin(kLibraries), std::end(kLibraries), package) != std::end(kLibraries)) return GlobalUse::kMayBeNamed;
  if (std::find(std::begin(kActing), std::end(kActing), package) != std::end(kActing)) return GlobalUse::kRefused;
  return GlobalUse::kClassOnly;
}

Result<std::map<std::string_view, Storage>> storages_of(const Pickle& pickle) {
  std::map<std::string_view, Storage> storages;
  for (PickleRef ref = 0; ref < pickle.nodes.size(); ++ref) {
    CHESTLIGHT_TRY(const std::optional<NamedStorage> named, storage_of(pickle, ref));
    if (!named) continue;
    const auto [known, fresh] = storages.emplace(named->key, named->storage);
    if (!fresh && (known->second.element_size != named->storage.element_size || known->second.type != named->storage.type))
      return damaged(text("Storage ", shortened(named->key), " is described as ", known->second.element, " and as ",
                          named->storage.element, "."));
    known->second.count = std::max(known->second.count, named->storage.count);
  }
  return storages;
}

Result<std::vector<StoredTensor>> network_tensors(const Pickle& pickle) { return NetworkReader(pickle).read(); }

}  // namespace chestlight
