// The browser's input as ImGui events and actions: mouse, wheel, pen, touch, keyboard, focus, size, cursor.
// Own code rather than a window library, because touch, browser-reserved keys and device pixel ratios need
// care.
#pragma once

#include <emscripten/html5.h>

#include <functional>
#include <string>

#include "viewer/actions/update.h"
#include "viewer/input/touch.h"

namespace chestlight::platform {

class WebInput {
 public:
  struct Listener {
    std::function<const viewer::State&()> state;
    std::function<bool()> phone;
    std::function<void(viewer::Action)> act;
    std::function<void()> wake;  // something happened: draw
  };

  void start(std::string canvas, Listener listener);
  /// Before ImGui::NewFrame(): sizes, time, and what must come one frame after another. True where the canvas got another
  /// size, which empties it.
  bool begin_frame();
  /// After ImGui::EndFrame(): the cursor that the page should show.
  void end_frame();
  /// True while another frame is needed for input already taken (the second half of a tap).
  bool unfinished() const { return release_next_ || click_ != Click::kNone; }

 private:
  enum class Click { kNone, kPress, kRelease };
  static bool on_mouse(int type, const EmscriptenMouseEvent* event, void* self);
  static bool on_wheel(int type, const EmscriptenWheelEvent* event, void* self);
  static bool on_key(int type, const EmscriptenKeyboardEvent* event, void* self);
  static bool on_touch(int type, const EmscriptenTouchEvent* event, void* self);
  static bool on_focus(int type, const EmscriptenFocusEvent* event, void* self);
  static bool on_resize(int type, const EmscriptenUiEvent* event, void* self);
  bool key(bool down, const EmscriptenKeyboardEvent& event);

  std::string canvas_;
  Listener listener_;
  viewer::TouchInterpreter touch_;
  double left_ = 0, top_ = 0;  // of the canvas in the window, ScreenPx
  double last_frame_ = 0;
  bool release_next_ = false;
  bool leave_with_tab_ = false;  // Escape was the key before: the next Tab goes to the browser
  Click click_ = Click::kNone;
  int cursor_ = -2;
};

}  // namespace chestlight::platform
