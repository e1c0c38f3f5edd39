#include "app/gestures.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/app/app_values.h"

namespace chestlight::app {
namespace {

TEST(Gestures, TheTableIsThatOfOhifAndWeasis) {
  Settings settings;
  EXPECT_EQ(deed_of(settings, Gesture::kLeftDrag), Deed::kWindow);
  EXPECT_EQ(deed_of(settings, Gesture::kMiddleDrag), Deed::kMove);
  EXPECT_EQ(deed_of(settings, Gesture::kRightDrag), Deed::kZoom);
  EXPECT_EQ(deed_of(settings, Gesture::kRightClick), Deed::kMenu);
  EXPECT_EQ(deed_of(settings, Gesture::kWheel), Deed::kFramesOrZoom);
  EXPECT_EQ(deed_of(settings, Gesture::kTwoFingers), Deed::kZoomAndMove);
  std::set<std::string_view> ids;
  for (const GestureBinding& binding : gestures()) {
    EXPECT_TRUE(ids.insert(binding.id).second) << binding.id;
    EXPECT_EQ(find_gesture(binding.id), &binding);
    for (Deed deed : binding.deeds) EXPECT_FALSE(in_words(deed).empty()) << binding.id;
  }
  EXPECT_EQ(find_gesture("wave"), nullptr);
}

TEST(Gestures, AReaderGivesThemOtherDeedsAndAllComeBack) {
  State state = analysed_state();
  auto effects = update(state, ChangeGesture{"left-drag"});
  EXPECT_EQ(deed_of(state.settings, Gesture::kLeftDrag), Deed::kMove);
  EXPECT_EQ(count_of<SaveSettings>(effects), 1);
  EXPECT_EQ(state.notice, "Left drag: Move the film");
  EXPECT_EQ(settings_from_json(settings_to_json(state.settings)), state.settings);
  update(state, ChangeGesture{"left-drag"});
  update(state, ChangeGesture{"left-drag"});
  EXPECT_TRUE(state.settings.gestures.empty()) << "after the last deed the first again";
  update(state, ChangeGesture{"swipe"});
  update(state, ChangeGesture{"wave"});
  EXPECT_TRUE(state.settings.gestures.empty()) << "those that are fixed stay";
  update(state, ChangeGesture{"wheel"});
  update(state, RunCommand{"reset-keys"});
  EXPECT_EQ(deed_of(state.settings, Gesture::kWheel), Deed::kFramesOrZoom);
}

TEST(Gestures, WhatCannotBeIsNotRestored) {
  auto json = parse_json(R"({"gestures": {"left-drag": "zoom", "wheel": "window", "wave": "zoom", "swipe": "fit",
                                          "right-drag": 5, "middle-drag": "move"}})",
                         "test");
  Settings settings = settings_from_json(*json);
  EXPECT_EQ(settings.gestures, (std::map<std::string, std::string>{{"left-drag", "zoom"}}));
}

TEST(Gestures, TheProbeIsThereWhileItIsHeldAndTakesNoToolAway) {
  State state = analysed_state();
  update(state, HoldProbe{true});
  update(state, HoldProbe{true});  // a key that repeats
  EXPECT_EQ(state.measuring.tool, Tool::kProbe);
  update(state, HoldProbe{false});
  EXPECT_EQ(state.measuring.tool, Tool::kNone);
  update(state, ChooseTool{Tool::kAngle});
  update(state, HoldProbe{true});
  update(state, HoldProbe{false});
  EXPECT_EQ(state.measuring.tool, Tool::kAngle);
}

}  // namespace
}  // namespace chestlight::app
