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

// What JSON.stringify(value, null, 2) of Node 22 writes.
TEST(Json, IndentedItIsWhatScriptsWrite) {
  Json json = {{"whole", 1.0},
               {"list", {0.1, -2.5e-7, 1e21, 123456789012345680000.0, 0.000001, 1e-7, 0.0, -0.0, 12.5, -3, 1.5e300}},
               {"empty", Json::array()},
               {"none", Json::object()},
               {"nested", {{"text", "a \"b\"\n"}, {"nothing", nullptr}, {"yes", true}}}};
  EXPECT_EQ(write_indented_json(json), R"({
  "whole": 1,
  "list": [
    0.1,
    -2.5e-7,
    1e+21,
    123456789012345680000,
    0.000001,
    1e-7,
    0,
    0,
    12.5,
    -3,
    1.5e+300
  ],
  "empty": [],
  "none": {},
  "nested": {
    "text": "a \"b\"\n",
    "nothing": null,
    "yes": true
  }
})");
}

TEST(Json, InvalidUtf8IsReplacedNotThrown) {
  Json json;
  json["name"] = "film\xff.png";
  EXPECT_EQ(write_json(json), "{\"name\":\"film\xef\xbf\xbd.png\"}");
}

}  // namespace
}  // namespace chestlight
