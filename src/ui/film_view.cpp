// The film with what belongs on it: corner text, legend, and the pointer's bindings; or why it cannot be
// shown.
#include <cmath>

#include "app/film_commands.h"
#include "app/window_presets.h"
#include "app/words.h"
#include "base/text.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

constexpr double kWheelStep = 1.18;  // per notch
constexpr float kCornerLines = 5;    // at most, above

void pointer_input(const View& view, Actions& out, Box area) {
  ImGui::SetCursorScreenPos(area.min);
  ImGui::InvisibleButton("film", {std::max(1.0f, area.width()), std::max(1.0f, area.height())},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
  log_entry(view, true, "film", area.min, area.max);
  ImGuiIO& io = ImGui::GetIO();
  bool hovered = ImGui::IsItemHovered();
  if (hovered && io.MouseWheel != 0)
    out.push_back(app::ZoomAt{{io.MousePos.x, io.MousePos.y}, std::pow(kWheelStep, io.MouseWheel)});
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    out.push_back(app::RunCommand{"fit"});
    return;
  }
  bool space = ImGui::IsKeyDown(ImGuiKey_Space);
  if (hovered && space) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (!ImGui::IsItemActive() || (io.MouseDelta.x == 0 && io.MouseDelta.y == 0)) return;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Middle) || space) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    out.push_back(app::Pan{io.MouseDelta.x, io.MouseDelta.y});
  } else if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    out.push_back(app::DragWindow{io.MouseDelta.x, io.MouseDelta.y});
  }
}

/// Quiet text on the film, on a dark plate so that it reads on white film too.
void corner_lines(const View& view, ImVec2 corner, bool right, bool bottom, float width,
                  const std::vector<std::string>& lines) {
  TextStyle style = view.small(colour::kQuiet);
  float height = line_height(style);
  float y = bottom ? corner.y - height * static_cast<float>(lines.size()) : corner.y;
  for (const std::string& line : lines) {
    float drawn = std::min(width, text_width(style, line));
    float x = right ? corner.x - drawn : corner.x;
    ImGui::GetWindowDrawList()->AddRectFilled({x - 4, y}, {x + drawn + 4, y + height}, rgb(0x0B0D10, 0.72f),
                                              2);
    draw_text(view, {x, y}, style, line, width);
    y += height;
  }
}

void corner_text(const View& view, const app::FilmEntry& film, Box area, float legend_height) {
  app::FilmView shown = app::resolved(film.view, app::film_size(film), view.state.film_area);
  double zoom = shown.zoom * view.state.pixel_ratio;  // 100 %: one film pixel per device pixel
  std::vector<std::string> facts = {
      text(film.info.width, " × ", film.info.height, ", ", film.info.bits, " bit ", film.info.format)};
  if (film.frames() > 1) facts.push_back(text("Frame ", film.info.dicom->frame, " of ", film.frames()));
  if (film.synthetic) facts.push_back("Synthetic");
  if (film.info.lossy) facts.push_back("Lossy compression");
  std::vector<std::string> settings = {
      app::window_in_words(film),
      text("Zoom ", fixed(zoom * 100, 0), " %")};
  if (film.inverted) settings.push_back("Inverted by you");
  if (view.state.original_held) settings.push_back("Original");

  float width = area.width() / 2 - 3 * kPadding;
  corner_lines(view, {area.min.x + kPadding, area.min.y + kGap}, false, false, width, facts);
  corner_lines(view, {area.max.x - kPadding, area.min.y + kGap}, true, false, width, settings);

  const app::Orientation& o = shown.orientation;
  std::vector<std::string> sides;
  if (!o.upright()) sides.push_back(o.mirrored() ? "Mirrored by you" : "Turned by you");
  if (o == app::Orientation{})
    sides.push_back("Image left = patient's right");
  else if (o == app::Orientation{}.flipped_left_right())
    sides.push_back("Image left = patient's left");
  float bottom = area.max.y - kGap;
  bool stack = legend_height > 0 && area.width() < 480;
  corner_lines(view, {area.max.x - kPadding, stack ? bottom - legend_height - kGap : bottom}, true, true,
               width, sides);
}

/// Previous, next and, before anything was analysed, the choice of the frame: in the middle, below the corner text.
void frame_buttons(const View& view, Actions& out, const app::FilmEntry& film, Box area) {
  std::vector<const char*> ids = {"previous-frame", "next-frame"};
  if (film.awaits_choice_of_frame()) ids.push_back("analyse-again");
  auto label = [](const char* id) {
    return std::string_view(id) == "analyse-again" ? std::string("Analyse this frame")
                                                   : std::string(app::find_command(id)->label);
  };
  float width = 0, row = view.layout.touch ? kTouchTarget : kRow;
  for (const char* id : ids) width += button_width(view, label(id)) + kGap;
  float x = area.min.x + (area.width() - width + kGap) / 2, y = area.min.y + 2 * kGap + kCornerLines * line_height(view.small());
  ImGui::GetWindowDrawList()->AddRectFilled({x - kGap, y - kGap}, {x + width, y + row + kGap}, rgb(0x0B0D10, 0.72f), 2);
  for (const char* id : ids) {
    std::string words = label(id);
    float wide = button_width(view, words);
    if (button(view, id, box(x, y, wide, row), words, ButtonLook::kOutlined)) out.push_back(app::RunCommand{id});
    x += wide + kGap;
  }
}

void film_failure(const View& view, Actions& out, const app::FilmEntry& film, Box area) {
  const app::Failure& failure = *film.failure;
  float width = std::min(420.0f, area.width() - 2 * kPadding);
  float x = area.min.x + (area.width() - width) / 2;
  auto message = wrapped_lines(view.body_medium(), failure.message, width);
  float height = 28 + static_cast<float>(message.size()) * 20 + 8 + 54 + 48;
  float y = area.min.y + std::max(kPadding, (area.height() - height) / 2);
  draw_dash(*ImGui::GetWindowDrawList(), {x + 5, y + 9}, colour::kQuiet);
  y += 28;
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), failure.message) + 4;
  if (!failure.hint.empty())
    y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), failure.hint) + 4;
  y += kPadding;
  float row = view.layout.touch ? kTouchTarget : kRow;
  float first = button_width(view, "Remove film"), second = button_width(view, "Copy details");
  if (button(view, "remove-unreadable", box(x, y, first, row), "Remove film", ButtonLook::kOutlined))
    out.push_back(app::RemoveFilm{film.id});
  if (button(view, "copy-details", box(x + first + kGap, y, second, row), "Copy details", ButtonLook::kQuiet))
    out.push_back(app::CopyText{app::failure_details(view.state, &film, failure)});
}

}  // namespace

void draw_film(const View& view, Actions& out) {
  Panel panel(view, "film", box(view.layout.film), colour::kBackground);
  Box area = panel.area();
  const app::ScreenRect& rect = view.layout.film;
  double ratio = ImGui::GetIO().DisplayFramebufferScale.x;
  if (!(view.state.film_area == rect) || view.state.pixel_ratio != ratio)
    out.push_back(app::FilmAreaMeasured{rect, ratio});

  const app::FilmEntry* film = app::selected_film(view.state);
  if (!film) return;
  if (film->stage == app::FilmStage::kUnreadable && film->failure) {
    film_failure(view, out, *film, area);
    return;
  }
  if (!film->decoded() || !view.state.pixels) {
    draw_text_in(view, area, view.small(colour::kQuiet), "Reading the film", 0.5f);
    return;
  }
  view.painter.draw(*ImGui::GetWindowDrawList(), make_film_drawing(view.state, *film));
  if (film->frames() > 1) frame_buttons(view, out, *film, area);
  pointer_input(view, out, area);
  float legend = draw_legend(view, area);
  if (view.state.settings.corner_text) corner_text(view, *film, area, legend);
}

}  // namespace chestlight::ui
