// See headless_ui.h.
#include "platform/native/headless_ui.h"

#include <fstream>
#include <iterator>
#include <utility>

namespace chestlight::platform {

class HeadlessUi::Painter final : public ui::FilmPainter {
 public:
  void sync(const viewer::State&) override { painted = 0; }
  ImTextureID thumbnail(const viewer::FilmEntry& film) override { return film.thumbnail ? 1 : ImTextureID_Invalid; }
  ImTextureID model_picture(const viewer::State& state) override { return state.model_picture ? 2 : ImTextureID_Invalid; }
  void draw(ImDrawList&, const ui::FilmDrawing&) override { ++painted; }
  int painted = 0;
};

HeadlessUi::HeadlessUi(float width, float height, const std::string& fonts) : painter_(new Painter) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.DisplaySize = {width, height};
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  ui::apply_theme();
  auto load = [&](const char* file) -> ImFont* {
    std::ifstream in(fonts + "/" + file, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.empty()) return io.Fonts->AddFontDefault();
    return ui::add_font(bytes.data(), static_cast<int>(bytes.size()));
  };
  fonts_ = {load("Inter-Regular.otf"), load("Inter-Medium.otf")};
}

HeadlessUi::~HeadlessUi() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
  ImGui::DestroyContext();
  delete painter_;
}

void HeadlessUi::act(const viewer::Action& action) {
  for (viewer::Effect& effect : viewer::update(state_, action)) effects_.push_back(std::move(effect));
}

void HeadlessUi::frame() {
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = 1.0f / 60;
  layout_ = ui::compute_layout(state_, io.DisplaySize.x, io.DisplaySize.y);
  log_ = {};
  ImGui::NewFrame();
  painter_->sync(state_);
  ui::Actions actions;
  ui::draw_page({state_, layout_, fonts_, *painter_, &log_}, actions);
  ImGui::Render();
  for (ImTextureData* texture : *ImGui::GetDrawData()->Textures)
    if (texture->Status != ImTextureStatus_OK) {
      texture->SetTexID(1);
      texture->SetStatus(texture->Status == ImTextureStatus_WantDestroy ? ImTextureStatus_Destroyed : ImTextureStatus_OK);
    }
  for (const viewer::Action& action : actions) act(action);
}

void HeadlessUi::settle() {
  for (int i = 0; i < 4; ++i) frame();
}

void HeadlessUi::move(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x, y);
  frame();
}
void HeadlessUi::press(ImGuiMouseButton button) {
  ImGui::GetIO().AddMouseButtonEvent(button, true);
  frame();
}
void HeadlessUi::release(ImGuiMouseButton button) {
  ImGui::GetIO().AddMouseButtonEvent(button, false);
  settle();
}
void HeadlessUi::quick_click(float x, float y) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(x, y);
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, true);
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
  settle();
}
void HeadlessUi::wheel(float notches) {
  ImGui::GetIO().AddMouseWheelEvent(0, notches);
  settle();
}
void HeadlessUi::key(ImGuiKey which, bool down) {
  ImGui::GetIO().AddKeyEvent(which, down);
  frame();
}

bool HeadlessUi::click(const std::string& label) {
  for (const ui::LayoutLog::Entry& entry : log_.entries) {
    if (!entry.widget || entry.label != label) continue;
    float x = (entry.min.x + entry.max.x) / 2, y = (entry.min.y + entry.max.y) / 2;
    move(x, y);
    settle();
    press(ImGuiMouseButton_Left);
    release(ImGuiMouseButton_Left);
    return true;
  }
  return false;
}

int HeadlessUi::films_painted() const { return painter_->painted; }

std::vector<viewer::Effect> HeadlessUi::take_effects() { return std::exchange(effects_, {}); }

}  // namespace chestlight::platform
