// Which pixels of the page a frame changes, so that only those are drawn again: while a window is dragged, the film and two
// figures, not the panels around them; while the pointer wanders over a list, one row; and nothing where nothing changed.
//
// It compares what ImGui handed to the renderer with what it handed over the frame before, triangle by triangle. A pixel that
// the same triangles cover in the same order looks the same, so whatever lies outside the triangles that came, went or
// changed may stay. What no triangle tells must be told: forget() when the screen's content is lost or what a texture holds
// has changed. A drawing of the caller's own (ImDrawCmd::UserCallback) is judged by the bytes of its data, and changes
// nothing outside its clip rectangle.
//
// Needs a screen that keeps what is not drawn again.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "ui/widgets/device_rect.h"

namespace chestlight::ui {

class FrameDamage {
 public:
  /// What may look different from the frame that was given before: at most kMostRects rectangles, none touching another's
  /// pixels. Call it for every frame, before restrict_to.
  std::vector<DeviceRect> next(const ImDrawData& frame);
  /// The next frame is drawn whole.
  void forget() { known_ = false; }

  static constexpr std::size_t kMostRects = 4;

 private:
  /// A copy of an ImDrawList: ImGui uses its own again for the next frame.
  struct List {
    std::string name;
    std::vector<ImDrawVert> vertices;
    std::vector<ImDrawIdx> indices;
    std::vector<ImDrawCmd> commands;
    std::vector<ImTextureID> textures;  // of the commands
    std::vector<unsigned char> data;    // of the callbacks, one after another
  };
  struct Mark;
  class Rects;
  static List copy(const ImDrawList& list);
  static bool same(const List& a, const List& b);
  static std::vector<Mark> marks(const List& list);
  static bool same(const Mark& a, const Mark& b);
  static void add(Rects& rects, const Mark& mark, const DevicePage& page);
  static void compare(const List& before, const List& now, const DevicePage& page, Rects& rects);

  bool known_ = false;
  DevicePage page_;
  std::vector<List> lists_;
};

/// Leaves of a frame what draws into the rectangles, each command once for each of them; none of which may overlap another.
void restrict_to(ImDrawData& frame, const std::vector<DeviceRect>& rects);

}  // namespace chestlight::ui
