// FilmPainter on WebGL2. Holds textures only for the selected film, for the one beside it and for the maps of both, one per pane
// that shows a film, and a small one per thumbnail.
#pragma once

#include <GLES3/gl3.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ui/film/film_painter.h"
#include "ui/widgets/device_rect.h"

namespace chestlight::platform {

class WebFilmPainter final : public ui::FilmPainter {
 public:
  /// Sources of shaders/film.vert, film_sample.frag and film.frag. Returns the compiler's words, empty when all compiled.
  std::string set_shaders(const std::string& vertex, const std::string& sample, const std::string& fragment);
  /// Side of the largest texture, pixels.
  int largest_texture() const;
  /// How often a film's pixels were sent; window, zoom and maps never send them again.
  long long film_uploads() const { return film_uploads_; }
  /// Goes up whenever a texture that the page shows holds something else.
  long long contents() const { return contents_; }
  bool has_shaders() const { return sampler_.name != 0 && !programs_.empty() && programs_.front().name != 0; }
  /// The compiler's words on a shader that was first needed since the last call, and refused; empty when none was.
  std::string take_complaint() { return std::exchange(complaint_, {}); }
  /// After a lost context: every name is void, nothing is to be deleted.
  void forget_all();

  void sync(const viewer::State& state) override;
  ImTextureID thumbnail(const viewer::FilmEntry& film) override;
  ImTextureID model_picture(const viewer::State& state) override;
  void draw(ImDrawList& list, const ui::FilmDrawing& drawing) override;

 private:
  struct Thumb {
    GLuint texture = 0;
    std::weak_ptr<const viewer::Thumbnail> source;
  };
  struct Picture {
    GLuint texture = 0;
    std::weak_ptr<const viewer::ModelPicture> source;
  };
  /// A map of another method, and what its contour is drawn from.
  struct Explained {
    std::shared_ptr<const viewer::DrawnExplanation> source;
    GLuint map = 0, contour = 0;
  };
  /// A film's pixels, display curve and evidence maps, as long as the state holds its pixels.
  struct FilmTextures {
    int film = 0;  // id; 0: free
    GLuint pixels = 0, maps = 0, table = 0;
    int table_shown = -1;   // which one of the film's is in it
    int levels = 1;         // of detail
    int reduced = 0;        // levels left out because the film is larger than a texture may be
    long long upload = -1;  // number of the last one
    bool drawing_shown = false;
    std::weak_ptr<const viewer::PixelBuffer> source;
    std::weak_ptr<const viewer::Analysis> analysis;
  };
  /// The film as it lies in one pane, before its window (shaders/film_sample.frag).
  struct Sample {
    GLuint texture = 0, framebuffer = 0;
    int width = 0, height = 0;  // of the texture, device pixels
    ui::DeviceRect pane;
    Map<ScreenSpace, SourceSpace> screen_to_source;
    float scale = 1;        // device pixels per ScreenPx
    long long upload = -1;  // of which pixels
    bool wanted = false;    // by the frame that is being drawn
  };
  /// A film that a frame draws. Its number says whether it is the same as in the frame before.
  struct Painting {
    unsigned int number = 0;
    ui::FilmDrawing drawing;
    ui::DeviceRect pane;
    GLuint sample = 0;
  };
  /// What ImGui keeps of it: no byte that means nothing, as ui::FrameDamage compares them.
  struct PaintCall {
    WebFilmPainter* painter;
    unsigned int number;
  };
  static_assert(sizeof(PaintCall) == sizeof(WebFilmPainter*) + sizeof(unsigned int));
  static void paint(const ImDrawList* list, const ImDrawCmd* command);
  void paint(const Painting& painting);
  /// Of a film that is held, else nullptr.
  FilmTextures* textures_of(int film);
  void sync_film(const viewer::FilmEntry& film, const std::shared_ptr<const viewer::PixelBuffer>& pixels);
  static void release(FilmTextures& textures);
  /// Finds what a pane shows of the film, and keeps it until the place, the film or the pane changes.
  GLuint sampled(const ui::FilmDrawing& drawing, const ui::DeviceRect& pane, const ui::DevicePage& page);
  void render_sample(const ui::FilmDrawing& drawing, const Sample& sample, const ui::DevicePage& page);
  void delete_sample(const Sample& sample);
  void upload_pixels(FilmTextures& textures, const viewer::PixelBuffer& pixels, bool with_drawing);
  void upload_maps(FilmTextures& textures, const viewer::Analysis& analysis);
  /// The display table as texture 2, laid out in rows because it may be longer than a texture is wide.
  static void bind_table(FilmTextures& textures, const ui::FilmDrawing& drawing);
  void sync_explanations(const viewer::State& state);
  /// The colours of maps (render/colour_map.h).
  void set_ramp();
  GLint uniform(const char* name);
  void set_rows(const char* name, const std::array<double, 6>& coefficients);
  void set_place(const ui::FilmDrawing& drawing, const ui::DeviceRect& pane, const ui::DevicePage& page);

  /// The shaders compiled for one kind of drawing.
  struct Program {
    WindowShape window_shape = WindowShape::kLinear;
    bool with_model = false;
    GLuint name = 0;  // 0: it was refused
    std::unordered_map<std::string, GLint> uniforms;
  };
  /// Compiles it when it is first needed: some drivers take their time, and most films need one.
  bool use_program(WindowShape shape, bool with_model);

  std::string vertex_shader_, fragment_shader_, complaint_;
  std::vector<Program> programs_;
  Program sampler_;
  Program* program_ = nullptr;  // in use, one of them
  std::vector<Sample> samples_;
  std::vector<Painting> paintings_, last_paintings_;  // of this frame, of the one before
  unsigned int paintings_made_ = 0;
  long long contents_ = 0;
  GLuint vertices_ = 0;
  long long film_uploads_ = 0;
  std::array<FilmTextures, 2> films_;
  Picture model_picture_;
  std::vector<Explained> explained_;  // those that can be seen now
  std::unordered_map<int, Thumb> thumbnails_;
};

}  // namespace chestlight::platform
