// Text of widgets.h: measuring, shortening, breaking into lines.
#include <algorithm>
#include <cfloat>

#include "ui/widgets/widgets.h"

namespace chestlight::ui {
namespace {

ImFont* font_of(const TextStyle& style) { return const_cast<ImFont*>(style.font); }

/// Bytes of the longest head of `text` that ends between characters and is at most `width` wide together with
/// "…".
std::size_t head_that_fits(const TextStyle& style, std::string_view text, float width) {
  float room = width - text_width(style, "…");
  std::size_t best = 0;
  for (std::size_t end = 0; end < text.size();) {
    std::size_t next = end + 1;
    while (next < text.size() && (text[next] & 0xC0) == 0x80) ++next;
    if (text_width(style, text.substr(0, next)) > room) break;
    best = end = next;
  }
  while (best > 0 && text[best - 1] == ' ') --best;
  return best;
}

void put(const TextStyle& style, ImVec2 at, std::string_view text) {
  ImGui::GetWindowDrawList()->AddText(font_of(style), style.size, at, style.colour, text.data(), text.data() + text.size());
}

/// Where the word that begins at `at` ends. A number and its percent sign are one word.
std::size_t word_end(std::string_view text, std::size_t at) {
  for (;;) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    if (text.substr(end, 2) != " %") return end;
    at = end + 1;
  }
}

}  // namespace

float text_width(const TextStyle& style, std::string_view text) {
  return font_of(style)->CalcTextSizeA(style.size, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

float line_height(const TextStyle& style) { return style.size <= kSmallText ? 18 : style.size <= kBodyText ? 20 : 28; }

float draw_text(const View& view, ImVec2 at, const TextStyle& style, std::string_view text, float width) {
  float natural = text_width(style, text);
  float offset = (line_height(style) - style.size) / 2;
  ImVec2 pen{at.x, at.y + offset};
  if (width <= 0 || natural <= width) {
    put(style, pen, text);
    log_entry(view, false, text, at, {at.x + natural, at.y + line_height(style)});
    return natural;
  }
  std::string shortened = std::string(text.substr(0, head_that_fits(style, text, width))) + "…";
  put(style, pen, shortened);
  float drawn = text_width(style, shortened);
  log_entry(view, false, text, at, {at.x + drawn, at.y + line_height(style)}, true);
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, {at.x + drawn, at.y + line_height(style)}))
    set_hint(view, std::string(text));
  return drawn;
}

void draw_text_in(const View& view, Box area, const TextStyle& style, std::string_view text, float align) {
  float width = std::min(text_width(style, text), area.width());
  float x = area.min.x + (area.width() - width) * align;
  float y = area.min.y + (area.height() - line_height(style)) / 2;
  draw_text(view, {x, y}, style, text, area.width());
}

void draw_figures(const View& view, Box area, const TextStyle& style, std::string_view text) {
  draw_text_in(view, area, style, text, 1);
}

std::vector<std::string> wrapped_lines(const TextStyle& style, std::string_view text, float width, int most_lines) {
  std::vector<std::string> lines;
  std::string line;
  auto full = [&] { return most_lines > 0 && static_cast<int>(lines.size()) == most_lines; };
  std::size_t at = 0;
  while (at < text.size() && !full()) {
    if (text[at] == '\n') {
      lines.push_back(line);
      line.clear();
      ++at;
      continue;
    }
    const std::size_t end = word_end(text, at);
    std::string word(text.substr(at, end - at));
    std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && text_width(style, longer) > width) {
      lines.push_back(line);
      line = word;
    } else {
      line = longer;
    }
    at = end < text.size() && text[end] == ' ' ? end + 1 : end;
  }
  bool cut = full() && (at < text.size() || !line.empty());
  if (!line.empty() && !full()) lines.push_back(line);
  if (cut) lines.back() += " …";
  for (std::string& one : lines)  // a single word wider than the column
    if (text_width(style, one) > width) one = one.substr(0, head_that_fits(style, one, width)) + "…";
  return lines;
}

float draw_wrapped(const View& view, ImVec2 at, float width, const TextStyle& style, std::string_view text, int most_lines) {
  float y = at.y;
  for (const std::string& line : wrapped_lines(style, text, width, most_lines)) {
    draw_text(view, {at.x, y}, style, line);
    y += line_height(style);
  }
  return y - at.y;
}

}  // namespace chestlight::ui
