// See gestures.h.
#include "app/gestures.h"

#include <array>
#include <cmath>

namespace chestlight::app {
namespace {

constexpr double kDragForDouble = 120;  // ScreenPx up or down that double or halve the zoom

constexpr std::array kGestures = {
    GestureBinding{Gesture::kLeftDrag, Device::kMouse, Deed::kWindow, "Left drag", "Window: right is wider, down is darker"},
    GestureBinding{Gesture::kWheel, Device::kMouse, Deed::kZoom, "Wheel", "Zoom at the pointer"},
    GestureBinding{Gesture::kRightDrag, Device::kMouse, Deed::kZoom, "Right drag", "Zoom: up is larger"},
    GestureBinding{Gesture::kMiddleDrag, Device::kMouse, Deed::kMove, "Middle drag", "Move the film"},
    GestureBinding{Gesture::kSpaceDrag, Device::kMouse, Deed::kMove, "Space, drag", "Move the film"},
    GestureBinding{Gesture::kDoubleClick, Device::kMouse, Deed::kFit, "Double click", "Fit the film"},
    GestureBinding{Gesture::kToolDrag, Device::kMouse, Deed::kTool, "Drag or click", "With length or angle: set or move points"},
    GestureBinding{Gesture::kOneFinger, Device::kTouch, Deed::kWindow, "One finger", "Window"},
    GestureBinding{Gesture::kOneFingerZoomed, Device::kTouch, Deed::kMove, "Zoomed in", "One finger moves the film"},
    GestureBinding{Gesture::kOneFingerTool, Device::kTouch, Deed::kTool, "With a tool", "One finger points, sets or moves points"},
    GestureBinding{Gesture::kTwoFingers, Device::kTouch, Deed::kZoomAndMove, "Two fingers", "Zoom and move"},
    GestureBinding{Gesture::kThreeFingers, Device::kTouch, Deed::kWindow, "Three fingers", "Window"},
    GestureBinding{Gesture::kDoubleTap, Device::kTouch, Deed::kFit, "Double tap", "Fit the film"},
    GestureBinding{Gesture::kSwipe, Device::kTouch, Deed::kNextFilm, "Swipe", "Next film, on a phone"},
};

}  // namespace

std::span<const GestureBinding> gestures() { return kGestures; }

Deed deed_of(Gesture gesture) {
  for (const GestureBinding& binding : kGestures)
    if (binding.gesture == gesture) return binding.deed;
  return Deed::kWindow;
}

Action drag_action(Deed deed, ScreenPx start, double dx, double dy) {
  if (deed == Deed::kMove) return Pan{dx, dy};
  if (deed == Deed::kZoom) return ZoomAt{start, std::exp2(-dy / kDragForDouble)};
  return DragWindow{dx, dy};
}

}  // namespace chestlight::app
