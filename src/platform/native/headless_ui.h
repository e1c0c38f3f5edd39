// The page without a screen: real panels, real ImGui, no renderer. Tests move a pointer, press buttons and
// read what was drawn where. It does for the panels what platform/web does in a browser.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "ui/widgets/layout.h"
#include "ui/widgets/view.h"
#include "viewer/actions/update.h"

namespace chestlight::platform {

class HeadlessUi {
 public:
  /// Size in ScreenPx. `fonts`: a folder with Inter-Regular.otf and Inter-Medium.otf; ImGui's own font where
  /// they are not.
  HeadlessUi(float width, float height, const std::string& fonts);
  ~HeadlessUi();
  HeadlessUi(const HeadlessUi&) = delete;
  HeadlessUi& operator=(const HeadlessUi&) = delete;

  const viewer::State& state() const { return state_; }
  void act(const viewer::Action& action);
  /// Draws until the page has settled.
  void settle();
  void move(float x, float y);
  void press(ImGuiMouseButton button);
  void release(ImGuiMouseButton button);
  /// Move, press and release before anything is drawn, as a fast hand or a trackpad does.
  void quick_click(float x, float y);
  void wheel(float notches);
  void key(ImGuiKey key, bool down);
  /// A click in the middle of the widget that was logged under this label. False when there is none.
  bool click(const std::string& label);

  /// Of the last frame.
  const ui::LayoutLog& log() const { return log_; }
  const ui::Layout& layout() const { return layout_; }
  int films_painted() const;
  /// Everything asked of the page since the last call.
  std::vector<viewer::Effect> take_effects();

 private:
  class Painter;
  void frame();

  viewer::State state_;
  ui::Layout layout_;
  ui::Fonts fonts_;
  ui::LayoutLog log_;
  std::vector<viewer::Effect> effects_;
  Painter* painter_;
};

}  // namespace chestlight::platform
