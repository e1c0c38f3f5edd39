#include "viewer/state/settings.h"

#include <gtest/gtest.h>

#include <set>

namespace chestlight::viewer {
namespace {

TEST(Settings, SurviveBeingWrittenAndRead) {
  Settings settings;
  settings.overlay = {false, OverlayMode::kSigned, 0.35, true, 0.7, true};
  settings.order = FindingsOrder::kFixed;
  settings.operating_point = "rule-out";
  settings.default_model = "own:abc";
  settings.keep_readings = true;
  settings.thresholds = {{"Effusion", 0.25}};
  settings.prevalences = {{"Effusion", 0.02}, {"Mass", 0.5}};
  settings.corner_text = settings.films_open = settings.findings_open = false;
  settings.worklist = WorklistPanel::kClosed;
  settings.worklist_width = 700;
  settings.films_width = 140;
  settings.findings_width = 420;
  EXPECT_TRUE(settings_from_json(settings_to_json(settings)) == settings);
}

TEST(Settings, NonsenseLeavesTheDefaults) {
  for (const char* text : {"null", "[]", "{}", R"({"overlay":3,"order":[],"films_width":"wide","worklist":"ajar"})",
                           R"({"unknown":1})", R"({"thresholds":{"a":0,"b":1,"c":"x","d":2}})", R"({"prevalences":[0.1]})"})
    EXPECT_TRUE(settings_from_json(*parse_json(text, "settings")) == Settings{}) << text;
  Settings clamped = settings_from_json(*parse_json(R"({"films_width":1e9,"overlay":{"opacity":-4}})", "settings"));
  EXPECT_DOUBLE_EQ(clamped.films_width, kWidestFilms);
  EXPECT_DOUBLE_EQ(clamped.overlay.opacity, 0);
}

TEST(Settings, HoldPreferencesAndNothingThatCameFromAFile) {
  std::set<std::string> keys;
  Json json = settings_to_json({});
  for (const auto& [key, value] : json.items()) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"version", "overlay", "order", "default_model", "operating_point", "thresholds",
                                         "prevalences", "keep_readings", "corner_text", "keys", "gestures", "films_open",
                                         "findings_open", "films_width", "findings_width", "worklist", "worklist_width"}));
}

}  // namespace
}  // namespace chestlight::viewer
