// The words, as a reader sees them, and the words that must never be seen.
#include "findings/statement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace chestlight {
namespace {

constexpr FindingState A = FindingState::kAbove, B = FindingState::kBorderline, N = FindingState::kBelow;

struct SummaryRow {
  std::vector<FindingState> states;
  const char* headline;
  const char* caveat_begins;
};

const SummaryRow kSummaries[] = {
    {{N, N, N}, "No finding above threshold", "This is not the same as normal: the model looks for 3 findings only"},
    {{N}, "No finding above threshold", "This is not the same as normal: the model looks for 1 finding only"},
    {{A, N, N}, "1 finding above threshold", "A score above its threshold is a reason to look, not a diagnosis."},
    {{A, N, A}, "2 findings above threshold", "A score above its threshold is a reason to look"},
    {{A, B, A}, "2 findings above threshold, 1 borderline", "A score above its threshold is a reason to look"},
    {{N, B, B}, "No finding clearly above threshold, 2 borderline", "Borderline scores can tip either way"},
};

TEST(Statement, Summary) {
  for (const SummaryRow& row : kSummaries) {
    Summary summary = summarise(row.states);
    EXPECT_EQ(summary.headline, row.headline);
    EXPECT_EQ(summary.caveat.find(row.caveat_begins), 0u) << summary.caveat;
  }
}

TEST(Statement, WithoutAFindingAboveItSaysThatThisIsNotNormal) {
  for (const SummaryRow& row : kSummaries) {
    const bool above = std::count(row.states.begin(), row.states.end(), A) > 0;
    const bool said = summarise(row.states).caveat.find("not the same as normal") != std::string::npos;
    EXPECT_EQ(said, !above) << row.headline;
  }
}

TEST(Statement, OneFinding) {
  Label label;
  label.name = "Pleural effusion";
  OperatingPoint balanced;
  balanced.explanation = "Balances misses against false alarms";  // with or without a full stop
  struct Row {
    float score;
    const char* sentence;
  };
  const Row rows[] = {
      {0.57f,
       "Pleural effusion scores 0.57 against a threshold of 0.22: above. A reason to look, not a diagnosis. "
       "Balances misses against false alarms."},
      {0.23f,
       "Pleural effusion scores 0.23 against a threshold of 0.22: borderline, a small change of the picture "
       "could "
       "tip it either way. Balances misses against false alarms."},
      {0.05f,
       "Pleural effusion scores 0.050 against a threshold of 0.22: below. Below threshold does not exclude it; do not rely on "
       "its "
       "map. Balances misses against false alarms."},
  };
  for (const Row& row : rows) EXPECT_EQ(finding_sentence(label, {row.score}, {0.22f}, balanced), row.sentence);
}

TEST(Statement, NeverClaimsWhatAScoreCannot) {
  Label label;
  label.name = "Nodule";
  std::vector<std::string> said;
  for (const SummaryRow& row : kSummaries) {
    said.push_back(summarise(row.states).headline);
    said.push_back(summarise(row.states).caveat);
  }
  for (float score : {0.0f, 0.1f, 0.2f, 0.5f, 0.99f}) said.push_back(finding_sentence(label, {score}, {0.2f}, {}));
  for (std::string words : said) {
    std::transform(words.begin(), words.end(), words.begin(), [](unsigned char c) { return std::tolower(c); });
    if (auto at = words.find("not the same as normal"); at != std::string::npos) words.erase(at, 22);
    for (const char* claim : {"normal", "healthy", "clear ", "certain", "has ", "shows", "detected", "diagnosed", "positive",
                              "negative", "probability", "likely", "patient"})
      EXPECT_EQ(words.find(claim), std::string::npos) << "\"" << claim << "\" in: " << words;
  }
}

}  // namespace
}  // namespace chestlight
