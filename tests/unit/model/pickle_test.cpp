// Pickles written byte by byte: what is read, what is refused by name, and what is damaged. The objects of real checkpoints are
// in checkpoint_test.cpp.
#include "model/weights/pickle.h"

#include <gtest/gtest.h>

#include <string>

#include "model/weights/pytorch_objects.h"

namespace chestlight {
namespace {

using Kind = PickleNode::Kind;

Result<Pickle> read(const std::string& pickle) { return read_pickle(as_bytes(pickle), pytorch_global); }

TEST(Pickle, ReadsEveryKindOfValue) {
  const std::string tuple("\x80\x02(K\x07M\x01\x02J\xfe\xff\xff\xff\x8a\x02\xff\x7fG?\xf0\0\0\0\0\0\0\x88\x89NU\x02hit.", 35);
  const auto made = read(tuple);
  ASSERT_TRUE(made) << made.error().message;
  const PickleNode& root = made->at(made->root);
  ASSERT_EQ(root.kind, Kind::kTuple);
  ASSERT_EQ(root.items.size(), 9u);
  const auto item = [&](std::size_t i) { return made->at(root.items[i]); };
  EXPECT_EQ(item(0).integer, 7);
  EXPECT_EQ(item(1).integer, 513);
  EXPECT_EQ(item(2).integer, -2);
  EXPECT_EQ(item(3).integer, 32767);
  EXPECT_EQ(item(4).real, 1.0);
  EXPECT_EQ(item(5).integer, 1);
  EXPECT_EQ(item(5).kind, Kind::kBool);
  EXPECT_EQ(item(6).integer, 0);
  EXPECT_EQ(item(7).kind, Kind::kNone);
  EXPECT_EQ(item(8).text, "hi");
  EXPECT_EQ(made->size, tuple.size());
}

TEST(Pickle, CallsNothingAndSaysWhoWouldBeCalled) {
  const std::string bytes = "ccollections\nOrderedDict\n)R.";
  const auto made = read(bytes);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->at(made->root).kind, Kind::kCall);
  EXPECT_EQ(made->global_name(made->at(made->root).target), "collections.OrderedDict");
}

TEST(Pickle, EveryFaultHasItsWords) {
  struct Row {
    const char* origin;
    std::string bytes;
    ErrorCode code;
    const char* message;
  };
  const Row rows[] = {
      {"the attack that every study of pickles shows",
       "cos\nsystem\n(U\x02lst"
       "R.",
       ErrorCode::kCorrupt, "The checkpoint names os.system, which is no part of a network; nothing was executed."},
      {"the same by protocol 4", "\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R.", ErrorCode::kCorrupt,
       "The checkpoint names posix.system, which is no part of a network; nothing was executed."},
      {"a name that is not called", "cbuiltins\neval\n.", ErrorCode::kCorrupt,
       "The checkpoint names builtins.eval, which is no part of a network; nothing was executed."},
      {"a function of PyTorch that loads something",
       "ctorch.hub\nload\n(U\x01"
       "at"
       "R.",
       ErrorCode::kCorrupt, "The checkpoint names torch.hub.load, which is no part of a network; nothing was executed."},
      {"a program's own function, called", "cmytrainer\nstart\n)R.", ErrorCode::kCorrupt,
       "The checkpoint names mytrainer.start, which is no part of a network; nothing was executed."},
      {"a program's own class with arguments", "cmytrainer\nNet\n(K\x01t\x81.", ErrorCode::kCorrupt,
       "The checkpoint names mytrainer.Net, which is no part of a network; nothing was executed."},
      {"a program's own name beside the network", "(cmytrainer\nstart\nK\x01t.", ErrorCode::kCorrupt,
       "The checkpoint names mytrainer.start, which is no part of a network; nothing was executed."},
      {"an instruction that makes any object", "(ios\nsystem\n.", ErrorCode::kCorrupt,
       "The checkpoint uses the pickle instruction INST, which no PyTorch checkpoint needs; nothing was executed."},
      {"an instruction of a registry", "\x82\x01.", ErrorCode::kCorrupt,
       "The checkpoint uses the pickle instruction EXT1, which no PyTorch checkpoint needs; nothing was executed."},
      {"a byte that is no instruction", "\xff.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects holds a byte that is no pickle instruction: 255."},
      {"a protocol of the future", "\x80\x09.", ErrorCode::kCorrupt,
       "The checkpoint is a pickle of protocol 9; 5 is the newest that there is."},
      {"nothing to stop with", ".", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: an instruction finds nothing to work on."},
      {"no mark", "K\x01t.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: a group of objects has no beginning."},
      {"a memory that is empty", "h\x05.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: it refers to an object that is not there."},
      {"a call of a number", "K\x01)R.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: something is called that is no name of Python."},
      {"a state of a number", "K\x01}b.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: a state belongs to no object."},
      {"a key without a value", "}(K\x01u.", ErrorCode::kCorrupt,
       "The checkpoint's description of its objects is damaged: objects are put into something that holds none."},
      {"a text of 4 GB",
       "X\xff\xff\xff\xff"
       "abc",
       ErrorCode::kTruncated, "The checkpoint's description of its objects ends early, after 5 bytes."},
      {"a name without an end", "ctorch", ErrorCode::kTruncated,
       "The checkpoint's description of its objects ends early, after 6 bytes."},
      {"a million dicts", std::string(1'000'000, '}') + ".", ErrorCode::kTooLarge,
       "The checkpoint describes more than 524288 objects; a network needs far fewer."},
      {"five million marks", std::string(5'000'000, '('), ErrorCode::kTooLarge,
       "The checkpoint describes more than 4194304 pickle instructions; a network needs far fewer."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.origin);
    const auto made = read(row.bytes);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, row.code);
    EXPECT_EQ(made.error().message, row.message);
    EXPECT_FALSE(made.error().hint.empty());
  }
}

TEST(Pickle, AClassOfAProgramMayBeAnInstance) {
  const std::string bytes =
      "cmytrainer\nNet\n)\x81}U\x01"
      "aK\x01sb.";
  const auto made = read(bytes);
  ASSERT_TRUE(made) << made.error().message;
  const PickleNode& root = made->at(made->root);
  EXPECT_EQ(root.kind, Kind::kObject);
  EXPECT_EQ(made->at(root.state).kind, Kind::kDict);
}

}  // namespace
}  // namespace chestlight
