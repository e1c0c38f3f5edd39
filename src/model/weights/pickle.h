// Reading Python pickles as data. Nothing is executed: a call becomes a node that says who would be called with what, and what
// such a node means is decided by the reader above (pytorch_objects.h).
//
// Only the instructions that PyTorch's checkpoints need are known; every other one is refused by its name. A name of Python
// (GLOBAL) passes only where the caller's rule lets it, and is used only as the rule allows.
//
// Any bytes may be given: nothing outside them is read, and memory is bounded by the limits below. Texts are views of the bytes,
// which must outlive the pickle. Source: Python's Lib/pickletools.py, which describes every instruction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

/// A checkpoint of a DenseNet-201 with its optimiser's state has some 60,000 nodes.
inline constexpr std::size_t kMaxPickleNodes = std::size_t{1} << 19;
inline constexpr std::size_t kMaxPickleInstructions = std::size_t{1} << 22;

/// Position of a node in its Pickle.
using PickleRef = std::uint32_t;
inline constexpr PickleRef kNoNode = UINT32_MAX;

struct PickleNode {
  enum class Kind : std::uint8_t {
    kNone,
    kBool,        // integer
    kInteger,     // integer
    kFloat,       // real
    kText,        // text; bytes too
    kTuple,       // items
    kList,        // items; a set too
    kDict,        // items: key, value, key, value, …
    kGlobal,      // text: module, name
    kCall,        // target(arguments), not called; items as of a list or a dict, whatever was put into it since
    kObject,      // an instance of target, made from arguments
    kPersistent,  // target: the node that says what is meant
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;
  std::string_view name;  // of a global
  std::vector<PickleRef> items;
  PickleRef target = kNoNode, arguments = kNoNode, state = kNoNode;
};

struct Pickle {
  std::vector<PickleNode> nodes;
  PickleRef root = kNoNode;
  std::size_t size = 0;  // bytes up to and with STOP

  const PickleNode& at(PickleRef ref) const { return nodes[ref]; }
  /// "torch._utils._rebuild_tensor_v2"; empty where `ref` is no global.
  std::string global_name(PickleRef ref) const;
};

/// What a pickle may do with a name of Python.
enum class GlobalUse {
  kMayBeCalled,  // its meaning is known, or known not to matter
  kMayBeNamed,   // anything but called
  kClassOnly,    // an instance of it may be made, without arguments; nothing else
  kRefused,
};
using GlobalRule = GlobalUse (*)(std::string_view module, std::string_view name);

/// Errors: kTruncated; kTooLarge over a limit; kCorrupt, with the instruction or the name that was refused.
Result<Pickle> read_pickle(Bytes bytes, GlobalRule rule);

}  // namespace chestlight
