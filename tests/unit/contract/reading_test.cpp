// Verdicts of a reader, and text from outside as it is shown.
#include "contract/reading.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace chestlight::contract {
namespace {

TEST(Verdicts, ThereIsOneForAFindingAndItCanBeTakenBack) {
  FilmReading reading;
  set_verdict(reading, {"mass", Opinion::kAgree});
  set_verdict(reading, {"effusion", Opinion::kNone, "more on the left"});
  set_verdict(reading, {"mass", Opinion::kDisagree, "a nipple"});
  ASSERT_EQ(reading.verdicts.size(), 2u);
  EXPECT_EQ(verdict_on(reading, "mass"), (Verdict{"mass", Opinion::kDisagree, "a nipple"}));
  set_verdict(reading, {"mass", Opinion::kNone, "  "});
  EXPECT_EQ(verdict_on(reading, "mass"), std::nullopt);
  EXPECT_EQ(reading.verdicts.size(), 1u);
}

TEST(OneLine, HasNothingThatMovesItsNeighbours) {
  EXPECT_EQ(one_line(" a\nb\tc\x7f ", 100), "a b c");
  EXPECT_EQ(one_line("\n \r", 100), "");
  const std::string umlauts = "ääääää";  // two bytes each
  EXPECT_EQ(one_line(umlauts, 4), "ääää");
  EXPECT_EQ(one_line("abc", 3), "abc");
  EXPECT_EQ(one_line("a\u202eb\u2066c\u200f.png", 100), "abc.png");
  EXPECT_EQ(one_line("\u05e9\u05dc\u05d5\u05dd \U0001f980", 100), "\u05e9\u05dc\u05d5\u05dd \U0001f980");
}

TEST(Verdicts, ANoteIsALineOfBoundedLength) {
  FilmReading reading;
  set_verdict(reading, {"mass", Opinion::kNone, std::string(10'000, 'x')});
  EXPECT_EQ(reading.verdicts.front().note.size(), 200u);
}

}  // namespace
}  // namespace chestlight::contract
