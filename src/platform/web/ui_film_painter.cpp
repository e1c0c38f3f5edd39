// See ui_film_painter.h.
#include "platform/web/ui_film_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "base/text.h"
#include "imaging/drawing.h"
#include "imaging/mip_chain.h"
#include "render/colour_map.h"
#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"

namespace chestlight::platform {
namespace {

/// Adds the first of the compiler's lines to the complaint where it refuses: the status line has room for one.
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
    const std::string_view words = log;
    complaint += words.substr(0, words.find('\n'));
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
  glTexParameteri(target, GL_TEXTURE_MIN_FILTER, target == GL_TEXTURE_2D ? GL_NEAREST_MIPMAP_NEAREST : GL_NEAREST);
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

ui::DevicePage current_page() {
  const ImGuiIO& io = ImGui::GetIO();
  return ui::device_page(io.DisplaySize, io.DisplayFramebufferScale.x);
}

}  // namespace

std::string WebFilmPainter::set_shaders(const std::string& vertex, const std::string& sample, const std::string& fragment) {
  vertex_shader_ = vertex;
  fragment_shader_ = fragment;
  programs_.clear();
  if (!vertices_) glGenVertexArrays(1, &vertices_);
  sampler_ = {};
  sampler_.name = link(vertex, sample, complaint_);
  use_program(WindowShape::kLinear, true);
  return take_complaint();
}

bool WebFilmPainter::use_program(WindowShape shape, bool with_model) {
  auto found = std::find_if(programs_.begin(), programs_.end(), [&](const Program& program) {
    return program.window_shape == shape && program.with_model == with_model;
  });
  if (found == programs_.end()) {
    const std::string kind =
        text("#define WINDOW_SHAPE ", static_cast<int>(shape), "\n#define WITH_MODEL ", with_model ? 1 : 0, "\n");
    const std::size_t second_line = fragment_shader_.find('\n') + 1;
    const GLuint name = link(vertex_shader_, std::string(fragment_shader_).insert(second_line, kind), complaint_);
    found = programs_.insert(programs_.end(), {shape, with_model, name, {}});
  }
  if (!found->name) return false;
  program_ = &*found;
  glUseProgram(program_->name);
  return true;
}

void WebFilmPainter::forget_all() {
  vertices_ = 0;
  films_ = {};
  programs_.clear();
  sampler_ = {};
  samples_.clear();
  explained_.clear();
  thumbnails_.clear();
  model_picture_ = {};
}

int WebFilmPainter::largest_texture() const {
  GLint largest = 2048;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &largest);
  return largest;
}

WebFilmPainter::FilmTextures* WebFilmPainter::textures_of(int film) {
  const auto found = std::ranges::find(films_, film, &FilmTextures::film);
  return film == 0 || found == films_.end() ? nullptr : &*found;
}

void WebFilmPainter::release(FilmTextures& textures) {
  for (GLuint texture : {textures.pixels, textures.maps, textures.table})
    if (texture) glDeleteTextures(1, &texture);
  textures = {};
}

void WebFilmPainter::upload_pixels(FilmTextures& textures, const viewer::PixelBuffer& pixels, bool with_drawing) {
  if (textures.pixels) glDeleteTextures(1, &textures.pixels);
  glGenTextures(1, &textures.pixels);
  glBindTexture(GL_TEXTURE_2D, textures.pixels);
  integer_filtering(GL_TEXTURE_2D);
  textures.upload = ++film_uploads_;
  textures.table_shown = -1;
  ++contents_;
  const int largest = largest_texture();
  glPixelStorei(GL_UNPACK_ALIGNMENT, 2);

  std::vector<std::uint16_t> drawn;
  if (with_drawing) drawn = drawn_over(pixels.values, pixels.drawing, static_cast<std::uint16_t>(pixels.full_scale));
  const std::vector<std::uint16_t>& values = with_drawing ? drawn : pixels.values;
  auto chain = mip_chain(values, pixels.width, pixels.height);
  textures.reduced = 0;
  textures.levels = 0;
  auto put = [&](int width, int height, const std::uint16_t* level) {
    if (textures.levels == 0 && std::max(width, height) > largest) {
      ++textures.reduced;
      return;
    }
    glTexImage2D(GL_TEXTURE_2D, textures.levels++, GL_R16UI, width, height, 0, GL_RED_INTEGER, GL_UNSIGNED_SHORT, level);
  };
  put(pixels.width, pixels.height, values.data());
  for (const MipLevel& level : chain) put(level.width, level.height, level.values.data());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, textures.levels - 1);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

void WebFilmPainter::bind_table(FilmTextures& textures, const ui::FilmDrawing& drawing) {
  glActiveTexture(GL_TEXTURE2);
  auto pixels = textures.source.lock();
  if (drawing.window_shape == WindowShape::kTable && drawing.table != textures.table_shown && pixels) {
    std::vector<std::uint16_t> rows = pixels->tables[static_cast<std::size_t>(drawing.table)].values;
    auto height = static_cast<GLsizei>((rows.size() + kTableRow - 1) / kTableRow);
    rows.resize(static_cast<std::size_t>(height) * kTableRow);
    if (!textures.table) glGenTextures(1, &textures.table);
    glBindTexture(GL_TEXTURE_2D, textures.table);
    integer_filtering(GL_TEXTURE_2D);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R16UI, kTableRow, height, 0, GL_RED_INTEGER, GL_UNSIGNED_SHORT, rows.data());
    textures.table_shown = drawing.table;
  }
  glBindTexture(GL_TEXTURE_2D, textures.table);
}

void WebFilmPainter::upload_maps(FilmTextures& textures, const viewer::Analysis& analysis) {
  if (textures.maps) glDeleteTextures(1, &textures.maps);
  textures.maps = 0;
  ++contents_;
  if (!analysis.has_maps()) return;
  glGenTextures(1, &textures.maps);
  glBindTexture(GL_TEXTURE_2D_ARRAY, textures.maps);
  integer_filtering(GL_TEXTURE_2D_ARRAY);
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, analysis.map->width, analysis.map->height,
               static_cast<GLsizei>(analysis.findings.size()), 0, GL_RED, GL_FLOAT, analysis.maps.data());
}

/// Maps of their own sizes: the finding's that is looked at, and those kept beside it.
void WebFilmPainter::sync_explanations(const viewer::State& state) {
  const std::vector<std::shared_ptr<const viewer::DrawnExplanation>> wanted = viewer::drawn_explanations(state);
  std::erase_if(explained_, [&](const Explained& one) {
    if (std::find(wanted.begin(), wanted.end(), one.source) != wanted.end()) return false;
    for (GLuint texture : {one.map, one.contour}) glDeleteTextures(1, &texture);
    return true;
  });
  auto put = [](const Grid<float>& cells) {
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
    integer_filtering(GL_TEXTURE_2D_ARRAY);
    glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R32F, cells.width(), cells.height(), 1, 0, GL_RED, GL_FLOAT, cells.values().data());
    return texture;
  };
  for (const auto& one : wanted) {
    const bool there = std::any_of(explained_.begin(), explained_.end(), [&](const Explained& e) { return e.source == one; });
    if (there) continue;
    explained_.push_back({one, put(one->map), put(one->contour)});
    ++contents_;
  }
}

void WebFilmPainter::sync_film(const viewer::FilmEntry& film, const std::shared_ptr<const viewer::PixelBuffer>& pixels) {
  FilmTextures* held = textures_of(film.id);
  FilmTextures& textures = held ? *held : *std::ranges::find(films_, 0, &FilmTextures::film);
  textures.film = film.id;
  const bool with_drawing = !pixels->drawing.empty() && film.drawing_shown;
  if (textures.source.lock() != pixels || with_drawing != textures.drawing_shown) {
    upload_pixels(textures, *pixels, with_drawing);
    textures.source = pixels;
    textures.drawing_shown = with_drawing;
  }
  if (film.analysis && textures.analysis.lock() != film.analysis) {
    upload_maps(textures, *film.analysis);
    textures.analysis = film.analysis;
  }
}

void WebFilmPainter::sync(const viewer::State& state) {
  const viewer::FilmEntry *film = viewer::selected_film(state), *second = viewer::second_film(state);
  if (!state.pixels) film = nullptr;
  if (!state.second.pixels) second = nullptr;
  for (FilmTextures& textures : films_)
    if (textures.film && !(film && film->id == textures.film) && !(second && second->id == textures.film)) release(textures);
  if (film) sync_film(*film, state.pixels);
  if (second) sync_film(*second, state.second.pixels);
  std::erase_if(samples_, [&](const Sample& sample) {  // panes that the last frame did not show
    if (!sample.wanted) delete_sample(sample);
    return !sample.wanted;
  });
  for (Sample& sample : samples_) sample.wanted = false;
  last_paintings_.swap(paintings_);
  paintings_.clear();
  sync_explanations(state);
  if (thumbnails_.size() <= state.films.size()) return;
  std::unordered_set<int> present;
  for (const viewer::FilmEntry& one : state.films) present.insert(one.id);
  std::erase_if(thumbnails_, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    glDeleteTextures(1, &entry.second.texture);
    return true;
  });
}

ImTextureID WebFilmPainter::thumbnail(const viewer::FilmEntry& film) {
  if (!film.thumbnail) return ImTextureID_Invalid;
  Thumb& thumb = thumbnails_[film.id];
  if (thumb.texture && thumb.source.lock() == film.thumbnail) return thumb.texture;
  ++contents_;
  upload_grey(thumb.texture, film.thumbnail->width, film.thumbnail->height, film.thumbnail->grey.data(), GL_LINEAR);
  thumb.source = film.thumbnail;
  return thumb.texture;
}

ImTextureID WebFilmPainter::model_picture(const viewer::State& state) {
  if (!state.model_picture) return ImTextureID_Invalid;
  const viewer::ModelPicture& picture = *state.model_picture;
  if (model_picture_.texture && model_picture_.source.lock() == state.model_picture) return model_picture_.texture;
  // Single pixels stay visible: this picture is about what there is, not about looking smooth.
  ++contents_;
  upload_grey(model_picture_.texture, picture.input.width, picture.input.height, picture.grey.data(), GL_NEAREST);
  model_picture_.source = state.model_picture;
  return model_picture_.texture;
}

void WebFilmPainter::delete_sample(const Sample& sample) {
  glDeleteFramebuffers(1, &sample.framebuffer);
  glDeleteTextures(1, &sample.texture);
}

GLuint WebFilmPainter::sampled(const ui::FilmDrawing& d, const ui::DeviceRect& pane, const ui::DevicePage& page) {
  const long long upload = textures_of(d.film)->upload;
  auto same_place = [&](const Sample& one) {
    return one.pane == pane && one.scale == page.scale && one.upload == upload &&
           one.screen_to_source.coefficients() == d.screen_to_source.coefficients();
  };
  auto free = [&](const Sample& one) { return !one.wanted && one.width == pane.width() && one.height == pane.height(); };
  auto found = std::find_if(samples_.begin(), samples_.end(), same_place);
  if (found != samples_.end()) {
    found->wanted = true;
    return found->texture;
  }
  found = std::find_if(samples_.begin(), samples_.end(), free);
  if (found == samples_.end()) {
    found = samples_.insert(samples_.end(), Sample{});
    found->width = pane.width();
    found->height = pane.height();
    glGenTextures(1, &found->texture);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, found->texture);
    integer_filtering(GL_TEXTURE_2D);
    glTexStorage2D(GL_TEXTURE_2D, 1, GL_R32UI, pane.width(), pane.height());
    glGenFramebuffers(1, &found->framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, found->framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, found->texture, 0);
  }
  found->pane = pane;
  found->scale = page.scale;
  found->screen_to_source = d.screen_to_source;
  found->upload = upload;
  found->wanted = true;
  render_sample(d, *found, page);
  return found->texture;
}

void WebFilmPainter::render_sample(const ui::FilmDrawing& d, const Sample& sample, const ui::DevicePage& page) {
  const FilmTextures& textures = *textures_of(d.film);
  program_ = &sampler_;
  glUseProgram(sampler_.name);
  glBindVertexArray(vertices_);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, textures.pixels);
  glUniform1i(uniform("u_film"), 0);
  set_place(d, sample.pane, page);
  glUniform2f(uniform("u_source_size"), static_cast<float>(d.source_width), static_cast<float>(d.source_height));
  glUniform1f(uniform("u_detail"), static_cast<float>(std::log2(1 / std::max(1e-6, d.zoom * page.scale)) - textures.reduced));
  glUniform1f(uniform("u_last_detail"), static_cast<float>(textures.levels - 1));
  glBindFramebuffer(GL_FRAMEBUFFER, sample.framebuffer);
  glDisable(GL_BLEND);
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 0, sample.width, sample.height);
  // The page lies around the texture as it does around the pane, so that both find the same places.
  glViewport(-sample.pane.left, sample.pane.bottom - page.height, page.width, page.height);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glBindVertexArray(0);
}

void WebFilmPainter::draw(ImDrawList& list, const ui::FilmDrawing& drawing) {
  if (!has_shaders() || !textures_of(drawing.film)) return;
  const ui::DevicePage page = current_page();
  const viewer::ScreenRect& area = drawing.area;
  const viewer::ScreenRect film = ui::film_on_screen(drawing);
  auto whole = [&](double value) { return static_cast<int>(std::lround(value * page.scale)); };
  auto corner = [](double x, double y) { return ImVec2{static_cast<float>(x), static_cast<float>(y)}; };
  const ui::DeviceRect pane{whole(area.x), whole(area.y), whole(area.x + area.width), whole(area.y + area.height)};
  const ui::DeviceRect seen =
      ui::intersection(ui::covered_pixels(corner(film.x, film.y), corner(film.x + film.width, film.y + film.height), page), pane);
  if (seen.empty()) return;
  const auto before = std::find_if(last_paintings_.begin(), last_paintings_.end(), [&](const Painting& one) {
    return one.pane == pane && ui::same_drawing(one.drawing, drawing);
  });
  const unsigned int number = before != last_paintings_.end() ? before->number : ++paintings_made_;
  paintings_.push_back({number, drawing, pane, sampled(drawing, pane, page)});
  PaintCall call{this, number};
  const ImVec4 clip = ui::clip_of(seen, page);
  list.PushClipRect({clip.x, clip.y}, {clip.z, clip.w}, true);
  list.AddCallback(&WebFilmPainter::paint, &call, sizeof call);
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
  list.PopClipRect();
}

void WebFilmPainter::paint(const ImDrawList*, const ImDrawCmd* command) {
  const auto* call = static_cast<const PaintCall*>(command->UserCallbackData);
  const ui::DevicePage page = current_page();
  const ui::DeviceRect clip = ui::clipped_pixels(command->ClipRect, page);
  if (clip.empty()) return;
  glScissor(clip.left, page.height - clip.bottom, clip.width(), clip.height());
  for (const Painting& one : call->painter->paintings_)
    if (one.number == call->number) return call->painter->paint(one);
}

GLint WebFilmPainter::uniform(const char* name) {
  auto [entry, fresh] = program_->uniforms.try_emplace(name, -1);
  if (fresh) entry->second = glGetUniformLocation(program_->name, name);
  return entry->second;
}

void WebFilmPainter::set_ramp() {
  const auto ramp = evidence_ramp();
  static_assert(sizeof(RampStop) == 4 * sizeof(float));
  glUniform4fv(uniform("u_ramp"), kRampStops, &ramp[0].r);
  const RampStop against = colour_of_sign(true), in_favour = colour_of_sign(false);
  glUniform3f(uniform("u_against"), against.r, against.g, against.b);
  glUniform3f(uniform("u_for"), in_favour.r, in_favour.g, in_favour.b);
}

void WebFilmPainter::set_rows(const char* name, const std::array<double, 6>& coefficients) {
  std::array<float, 6> values;
  std::transform(coefficients.begin(), coefficients.end(), values.begin(),
                 [](double value) { return static_cast<float>(value); });
  glUniform3fv(uniform(name), 2, values.data());
}

void WebFilmPainter::set_place(const ui::FilmDrawing& d, const ui::DeviceRect& pane, const ui::DevicePage& page) {
  auto screen = [&](int pixels) { return static_cast<float>(pixels) / page.scale; };
  glUniform4f(uniform("u_pane"), screen(pane.left), screen(pane.top), screen(pane.width()), screen(pane.height()));
  glUniform2f(uniform("u_page"), screen(page.width), screen(page.height));
  set_rows("u_screen_to_source", d.screen_to_source.coefficients());
}

void WebFilmPainter::paint(const Painting& painting) {
  const ui::FilmDrawing& d = painting.drawing;
  FilmTextures* textures = textures_of(d.film);
  if (!textures) return;
  auto f = [](double value) { return static_cast<float>(value); };
  const ui::DevicePage page = current_page();
  const double ratio = page.scale;
  const bool has_model = d.model_width > 0 && textures->maps != 0;
  const bool with_model = has_model && (d.map >= 0 || d.explanation || d.outline);
  if (!use_program(d.window_shape, with_model)) return;
  glBindVertexArray(vertices_);
  bind_table(*textures, d);
  const auto explained =
      std::find_if(explained_.begin(), explained_.end(), [&](const Explained& one) { return one.source.get() == d.explanation; });
  const bool other = d.explanation && explained != explained_.end();
  glActiveTexture(GL_TEXTURE3);
  glBindTexture(GL_TEXTURE_2D_ARRAY, other ? explained->contour : textures->maps);
  glActiveTexture(GL_TEXTURE1);
  glBindTexture(GL_TEXTURE_2D_ARRAY, other ? explained->map : textures->maps);
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, painting.sample);
  glUniform1i(uniform("u_grey"), 0);
  glUniform1i(uniform("u_maps"), 1);
  glUniform1i(uniform("u_table"), 2);
  glUniform1i(uniform("u_contours"), 3);
  set_place(d, painting.pane, page);
  set_rows("u_source_to_model", d.source_to_model.coefficients());
  glUniform2f(uniform("u_model_size"), f(d.model_width), f(d.model_height));
  glUniform2f(uniform("u_window"), f(d.window_low), f(1 / std::max(d.window_high - d.window_low, 1e-6)));
  if (auto pixels = textures->source.lock(); pixels && d.window_shape == WindowShape::kTable) {
    const DisplayTable& table = pixels->tables[static_cast<std::size_t>(d.table)];
    glUniform2f(uniform("u_table_ends"), f(table.first), f(table.last));
    glUniform1i(uniform("u_table_entries"), static_cast<GLint>(table.values.size()));
  }
  glUniform1f(uniform("u_inverted"), d.inverted ? 1.0f : 0.0f);
  glUniform1i(uniform("u_map"), other ? 0 : d.map);
  glUniform1i(uniform("u_signed"), d.look.is_signed ? 1 : 0);
  glUniform1f(uniform("u_opacity"), f(d.look.opacity));
  glUniform1f(uniform("u_scale"), f(d.look.scale));
  glUniform1f(uniform("u_contour"), f(d.look.contour));
  glUniform1f(uniform("u_outline"), d.outline ? 1.0f : 0.0f);
  glUniform1f(uniform("u_model_zoom"), f(d.model_zoom * ratio));
  glUniform1f(uniform("u_pixel_ratio"), f(ratio));
  if (with_model) set_ramp();
  glDisable(GL_BLEND);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glEnable(GL_BLEND);
}

}  // namespace chestlight::platform
