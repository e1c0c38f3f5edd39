// One table of what the mouse, the pen and the fingers do on the film. The page's pointer code, the touch interpreter and
// the list of keys and gestures all read it; nothing else knows what a drag means. A pen is a mouse where the browser
// reports it as one, and one finger where it does not.
#pragma once

#include <span>
#include <string_view>

#include "app/action.h"

namespace chestlight::app {

enum class Gesture {
  kLeftDrag,
  kMiddleDrag,
  kSpaceDrag,
  kRightDrag,
  kWheel,
  kDoubleClick,
  kToolDrag,  // with a tool for lengths or angles
  kOneFinger,
  kOneFingerZoomed,
  kOneFingerTool,
  kTwoFingers,
  kThreeFingers,
  kDoubleTap,
  kSwipe,
};

enum class Deed { kWindow, kMove, kZoom, kZoomAndMove, kFit, kTool, kNextFilm };

enum class Device { kMouse, kTouch };

struct GestureBinding {
  Gesture gesture;
  Device device;
  Deed deed;
  std::string_view name;  // "Left drag"
  std::string_view help;
};

std::span<const GestureBinding> gestures();
Deed deed_of(Gesture gesture);

/// What a drag by (dx, dy) ScreenPx that began at `start` does; only kWindow, kMove and kZoom are drags.
Action drag_action(Deed deed, ScreenPx start, double dx, double dy);

}  // namespace chestlight::app
