// See film_row.h.
#include "ui/panels/film_row.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "ui/panels/findings_table.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

const char* state_word(const viewer::FilmEntry& film) {
  switch (film.stage) {
    case viewer::FilmStage::kQueued: return "Reading";
    case viewer::FilmStage::kWaiting: return "Waiting";
    case viewer::FilmStage::kAnalysing: return film.waits_for_turn() ? "Waiting" : "Analysing";
    case viewer::FilmStage::kRefused: return "Not analysed";
    case viewer::FilmStage::kUnreadable: return "Not readable";
    case viewer::FilmStage::kAnalysisFailed: return "Failed";
    case viewer::FilmStage::kCancelled: return "Cancelled";
    case viewer::FilmStage::kAnalysed: return "Analysed";
    case viewer::FilmStage::kHidden: return "Hidden";
  }
  return "";
}

void draw_thumbnail(const viewer::FilmEntry& film, ImTextureID texture, Box picture) {
  float wide = static_cast<float>(film.thumbnail->width), high = static_cast<float>(film.thumbnail->height);
  float scale = std::min(picture.width() / wide, picture.height() / high);
  ImVec2 half{wide * scale / 2, high * scale / 2};
  ImVec2 middle{(picture.min.x + picture.max.x) / 2, (picture.min.y + picture.max.y) / 2};
  ImGui::GetWindowDrawList()->AddImage(texture, {middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y});
}

/// A button of a row, without a frame: draws its sign in the ink that fits.
template <class Sign>
bool sign_button(const View& view, const std::string& id, Box area, const std::string& hint, Sign sign) {
  ButtonState state = hot_area(view, id.c_str(), area);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (state.hovered) {
    list.AddRectFilled(area.min, area.max, colour::kHover, kRadius);
    set_hint(view, hint);
  }
  ImVec2 middle{std::round((area.min.x + area.max.x) / 2), std::round((area.min.y + area.max.y) / 2)};
  sign(list, middle, state.hovered ? colour::kText : colour::kQuiet);
  return state.clicked;
}

}  // namespace

viewer::Action row_action(int film) {
  if (ImGui::GetIO().KeyShift) return viewer::CompareFilm{film};
  return viewer::SelectFilm{film};
}

std::string row_hint(const View& view, const viewer::FilmEntry& film) {
  const bool others = view.state.films.size() > 1 && !view.layout.touch;
  return film.name + ": " + viewer::headline(film) + (others ? "  (Shift+click: side by side)" : "");
}

void draw_film_state(const View& view, const viewer::FilmEntry& film, Box area) {
  std::string words = state_word(film);
  ImU32 ink = colour::kQuiet;
  float shape = 0;
  if (film.stage == viewer::FilmStage::kAnalysed) {
    const viewer::ResultInShort result = viewer::result_in_short(*film.analysis);
    draw_zone_shape(*ImGui::GetWindowDrawList(), {area.min.x + 6, (area.min.y + area.max.y) / 2}, result.zone);
    words = result.words;
    if (result.zone == viewer::Zone::kLikely || result.zone == viewer::Zone::kUncertain) ink = zone_colour(result.zone);
    shape = 16;
  }
  draw_text_in(view, {{area.min.x + shape, area.min.y}, area.max}, view.small(ink), words);
}

void draw_film_picture(const View& view, const viewer::FilmEntry& film, Box picture, bool tells_why) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(picture.min, picture.max, colour::kBackground, 2);
  ImTextureID texture = view.painter.thumbnail(film);
  if (texture != ImTextureID_Invalid && film.thumbnail) {
    draw_thumbnail(film, texture, picture);
  } else if (film.failure && tells_why) {
    int lines = std::max(1, static_cast<int>((picture.height() - 8) / 18));
    draw_wrapped(view, {picture.min.x + 6, picture.min.y + 4}, picture.width() - 12, view.small(colour::kQuiet),
                 film.failure->message, lines);
  } else if (film.failure) {
    draw_dash(list, {(picture.min.x + picture.max.x) / 2, (picture.min.y + picture.max.y) / 2}, colour::kQuiet);
  }
  constexpr float kLeastForWords = 56;
  float mark = picture.min.y + 4;
  auto badge = [&](std::string_view words) {
    if (picture.width() < kLeastForWords) return;
    float wide = std::min(picture.width() - 8, text_width(view.small(), words) + 8);
    list.AddRectFilled({picture.min.x + 4, mark}, {picture.min.x + 4 + wide, mark + 18}, rgb(0x0B0D10, 0.82f), 2);
    draw_text(view, {picture.min.x + 8, mark}, view.small(colour::kBorderline), words, wide - 8);
    mark += 20;
  };
  if (!film.copies.empty()) badge(text(film.copies.size() + 1, " copies"));
  if (film.id == view.state.second.id) badge("Beside");
  if (film.request.correction.any()) badge("Corrected");
  if (film.analysis && film.analysis->overridden) badge("Overridden");
  if (std::string why = viewer::reason_in_short(film); tells_why && film.thumbnail && !why.empty()) badge(why);
  if (film.stage == viewer::FilmStage::kAnalysing && !film.waits_for_turn()) {
    double done = film.steps_total > 0 ? static_cast<double>(film.steps_done) / film.steps_total : 0;
    draw_progress(list, box(picture.min.x, picture.max.y - 3, picture.width(), 3), done);
  }
  bool selected = film.id == view.state.selected;
  list.AddRect({picture.min.x - 0.5f, picture.min.y - 0.5f}, {picture.max.x + 0.5f, picture.max.y + 0.5f},
               selected ? colour::kAccent : colour::kLine, 2, 0, selected ? 1.5f : 1.0f);
}

void draw_remove_button(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  auto cross = [](ImDrawList& list, ImVec2 at, ImU32 ink) {
    constexpr float kArm = 4;
    list.AddLine({at.x - kArm, at.y - kArm}, {at.x + kArm, at.y + kArm}, ink, 1.5f);
    list.AddLine({at.x - kArm, at.y + kArm}, {at.x + kArm, at.y - kArm}, ink, 1.5f);
  };
  if (sign_button(view, text("remove-", film.id), area, "Remove " + film.name, cross)) out.push_back(viewer::RemoveFilm{film.id});
}

void draw_retry_button(const View& view, Actions& out, const viewer::FilmEntry& film, Box area) {
  auto round_arrow = [](ImDrawList& list, ImVec2 at, ImU32 ink) {
    constexpr float kRound = 5, kPi = std::numbers::pi_v<float>;
    list.PathArcTo(at, kRound, 0.1f * kPi, 1.6f * kPi, 16);
    list.PathStroke(ink, 0, 1.5f);
    ImVec2 end{at.x + kRound * std::cos(1.6f * kPi), at.y + kRound * std::sin(1.6f * kPi)};
    list.AddTriangleFilled({end.x - 1, end.y - 3.5f}, {end.x - 1, end.y + 3.5f}, {end.x + 4, end.y}, ink);
  };
  if (sign_button(view, text("retry-", film.id), area, "Read " + film.name + " again", round_arrow))
    out.push_back(viewer::RetryFilm{film.id});
}

}  // namespace chestlight::ui
