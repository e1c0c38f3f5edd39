// The page's loop: messages and input change the state, a changed state asks for frames, a frame draws what it changes, an
// idle page draws none.
#pragma once

#include <emscripten/html5.h>

#include <optional>
#include <string>
#include <unordered_map>

#include "base/bytes.h"
#include "platform/web/ui_film_painter.h"
#include "platform/web/ui_input.h"
#include "platform/web/ui_renderer.h"
#include "ui/widgets/frame_damage.h"
#include "ui/widgets/view.h"
#include "viewer/actions/update.h"
#include "viewer/text/snapshot.h"

namespace chestlight::platform {

class UiLoop {
 public:
  /// `canvas`: a CSS selector. Returns false when there is no WebGL2.
  bool start(const std::string& canvas);
  /// One message of the page; see viewer/actions/messages.h. `blob` is only read during the call.
  void message(std::string_view json, Bytes blob);
  void wake();
  /// A section of the published state (viewer/text/snapshot.h) as JSON; valid until the next call. 0 <= index < kSections.
  std::string_view section(int index);
  /// Actions came that no frame has drawn and told the page of yet.
  bool pending() const { return changed_ != 0; }

 private:
  void act(const viewer::Action& action);
  void want_frames(int count);
  /// Draws again when what is offered to be undone is offered no more.
  void wake_after_offer();
  static bool on_animation_frame(double time, void* self);
  static bool on_visibility(int type, const EmscriptenVisibilityChangeEvent* event, void* self);
  static bool on_context(int type, const void* reserved, void* self);
  /// What keeps the page from being drawn.
  std::optional<contract::Failure> hindrance() const;
  void frame();
  /// Draws what the frame changes on the screen.
  void render(ImDrawData& frame);
  bool create_context();
  void load_shaders();

  std::string canvas_;
  EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context_ = 0;
  bool context_lost_ = false;
  std::string shader_complaint_;
  std::string told_hindrance_;  // the code that the page was told of last; empty: drawn
  viewer::State state_;
  ui::Layout layout_;
  ui::Fonts fonts_;
  WebFilmPainter painter_;
  WebInput input_;
  WebRenderer renderer_;
  ui::FrameDamage damage_;
  long long contents_drawn_ = -1;                         // of the painter's textures
  std::unordered_map<std::string, std::string> shaders_;  // sources by name, kept for a lost context
  int frames_wanted_ = 0;
  bool frame_scheduled_ = false;
  double offer_ends_ = 0;  // seconds: a wake-up is set for it
  viewer::Drawn drawn_;
  viewer::Sections changed_ = 0;  // since the page was told last
  std::string told_;
};

}  // namespace chestlight::platform
