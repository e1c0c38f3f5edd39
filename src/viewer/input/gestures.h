// One table of what the mouse, the pen and the fingers do on the film, and what a reader has them do instead. The page's
// pointer code, the touch interpreter, the list of keys and gestures and the text mirror all read it; nothing else knows
// what a drag means. A pen is a mouse where the browser reports it as one, and one finger where it does not.
//
// The table's own choice follows OHIF and Weasis: left drag windows, middle drag moves, right drag zooms, a right click
// opens a menu, the wheel steps through frames where a film has several and zooms where it has one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "viewer/actions/action.h"

namespace chestlight::viewer {

struct Settings;

enum class Gesture {
  kLeftDrag,
  kMiddleDrag,
  kSpaceDrag,
  kRightDrag,
  kShiftDrag,
  kWheel,
  kCtrlWheel,
  kDoubleClick,
  kRightClick,
  kAltMove,
  kToolDrag,  // with a tool for lengths or angles
  kOneFinger,
  kOneFingerZoomed,
  kOneFingerTool,
  kTwoFingers,
  kThreeFingers,
  kDoubleTap,
  kLongPress,
  kSwipe,
};

enum class GestureAction {
  kWindow,
  kMove,
  kZoom,
  kZoomAndMove,
  kFramesOrZoom,  // frames of a film with several, else zoom
  kNextFilm,
  kFit,
  kReset,
  kLength,
  kMenu,
  kProbe,
  kTool,
};

enum class Device { kMouse, kTouch };

struct GestureBinding {
  Gesture gesture;
  Device device;
  std::string_view id;                     // "left-drag", in settings and messages
  std::string_view name;                   // "Left drag"
  std::span<const GestureAction> actions;  // what it may do, the table's own choice first; one: it is fixed

  bool can_change() const { return actions.size() > 1; }
};

std::span<const GestureBinding> gestures();
const GestureBinding* find_gesture(std::string_view id);

GestureAction gesture_action_of(const Settings& settings, Gesture gesture);
/// One line for the list of gestures.
std::string_view in_words(GestureAction action);

/// Gives the gesture the next of its actions; after the last the first again.
void change_gesture(Settings& settings, const GestureBinding& binding);
/// Drops what cannot be, for settings that were kept by another version.
void keep_possible_gestures(Settings& settings);

/// What a drag by (dx, dy) ScreenPx that began at `start` does; only kWindow, kMove and kZoom are drags.
Action drag_action(GestureAction action, ScreenPx start, double dx, double dy);

/// What a click or a tap does; only kFit, kReset and kMenu are such.
Action tap_action(GestureAction action, ScreenPx at);

}  // namespace chestlight::viewer
