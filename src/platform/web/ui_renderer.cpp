// See ui_renderer.h.
#include "platform/web/ui_renderer.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "ui/widgets/device_rect.h"

namespace chestlight::platform {
namespace {

constexpr const char* kVertexShader = R"(#version 300 es
uniform vec4 u_page;  // two over its size in ScreenPx, then the upper left corner
in vec2 a_place;
in vec2 a_texel;
in vec4 a_colour;
out vec2 v_texel;
out vec4 v_colour;
void main() {
  v_texel = a_texel;
  v_colour = a_colour;
  vec2 place = (a_place - u_page.zw) * u_page.xy - 1.0;
  gl_Position = vec4(place.x, -place.y, 0.0, 1.0);
}
)";
constexpr const char* kFragmentShader = R"(#version 300 es
precision highp float;
uniform sampler2D u_texture;
in vec2 v_texel;
in vec4 v_colour;
out vec4 colour;
void main() {
  colour = v_colour * texture(u_texture, v_texel);
}
)";
enum Attribute : GLuint { kPlace, kTexel, kColour };

void attach(GLuint program, GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  glAttachShader(program, shader);
  glDeleteShader(shader);
}

void create(ImTextureData& texture) {
  GLuint name = 0;
  glGenTextures(1, &name);
  glBindTexture(GL_TEXTURE_2D, name);
  for (GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
  for (GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T}) glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, texture.Width, texture.Height, 0, GL_RGBA, GL_UNSIGNED_BYTE, texture.GetPixels());
  texture.SetTexID(name);
  texture.SetStatus(ImTextureStatus_OK);
}

void update(ImTextureData& texture) {
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture.TexID));
  glPixelStorei(GL_UNPACK_ROW_LENGTH, texture.Width);
  for (const ImTextureRect& part : texture.Updates)
    glTexSubImage2D(GL_TEXTURE_2D, 0, part.x, part.y, part.w, part.h, GL_RGBA, GL_UNSIGNED_BYTE,
                    texture.GetPixelsAt(part.x, part.y));
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  texture.SetStatus(ImTextureStatus_OK);
}

void forget(ImTextureData& texture) {
  texture.SetTexID(ImTextureID_Invalid);
  texture.SetStatus(ImTextureStatus_Destroyed);
}

}  // namespace

bool WebRenderer::start() {
  ImGuiIO& io = ImGui::GetIO();
  io.BackendRendererName = "chestlight";
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  GLint largest = 2048;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &largest);
  ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
  platform.Renderer_TextureMaxWidth = platform.Renderer_TextureMaxHeight = largest;
  // Of a lost context: ImGui asks for them again.
  for (ImTextureData* texture : platform.Textures)
    if (texture->TexID != ImTextureID_Invalid) forget(*texture);

  program_ = glCreateProgram();
  attach(program_, GL_VERTEX_SHADER, kVertexShader);
  attach(program_, GL_FRAGMENT_SHADER, kFragmentShader);
  glBindAttribLocation(program_, kPlace, "a_place");
  glBindAttribLocation(program_, kTexel, "a_texel");
  glBindAttribLocation(program_, kColour, "a_colour");
  glLinkProgram(program_);
  GLint linked = 0;
  glGetProgramiv(program_, GL_LINK_STATUS, &linked);
  if (!linked) return false;
  page_ = glGetUniformLocation(program_, "u_page");
  glUseProgram(program_);
  glUniform1i(glGetUniformLocation(program_, "u_texture"), 0);

  glGenVertexArrays(1, &layout_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindVertexArray(layout_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  auto part = [](GLuint attribute, GLint count, GLenum type, GLboolean normalised, std::size_t offset) {
    glEnableVertexAttribArray(attribute);
    glVertexAttribPointer(attribute, count, type, normalised, sizeof(ImDrawVert), reinterpret_cast<const void*>(offset));
  };
  part(kPlace, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, pos));
  part(kTexel, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, uv));
  part(kColour, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(ImDrawVert, col));
  glBindVertexArray(0);
  return true;
}

bool WebRenderer::update_textures(const ImDrawData& frame) {
  bool changed = false;
  glActiveTexture(GL_TEXTURE0);
  for (ImTextureData* texture : *frame.Textures) {
    const ImTextureStatus wish = texture->Status;
    if (wish == ImTextureStatus_WantCreate) create(*texture);
    if (wish == ImTextureStatus_WantUpdates) update(*texture);
    if (wish == ImTextureStatus_WantDestroy && texture->UnusedFrames > 0) {
      const GLuint name = static_cast<GLuint>(texture->TexID);
      glDeleteTextures(1, &name);
      forget(*texture);
    }
    changed = changed || wish == ImTextureStatus_WantCreate || texture->Status == ImTextureStatus_Destroyed;
  }
  return changed;
}

void WebRenderer::set_up(const ImDrawData& frame) {
  const ui::DevicePage page = ui::device_page(frame.DisplaySize, frame.FramebufferScale.x);
  glViewport(0, 0, page.width, page.height);
  glEnable(GL_SCISSOR_TEST);
  glEnable(GL_BLEND);
  glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
  glActiveTexture(GL_TEXTURE0);
  glUseProgram(program_);
  glUniform4f(page_, 2 / frame.DisplaySize.x, 2 / frame.DisplaySize.y, frame.DisplayPos.x, frame.DisplayPos.y);
  glBindVertexArray(layout_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
}

void WebRenderer::draw(const ImDrawData& frame) {
  const ui::DevicePage page = ui::device_page(frame.DisplaySize, frame.FramebufferScale.x);
  set_up(frame);
  auto fill = [](GLenum target, const auto& values) {
    glBufferData(target, values.size_in_bytes(), values.Data, GL_STREAM_DRAW);
  };
  for (const ImDrawList* list : frame.CmdLists) {
    fill(GL_ARRAY_BUFFER, list->VtxBuffer);
    fill(GL_ELEMENT_ARRAY_BUFFER, list->IdxBuffer);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback == ImDrawCallback_ResetRenderState) {
        set_up(frame);
        continue;
      }
      if (command.UserCallback) {
        command.UserCallback(list, &command);
        continue;
      }
      const ui::DeviceRect clip = ui::clipped_pixels(command.ClipRect, page);
      if (clip.empty() || command.ElemCount == 0) continue;
      glScissor(clip.left, page.height - clip.bottom, clip.width(), clip.height());
      glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(command.GetTexID()));
      glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount),
                     sizeof(ImDrawIdx) == 2 ? GL_UNSIGNED_SHORT : GL_UNSIGNED_INT,
                     reinterpret_cast<const void*>(std::uintptr_t{command.IdxOffset} * sizeof(ImDrawIdx)));
    }
  }
  glBindVertexArray(0);
}

}  // namespace chestlight::platform
