// What lies over the film besides maps: outlines of lungs and heart, measurements, the cross and what it reads, the magnifier,
// the scale bar and the letters of the sides.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/actions/film_commands.h"
#include "viewer/measuring/film_scale.h"
#include "viewer/state/anatomy.h"

namespace chestlight::ui {
namespace {

constexpr ImU32 kPlate = rgb(0x0B0D10, 0.8f);
constexpr float kLens = 220, kPhoneLens = 140;  // ScreenPx, side
constexpr double kLensFactor = 2.5;
constexpr float kScaleBar = 140;  // ScreenPx at most
constexpr ImU32 kShade = rgb(0x000000, 0.6f);
constexpr ImU32 kOrgan = rgb(0xC8D2DC, 0.8f);

ImVec2 to_im(ScreenPx p) { return {static_cast<float>(p.x), static_cast<float>(p.y)}; }

/// Words on a dark plate whose corner is kept inside the area.
void label(const View& view, Box area, ImVec2 at, ImU32 ink, const std::vector<std::string>& lines) {
  TextStyle style = view.small_medium(ink);
  float width = 0, high = line_height(style) * static_cast<float>(lines.size());
  for (const std::string& line : lines) width = std::max(width, text_width(style, line));
  float x = std::clamp(at.x, area.min.x + 8, std::max(area.min.x + 8, area.max.x - width - 8));
  float y = std::clamp(at.y, area.min.y + 8, std::max(area.min.y + 8, area.max.y - high - 8));
  ImGui::GetWindowDrawList()->AddRectFilled({x - 4, y}, {x + width + 4, y + high}, kPlate, 2);
  for (const std::string& line : lines) {
    draw_text(view, {x, y}, style, line);
    y += line_height(style);
  }
}

/// A line that reads on black and on white film.
void stroke(ImDrawList& list, ImVec2 a, ImVec2 b, ImU32 ink) {
  list.AddLine(a, b, kShade, 3.5f);
  list.AddLine(a, b, ink, 1.5f);
}

/// Thin and grey, so that it does not compete with the film or a map.
void draw_outline(const viewer::FilmEntry& film, const viewer::OrganOutline& organ, const viewer::ScreenRect& pane) {
  const SourceToScreen map = viewer::source_to_screen(film.view, viewer::film_size(film), pane);
  std::vector<ImVec2> points;
  for (const auto& [x, y] : organ.outline) points.push_back(to_im(map({x, y})));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const int count = static_cast<int>(points.size());
  list.AddPolyline(points.data(), count, rgb(0x000000, 0.45f), ImDrawFlags_Closed, 3);
  list.AddPolyline(points.data(), count, kOrgan, ImDrawFlags_Closed, 1);
}

/// The outlines; where there are none, why.
void draw_anatomy(const View& view, const viewer::ScreenRect& pane, const viewer::FilmEntry& film) {
  if (!viewer::anatomy_shown(view.state, film)) return;
  const viewer::AnatomyReport& report = *film.anatomy;
  for (const auto* organ : {&report.lungs.right, &report.lungs.left, &report.heart})
    if (*organ) draw_outline(film, **organ, pane);
  if (viewer::width_ratio(film)) return;  // that stands at its line
  const Box area = box(pane);
  const float room = std::min(420.0f, area.width() - 4 * kPadding);
  const auto lines = wrapped_lines(view.small_medium(), viewer::anatomy_in_words(film), room);
  label(view, area, {area.min.x + (area.width() - room) / 2, area.min.y + area.height() * 0.72f}, colour::kText, lines);
}

void draw_measurement(const View& view, const viewer::ScreenRect& pane, const viewer::FilmEntry& film,
                      const viewer::Measurement& one) {
  const viewer::Measuring& m = view.state.measuring;
  SourceToScreen map = viewer::source_to_screen(film.view, viewer::film_size(film), pane);
  std::vector<ImVec2> points;
  for (SourcePx point : one.points) points.push_back(to_im(map(point)));
  if (!one.complete() && m.cross) points.push_back(to_im(map(*m.cross)));
  bool selected = one.id == m.selected;
  const bool of_anatomy = one.role != viewer::MeasurementRole::kNone;
  ImU32 ink = selected ? colour::kAccent : of_anatomy ? kOrgan : colour::kBorderline;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t i = 1; i < points.size(); ++i) stroke(list, points[i - 1], points[i], ink);
  for (ImVec2 point : points) {
    list.AddCircle(point, selected ? 5.0f : 4.0f, kShade, 20, 3.5f);
    list.AddCircle(point, selected ? 5.0f : 4.0f, ink, 20, 1.5f);
  }
  viewer::Measurement whole = one;
  if (!one.complete() && m.cross) whole.points.push_back(*m.cross);
  std::string words = viewer::measurement_in_words(film.info, whole);
  if (words.empty() || points.size() < 2) return;
  ImVec2 at = whole.kind == viewer::MeasurementKind::kAngle
                  ? points[1]
                  : ImVec2{(points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2};
  std::vector<std::string> lines = {words};
  if (one.role == viewer::MeasurementRole::kHeartWidth) lines = {text("Heart ", words)};
  if (one.role == viewer::MeasurementRole::kChestWidth) lines = {text("Chest ", words), viewer::ratio_in_short(film)};
  label(view, box(pane), {at.x + 10, at.y + 8}, ink, lines);
}

void draw_cross(const View& view, Box area, const viewer::FilmEntry& film) {
  const viewer::Measuring& m = view.state.measuring;
  if (!m.cross || m.tool == viewer::Tool::kNone || m.tool == viewer::Tool::kMagnifier) return;
  SourceToScreen map = viewer::source_to_screen(film.view, viewer::film_size(film), view.state.film_area);
  ImVec2 at = to_im(map(*m.cross));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (float side : {-1.0f, 1.0f}) {
    stroke(list, {at.x + 4 * side, at.y}, {at.x + 12 * side, at.y}, colour::kText);
    stroke(list, {at.x, at.y + 4 * side}, {at.x, at.y + 12 * side}, colour::kText);
  }
  if (m.tool != viewer::Tool::kProbe) return;
  std::vector<std::string> lines = viewer::probe_in_words(view.state);
  if (!lines.empty()) label(view, area, {at.x + 18, at.y + 14}, colour::kText, lines);
}

void draw_lens(const View& view, Box area, const viewer::FilmEntry& film) {
  const viewer::Measuring& m = view.state.measuring;
  if (m.tool != viewer::Tool::kMagnifier || !m.cross) return;
  SourceToScreen map = viewer::source_to_screen(film.view, viewer::film_size(film), view.state.film_area);
  ImVec2 at = to_im(map(*m.cross));
  float side = std::min({view.layout.phone() ? kPhoneLens : kLens, area.width() - 16, area.height() - 16});
  // Above a finger, which would hide it; about a mouse pointer.
  float x = at.x - side / 2, y = view.layout.touch ? at.y - side - 28 : at.y - side / 2;
  x = std::clamp(std::floor(x), area.min.x + 8, area.max.x - side - 8);
  y = std::clamp(std::floor(y), area.min.y + 8, area.max.y - side - 8);
  viewer::ScreenRect rect{x, y, side, side};
  FilmDrawing lens = make_lens_drawing(view.state, film, rect, *m.cross, kLensFactor);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({x, y}, {x + side, y + side}, colour::kBackground);  // beside the film
  view.painter.draw(list, lens);
  list.AddRect({x - 1, y - 1}, {x + side + 1, y + side + 1}, rgb(0x000000, 0.7f), 0, 0, 3);
  list.AddRect({x, y}, {x + side, y + side}, colour::kAccent, 0, 0, 1);
  double percent = lens.zoom * view.state.pixel_ratio * 100;
  label(view, box(rect), {x + 10, y + side - 30}, colour::kText, {text(fixed(percent, 0), " %")});
}

}  // namespace

void draw_film_marks(const View& view, const viewer::FilmEntry& film, const viewer::ScreenRect& pane) {
  draw_anatomy(view, pane, film);
  for (const viewer::Measurement& one : film.measurements)
    if (viewer::is_shown(view.state, film, one)) draw_measurement(view, pane, film, one);
  if (film.id != view.state.selected) return;
  const Box area = box(pane);
  draw_cross(view, area, film);
  draw_lens(view, area, film);
}

float draw_scale_bar(const View& view, const viewer::FilmEntry& film, const viewer::ScreenRect& pane, ImVec2 corner) {
  double zoom = viewer::resolved(film.view, viewer::film_size(film), pane).zoom;
  auto bar = viewer::scale_bar(film, zoom, std::min(static_cast<double>(kScaleBar), pane.width * 0.3));
  if (!bar) return 0;
  TextStyle style = view.small(colour::kQuiet);
  float length = static_cast<float>(bar->length), words = text_width(style, bar->words);
  float wide = std::max(length, words), x = corner.x - wide, y = corner.y - 28;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({x - 4, y}, {corner.x + 4, corner.y}, kPlate, 2);
  draw_text(view, {corner.x - words, y}, style, bar->words);
  stroke(list, {corner.x - length, corner.y - 6}, {corner.x, corner.y - 6}, colour::kText);
  for (float end : {corner.x - length, corner.x}) stroke(list, {end, corner.y - 10}, {end, corner.y - 3}, colour::kText);
  return 32;
}

void draw_edge_letters(const View& view, const viewer::FilmEntry& film, Box area) {
  auto letters = viewer::edge_letters(film);
  if (!letters) return;
  TextStyle style = view.body_medium();
  auto put = [&](const std::string& words, float align_x, float align_y) {
    float width = text_width(style, words), high = line_height(style);
    float x = area.min.x + kPadding + (area.width() - 2 * kPadding - width) * align_x;
    float y = area.min.y + kGap + (area.height() - 2 * kGap - high) * align_y;
    ImGui::GetWindowDrawList()->AddRectFilled({x - 4, y}, {x + width + 4, y + high}, kPlate, 2);
    draw_text(view, {x, y}, style, words);
  };
  put(letters->left, 0, 0.5f);
  put(letters->right, 1, 0.5f);
  put(letters->top, 0.5f, 0);
  put(letters->bottom, 0.5f, 1);
}

}  // namespace chestlight::ui
