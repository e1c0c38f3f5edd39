#include "model/weights/pickle.h"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "model/weights/damage.h"

namespace chestlight {
namespace pickle_machine {
namespace {

using Kind = PickleNode::Kind;

enum Opcode : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersid = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kEmptyList = ']',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyTuple = ')',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kShortBinUnicode = 0x8c,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

struct RefusedOpcode {
  std::uint8_t code;
  std::string_view name;
};

/// Instructions of Python that no checkpoint needs; those that run code or read other places first.
constexpr RefusedOpcode kRefused[] = {
    {'i', "INST"},         {'o', "OBJ"},          {'P', "PERSID"},
    {0x92, "NEWOBJ_EX"},   {0x82, "EXT1"},        {0x83, "EXT2"},
    {0x84, "EXT4"},        {0x97, "NEXT_BUFFER"}, {0x98, "READONLY_BUFFER"},
    {0x96, "BYTEARRAY8"},  {'2', "DUP"},          {'I', "INT"},
    {'L', "LONG"},         {'F', "FLOAT"},        {'S', "STRING"},
    {'V', "UNICODE"},      {'g', "GET"},          {'p', "PUT"},
    {'d', "DICT"},         {'l', "LIST"},         {0x8b, "LONG4"},
    {0x8d, "BINUNICODE8"}, {0x8e, "BINBYTES8"},   {0x91, "FROZENSET"},
};

Error ends_early(std::size_t position) {
  return cut_off(text("The checkpoint's description of its objects ends early, after ", position, " bytes."));
}

Error too_much(std::string_view what, std::size_t limit) {
  return {ErrorCode::kTooLarge, text("The checkpoint describes more than ", limit, " ", what, "; a network needs far fewer."),
          "Save the network's state_dict() alone."};
}

Error refused_instruction(std::uint8_t code) {
  for (const RefusedOpcode& refused : kRefused)
    if (refused.code == code)
      return {ErrorCode::kCorrupt,
              text("The checkpoint uses the pickle instruction ", refused.name,
                   ", which no PyTorch checkpoint needs; nothing was executed."),
              "Save the network's state_dict() with torch.save, or as safetensors."};
  return damaged(
      text("The checkpoint's description of its objects holds a byte that is no pickle instruction: ", int{code}, "."));
}

Error refused_name(std::string_view module, std::string_view name) {
  return {ErrorCode::kCorrupt,
          text("The checkpoint names ", shortened(module), ".", shortened(name),
               ", which is no part of a network; nothing was executed."),
          "Do not load this file in Python, which would run what it names. Get the weights from their publisher again."};
}

Error misused(std::string_view what) {
  return damaged(text("The checkpoint's description of its objects is damaged: ", what, "."));
}

class Machine {
 public:
  Machine(Bytes bytes, GlobalRule rule) : reader_(bytes), rule_(rule) {
    // Shared by all: they hold nothing of their own.
    none_ = add({Kind::kNone}), true_ = add({Kind::kBool}), false_ = add({Kind::kBool});
    made_.nodes[true_].integer = 1;
  }

  Result<Pickle> run() && {
    for (std::size_t count = 0;; ++count) {
      if (count == kMaxPickleInstructions) return too_much("pickle instructions", kMaxPickleInstructions);
      const auto opcode = reader_.little<std::uint8_t>();
      if (!opcode) return ends_early(reader_.position());
      if (*opcode == kStop) break;
      CHESTLIGHT_CHECK(step(*opcode));
      if (made_.nodes.size() > kMaxPickleNodes) return too_much("objects", kMaxPickleNodes);
    }
    CHESTLIGHT_TRY(made_.root, pop());
    for (PickleRef ref : unused_classes_) return refused_name(made_.at(ref).text, made_.at(ref).name);
    made_.size = reader_.position();
    return std::move(made_);
  }

 private:
  PickleRef add(PickleNode node) {
    made_.nodes.push_back(std::move(node));
    return static_cast<PickleRef>(made_.nodes.size() - 1);
  }
  void push(PickleRef ref) { stack_.push_back(ref); }
  void push_new(PickleNode node) { push(add(std::move(node))); }

  Result<PickleRef> pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) return misused("an instruction finds nothing to work on");
    const PickleRef ref = stack_.back();
    stack_.pop_back();
    return ref;
  }
  Result<std::vector<PickleRef>> pop_to_mark() {
    if (marks_.empty()) return misused("a group of objects has no beginning");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleRef> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }
  Result<PickleRef> top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) return misused("an instruction finds nothing to work on");
    return stack_.back();
  }

  template <class T>
  Result<T> number() {
    const auto value = reader_.little<T>();
    if (!value) return ends_early(reader_.position());
    return *value;
  }
  template <class Length>
  Result<std::string_view> sized_text() {
    CHESTLIGHT_TRY(const Length length, number<Length>());
    const auto taken = reader_.take(length);
    if (!taken) return ends_early(reader_.position());
    return as_text(*taken);
  }
  Result<std::string_view> line() {
    const std::size_t first = reader_.position();
    std::size_t length = 0;
    for (auto byte = reader_.little<std::uint8_t>(); byte != '\n'; byte = reader_.little<std::uint8_t>(), ++length)
      if (!byte) return ends_early(reader_.position());
    reader_.seek(first);
    const std::string_view taken = as_text(*reader_.take(length));
    reader_.skip(1);
    return taken;
  }

  Result<void> step(std::uint8_t opcode) {
    switch (opcode) {
      case kProto: {
        CHESTLIGHT_TRY(const std::uint8_t version, number<std::uint8_t>());
        if (version > 5)
          return damaged(text("The checkpoint is a pickle of protocol ", int{version}, "; 5 is the newest that there is."));
        return {};
      }
      case kFrame: return skipped(number<std::uint64_t>());
      case kMark: marks_.push_back(stack_.size()); return {};
      case kPop: return skipped(pop());
      case kPopMark: return skipped(pop_to_mark());
      case kNone: push(none_); return {};
      case kNewTrue: push(true_); return {};
      case kNewFalse: push(false_); return {};
      case kBinInt: return push_integer(number<std::int32_t>());
      case kBinInt1: return push_integer(number<std::uint8_t>());
      case kBinInt2: return push_integer(number<std::uint16_t>());
      case kLong1: return push_long();
      case kBinFloat: return push_float();
      case kBinString:
      case kBinUnicode:
      case kBinBytes: return push_text(sized_text<std::uint32_t>());
      case kShortBinString:
      case kShortBinUnicode:
      case kShortBinBytes: return push_text(sized_text<std::uint8_t>());
      case kEmptyList:
      case kEmptySet: push_new({Kind::kList}); return {};
      case kEmptyDict: push_new({Kind::kDict}); return {};
      case kEmptyTuple: push_new({Kind::kTuple}); return {};
      case kTuple1: return push_tuple(1);
      case kTuple2: return push_tuple(2);
      case kTuple3: return push_tuple(3);
      case kTuple: {
        PickleNode tuple{Kind::kTuple};
        CHESTLIGHT_TRY(tuple.items, pop_to_mark());
        push_new(std::move(tuple));
        return {};
      }
      case kAppend: return append_items(popped_group(1), 1);
      case kAppends:
      case kAddItems: return append_items(pop_to_mark(), 1);
      case kSetItem: return append_items(popped_group(2), 2);
      case kSetItems: return append_items(pop_to_mark(), 2);
      case kBinPut: return remember(number<std::uint8_t>());
      case kLongBinPut: return remember(number<std::uint32_t>());
      case kMemoize: return remember(Result<std::uint32_t>(static_cast<std::uint32_t>(memo_.size())));
      case kBinGet: return recall(number<std::uint8_t>());
      case kLongBinGet: return recall(number<std::uint32_t>());
      case kGlobal: {
        CHESTLIGHT_TRY(const std::string_view module, line());
        CHESTLIGHT_TRY(const std::string_view name, line());
        return push_global(module, name);
      }
      case kStackGlobal: {
        CHESTLIGHT_TRY(const PickleRef name, pop());
        CHESTLIGHT_TRY(const PickleRef module, pop());
        if (made_.at(name).kind != Kind::kText || made_.at(module).kind != Kind::kText) return misused("a name is not text");
        return push_global(made_.at(module).text, made_.at(name).text);
      }
      case kReduce: return push_made(Kind::kCall);
      case kNewObj: return push_made(Kind::kObject);
      case kBuild: return build();
      case kBinPersid: {
        PickleNode persistent{Kind::kPersistent};
        CHESTLIGHT_TRY(persistent.target, pop());
        for (PickleRef item : made_.at(persistent.target).items) unused_classes_.erase(item);
        push_new(std::move(persistent));
        return {};
      }
      default: return refused_instruction(opcode);
    }
  }

  template <class T>
  Result<void> skipped(const Result<T>& passed_over) {
    if (!passed_over) return passed_over.error();
    return {};
  }

  template <class T>
  Result<void> push_integer(const Result<T>& value) {
    if (!value) return value.error();
    PickleNode node{Kind::kInteger};
    node.integer = *value;
    push_new(std::move(node));
    return {};
  }

  /// Two's complement, little-endian, of 0 to 8 bytes; a longer one (the magic number of the legacy container) keeps its lowest
  /// eight bytes, as no size in a checkpoint has more.
  Result<void> push_long() {
    CHESTLIGHT_TRY(const std::string_view digits, sized_text<std::uint8_t>());
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8 && !digits.empty(); ++i) {
      const bool negative = static_cast<std::uint8_t>(digits.back()) & 0x80;
      const std::uint8_t digit = i < digits.size() ? static_cast<std::uint8_t>(digits[i]) : negative ? 0xff : 0;
      value |= std::uint64_t{digit} << 8 * i;
    }
    return push_integer(Result<std::int64_t>(static_cast<std::int64_t>(value)));
  }

  Result<void> push_float() {
    const auto value = reader_.big<double>();
    if (!value) return ends_early(reader_.position());
    PickleNode node{Kind::kFloat};
    node.real = *value;
    push_new(std::move(node));
    return {};
  }

  Result<void> push_text(const Result<std::string_view>& value) {
    if (!value) return value.error();
    PickleNode node{Kind::kText};
    node.text = *value;
    push_new(std::move(node));
    return {};
  }

  Result<std::vector<PickleRef>> popped_group(std::size_t count) {
    std::vector<PickleRef> items(count);
    while (count-- > 0) {
      CHESTLIGHT_TRY(items[count], pop());
    }
    return items;
  }

  Result<void> push_tuple(std::size_t count) {
    PickleNode tuple{Kind::kTuple};
    CHESTLIGHT_TRY(tuple.items, popped_group(count));
    push_new(std::move(tuple));
    return {};
  }

  Result<void> append_items(const Result<std::vector<PickleRef>>& items, std::size_t group) {
    if (!items) return items.error();
    CHESTLIGHT_TRY(const PickleRef owner, top());
    PickleNode& node = made_.nodes[owner];
    const bool takes =
        node.kind == Kind::kCall || node.kind == Kind::kObject || node.kind == (group == 2 ? Kind::kDict : Kind::kList);
    if (!takes || items->size() % group != 0) return misused("objects are put into something that holds none");
    node.items.insert(node.items.end(), items->begin(), items->end());
    return {};
  }

  template <class T>
  Result<void> remember(const Result<T>& place) {
    if (!place) return place.error();
    CHESTLIGHT_TRY(const PickleRef ref, top());
    memo_[*place] = ref;
    return {};
  }
  template <class T>
  Result<void> recall(const Result<T>& place) {
    if (!place) return place.error();
    const auto found = memo_.find(*place);
    if (found == memo_.end()) return misused("it refers to an object that is not there");
    push(found->second);
    return {};
  }

  Result<void> push_global(std::string_view module, std::string_view name) {
    const GlobalUse use = rule_(module, name);
    if (use == GlobalUse::kRefused) return refused_name(module, name);
    PickleNode node{Kind::kGlobal};
    node.text = module, node.name = name;
    push_new(std::move(node));
    uses_[stack_.back()] = use;
    if (use == GlobalUse::kClassOnly) unused_classes_.insert(stack_.back());
    return {};
  }

  Result<void> push_made(Kind kind) {
    PickleNode node{kind};
    CHESTLIGHT_TRY(node.arguments, pop());
    CHESTLIGHT_TRY(node.target, pop());
    if (made_.at(node.arguments).kind != Kind::kTuple) return misused("arguments are not a tuple");
    const PickleNode& target = made_.at(node.target);
    if (target.kind == Kind::kPersistent) {  // a class with its source, as the legacy container keeps it
      push_new(std::move(node));
      return {};
    }
    if (target.kind != Kind::kGlobal) return misused("something is called that is no name of Python");
    const GlobalUse use = uses_.at(node.target);
    const bool bare_instance = kind == Kind::kObject && made_.at(node.arguments).items.empty();
    const bool allowed =
        use == GlobalUse::kMayBeCalled || (use == GlobalUse::kMayBeNamed ? kind == Kind::kObject : bare_instance);
    if (!allowed) return refused_name(target.text, target.name);
    unused_classes_.erase(node.target);
    push_new(std::move(node));
    return {};
  }

  Result<void> build() {
    CHESTLIGHT_TRY(const PickleRef state, pop());
    CHESTLIGHT_TRY(const PickleRef owner, top());
    PickleNode& node = made_.nodes[owner];
    if (node.kind != Kind::kCall && node.kind != Kind::kObject) return misused("a state belongs to no object");
    node.state = state;
    return {};
  }

  ByteReader reader_;
  GlobalRule rule_;
  Pickle made_;
  std::vector<PickleRef> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, PickleRef> memo_;
  std::unordered_map<PickleRef, GlobalUse> uses_;
  std::set<PickleRef> unused_classes_;  // may be classes only, and were not seen as one yet
  PickleRef none_ = 0, true_ = 0, false_ = 0;
};

}  // namespace
}  // namespace pickle_machine

std::string Pickle::global_name(PickleRef ref) const {
  if (ref == kNoNode || at(ref).kind != PickleNode::Kind::kGlobal) return {};
  return text(at(ref).text, ".", at(ref).name);
}

Result<Pickle> read_pickle(Bytes bytes, GlobalRule rule) { return pickle_machine::Machine(bytes, rule).run(); }

}  // namespace chestlight
