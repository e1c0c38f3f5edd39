// Draws what ImGui made of a frame, by WebGL2. Own code rather than ImGui's renderer for OpenGL, which saves and restores the
// whole state around every frame: a browser answers such questions in another process, and the page stands still until that
// has done everything asked of it before. Here nothing is asked; who draws beside it leaves the state as it likes.
#pragma once

#include <GLES3/gl3.h>
#include <imgui.h>

namespace chestlight::platform {

class WebRenderer {
 public:
  /// With a current context; again after it was lost. False where the shaders do not compile.
  bool start();
  /// Before anything of the frame is compared or drawn: creates, fills and deletes ImGui's textures. True where one came or
  /// went. What a texture held already it goes on holding: ImGui writes only to parts never used before.
  bool update_textures(const ImDrawData& frame);
  /// The clip rectangles are cut to pixels as ui::clipped_pixels does it.
  void draw(const ImDrawData& frame);

 private:
  void set_up(const ImDrawData& frame);

  GLuint program_ = 0, layout_ = 0, vertices_ = 0, indices_ = 0;
  GLint page_ = -1;
};

}  // namespace chestlight::platform
