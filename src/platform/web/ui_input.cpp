// See ui_input.h.
#include "platform/web/ui_input.h"

#include <emscripten/emscripten.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "viewer/input/keys.h"

// clang-format off
// True when the page's focus is on the canvas or nowhere: keys are then ours, not those of a control of the mirror.
EM_JS(bool, ui_keys_are_ours, (), {
  const focus = document.activeElement;
  return !focus || focus === document.body || focus === Module['canvas'];
});
EM_JS(void, ui_set_cursor, (const char* name), { Module['canvas'].style.cursor = UTF8ToString(name); });
EM_JS(void, ui_focus_canvas, (), { Module['canvas'].focus({ preventScroll: true }); });
EM_JS(void, ui_canvas_corner, (double* corner), {
  const box = Module['canvas'].getBoundingClientRect();
  HEAPF64[corner >> 3] = box.left;
  HEAPF64[(corner >> 3) + 1] = box.top;
});
// A change of the device pixel ratio (another screen, the browser's zoom) comes as nothing but this.
EM_JS(void, ui_watch_page, (), {
  const watch = () => matchMedia('(resolution: ' + devicePixelRatio + 'dppx)')
    .addEventListener('change', () => { Module['_ui_wake'](); watch(); }, { once: true });
  watch();
  Module['canvas'].addEventListener('contextmenu', (event) => event.preventDefault());
});
// clang-format on

namespace chestlight::platform {
namespace {

ImGuiKey imgui_key(std::string_view code) {
  static constexpr std::array<std::pair<std::string_view, ImGuiKey>, 24> kKeys = {{{"Tab", ImGuiKey_Tab},
                                                                                   {"ArrowLeft", ImGuiKey_LeftArrow},
                                                                                   {"ArrowRight", ImGuiKey_RightArrow},
                                                                                   {"ArrowUp", ImGuiKey_UpArrow},
                                                                                   {"ArrowDown", ImGuiKey_DownArrow},
                                                                                   {"PageUp", ImGuiKey_PageUp},
                                                                                   {"PageDown", ImGuiKey_PageDown},
                                                                                   {"Home", ImGuiKey_Home},
                                                                                   {"End", ImGuiKey_End},
                                                                                   {"Insert", ImGuiKey_Insert},
                                                                                   {"Delete", ImGuiKey_Delete},
                                                                                   {"Backspace", ImGuiKey_Backspace},
                                                                                   {"Space", ImGuiKey_Space},
                                                                                   {"Enter", ImGuiKey_Enter},
                                                                                   {"NumpadEnter", ImGuiKey_KeypadEnter},
                                                                                   {"Escape", ImGuiKey_Escape},
                                                                                   {"ControlLeft", ImGuiKey_LeftCtrl},
                                                                                   {"ControlRight", ImGuiKey_RightCtrl},
                                                                                   {"ShiftLeft", ImGuiKey_LeftShift},
                                                                                   {"ShiftRight", ImGuiKey_RightShift},
                                                                                   {"AltLeft", ImGuiKey_LeftAlt},
                                                                                   {"AltRight", ImGuiKey_RightAlt},
                                                                                   {"MetaLeft", ImGuiKey_LeftSuper},
                                                                                   {"MetaRight", ImGuiKey_RightSuper}}};
  for (const auto& [name, key] : kKeys)
    if (name == code) return key;
  return ImGuiKey_None;
}

int imgui_button(int dom_button) { return dom_button == 1 ? 2 : dom_button == 2 ? 1 : dom_button; }

}  // namespace

void WebInput::start(std::string canvas, Listener listener) {
  canvas_ = std::move(canvas);
  listener_ = std::move(listener);
  last_frame_ = emscripten_get_now();
  const char* target = canvas_.c_str();
  const char* window = EMSCRIPTEN_EVENT_TARGET_WINDOW;
  emscripten_set_mousedown_callback(target, this, false, on_mouse);
  emscripten_set_mousemove_callback(window, this, false, on_mouse);
  emscripten_set_mouseup_callback(window, this, false, on_mouse);
  emscripten_set_mouseleave_callback(target, this, false, on_mouse);
  emscripten_set_wheel_callback(target, this, false, on_wheel);
  emscripten_set_touchstart_callback(target, this, false, on_touch);
  emscripten_set_touchmove_callback(target, this, false, on_touch);
  emscripten_set_touchend_callback(target, this, false, on_touch);
  emscripten_set_touchcancel_callback(target, this, false, on_touch);
  emscripten_set_keydown_callback(window, this, false, on_key);
  emscripten_set_keyup_callback(window, this, false, on_key);
  emscripten_set_focus_callback(window, this, false, on_focus);
  emscripten_set_blur_callback(window, this, false, on_focus);
  emscripten_set_resize_callback(window, this, false, on_resize);
  ui_watch_page();
}

bool WebInput::begin_frame() {
  double width = 0, height = 0;
  emscripten_get_element_css_size(canvas_.c_str(), &width, &height);
  double ratio = emscripten_get_device_pixel_ratio();
  int wide = static_cast<int>(width * ratio + 0.5), high = static_cast<int>(height * ratio + 0.5);
  int old_wide = 0, old_high = 0;
  emscripten_get_canvas_element_size(canvas_.c_str(), &old_wide, &old_high);
  const bool resized = wide != old_wide || high != old_high;
  if (resized) emscripten_set_canvas_element_size(canvas_.c_str(), wide, high);
  double corner[2] = {0, 0};
  ui_canvas_corner(corner);
  left_ = corner[0];
  top_ = corner[1];

  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.DisplayFramebufferScale = {static_cast<float>(ratio), static_cast<float>(ratio)};
  double now = emscripten_get_now();
  io.DeltaTime = static_cast<float>(std::max(1e-4, (now - last_frame_) / 1000));
  last_frame_ = now;

  if (click_ == Click::kPress) {
    io.AddMouseButtonEvent(0, true);
    click_ = Click::kRelease;
  } else if (click_ == Click::kRelease) {
    io.AddMouseButtonEvent(0, false);
    click_ = Click::kNone;
    release_next_ = true;
  } else if (release_next_) {
    io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);  // a finger that is gone hovers over nothing
    release_next_ = false;
  }
  return resized;
}

void WebInput::end_frame() {
  int wanted = ImGui::GetMouseCursor();
  if (wanted == cursor_) return;
  cursor_ = wanted;
  switch (wanted) {
    case ImGuiMouseCursor_Hand: ui_set_cursor("pointer"); break;
    case ImGuiMouseCursor_ResizeEW: ui_set_cursor("ew-resize"); break;
    case ImGuiMouseCursor_None: ui_set_cursor("none"); break;
    case ImGuiMouseCursor_ResizeAll: ui_set_cursor("move"); break;
    default: ui_set_cursor("default");
  }
}

bool WebInput::on_mouse(int type, const EmscriptenMouseEvent* event, void* self) {
  auto& input = *static_cast<WebInput*>(self);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  if (type == EMSCRIPTEN_EVENT_MOUSELEAVE) {
    if (!event->buttons) io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  } else {
    io.AddMousePosEvent(static_cast<float>(event->clientX - input.left_), static_cast<float>(event->clientY - input.top_));
  }
  bool down = type == EMSCRIPTEN_EVENT_MOUSEDOWN;
  if ((down || type == EMSCRIPTEN_EVENT_MOUSEUP) && event->button < 3) {
    if (down) ui_focus_canvas();
    io.AddMouseButtonEvent(imgui_button(event->button), down);
  }
  input.listener_.wake();
  return down;  // no text selection, no middle-button scrolling
}

bool WebInput::on_wheel(int, const EmscriptenWheelEvent* event, void* self) {
  double per_notch = event->deltaMode == DOM_DELTA_PIXEL ? 1.0 / 100 : event->deltaMode == DOM_DELTA_LINE ? 1.0 / 3 : 1.0;
  if (event->mouse.ctrlKey) per_notch *= 4;  // a pinch on a trackpad comes as small steps
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, event->mouse.ctrlKey);
  io.AddMouseWheelEvent(static_cast<float>(-event->deltaX * per_notch), static_cast<float>(-event->deltaY * per_notch));
  io.AddKeyEvent(ImGuiMod_Ctrl, false);
  static_cast<WebInput*>(self)->listener_.wake();
  return true;
}

bool WebInput::key(bool down, const EmscriptenKeyboardEvent& event) {
  ImGuiIO& io = ImGui::GetIO();
  std::string_view name = event.key, code = event.code;
  bool ctrl = event.ctrlKey || event.metaKey;
  io.AddKeyEvent(ImGuiMod_Shift, event.shiftKey);
  if (code == "AltLeft") {  // the right one makes characters on many keyboards
    listener_.act(viewer::HoldProbe{down});
    if (down && ImGui::IsMousePosValid()) listener_.act(viewer::PointAt{{io.MousePos.x, io.MousePos.y}});
    listener_.wake();
    return true;
  }
  if (code == "Tab" && leave_with_tab_) return false;
  if (down) leave_with_tab_ = code == "Escape" || (leave_with_tab_ && code.starts_with("Shift"));

  // While Tab has brought up the focus, arrows, Home and the like, Enter and Escape belong to it; otherwise they are commands,
  // and ImGui must not take them for navigation: any of them would bring up its focus, which then swallows the others.
  bool navigates = code.starts_with("Arrow") || code.starts_with("Page") || code == "Home" || code == "End" || code == "Enter" ||
                   code == "NumpadEnter" || code == "Escape";
  bool steering = io.NavVisible && (navigates || code == "Space");
  ImGuiKey imgui = imgui_key(code);
  if (imgui != ImGuiKey_None && !ctrl && (!down || !navigates || steering)) io.AddKeyEvent(imgui, down);
  listener_.wake();
  const viewer::State& state = listener_.state();
  if (down && !state.rebinding.empty()) {
    listener_.act(viewer::KeyTaken{std::string(name), ctrl, static_cast<bool>(event.shiftKey), static_cast<bool>(event.altKey)});
    return true;
  }
  const viewer::Command* command = viewer::command_for_key(state, viewer::key_press(name, ctrl, event.shiftKey, event.altKey),
                                                           viewer::key_press_at(code, ctrl, event.shiftKey, event.altKey));
  if (command && command->held) {
    if (!event.repeat) listener_.act(viewer::HoldOriginal{down});
    return true;
  }
  if (!down) return false;

  if (steering) return true;
  if (command) {
    listener_.act(viewer::RunCommand{std::string(command->id)});
    return true;
  }
  return !ctrl && !event.altKey && (code == "Tab" || code == "Space" || code.starts_with("Arrow"));
}

bool WebInput::on_key(int type, const EmscriptenKeyboardEvent* event, void* self) {
  bool waits = !static_cast<WebInput*>(self)->listener_.state().rebinding.empty();
  if (type == EMSCRIPTEN_EVENT_KEYDOWN && !waits && !ui_keys_are_ours()) return false;
  return static_cast<WebInput*>(self)->key(type == EMSCRIPTEN_EVENT_KEYDOWN, *event);
}

bool WebInput::on_touch(int type, const EmscriptenTouchEvent* event, void* self) {
  auto& input = *static_cast<WebInput*>(self);
  bool lifted = type == EMSCRIPTEN_EVENT_TOUCHEND || type == EMSCRIPTEN_EVENT_TOUCHCANCEL;
  std::vector<viewer::Finger> fingers;
  for (int i = 0; i < event->numTouches; ++i) {
    const EmscriptenTouchPoint& point = event->touches[i];
    if (lifted && point.isChanged) continue;
    fingers.push_back({point.identifier, {point.clientX - input.left_, point.clientY - input.top_}});
  }
  viewer::TouchPhase phase = type == EMSCRIPTEN_EVENT_TOUCHSTART  ? viewer::TouchPhase::kStart
                             : type == EMSCRIPTEN_EVENT_TOUCHMOVE ? viewer::TouchPhase::kMove
                             : type == EMSCRIPTEN_EVENT_TOUCHEND  ? viewer::TouchPhase::kEnd
                                                                  : viewer::TouchPhase::kCancel;
  input.listener_.act(viewer::Ticked{emscripten_get_now() / 1000});
  viewer::TouchOutcome out = input.touch_.feed(phase, fingers, input.listener_.state(), input.listener_.phone());
  for (viewer::Action& action : out.actions) input.listener_.act(std::move(action));
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  if (out.pointer) io.AddMousePosEvent(static_cast<float>(out.pointer->x), static_cast<float>(out.pointer->y));
  if (out.press) io.AddMouseButtonEvent(0, true);
  if (out.release) {
    io.AddMouseButtonEvent(0, false);
    input.release_next_ = true;
  }
  if (out.click) input.click_ = Click::kPress;
  // ImGui scrolls by five lines of text a notch.
  if (out.scroll != 0) io.AddMouseWheelEvent(0, static_cast<float>(out.scroll / (5 * ImGui::GetStyle().FontSizeBase)));
  input.listener_.wake();
  return true;
}

bool WebInput::on_focus(int type, const EmscriptenFocusEvent*, void* self) {
  auto& input = *static_cast<WebInput*>(self);
  bool focused = type == EMSCRIPTEN_EVENT_FOCUS;
  ImGui::GetIO().AddFocusEvent(focused);
  if (!focused) {
    input.listener_.act(viewer::HoldOriginal{false});
    input.listener_.act(viewer::HoldProbe{false});
  }
  input.listener_.wake();
  return false;
}

bool WebInput::on_resize(int, const EmscriptenUiEvent*, void* self) {
  static_cast<WebInput*>(self)->listener_.wake();
  return false;
}

}  // namespace chestlight::platform
