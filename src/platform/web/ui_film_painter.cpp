// See ui_film_painter.h.
#include "platform/web/ui_film_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "app/explanations.h"
#include "base/text.h"
#include "imaging/colour_map.h"
#include "ui/mip_chain.h"
#include "ui/theme.h"

namespace chestlight::platform {
namespace {

GLuint compile(GLenum kind, const std::string& source, std::string& complaint) {
  GLuint shader = glCreateShader(kind);
  const char* text = source.c_str();
  glShaderSource(shader, 1, &text, nullptr);
  glCompileShader(shader);
  GLint compiled = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (!compiled) {
    char log[1024] = "";
    glGetShaderInfoLog(shader, sizeof log, nullptr, log);
    complaint += log;
  }
  return shader;
}

/// 0 and a complaint where they do not fit together.
GLuint link(const std::string& vertex, const std::string& fragment, std::string& complaint) {
  GLuint parts[2] = {compile(GL_VERTEX_SHADER, vertex, complaint), compile(GL_FRAGMENT_SHADER, fragment, complaint)};
  GLuint program = glCreateProgram();
  for (GLuint part : parts) glAttachShader(program, part);
  glLinkProgram(program);
  GLint linked = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  for (GLuint part : parts) glDeleteShader(part);
  if (linked) return program;
  glDeleteProgram(program);
  if (complaint.empty()) complaint = "the film shaders do not link";
  return 0;
}

void integer_filtering(GLenum target) {
  glTexParameteri(target, GL_TEXTURE_MIN_FILTER,
                  target == GL_TEXTURE_2D ? GL_NEAREST_MIPMAP_NEAREST : GL_NEAREST);
  glTexParameteri(target, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(target, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(target, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

constexpr int kTableRow = 1024;  // as shaders/film.frag has it

/// Luminance: the one format that ImGui's shader shows as grey without a copy of its own.
void upload_grey(GLuint& texture, int width, int height, const std::uint8_t* grey, GLint filter) {
  if (!texture) glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_LUMINANCE, width, height, 0, GL_LUMINANCE, GL_UNSIGNED_BYTE, grey);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

struct PaintCall {
  WebFilmPainter* painter;
  ui::FilmDrawing drawing;
};

}  // namespace

std::string WebFilmPainter::set_shaders(const std::string& vertex, const std::string& fragment) {
  vertex_shader_ = vertex;
  fragment_shader_ = fragment;
  programs_.clear();
  if (!vertices_) glGenVertexArrays(1, &vertices_);
  std::string complaint;
  use_program(WindowShape::kLinear, true, complaint);
  return complaint;
}

bool WebFilmPainter::use_program(WindowShape shape, bool with_model, std::string& complaint) {
  auto found = std::find_if(programs_.begin(), programs_.end(), [&](const Program& program) {
    return program.window_shape == shape && program.with_model == with_model;
  });
  if (found == programs_.end()) {
    const std::string kind = text("#define WINDOW_SHAPE ", static_cast<int>(shape), "\n#define WITH_MODEL ", with_model ? 1 : 0, "\n");
    const std::size_t second_line = fragment_shader_.find('\n') + 1;
    const GLuint name = link(vertex_shader_, std::string(fragment_shader_).insert(second_line, kind), complaint);
    if (!name) return false;
    found = programs_.insert(programs_.end(), {shape, with_model, name, {}});
  }
  program_ = &*found;
  glUseProgram(program_->name);
  return true;
}

void WebFilmPainter::forget_all() {
  vertices_ = film_ = maps_ = table_ = 0;
  programs_.clear();
  table_shown_ = -1;
  pixels_.reset();
  analysis_.reset();
  explained_.clear();
  thumbnails_.clear();
  model_picture_ = {};
}

int WebFilmPainter::largest_texture() const {
  GLint largest = 2048;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &largest);
  return largest;
}

void WebFilmPainter::upload_pixels(const app::PixelBuffer& pixels) {
  if (film_) glDeleteTextures(1, &film_);
  glGenTextures(1, &film_);
  glBindTexture(GL_TEXTURE_2D, film_);
  integer_filtering(GL_TEXTURE_2D);
  ++film_uploads_;
  const int largest = largest_texture();
  glPixelStorei(GL_UNPACK_ALIGNMENT, 2);

  auto chain = ui::mip_chain(pixels.values, pixels.width, pixels.height);
  reduced_ = 0;
  levels_ = 0;
  auto put = [&](int width, int height, const std::uint16_t* values) {
    if (levels_ == 0 && std::max(width, height) > largest) {
      ++reduced_;
      return;
    }
    glTexImage2D(GL_TEXTURE_2D, levels_++, GL_R16UI, width, height, 0, GL_RED_INTEGER, GL_UNSIGNED_SHORT,
                 values);
  };
  put(pixels.width, pixels.height, pixels.values.data());
  for (const ui::MipLevel& level : chain) put(level.width, level.height, level.values.data());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, levels_ - 1);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

void WebFilmPainter::bind_table(const ui::FilmDrawing& drawing) {
  glActiveTexture(GL_TEXTURE2);
  auto pixels = pixels_.lock();
  if (drawing.window_shape == WindowShape::kTable && drawing.table != table_shown_ && pixels) {
    std::vector<std::uint16_t> rows = pixels->tables[static_cast<std::size_t>(drawing.table)].values;
    auto height = static_cast<GLsizei>((rows.size() + kTableRow - 1) / kTableRow);
    rows.resize(static_cast<std::size_t>(height) * kTableRow);
    if (!table_) glGenTextures(1, &table_);
    glBindTexture(GL_TEXTURE_2D, table_);
    integer_filtering(GL_TEXTURE_2D);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R16UI, kTableRow, height, 0, GL_RED_INTEGER, GL_UNSIGNED_SHORT, rows.data());
    table_shown_ = drawing.table;
  }
  glBindTexture(GL_TEXTURE_2D, table_);
}

void WebFilmPainter::upload_maps(const app::Analysis& analysis) {
  if (maps_) glDeleteTextures(1, &maps_);
  maps_ = 0;
  if (analysis.map_width == 0) return;
  glGenTextures(1, &maps_);
  glBindTexture(GL_TEXTURE_2D_ARRAY, maps_);
  integer_filtering(GL_TEXTURE_2D_ARRAY);
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, analysis.map_width, analysis.map_height,
               static_cast<GLsizei>(analysis.findings.size()), 0, GL_RED, GL_FLOAT, analysis.maps.data());
}

/// Maps of their own sizes: the finding's that is looked at, and those kept beside it.
void WebFilmPainter::sync_explanations(const app::State& state) {
  const std::vector<std::shared_ptr<const app::Explanation>> wanted = app::drawn_explanations(state);
  std::erase_if(explained_, [&](const Explained& one) {
    if (std::find(wanted.begin(), wanted.end(), one.source) != wanted.end()) return false;
    for (GLuint texture : {one.map, one.contour}) glDeleteTextures(1, &texture);
    return true;
  });
  auto put = [](const app::MapCells& cells) {
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
    integer_filtering(GL_TEXTURE_2D_ARRAY);
    glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, cells.width, cells.height, 1, 0, GL_RED, GL_FLOAT, cells.values.data());
    return texture;
  };
  for (const auto& one : wanted) {
    const bool there = std::any_of(explained_.begin(), explained_.end(), [&](const Explained& e) { return e.source == one; });
    if (!there) explained_.push_back({one, put(one->map), put(one->contour)});
  }
}

void WebFilmPainter::sync(const app::State& state) {
  if (state.pixels && pixels_.lock() != state.pixels) {
    upload_pixels(*state.pixels);
    pixels_ = state.pixels;
    table_shown_ = -1;
  } else if (!state.pixels && film_) {
    glDeleteTextures(1, &film_);
    film_ = 0;
    pixels_.reset();
  }
  const app::FilmEntry* film = app::selected_film(state);
  if (film && film->analysis && analysis_.lock() != film->analysis) {
    upload_maps(*film->analysis);
    analysis_ = film->analysis;
  }
  sync_explanations(state);
  if (thumbnails_.size() <= state.films.size()) return;
  std::unordered_set<int> present;
  for (const app::FilmEntry& one : state.films) present.insert(one.id);
  std::erase_if(thumbnails_, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    glDeleteTextures(1, &entry.second.texture);
    return true;
  });
}

ImTextureID WebFilmPainter::thumbnail(const app::FilmEntry& film) {
  if (!film.thumbnail) return ImTextureID_Invalid;
  Thumb& thumb = thumbnails_[film.id];
  if (thumb.texture && thumb.source.lock() == film.thumbnail) return thumb.texture;
  upload_grey(thumb.texture, film.thumbnail->width, film.thumbnail->height, film.thumbnail->grey.data(), GL_LINEAR);
  thumb.source = film.thumbnail;
  return thumb.texture;
}

ImTextureID WebFilmPainter::model_picture(const app::State& state) {
  if (!state.model_picture) return ImTextureID_Invalid;
  const app::ModelPicture& picture = *state.model_picture;
  if (model_picture_.texture && model_picture_.source.lock() == state.model_picture) return model_picture_.texture;
  // Single pixels stay visible: this picture is about what there is, not about looking smooth.
  upload_grey(model_picture_.texture, picture.input.width, picture.input.height, picture.grey.data(), GL_NEAREST);
  model_picture_.source = state.model_picture;
  return model_picture_.texture;
}

void WebFilmPainter::draw(ImDrawList& list, const ui::FilmDrawing& drawing) {
  if (programs_.empty() || !film_) return;
  PaintCall call{this, drawing};
  list.AddCallback(&WebFilmPainter::paint, &call, sizeof call);
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void WebFilmPainter::paint(const ImDrawList*, const ImDrawCmd* command) {
  const auto* call = static_cast<const PaintCall*>(command->UserCallbackData);
  const ImGuiIO& io = ImGui::GetIO();
  const app::ScreenRect& area = call->drawing.area;
  double ratio = io.DisplayFramebufferScale.x;
  auto device = [&](double value) { return static_cast<GLint>(std::lround(value * ratio)); };
  glScissor(device(area.x), device(io.DisplaySize.y - area.y - area.height), device(area.width),
            device(area.height));
  call->painter->paint(call->drawing);
}

GLint WebFilmPainter::uniform(const char* name) {
  auto [entry, fresh] = program_->uniforms.try_emplace(name, -1);
  if (fresh) entry->second = glGetUniformLocation(program_->name, name);
  return entry->second;
}

void WebFilmPainter::set_ramp() {
  auto shares = [](Rgba colour) { return std::array{colour.r / 255.0f, colour.g / 255.0f, colour.b / 255.0f, colour.a / 255.0f}; };
  std::array<std::array<float, 4>, kRampStops> stops;
  for (int i = 0; i < kRampStops; ++i) stops[static_cast<std::size_t>(i)] = shares(evidence_colour(static_cast<float>(i) / (kRampStops - 1)));
  glUniform4fv(uniform("u_ramp"), kRampStops, stops[0].data());
  glUniform3fv(uniform("u_against"), 1, shares(signed_evidence_colour(-1)).data());
  glUniform3fv(uniform("u_for"), 1, shares(signed_evidence_colour(1)).data());
}

void WebFilmPainter::paint(const ui::FilmDrawing& d) {
  const ImGuiIO& io = ImGui::GetIO();
  auto f = [](double value) { return static_cast<float>(value); };
  auto rows = [&](const char* name, const auto& m) {
    float values[6] = {f(m.a), f(m.b), f(m.c), f(m.d), f(m.e), f(m.f)};
    glUniform3fv(uniform(name), 2, values);
  };
  double ratio = io.DisplayFramebufferScale.x;
  const bool has_model = d.model_width > 0 && maps_ != 0;
  const bool with_model = has_model && (d.map >= 0 || d.explanation || d.outline);
  std::string complaint;
  if (!use_program(d.window_shape, with_model, complaint)) return;
  glBindVertexArray(vertices_);
  bind_table(d);
  const auto explained = std::find_if(explained_.begin(), explained_.end(),
                                      [&](const Explained& one) { return one.source.get() == d.explanation; });
  const bool other = d.explanation && explained != explained_.end();
  glActiveTexture(GL_TEXTURE3);
  glBindTexture(GL_TEXTURE_2D_ARRAY, other ? explained->contour : maps_);
  glActiveTexture(GL_TEXTURE1);
  glBindTexture(GL_TEXTURE_2D_ARRAY, other ? explained->map : maps_);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, film_);
  glUniform1i(uniform("u_film"), 0);
  glUniform1i(uniform("u_maps"), 1);
  glUniform1i(uniform("u_table"), 2);
  glUniform1i(uniform("u_contours"), 3);
  glUniform4f(uniform("u_area"), f(d.area.x), f(d.area.y), f(d.area.width), f(d.area.height));
  glUniform2f(uniform("u_page"), io.DisplaySize.x, io.DisplaySize.y);
  rows("u_screen_to_source", d.screen_to_source);
  rows("u_source_to_model", d.source_to_model);
  glUniform2f(uniform("u_source_size"), f(d.source_width), f(d.source_height));
  glUniform2f(uniform("u_model_size"), f(d.model_width), f(d.model_height));
  glUniform1f(uniform("u_detail"), f(std::log2(1 / std::max(1e-6, d.zoom * ratio)) - reduced_));
  glUniform1f(uniform("u_last_detail"), f(levels_ - 1));
  glUniform2f(uniform("u_window"), f(d.window_low), f(d.window_high));
  if (auto pixels = pixels_.lock(); pixels && d.window_shape == WindowShape::kTable) {
    const DisplayTable& table = pixels->tables[static_cast<std::size_t>(d.table)];
    glUniform2f(uniform("u_table_ends"), f(table.first), f(table.last));
    glUniform1i(uniform("u_table_entries"), static_cast<GLint>(table.values.size()));
  }
  glUniform1f(uniform("u_inverted"), d.inverted ? 1.0f : 0.0f);
  glUniform1i(uniform("u_map"), other ? 0 : d.map);
  glUniform1i(uniform("u_signed"), d.signed_map ? 1 : 0);
  glUniform1f(uniform("u_opacity"), f(d.opacity));
  glUniform1f(uniform("u_scale"), f(d.scale));
  glUniform1f(uniform("u_contour"), f(d.contour));
  glUniform1f(uniform("u_outline"), d.outline ? 1.0f : 0.0f);
  glUniform1f(uniform("u_model_zoom"), f(d.model_zoom * ratio));
  glUniform1f(uniform("u_pixel_ratio"), f(ratio));
  set_ramp();
  ImVec4 background = ImGui::ColorConvertU32ToFloat4(ui::colour::kBackground);
  glUniform3f(uniform("u_background"), background.x, background.y, background.z);
  glDisable(GL_BLEND);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glEnable(GL_BLEND);
}

}  // namespace chestlight::platform
