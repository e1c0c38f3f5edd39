// The few things every panel is made of: text that never spills, text buttons, bars, sliders, state shapes.
// All take absolute ScreenPx positions; every one that can be used is reachable by Tab.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/widgets/view.h"

namespace chestlight::ui {

struct Box {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
};
inline Box box(float x, float y, float width, float height) { return {{x, y}, {x + width, y + height}}; }
inline Box box(const viewer::ScreenRect& r) {
  return box(static_cast<float>(r.x), static_cast<float>(r.y), static_cast<float>(r.width), static_cast<float>(r.height));
}

/// Scrolls the panel that is drawn now as little as brings this part of it into sight, its top first. ScreenPx, as drawn.
void scroll_into_sight(float top, float bottom);

/// A region of the page with its own clipping and, if asked, scrolling. Use as a scope.
class Panel {
 public:
  Panel(const View& view, const char* name, Box area, ImU32 background, bool scrolls = false);
  ~Panel();
  Panel(const Panel&) = delete;
  Panel& operator=(const Panel&) = delete;
  Box area() const { return area_; }
  /// y of the content's origin, moved by scrolling.
  float top() const { return top_; }
  /// Tells how far the content reaches (absolute y), so that it can be scrolled to.
  void content_to(float y) const;

 private:
  const View& view_;
  std::string outer_;
  Box area_;
  float top_ = 0;
};

// --- text ---
float text_width(const TextStyle& style, std::string_view text);
float line_height(const TextStyle& style);
/// One line; shortened with "…" where it is wider than `width` (0: as wide as it is). Returns the width
/// drawn.
float draw_text(const View& view, ImVec2 at, const TextStyle& style, std::string_view text, float width = 0);
/// One line vertically centred in a box; align 0 left, 0.5 middle, 1 right.
void draw_text_in(const View& view, Box area, const TextStyle& style, std::string_view text, float align = 0);
/// Right-aligned figures, all digits equally wide, so that columns stand.
void draw_figures(const View& view, Box area, const TextStyle& style, std::string_view text);
/// Lines broken between words; at most `most_lines` (0: all), the last then ends in "…". Returns the height.
float draw_wrapped(const View& view, ImVec2 at, float width, const TextStyle& style, std::string_view text, int most_lines = 0);
std::vector<std::string> wrapped_lines(const TextStyle& style, std::string_view text, float width, int most_lines = 0);

// --- controls ---
enum class ButtonLook { kQuiet, kOutlined, kPrimary, kSelected };
struct ButtonState {
  bool clicked = false;
  bool hovered = false;
  bool held = false;
};
/// Behaviour without looks.
ButtonState hot_area(const View& view, const char* id, Box area, bool enabled = true);
bool button(const View& view, const char* id, Box area, std::string_view label, ButtonLook look, bool enabled = true);
float button_width(const View& view, std::string_view label);
/// A button of the commands table: label, enabling and hint come from there.
void command_button(const View& view, Actions& out, const char* command, Box area, ButtonLook look = ButtonLook::kQuiet);
/// Equal segments, one chosen. Returns the index clicked, or -1.
int segments(const View& view, const char* id, Box area, const std::vector<std::string>& labels, int chosen, bool enabled = true);
/// A labelled value from 0 to 1. True while it is changed.
bool slider(const View& view, const char* id, Box area, double& value, double low, double high, bool enabled = true);
/// A square with a tick, and its label. True when clicked.
bool check(const View& view, const char* id, Box area, std::string_view label, bool on, bool enabled = true);

// --- marks ---
/// Above: filled triangle; borderline: hollow diamond; below: small dot.
void draw_state_shape(ImDrawList& list, ImVec2 centre, viewer::FindingState state);
/// Not analysed, or not known: a dash.
void draw_dash(ImDrawList& list, ImVec2 centre, ImU32 colour);
/// A score from 0 to 1 with its threshold as a tick.
void draw_score_bar(ImDrawList& list, Box area, double score, double threshold, viewer::FindingState state);
void draw_progress(ImDrawList& list, Box area, double fraction);
void draw_caret(ImDrawList& list, ImVec2 centre, bool open, ImU32 colour);

void set_hint(const View& view, std::string text);
void log_entry(const View& view, bool widget, std::string_view label, ImVec2 min, ImVec2 max, bool shortened = false);

}  // namespace chestlight::ui
