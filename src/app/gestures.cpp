// See gestures.h.
#include "app/gestures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace chestlight::app {
namespace {

constexpr double kDragForDouble = 120;  // ScreenPx up or down that double or halve the zoom

// Deeds by gesture, the default first.
constexpr Deed kWindowFirst[] = {Deed::kWindow, Deed::kMove, Deed::kZoom};
constexpr Deed kMoveFirst[] = {Deed::kMove, Deed::kWindow, Deed::kZoom};
constexpr Deed kZoomFirst[] = {Deed::kZoom, Deed::kWindow, Deed::kMove};
constexpr Deed kLengthFirst[] = {Deed::kLength, Deed::kWindow, Deed::kMove, Deed::kZoom};
constexpr Deed kWheelDeeds[] = {Deed::kFramesOrZoom, Deed::kZoom, Deed::kNextFilm};
constexpr Deed kCtrlWheelDeeds[] = {Deed::kZoom, Deed::kNextFilm};
constexpr Deed kDoubleDeeds[] = {Deed::kFit, Deed::kReset};
constexpr Deed kMenuDeeds[] = {Deed::kMenu, Deed::kReset};
constexpr Deed kOnlyProbe[] = {Deed::kProbe};
constexpr Deed kOnlyTool[] = {Deed::kTool};
constexpr Deed kOnlyZoomAndMove[] = {Deed::kZoomAndMove};
constexpr Deed kOnlyNextFilm[] = {Deed::kNextFilm};

constexpr std::array kGestures = {
    GestureBinding{Gesture::kLeftDrag, Device::kMouse, "left-drag", "Left drag", kWindowFirst},
    GestureBinding{Gesture::kMiddleDrag, Device::kMouse, "middle-drag", "Middle drag", kMoveFirst},
    GestureBinding{Gesture::kSpaceDrag, Device::kMouse, "space-drag", "Space, drag", kMoveFirst},
    GestureBinding{Gesture::kRightDrag, Device::kMouse, "right-drag", "Right drag", kZoomFirst},
    GestureBinding{Gesture::kShiftDrag, Device::kMouse, "shift-drag", "Shift, drag", kLengthFirst},
    GestureBinding{Gesture::kWheel, Device::kMouse, "wheel", "Wheel", kWheelDeeds},
    GestureBinding{Gesture::kCtrlWheel, Device::kMouse, "ctrl-wheel", "Ctrl, wheel", kCtrlWheelDeeds},
    GestureBinding{Gesture::kDoubleClick, Device::kMouse, "double-click", "Double click", kDoubleDeeds},
    GestureBinding{Gesture::kRightClick, Device::kMouse, "right-click", "Right click", kMenuDeeds},
    GestureBinding{Gesture::kAltMove, Device::kMouse, "alt-move", "Alt held", kOnlyProbe},
    GestureBinding{Gesture::kToolDrag, Device::kMouse, "tool-drag", "With a tool", kOnlyTool},
    GestureBinding{Gesture::kOneFinger, Device::kTouch, "one-finger", "One finger", kWindowFirst},
    GestureBinding{Gesture::kOneFingerZoomed, Device::kTouch, "one-finger-zoomed", "Zoomed in", kMoveFirst},
    GestureBinding{Gesture::kOneFingerTool, Device::kTouch, "one-finger-tool", "With a tool", kOnlyTool},
    GestureBinding{Gesture::kTwoFingers, Device::kTouch, "two-fingers", "Two fingers", kOnlyZoomAndMove},
    GestureBinding{Gesture::kThreeFingers, Device::kTouch, "three-fingers", "Three fingers", kWindowFirst},
    GestureBinding{Gesture::kDoubleTap, Device::kTouch, "double-tap", "Double tap", kDoubleDeeds},
    GestureBinding{Gesture::kLongPress, Device::kTouch, "long-press", "Long press", kMenuDeeds},
    GestureBinding{Gesture::kSwipe, Device::kTouch, "swipe", "Swipe", kOnlyNextFilm},
};

struct DeedWords {
  Deed deed;
  std::string_view id;
  std::string_view words;
};
constexpr DeedWords kDeeds[] = {
    {Deed::kWindow, "window", "Window: right is wider, down is darker"},
    {Deed::kMove, "move", "Move the film"},
    {Deed::kZoom, "zoom", "Zoom: up is larger"},
    {Deed::kZoomAndMove, "zoom-and-move", "Zoom and move"},
    {Deed::kFramesOrZoom, "frames-or-zoom", "Next frame, or zoom a film with one"},
    {Deed::kNextFilm, "next-film", "Next film"},
    {Deed::kFit, "fit", "Fit the film"},
    {Deed::kReset, "reset", "Window, turns and zoom as the film came"},
    {Deed::kLength, "length", "Measure a length"},
    {Deed::kMenu, "menu", "Menu of the film"},
    {Deed::kProbe, "probe", "Read the pixel under the pointer"},
    {Deed::kTool, "tool", "Set, take or leave points"},
};

const DeedWords& words_of(Deed deed) { return *std::ranges::find(kDeeds, deed, &DeedWords::deed); }

const GestureBinding& binding_of(Gesture gesture) { return *std::ranges::find(kGestures, gesture, &GestureBinding::gesture); }

/// The reader's own choice for a gesture, or null: none, or one that it cannot have.
const Deed* own_deed(const Settings& settings, const GestureBinding& binding) {
  auto own = settings.gestures.find(std::string(binding.id));
  if (own == settings.gestures.end()) return nullptr;
  auto found = std::ranges::find(binding.deeds, std::string_view(own->second), [](Deed deed) { return words_of(deed).id; });
  return found == binding.deeds.end() ? nullptr : &*found;
}

}  // namespace

std::span<const GestureBinding> gestures() { return kGestures; }

const GestureBinding* find_gesture(std::string_view id) {
  auto found = std::ranges::find(kGestures, id, &GestureBinding::id);
  return found == kGestures.end() ? nullptr : &*found;
}

Deed deed_of(const Settings& settings, Gesture gesture) {
  const GestureBinding& binding = binding_of(gesture);
  const Deed* own = own_deed(settings, binding);
  return own ? *own : binding.deeds.front();
}

std::string_view in_words(Deed deed) { return words_of(deed).words; }

void change_gesture(Settings& settings, const GestureBinding& binding) {
  auto now = std::ranges::find(binding.deeds, deed_of(settings, binding.gesture));
  auto next = static_cast<std::size_t>(now - binding.deeds.begin() + 1) % binding.deeds.size();
  if (next == 0) settings.gestures.erase(std::string(binding.id));
  else settings.gestures[std::string(binding.id)] = words_of(binding.deeds[next]).id;
}

void keep_possible_gestures(Settings& settings) {
  std::erase_if(settings.gestures, [&](const auto& entry) {
    const GestureBinding* binding = find_gesture(entry.first);
    const Deed* own = binding ? own_deed(settings, *binding) : nullptr;
    return !own || *own == binding->deeds.front();
  });
}

Action drag_action(Deed deed, ScreenPx start, double dx, double dy) {
  if (deed == Deed::kMove) return Pan{dx, dy};
  if (deed == Deed::kZoom) return ZoomAt{start, std::exp2(-dy / kDragForDouble)};
  return DragWindow{dx, dy};
}

Action tap_action(Deed deed, ScreenPx at) {
  if (deed == Deed::kMenu) return OpenFilmMenu{at};
  return RunCommand{deed == Deed::kReset ? "reset" : "fit"};
}

}  // namespace chestlight::app
