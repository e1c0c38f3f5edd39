#include "base/json.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

TEST(Json, BrokenTextNamesTheDocument) {
  auto parsed = parse_json("{\"a\":", "manifest.json");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(parsed.error().message, "manifest.json is not valid JSON (5 bytes).");
}

TEST(Json, ErrorsNameThePathAndBothTypes) {
  Json json = *parse_json(R"({"labels":[{"id":"Mass"},{"id":7}],"n":null})", "test");
  JsonReader root(json, "", ErrorCode::kInvalidManifest);
  auto labels = root.items("labels");
  ASSERT_TRUE(labels);
  EXPECT_EQ(*(*labels)[0].string("id"), "Mass");
  auto wrong = (*labels)[1].string("id");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kInvalidManifest);
  EXPECT_EQ(wrong.error().message, "labels[1].id: expected a string, found number");
  EXPECT_EQ(root.number("bytes").error().message, "bytes: missing");
  EXPECT_FALSE(root.has("n"));
}

TEST(Json, InvalidUtf8IsReplacedNotThrown) {
  Json json;
  json["name"] = "film\xff.png";
  EXPECT_EQ(write_json(json), "{\"name\":\"film\xef\xbf\xbd.png\"}");
}

}  // namespace
}  // namespace chestlight
