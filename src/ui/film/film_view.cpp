// The film with what belongs on it: corner text, legend, and the pointer's bindings; or why it cannot be
// shown.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/actions/film_commands.h"
#include "viewer/measuring/film_scale.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/explanations.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/window_presets.h"
#include "viewer/text/explanation_snapshot.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kCornerLines = 5;                                      // at most, above
constexpr float kRoomForCornerText = 240, kHeightForCornerText = 220;  // ScreenPx; smaller panes show the film alone
constexpr float kRoomForFailure = 220;  // ScreenPx; lower panes say what happened, rows of films have the buttons

/// Quiet text on the film, on a dark plate so that it reads on white film too.
void corner_lines(const View& view, ImVec2 corner, bool right, bool bottom, float width, const std::vector<std::string>& lines) {
  TextStyle style = view.small(colour::kQuiet);
  float height = line_height(style);
  std::vector<std::string> broken;
  for (const std::string& line : lines)
    for (std::string& part : wrapped_lines(style, line, width)) broken.push_back(std::move(part));
  float y = bottom ? corner.y - height * static_cast<float>(broken.size()) : corner.y;
  for (const std::string& line : broken) {
    float drawn = std::min(width, text_width(style, line));
    float x = right ? corner.x - drawn : corner.x;
    ImGui::GetWindowDrawList()->AddRectFilled({x - 4, y}, {x + drawn + 4, y + height}, rgb(0x0B0D10, 0.72f), 2);
    draw_text(view, {x, y}, style, line, width);
    y += height;
  }
}

/// The chosen map is not there: why, and what to do, on the film that shows the evidence instead.
std::vector<std::string> missing_explanation(const View& view, const viewer::FilmEntry& film) {
  const viewer::Finding* finding = viewer::pinned_finding(view.state);
  const viewer::ExplanationEntry* entry = finding ? viewer::chosen_entry(film, finding->id) : nullptr;
  if (!entry || !entry->work.request) return {};
  const viewer::MethodInfo* method = viewer::find_method(view.state, viewer::chosen_method(film, finding->id).method);
  const viewer::Failure failure = viewer::missing_map(entry->work, method ? method->name : "The explanation");
  if (failure.message.empty()) return {};
  return {text(failure.message, " The evidence is shown."), failure.hint};
}

void corner_text(const View& view, const viewer::FilmEntry& film, const viewer::ScreenRect& pane, float legend_height) {
  const Box area = box(pane);
  const bool selected = film.id == view.state.selected;
  viewer::FilmView shown = viewer::resolved(film.view, viewer::film_size(film), pane);
  double zoom = shown.zoom * view.state.pixel_ratio;  // 100 %: one film pixel per device pixel
  std::vector<std::string> facts = {
      text(film.info.width, " × ", film.info.height, ", ", film.info.bits, " bit ", film.info.format)};
  if (film.frames() > 1) facts.push_back(text("Frame ", film.info.dicom->frame, " of ", film.frames()));
  if (film.synthetic) facts.push_back("Synthetic");
  if (film.info.dicom && film.info.dicom->burned_in) facts.push_back("Text burned into the picture");
  if (film.info.lossy) facts.push_back("Lossy compression");
  if (film.request.correction.any()) facts.push_back("For the model: " + correction_words(film.request.correction));
  if (film.analysis && film.analysis->overridden) facts.push_back("Refused, analysed at your wish");
  if (auto found = view.state.identifiers.find(film.id); found != view.state.identifiers.end()) {
    for (const viewer::Identifier& one : found->second) facts.push_back(one.label + ": " + one.value);
    if (found->second.empty()) facts.push_back("The file states nobody");
  }
  if (selected)
    for (const std::string& line : missing_explanation(view, film))
      if (!line.empty()) facts.push_back(line);
  std::vector<std::string> settings = {viewer::window_in_words(film), text("Zoom ", fixed(zoom * 100, 0), " %")};
  if (film.inverted) settings.push_back("Inverted by you");
  if (view.state.original_held) settings.push_back("Original");
  if (int halvings = viewer::halvings_for_display(view.state, film))
    settings.push_back(text("Drawn at 1/", 1 << halvings, " of its size"));
  const bool measures = view.state.measuring.tool != viewer::Tool::kNone ||
                        std::ranges::any_of(film.measurements, [&](const viewer::Measurement& one) {
                          return viewer::is_shown(view.state, film, one);
                        });
  if (measures)
    for (const std::string& line :
         wrapped_lines(view.small(), viewer::ruler_in_words(film.info), area.width() / 2 - 3 * kPadding))
      settings.push_back(line);

  float width = area.width() / 2 - 3 * kPadding;
  corner_lines(view, {area.min.x + kPadding, area.min.y + kGap}, false, false, width, facts);
  corner_lines(view, {area.max.x - kPadding, area.min.y + kGap}, true, false, width, settings);

  std::vector<std::string> sides = viewer::sides_in_words(film);
  const viewer::Orientation& o = shown.orientation;
  if (!o.upright()) sides.insert(sides.begin(), o.mirrored() ? "Mirrored by you" : "Turned by you");
  float bottom = area.max.y - kGap;
  bool stack = legend_height > 0 && area.width() < 480;
  ImVec2 corner{area.max.x - kPadding, stack ? bottom - legend_height - kGap : bottom};
  corner_lines(view, corner, true, true, width, sides);
  corner.y -= line_height(view.small()) * static_cast<float>(sides.size()) + 4;
  draw_scale_bar(view, film, pane, corner);
  draw_edge_letters(view, film, area);
}

/// Previous, next and, before anything was analysed, the choice of the frame: in the middle, below the corner text.
void frame_buttons(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  std::vector<const char*> ids = {"previous-frame", "next-frame"};
  if (film.awaits_choice_of_frame()) ids.push_back("analyse-again");
  auto label = [](const char* id) {
    return std::string_view(id) == "analyse-again" ? std::string("Analyse this frame")
                                                   : std::string(viewer::find_command(id)->label);
  };
  float width = 0, row = view.layout.touch ? kTouchTarget : kRow;
  for (const char* id : ids) width += button_width(view, label(id)) + kGap;
  float x = area.min.x + (area.width() - width + kGap) / 2, y = area.min.y + 2 * kGap + kCornerLines * line_height(view.small());
  ImGui::GetWindowDrawList()->AddRectFilled({x - kGap, y - kGap}, {x + width, y + row + kGap}, rgb(0x0B0D10, 0.72f), 2);
  for (const char* id : ids) {
    std::string words = label(id);
    float wide = button_width(view, words);
    if (button(view, id, box(x, y, wide, row), words, ButtonLook::kOutlined)) out.push_back(viewer::RunCommand{id});
    x += wide + kGap;
  }
}

void film_failure(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  const viewer::Failure& failure = *film.failure;
  float width = std::min(420.0f, area.width() - 2 * kPadding);
  float x = area.min.x + (area.width() - width) / 2;
  if (area.height() < kRoomForFailure) {
    const int most = std::max(1, static_cast<int>((area.height() - 2 * kGap) / 20));
    draw_wrapped(view, {x, area.min.y + kGap}, width, view.body_medium(), failure.message, most);
    return;
  }
  auto message = wrapped_lines(view.body_medium(), failure.message, width);
  float height = 28 + static_cast<float>(message.size()) * 20 + 8 + 54 + 48;
  float y = area.min.y + std::max(kPadding, (area.height() - height) / 2);
  draw_dash(*ImGui::GetWindowDrawList(), {x + 5, y + 9}, colour::kQuiet);
  y += 28;
  y += draw_wrapped(view, {x, y}, width, view.body_medium(), failure.message) + 4;
  if (!failure.hint.empty()) y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), failure.hint) + 4;
  y += kPadding;
  float row = view.layout.touch ? kTouchTarget : kRow;
  auto act = [&](const char* id, const char* label, ButtonLook look) {
    float wide = button_width(view, label);
    bool clicked = button(view, id, box(x, y, wide, row), label, look);
    x += wide + kGap;
    return clicked;
  };
  if (film.can_retry && act("retry-unreadable", "Read again", ButtonLook::kOutlined)) out.push_back(viewer::RetryFilm{film.id});
  if (act("remove-unreadable", "Remove film", ButtonLook::kOutlined)) out.push_back(viewer::RemoveFilm{film.id});
  if (act("copy-details", "Copy details", ButtonLook::kQuiet))
    out.push_back(viewer::CopyText{viewer::failure_details(view.state, &film, failure)});
}

bool has_corner_text(const View& view, Box area) {
  return (view.state.settings.corner_text || view.state.identifiers_shown) && area.width() >= kRoomForCornerText &&
         area.height() >= kHeightForCornerText;
}

}  // namespace

void draw_region_boxes(const View& view, const viewer::FilmEntry& film, const viewer::Finding* finding,
                       const viewer::DrawnExplanation* explanation, Box area) {
  if (!finding || !view.state.settings.overlay.contour) return;
  const viewer::ScreenRect pane{area.min.x, area.min.y, area.width(), area.height()};
  const auto to_screen = viewer::source_to_screen(film.view, viewer::film_size(film), pane);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(area.min, area.max, true);
  for (const auto& [x, y, width, height] : (explanation ? explanation->boxes : finding->boxes)) {
    const ScreenPx a = to_screen({x, y}), b = to_screen({x + width, y + height});
    auto f = [](double value) { return std::round(static_cast<float>(value)) + 0.5f; };
    const ImVec2 low{f(std::min(a.x, b.x)), f(std::min(a.y, b.y))}, high{f(std::max(a.x, b.x)), f(std::max(a.y, b.y))};
    list.AddRect(low, high, rgb(0x0B0D10, 0.7f), 0, 0, 3);
    list.AddRect(low, high, colour::kText, 0, 0, 1);
  }
  list.PopClipRect();
}

namespace {

/// The film beside: its pixels, its map of the same finding, what is said of it in its corners.
void second_film_content(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::ScreenRect& pane) {
  const Box area = box(pane);
  second_film_input(view, out, film, area);
  view.painter.draw(*ImGui::GetWindowDrawList(), make_second_drawing(view.state, film));
  const viewer::Finding* finding = viewer::second_finding(view.state);
  draw_region_boxes(view, film, finding, nullptr, area);
  const bool by_evidence = !viewer::overlaid_explanation(view.state);
  const std::string title = !finding || view.layout.phone() ? "" : finding->name + (by_evidence ? "" : ", Evidence");
  const float legend = finding ? draw_map_legend(view, area, film, *finding, nullptr, title) : 0;
  if (has_corner_text(view, area)) corner_text(view, film, pane, legend);
  draw_film_marks(view, film, pane);
}

void selected_film_content(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::ScreenRect& pane) {
  const Box area = box(pane);
  view.painter.draw(*ImGui::GetWindowDrawList(), make_film_drawing(view.state, film));
  if (film.frames() > 1) frame_buttons(view, out, film, area);
  film_input(view, out, film, area, "film");
  draw_region_boxes(view, film, viewer::overlaid_finding(view.state), viewer::overlaid_explanation(view.state), area);
  float legend = draw_legend(view, area);
  if (view.state.cropping)
    corner_lines(view, {area.min.x + kPadding, area.max.y - kGap - (legend > 0 ? legend + kGap : 0)}, false, true,
                 area.width() - 2 * kPadding,
                 {text("Drag over the part of the film that the model is to see. ",
                       view.layout.touch ? "Draw a crop, again, leaves." : "Esc leaves.")});
  else if (has_corner_text(view, area)) corner_text(view, film, pane, legend);
  draw_film_marks(view, film, pane);
}

/// A pane keeps its name when the films change places in being selected: a press that does that goes on.
void film_pane(const View& view, Actions& out, const viewer::FilmEntry& film, const viewer::ScreenRect& pane, const char* id) {
  Panel panel(view, id, box(pane), colour::kNone);
  const Box area = panel.area();
  const bool selected = film.id == view.state.selected;
  if (film.stage == viewer::FilmStage::kUnreadable && film.failure) {
    film_failure(view, out, film, area);
  } else if (!film.decoded() || !viewer::held_pixels(view.state, film)) {
    draw_text_in(view, area, view.small(colour::kQuiet), "Reading the film", 0.5f);
  } else if (selected) {
    selected_film_content(view, out, film, pane);
  } else {
    second_film_content(view, out, film, pane);
  }
  if (view.layout.second.width <= 0) return;
  ImGui::GetWindowDrawList()->AddRect({area.min.x + 0.5f, area.min.y + 0.5f}, {area.max.x - 0.5f, area.max.y - 0.5f},
                                      selected ? colour::kAccent : colour::kLine);
}

}  // namespace

void draw_film(const View& view, Actions& out) {
  const Layout& l = view.layout;
  const viewer::State& state = view.state;
  double ratio = ImGui::GetIO().DisplayFramebufferScale.x;
  if (!(state.film_area == l.film) || state.pixel_ratio != ratio || state.kept_areas != l.kept ||
      !(state.second.area == l.second))
    out.push_back(viewer::FilmAreaMeasured{l.film, ratio, l.kept, l.second});
  const viewer::FilmEntry *film = viewer::selected_film(state), *second = viewer::second_film(state);
  if (!film) return;
  const bool moved = second && l.second_first();
  film_pane(view, out, *film, l.film, moved ? "film-last" : "film");
  if (second) film_pane(view, out, *second, l.second, moved ? "film" : "film-last");
}

}  // namespace chestlight::ui
