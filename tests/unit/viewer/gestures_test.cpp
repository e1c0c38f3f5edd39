#include "viewer/input/gestures.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

TEST(Gestures, TheTableIsThatOfOhifAndWeasis) {
  Settings settings;
  EXPECT_EQ(gesture_action_of(settings, Gesture::kLeftDrag), GestureAction::kWindow);
  EXPECT_EQ(gesture_action_of(settings, Gesture::kMiddleDrag), GestureAction::kMove);
  EXPECT_EQ(gesture_action_of(settings, Gesture::kRightDrag), GestureAction::kZoom);
  EXPECT_EQ(gesture_action_of(settings, Gesture::kRightClick), GestureAction::kMenu);
  EXPECT_EQ(gesture_action_of(settings, Gesture::kWheel), GestureAction::kFramesOrZoom);
  EXPECT_EQ(gesture_action_of(settings, Gesture::kTwoFingers), GestureAction::kZoomAndMove);
  std::set<std::string_view> ids;
  for (const GestureBinding& binding : gestures()) {
    EXPECT_TRUE(ids.insert(binding.id).second) << binding.id;
    EXPECT_EQ(find_gesture(binding.id), &binding);
    for (GestureAction action : binding.actions) EXPECT_FALSE(in_words(action).empty()) << binding.id;
  }
  EXPECT_EQ(find_gesture("wave"), nullptr);
}

TEST(Gestures, AReaderGivesThemOtherActionsAndAllComeBack) {
  State state = analysed_state();
  auto effects = update(state, ChangeGesture{"left-drag"});
  EXPECT_EQ(gesture_action_of(state.settings, Gesture::kLeftDrag), GestureAction::kMove);
  EXPECT_EQ(count_of<SaveSettings>(effects), 1);
  EXPECT_EQ(state.notice, "Left drag: Move the film");
  EXPECT_EQ(settings_from_json(settings_to_json(state.settings)), state.settings);
  update(state, ChangeGesture{"left-drag"});
  update(state, ChangeGesture{"left-drag"});
  EXPECT_TRUE(state.settings.gestures.empty()) << "after the last action the first again";
  update(state, ChangeGesture{"swipe"});
  update(state, ChangeGesture{"wave"});
  EXPECT_TRUE(state.settings.gestures.empty()) << "those that are fixed stay";
  update(state, ChangeGesture{"wheel"});
  update(state, RunCommand{"reset-keys"});
  EXPECT_EQ(gesture_action_of(state.settings, Gesture::kWheel), GestureAction::kFramesOrZoom);
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
}  // namespace chestlight::viewer
