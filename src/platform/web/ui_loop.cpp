// See ui_loop.h.
#include "platform/web/ui_loop.h"

#include <emscripten/emscripten.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <utility>

#include "ui/widgets/layout.h"
#include "viewer/actions/messages.h"

// clang-format off
// A request to the page: the factory was given {host: {send(json), changed(sections)}}.
EM_JS(void, ui_host_send, (const char* json, int length), {
  Module['host'].send(UTF8ToString(json, length));
});
// Which sections of the published state are others than before; the page asks for what it wants of them.
EM_JS(void, ui_host_changed, (unsigned sections), {
  Module['host'].changed(sections);
});
// clang-format on

namespace chestlight::platform {
namespace {

// ImGui settles within this many frames of an event: hover, press and layout each lag one behind.
constexpr int kSettleFrames = 3;

void send(const Json& command) {
  std::string text = write_json(command);
  ui_host_send(text.data(), static_cast<int>(text.size()));
}

}  // namespace

bool UiLoop::start(const std::string& canvas) {
  canvas_ = canvas;
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.MouseDragThreshold = 3;
  ui::apply_theme();
  if (!create_context()) return false;
  emscripten_set_webglcontextlost_callback(canvas_.c_str(), this, false, on_context);
  emscripten_set_webglcontextrestored_callback(canvas_.c_str(), this, false, on_context);
  emscripten_set_visibilitychange_callback(this, false, on_visibility);
  input_.start(canvas_, {[this]() -> const viewer::State& { return state_; }, [this] { return layout_.phone(); },
                         [this](viewer::Action action) { act(action); }, [this] { want_frames(kSettleFrames); }});
  return true;
}

bool UiLoop::create_context() {
  EmscriptenWebGLContextAttributes wanted;
  emscripten_webgl_init_context_attributes(&wanted);
  wanted.majorVersion = 2;
  wanted.alpha = wanted.depth = wanted.stencil = wanted.antialias = false;
  wanted.preserveDrawingBuffer = true;  // a frame draws only what it changes
  if (context_ == 0) context_ = emscripten_webgl_create_context(canvas_.c_str(), &wanted);
  if (context_ <= 0) return false;
  emscripten_webgl_make_context_current(context_);
  return renderer_.start();
}

/// A page that comes back into sight is drawn whole: some browsers give the screen of a hidden one away.
bool UiLoop::on_visibility(int, const EmscriptenVisibilityChangeEvent*, void* self) {
  auto& loop = *static_cast<UiLoop*>(self);
  loop.damage_.forget();
  loop.wake();
  return false;
}

bool UiLoop::on_context(int type, const void*, void* self) {
  auto& loop = *static_cast<UiLoop*>(self);
  if (type == EMSCRIPTEN_EVENT_WEBGLCONTEXTLOST) {
    loop.context_lost_ = true;
    loop.want_frames(1);
    return true;  // ask for it back
  }
  // Every GL name is void. Everything is built anew from what ImGui and the state still hold.
  emscripten_webgl_make_context_current(loop.context_);
  loop.renderer_.start();
  loop.painter_.forget_all();
  loop.damage_.forget();
  loop.context_lost_ = false;
  loop.load_shaders();
  loop.act(viewer::GraphicsRestored{});
  return true;
}

void UiLoop::load_shaders() {
  auto vertex = shaders_.find("film.vert"), sample = shaders_.find("film_sample.frag"), fragment = shaders_.find("film.frag");
  if (vertex == shaders_.end() || sample == shaders_.end() || fragment == shaders_.end()) return;
  shader_complaint_ = painter_.set_shaders(vertex->second, sample->second, fragment->second);
  act(viewer::GraphicsKnown{painter_.largest_texture()});
}

void UiLoop::message(std::string_view json, Bytes blob) {
  auto parsed = parse_json(json, "message");
  if (!parsed) return act(viewer::Noticed{parsed.error().message});
  const Json& message = *parsed;
  std::string type = message.is_object() ? message.value("type", "") : "";
  if (type == "font") {
    ImFont* font = ui::add_font(blob.data(), static_cast<int>(blob.size()));
    (message.value("weight", "regular") == "medium" ? fonts_.medium : fonts_.regular) = font;
    return want_frames(kSettleFrames);
  }
  if (type == "shader") {
    shaders_[message.value("name", "")] = std::string(as_text(blob));
    load_shaders();
    return want_frames(kSettleFrames);
  }
  auto action = viewer::parse_message(message, blob);
  if (!action) return act(viewer::Noticed{action.error().message});
  act(*action);
}

void UiLoop::act(const viewer::Action& action) {
  state_.now = emscripten_get_now() / 1000;
  for (const viewer::Effect& effect : viewer::update(state_, action)) send(viewer::effect_to_json(effect));
  changed_ |= viewer::sections_changed_by(action);
  want_frames(kSettleFrames);
  wake_after_offer();
}

void UiLoop::wake_after_offer() {
  if (state_.undo.offered_until <= offer_ends_) return;
  offer_ends_ = state_.undo.offered_until;
  const auto wake = [](void* self) { static_cast<UiLoop*>(self)->act(viewer::Ticked{emscripten_get_now() / 1000}); };
  emscripten_async_call(wake, this, static_cast<int>((offer_ends_ - state_.now) * 1000) + 50);
}

void UiLoop::wake() { want_frames(kSettleFrames); }

void UiLoop::want_frames(int count) {
  frames_wanted_ = std::max(frames_wanted_, count);
  if (frame_scheduled_ || context_ <= 0) return;
  frame_scheduled_ = true;
  emscripten_request_animation_frame(on_animation_frame, this);
}

bool UiLoop::on_animation_frame(double, void* self) {
  auto& loop = *static_cast<UiLoop*>(self);
  loop.frame_scheduled_ = false;
  --loop.frames_wanted_;
  loop.frame();
  // ImGui takes quick events one frame after another.
  bool queued = !ImGui::GetCurrentContext()->InputEventsQueue.empty();
  if (loop.frames_wanted_ > 0 || queued || loop.input_.unfinished()) loop.want_frames(1);
  ui_host_changed(std::exchange(loop.changed_, 0) | viewer::bit(viewer::Section::kDrawn));
  return false;
}

std::optional<contract::Failure> UiLoop::hindrance() const {
  if (context_lost_)
    return contract::Failure{"graphics-lost",
                             "The browser has taken the graphics away. Until it gives them back, this page is shown as text.",
                             "If that lasts, reload the page; if it happens again, close other tabs."};
  if (!fonts_.regular || !fonts_.medium)
    return contract::Failure{"font-unreadable", "A font of this page cannot be read, so the page is shown as text.",
                             "Reload the page; if that does not help, the site was copied incompletely."};
  if (!painter_.has_shaders())
    return contract::Failure{
        "shader-refused", "The graphics driver refused a shader, so the page is shown as text: " + shader_complaint_,
        "Reload the page; if that does not help, update the browser or its graphics driver, or copy the site again."};
  return std::nullopt;
}

void UiLoop::frame() {
  const std::optional<contract::Failure> now = hindrance();
  if (const std::string code = now ? now->code : ""; code != told_hindrance_) {
    told_hindrance_ = code;
    send(viewer::effect_to_json(now ? viewer::Effect(contract::ShowText{*now}) : viewer::Effect(contract::ShowCanvas{})));
  }
  if (now) return;
  if (input_.begin_frame()) damage_.forget();
  const ImGuiIO& io = ImGui::GetIO();
  // ImGui tells the pixel density only to its current font; text in the other would be drawn at one pixel and enlarged.
  for (ImFont* font : {fonts_.regular, fonts_.medium}) font->CurrentRasterizerDensity = io.DisplayFramebufferScale.x;
  layout_ = ui::compute_layout(state_, io.DisplaySize.x, io.DisplaySize.y);
  ImGui::NewFrame();
  painter_.sync(state_);
  ui::Actions actions;
  ui::draw_page({state_, layout_, fonts_, painter_}, actions);
  ImGui::Render();
  render(*ImGui::GetDrawData());
  if (const std::string complaint = painter_.take_complaint(); !complaint.empty())
    act(viewer::Noticed{
        "This film is not drawn: the graphics driver refused a shader. Update the browser or its graphics driver (" + complaint +
        ")."});
  input_.end_frame();
  ++drawn_.frames;
  for (const viewer::Action& action : actions) act(action);
}

void UiLoop::render(ImDrawData& frame) {
  if (renderer_.update_textures(frame) || contents_drawn_ != painter_.contents()) damage_.forget();
  contents_drawn_ = painter_.contents();
  const std::vector<ui::DeviceRect> damaged = damage_.next(frame);
  if (damaged.empty()) return;
  const ui::DevicePage page = ui::device_page(frame.DisplaySize, frame.FramebufferScale.x);
  const ImVec4 background = ImGui::ColorConvertU32ToFloat4(ui::colour::kBackground);
  glClearColor(background.x, background.y, background.z, 1);
  for (const ui::DeviceRect& rect : damaged) {
    drawn_.pixels += rect.pixels();
    // The canvas may be a pixel larger than ImGui's page, whose size is cut off to whole pixels.
    if (rect == page.all()) glDisable(GL_SCISSOR_TEST);
    else glEnable(GL_SCISSOR_TEST);
    glScissor(rect.left, page.height - rect.bottom, rect.width(), rect.height());
    glClear(GL_COLOR_BUFFER_BIT);
  }
  ui::restrict_to(frame, damaged);
  renderer_.draw(frame);
}

std::string_view UiLoop::section(int index) {
  drawn_.film_uploads = painter_.film_uploads();
  told_ = write_json(viewer::section_json(state_, drawn_, static_cast<viewer::Section>(index)));
  return told_;
}

}  // namespace chestlight::platform
