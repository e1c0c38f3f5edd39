// What the pointer does over the film: the window, zoom and place of the film, its tools, and a crop for the model. Over
// a pane beside the film (viewer/state/map_comparison.h) it does the same, as if it were over the same point of the film's own
// pane.
#include <cmath>
#include <optional>

#include "ui/panels.h"
#include "viewer/actions/film_commands.h"
#include "viewer/input/gestures.h"
#include "viewer/state/anatomy.h"

namespace chestlight::ui {
namespace {

constexpr double kWheelStep = 1.18;  // per notch
constexpr float kClickSlop = 4;      // ScreenPx that a click may move
constexpr double kEndReach = 12;     // ScreenPx, as of measuring.h

/// A rectangle dragged over the film, for the model; its first corner is kept by ImGui until the button is let go.
void crop_input(const View& view, Actions& out, const viewer::FilmEntry& film, ImVec2 way) {
  ImGuiStorage* memory = ImGui::GetStateStorage();
  ImGuiID x_key = ImGui::GetID("crop-x"), y_key = ImGui::GetID("crop-y");
  ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsItemActivated()) {
    memory->SetFloat(x_key, mouse.x);
    memory->SetFloat(y_key, mouse.y);
  }
  ImVec2 begun{memory->GetFloat(x_key), memory->GetFloat(y_key)};
  if (ImGui::IsItemActive())
    ImGui::GetWindowDrawList()->AddRect({std::min(begun.x, mouse.x), std::min(begun.y, mouse.y)},
                                        {std::max(begun.x, mouse.x), std::max(begun.y, mouse.y)}, colour::kAccent, 0, 0, 1.5f);
  if (!ImGui::IsItemDeactivated()) return;
  auto to_source = viewer::source_to_screen(film.view, viewer::film_size(film), view.state.film_area).inverse();
  out.push_back(
      viewer::CropForModel{to_source({begun.x + way.x, begun.y + way.y}), to_source({mouse.x + way.x, mouse.y + way.y})});
}

viewer::GestureAction gesture_action_of(const View& view, viewer::Gesture gesture) {
  return viewer::gesture_action_of(view.state.settings, gesture);
}

/// The drag that is under way, or nothing.
std::optional<viewer::Gesture> drag() {
  if (ImGui::IsMouseDown(ImGuiMouseButton_Middle)) return viewer::Gesture::kMiddleDrag;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Right)) return viewer::Gesture::kRightDrag;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) return std::nullopt;
  if (ImGui::IsKeyDown(ImGuiKey_Space)) return viewer::Gesture::kSpaceDrag;
  return ImGui::GetIO().KeyShift ? viewer::Gesture::kShiftDrag : viewer::Gesture::kLeftDrag;
}

/// Whole notches are steps; what a trackpad sends in small parts adds up to them.
void wheel_input(const View& view, Actions& out, const viewer::FilmEntry& film, ScreenPx pointer) {
  ImGuiIO& io = ImGui::GetIO();
  viewer::GestureAction action = gesture_action_of(view, io.KeyCtrl ? viewer::Gesture::kCtrlWheel : viewer::Gesture::kWheel);
  bool frames = action == viewer::GestureAction::kFramesOrZoom && film.frames() > 1;
  if (!frames && action != viewer::GestureAction::kNextFilm) {
    out.push_back(viewer::ZoomAt{pointer, std::pow(kWheelStep, io.MouseWheel)});
    return;
  }
  ImGuiStorage* memory = ImGui::GetStateStorage();
  ImGuiID key = ImGui::GetID("wheel-steps");
  float turned = memory->GetFloat(key) + io.MouseWheel;
  float steps = std::trunc(turned);
  memory->SetFloat(key, turned - steps);
  const char* back = frames ? "previous-frame" : "previous-film";
  const char* on = frames ? "next-frame" : "next-film";
  for (float step = std::abs(steps); step > 0; --step) out.push_back(viewer::RunCommand{steps > 0 ? back : on});
}

/// A length by one drag, without choosing the tool: it is there as long as the button is down.
bool quick_length(const View& view, Actions& out, bool hovered, ScreenPx pointer) {
  ImGuiStorage* memory = ImGui::GetStateStorage();
  ImGuiID key = ImGui::GetID("quick-length");
  ImGuiIO& io = ImGui::GetIO();
  viewer::PointAt here{pointer};
  if (memory->GetBool(key)) {
    if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) out.push_back(here);
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return true;
    memory->SetBool(key, false);
    out.push_back(viewer::ReleaseTool{});
    if (view.state.measuring.tool == viewer::Tool::kLength) out.push_back(viewer::ChooseTool{viewer::Tool::kLength});
    return true;
  }
  bool begins = hovered && view.state.measuring.tool == viewer::Tool::kNone && io.KeyShift &&
                ImGui::IsMouseClicked(ImGuiMouseButton_Left) && drag() == viewer::Gesture::kShiftDrag &&
                gesture_action_of(view, viewer::Gesture::kShiftDrag) == viewer::GestureAction::kLength;
  if (!begins) return false;
  memory->SetBool(key, true);
  out.push_back(viewer::ChooseTool{viewer::Tool::kLength});
  out.push_back(here);
  out.push_back(viewer::PressTool{});
  return true;
}

/// An end of a line of the cardiothoracic ratio is taken hold of without a tool: it is chosen as long as the button is down.
bool drag_width_line(const View& view, Actions& out, const viewer::FilmEntry& film, bool hovered, ScreenPx pointer) {
  ImGuiStorage* memory = ImGui::GetStateStorage();
  const ImGuiID key = ImGui::GetID("width-line");
  const ImGuiIO& io = ImGui::GetIO();
  if (memory->GetBool(key)) {
    if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) out.push_back(viewer::PointAt{pointer});
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return true;
    memory->SetBool(key, false);
    out.push_back(viewer::ReleaseTool{});
    if (view.state.measuring.tool == viewer::Tool::kLength) out.push_back(viewer::ChooseTool{viewer::Tool::kLength});
    return true;
  }
  if (!hovered || view.state.measuring.tool != viewer::Tool::kNone || io.KeyShift || ImGui::IsKeyDown(ImGuiKey_Space))
    return false;
  if (!viewer::width_line_end_at(view.state, film, pointer, kEndReach)) return false;
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return false;
  memory->SetBool(key, true);
  out.push_back(viewer::ChooseTool{viewer::Tool::kLength});
  out.push_back(viewer::PointAt{pointer});
  out.push_back(viewer::PressTool{});
  return true;
}

/// With a tool the cross follows the pointer; lengths and angles take the left button for themselves.
bool tool_input(const View& view, Actions& out, bool hovered, ImVec2 way) {
  viewer::Tool tool = view.state.measuring.tool;
  if (tool == viewer::Tool::kNone) return false;
  ImGuiIO& io = ImGui::GetIO();
  viewer::PointAt here{{io.MousePos.x + way.x, io.MousePos.y + way.y}};
  bool moved = io.MouseDelta.x != 0 || io.MouseDelta.y != 0, active = ImGui::IsItemActive();
  bool measures = tool == viewer::Tool::kLength || tool == viewer::Tool::kAngle;
  if (moved && (hovered || active)) out.push_back(here);
  if (!measures || ImGui::IsKeyDown(ImGuiKey_Space)) return false;
  if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_None);
  if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    out.push_back(here);
    out.push_back(viewer::PressTool{});
  }
  if (ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) out.push_back(viewer::ReleaseTool{});
  return ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
}

/// What takes the pointer in a pane; of one name for both films, so that a press goes on when it changes which is selected.
void pointer_area(const View& view, const char* id, Box area) {
  ImGui::SetCursorScreenPos(area.min);
  ImGui::InvisibleButton(
      id, {std::max(1.0f, area.width()), std::max(1.0f, area.height())},
      ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_MouseButtonRight);
  log_entry(view, true, id, area.min, area.max);
}

}  // namespace

void second_film_input(const View& view, Actions& out, const viewer::FilmEntry& film, Box pane) {
  pointer_area(view, "film", pane);
  const ImGuiIO& io = ImGui::GetIO();
  const bool turned = ImGui::IsItemHovered() && io.MouseWheel != 0;
  if (!ImGui::IsItemActivated() && !turned) return;
  out.push_back(viewer::SwapFilms{});
  if (turned) wheel_input(view, out, film, {io.MousePos.x, io.MousePos.y});
}

void film_input(const View& view, Actions& out, const viewer::FilmEntry& film, Box pane, const char* id, float header) {
  const Box area{{pane.min.x, pane.min.y + header}, pane.max};
  pointer_area(view, id, area);
  ImGuiIO& io = ImGui::GetIO();
  bool hovered = ImGui::IsItemHovered();
  const ImVec2 way{static_cast<float>(view.layout.film.x) - pane.min.x, static_cast<float>(view.layout.film.y) - pane.min.y};
  if (view.state.cropping) return crop_input(view, out, film, way);
  const ScreenPx pointer{io.MousePos.x + way.x, io.MousePos.y + way.y};
  if (hovered && io.MouseWheel != 0) wheel_input(view, out, film, pointer);
  bool still = ImGui::GetMouseDragDelta(ImGuiMouseButton_Right, kClickSlop).x == 0 &&
               ImGui::GetMouseDragDelta(ImGuiMouseButton_Right, kClickSlop).y == 0;
  if (hovered && ImGui::IsMouseReleased(ImGuiMouseButton_Right) && still)
    out.push_back(viewer::tap_action(gesture_action_of(view, viewer::Gesture::kRightClick), pointer));
  if (quick_length(view, out, hovered, pointer) || drag_width_line(view, out, film, hovered, pointer) ||
      tool_input(view, out, hovered, way))
    return;
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    out.push_back(viewer::tap_action(gesture_action_of(view, viewer::Gesture::kDoubleClick), pointer));
    return;
  }
  auto gesture = drag();
  bool moves = gesture ? gesture_action_of(view, *gesture) == viewer::GestureAction::kMove : ImGui::IsKeyDown(ImGuiKey_Space);
  if (hovered && moves) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (!gesture || !ImGui::IsItemActive() || (io.MouseDelta.x == 0 && io.MouseDelta.y == 0)) return;
  int button = *gesture == viewer::Gesture::kRightDrag    ? ImGuiMouseButton_Right
               : *gesture == viewer::Gesture::kMiddleDrag ? ImGuiMouseButton_Middle
                                                          : ImGuiMouseButton_Left;
  ImVec2 start = io.MouseClickedPos[button];
  out.push_back(viewer::drag_action(gesture_action_of(view, *gesture), {start.x + way.x, start.y + way.y}, io.MouseDelta.x,
                                    io.MouseDelta.y));
}

}  // namespace chestlight::ui
