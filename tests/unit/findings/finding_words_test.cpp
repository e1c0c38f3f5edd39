// The words for findings against those of the manifests (tools/models/labels.json): said once, the same everywhere.
#include "findings/finding_words.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/json.h"
#include "support/files.h"

namespace chestlight {
namespace {

TEST(FindingWords, AreThoseOfTheManifests) {
  const auto bytes = testing::read_file(std::string(CHESTLIGHT_FIXTURES) + "/../../tools/models/labels.json");
  const Json words = *parse_json(as_text(bytes), "labels.json");
  EXPECT_EQ(words["findings"].size(), 14u);
  for (const auto& [id, wanted] : words["findings"].items()) {
    const FindingWords* found = find_finding_words(id);
    ASSERT_TRUE(found) << id;
    EXPECT_EQ(found->name, wanted["name"].get<std::string>());
    EXPECT_EQ(found->explanation, wanted["explanation"].get<std::string>());
    EXPECT_FLOAT_EQ(found->cutoff, wanted["cutoff"].get<float>());
  }
  EXPECT_EQ(find_finding_words("Dragon"), nullptr);
}

}  // namespace
}  // namespace chestlight
