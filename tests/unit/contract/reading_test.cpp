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

TEST(Verdicts, WhatWasSaidEarlierComesBackWhereNothingWasSaidSince) {
  FilmReading earlier;
  earlier.read = true;
  earlier.verdicts = {{"mass", Opinion::kAgree, "old"}, {"nodule", Opinion::kDisagree, ""}};
  earlier.measurements = {{"length", "3 mm", {{1, 2}, {3, 4}}}};
  earlier.moved_lines = MovedLines{0.5, {{0, 0}, {5, 0}, {}}, {{0, 0}, {10, 0}, {}}};
  FilmReading reading;
  bring_back(reading, earlier);
  EXPECT_EQ(reading, earlier);
  bring_back(reading, earlier);
  EXPECT_EQ(reading, earlier) << "twice is once";

  FilmReading since;
  set_verdict(since, {"mass", Opinion::kDisagree, "new"});
  since.measurements = {{"angle", "7°", {{1, 2}, {3, 4}, {5, 6}}}};
  bring_back(since, earlier);
  EXPECT_EQ(verdict_on(since, "mass")->note, "new");
  EXPECT_EQ(verdict_on(since, "nodule")->opinion, Opinion::kDisagree);
  EXPECT_EQ(since.measurements.size(), 1u);
  EXPECT_EQ(since.measurements[0].kind, "angle");
  EXPECT_TRUE(since.read);
  EXPECT_EQ(since.moved_lines, earlier.moved_lines);
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
