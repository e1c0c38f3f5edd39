// The page's loop: messages and input change the state, a changed state asks for frames, an idle page draws
// none.
#pragma once

#include <emscripten/html5.h>

#include <string>
#include <unordered_map>

#include "app/update.h"
#include "base/bytes.h"
#include "platform/web/ui_film_painter.h"
#include "platform/web/ui_input.h"
#include "ui/view.h"

namespace chestlight::platform {

class UiLoop {
 public:
  /// `canvas`: a CSS selector. Returns false when there is no WebGL2.
  bool start(const std::string& canvas);
  /// One message of the page; see app/protocol.h. `blob` is only read during the call.
  void message(std::string_view json, Bytes blob);
  void wake();

 private:
  void act(const app::Action& action);
  void want_frames(int count);
  static bool on_animation_frame(double time, void* self);
  static bool on_context(int type, const void* reserved, void* self);
  void frame();
  bool create_context();
  void load_shaders();
  void publish();

  std::string canvas_;
  EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context_ = 0;
  bool context_lost_ = false;
  app::State state_;
  ui::Layout layout_;
  ui::Fonts fonts_;
  WebFilmPainter painter_;
  WebInput input_;
  std::unordered_map<std::string, std::string> shaders_;  // sources by name, kept for a lost context
  int frames_wanted_ = 0;
  bool frame_scheduled_ = false;
  long long frames_ = 0;
};

}  // namespace chestlight::platform
