// See gestures.h.
#include "viewer/input/gestures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace chestlight::viewer {
namespace {

constexpr double kDragForDouble = 120;  // ScreenPx up or down that double or halve the zoom

// GestureActions by gesture, the default first.
constexpr GestureAction kWindowFirst[] = {GestureAction::kWindow, GestureAction::kMove, GestureAction::kZoom};
constexpr GestureAction kMoveFirst[] = {GestureAction::kMove, GestureAction::kWindow, GestureAction::kZoom};
constexpr GestureAction kZoomFirst[] = {GestureAction::kZoom, GestureAction::kWindow, GestureAction::kMove};
constexpr GestureAction kLengthFirst[] = {GestureAction::kLength, GestureAction::kWindow, GestureAction::kMove,
                                          GestureAction::kZoom};
constexpr GestureAction kWheelGestureActions[] = {GestureAction::kFramesOrZoom, GestureAction::kZoom, GestureAction::kNextFilm};
constexpr GestureAction kCtrlWheelGestureActions[] = {GestureAction::kZoom, GestureAction::kNextFilm};
constexpr GestureAction kDoubleGestureActions[] = {GestureAction::kFit, GestureAction::kReset};
constexpr GestureAction kMenuGestureActions[] = {GestureAction::kMenu, GestureAction::kReset};
constexpr GestureAction kOnlyProbe[] = {GestureAction::kProbe};
constexpr GestureAction kOnlyTool[] = {GestureAction::kTool};
constexpr GestureAction kOnlyZoomAndMove[] = {GestureAction::kZoomAndMove};
constexpr GestureAction kOnlyNextFilm[] = {GestureAction::kNextFilm};

constexpr std::array kGestures = {
    GestureBinding{Gesture::kLeftDrag, Device::kMouse, "left-drag", "Left drag", kWindowFirst},
    GestureBinding{Gesture::kMiddleDrag, Device::kMouse, "middle-drag", "Middle drag", kMoveFirst},
    GestureBinding{Gesture::kSpaceDrag, Device::kMouse, "space-drag", "Space, drag", kMoveFirst},
    GestureBinding{Gesture::kRightDrag, Device::kMouse, "right-drag", "Right drag", kZoomFirst},
    GestureBinding{Gesture::kShiftDrag, Device::kMouse, "shift-drag", "Shift, drag", kLengthFirst},
    GestureBinding{Gesture::kWheel, Device::kMouse, "wheel", "Wheel", kWheelGestureActions},
    GestureBinding{Gesture::kCtrlWheel, Device::kMouse, "ctrl-wheel", "Ctrl, wheel", kCtrlWheelGestureActions},
    GestureBinding{Gesture::kDoubleClick, Device::kMouse, "double-click", "Double click", kDoubleGestureActions},
    GestureBinding{Gesture::kRightClick, Device::kMouse, "right-click", "Right click", kMenuGestureActions},
    GestureBinding{Gesture::kAltMove, Device::kMouse, "alt-move", "Alt held", kOnlyProbe},
    GestureBinding{Gesture::kToolDrag, Device::kMouse, "tool-drag", "With a tool", kOnlyTool},
    GestureBinding{Gesture::kOneFinger, Device::kTouch, "one-finger", "One finger", kWindowFirst},
    GestureBinding{Gesture::kOneFingerZoomed, Device::kTouch, "one-finger-zoomed", "Zoomed in", kMoveFirst},
    GestureBinding{Gesture::kOneFingerTool, Device::kTouch, "one-finger-tool", "With a tool", kOnlyTool},
    GestureBinding{Gesture::kTwoFingers, Device::kTouch, "two-fingers", "Two fingers", kOnlyZoomAndMove},
    GestureBinding{Gesture::kThreeFingers, Device::kTouch, "three-fingers", "Three fingers", kWindowFirst},
    GestureBinding{Gesture::kDoubleTap, Device::kTouch, "double-tap", "Double tap", kDoubleGestureActions},
    GestureBinding{Gesture::kLongPress, Device::kTouch, "long-press", "Long press", kMenuGestureActions},
    GestureBinding{Gesture::kSwipe, Device::kTouch, "swipe", "Swipe", kOnlyNextFilm},
};

struct GestureActionWords {
  GestureAction action;
  std::string_view id;
  std::string_view words;
};
constexpr GestureActionWords kGestureActions[] = {
    {GestureAction::kWindow, "window", "Window: right is wider, down is darker"},
    {GestureAction::kMove, "move", "Move the film"},
    {GestureAction::kZoom, "zoom", "Zoom: up is larger"},
    {GestureAction::kZoomAndMove, "zoom-and-move", "Zoom and move"},
    {GestureAction::kFramesOrZoom, "frames-or-zoom", "Next frame, or zoom a film with one"},
    {GestureAction::kNextFilm, "next-film", "Next film"},
    {GestureAction::kFit, "fit", "Fit the film"},
    {GestureAction::kReset, "reset", "Window, turns and zoom as the film came"},
    {GestureAction::kLength, "length", "Measure a length"},
    {GestureAction::kMenu, "menu", "Menu of the film"},
    {GestureAction::kProbe, "probe", "Read the pixel under the pointer"},
    {GestureAction::kTool, "tool", "Place, drag or release points"},
};

const GestureActionWords& words_of(GestureAction action) {
  return *std::ranges::find(kGestureActions, action, &GestureActionWords::action);
}

const GestureBinding& binding_of(Gesture gesture) { return *std::ranges::find(kGestures, gesture, &GestureBinding::gesture); }

/// The reader's own choice for a gesture, or null: none, or one that it cannot have.
const GestureAction* own_gesture_action(const Settings& settings, const GestureBinding& binding) {
  auto own = settings.gestures.find(std::string(binding.id));
  if (own == settings.gestures.end()) return nullptr;
  auto found =
      std::ranges::find(binding.actions, std::string_view(own->second), [](GestureAction action) { return words_of(action).id; });
  return found == binding.actions.end() ? nullptr : &*found;
}

}  // namespace

std::span<const GestureBinding> gestures() { return kGestures; }

const GestureBinding* find_gesture(std::string_view id) {
  auto found = std::ranges::find(kGestures, id, &GestureBinding::id);
  return found == kGestures.end() ? nullptr : &*found;
}

GestureAction gesture_action_of(const Settings& settings, Gesture gesture) {
  const GestureBinding& binding = binding_of(gesture);
  const GestureAction* own = own_gesture_action(settings, binding);
  return own ? *own : binding.actions.front();
}

std::string_view in_words(GestureAction action) { return words_of(action).words; }

void change_gesture(Settings& settings, const GestureBinding& binding) {
  auto now = std::ranges::find(binding.actions, gesture_action_of(settings, binding.gesture));
  auto next = static_cast<std::size_t>(now - binding.actions.begin() + 1) % binding.actions.size();
  if (next == 0) settings.gestures.erase(std::string(binding.id));
  else settings.gestures[std::string(binding.id)] = words_of(binding.actions[next]).id;
}

void keep_possible_gestures(Settings& settings) {
  std::erase_if(settings.gestures, [&](const auto& entry) {
    const GestureBinding* binding = find_gesture(entry.first);
    const GestureAction* own = binding ? own_gesture_action(settings, *binding) : nullptr;
    return !own || *own == binding->actions.front();
  });
}

Action drag_action(GestureAction action, ScreenPx start, double dx, double dy) {
  if (action == GestureAction::kMove) return Pan{dx, dy};
  if (action == GestureAction::kZoom) return ZoomAt{start, std::exp2(-dy / kDragForDouble)};
  return DragWindow{dx, dy};
}

Action tap_action(GestureAction action, ScreenPx at) {
  if (action == GestureAction::kMenu) return OpenFilmMenu{at};
  return RunCommand{action == GestureAction::kReset ? "reset" : "fit"};
}

}  // namespace chestlight::viewer
