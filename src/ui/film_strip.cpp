// The films of this sitting: thumbnails with their results; what could not be read says why. Only visible
// rows are drawn.
#include <algorithm>
#include <cmath>

#include "app/words.h"
#include "base/text.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

constexpr float kCaption = 40;  // name and state

/// Films of one folder begin alike: the part that tells them apart is the last.
std::string_view last_part(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

int findings_above(const app::FilmEntry& film) {
  int count = 0;
  for (const app::Finding& finding : film.analysis->findings)
    count += finding.state == app::FindingState::kAbove;
  return count;
}

void film_state(const View& view, const app::FilmEntry& film, Box area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  ImVec2 mark{area.min.x + 6, (area.min.y + area.max.y) / 2};
  std::string words;
  ImU32 ink = colour::kQuiet;
  switch (film.stage) {
    case app::FilmStage::kAnalysed: {
      int above = findings_above(film);
      draw_state_shape(list, mark, above ? app::FindingState::kAbove : app::FindingState::kBelow);
      words = above ? text(above, " above") : "None above";
      if (above) ink = colour::kAbove;
      break;
    }
    case app::FilmStage::kQueued:
      words = "Reading";
      break;
    case app::FilmStage::kDecoded:
      words = "Waiting";
      break;
    case app::FilmStage::kAnalysing:
      words = "Analysing";
      break;
    case app::FilmStage::kRefused:
      words = "Not analysed";
      break;
    case app::FilmStage::kUnreadable:
      words = "Not readable";
      break;
    case app::FilmStage::kAnalysisFailed:
      words = "Failed";
      break;
    case app::FilmStage::kCancelled:
      words = "Cancelled";
      break;
  }
  bool shape = film.stage == app::FilmStage::kAnalysed;
  draw_text_in(view, {{area.min.x + (shape ? 16.0f : 0.0f), area.min.y}, area.max}, view.small(ink), words);
}

void film_row(const View& view, Actions& out, const app::FilmEntry& film, Box area) {
  bool selected = film.id == view.state.selected;
  std::string id = text("film-", film.id);
  ButtonState state = hot_area(view, id.c_str(), area);
  if (state.clicked) out.push_back(app::SelectFilm{film.id});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (selected || state.hovered)
    list.AddRectFilled(area.min, area.max, selected ? colour::kRaised : rgb(0x1C2128, 0.7f), kRadius);
  if (state.hovered) set_hint(view, film.name + ": " + app::headline(film));

  Box picture = {{area.min.x + 8, area.min.y + 8}, {area.max.x - 8, area.max.y - kCaption - 4}};
  list.AddRectFilled(picture.min, picture.max, colour::kBackground, 2);
  ImTextureID texture = view.painter.thumbnail(film);
  if (texture != ImTextureID_Invalid && film.thumbnail) {
    float wide = static_cast<float>(film.thumbnail->width), high = static_cast<float>(film.thumbnail->height);
    float scale = std::min(picture.width() / wide, picture.height() / high);
    ImVec2 half{wide * scale / 2, high * scale / 2};
    ImVec2 middle{(picture.min.x + picture.max.x) / 2, (picture.min.y + picture.max.y) / 2};
    list.AddImage(texture, {middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y});
  } else if (film.failure) {
    float width = picture.width() - 12;
    int lines = std::max(1, static_cast<int>((picture.height() - 8) / 18));
    draw_wrapped(view, {picture.min.x + 6, picture.min.y + 4}, width, view.small(colour::kQuiet),
                 film.failure->message, lines);
  }
  float mark = picture.min.y + 4;
  auto badge = [&](std::string_view words) {
    float wide = std::min(picture.width() - 8, text_width(view.small(), words) + 8);
    list.AddRectFilled({picture.min.x + 4, mark}, {picture.min.x + 4 + wide, mark + 18}, rgb(0x0B0D10, 0.82f), 2);
    draw_text(view, {picture.min.x + 8, mark}, view.small(colour::kBorderline), words, wide - 8);
    mark += 20;
  };
  if (film.request.correction.any()) badge("Corrected");
  if (film.analysis && film.analysis->overridden) badge("Overridden");
  if (film.stage == app::FilmStage::kAnalysing) {
    double done = film.steps_total > 0 ? static_cast<double>(film.steps_done) / film.steps_total : 0;
    draw_progress(list, box(picture.min.x, picture.max.y - 3, picture.width(), 3), done);
  }
  ImU32 edge = selected ? colour::kAccent : colour::kLine;
  list.AddRect({picture.min.x - 0.5f, picture.min.y - 0.5f}, {picture.max.x + 0.5f, picture.max.y + 0.5f},
               edge, 2, 0, selected ? 1.5f : 1.0f);
  float y = area.max.y - kCaption;
  draw_text_in(view, box(picture.min.x, y, picture.width(), 18),
               view.small(selected ? colour::kText : colour::kQuiet), last_part(film.name));
  film_state(view, film, box(picture.min.x, y + 18, picture.width(), 18));
}

}  // namespace

void draw_film_strip(const View& view, Actions& out) {
  const app::ScreenRect& rect = view.layout.films;
  if (rect.width <= 0) return;
  Box area = box(rect);
  float row = view.layout.touch ? kTouchTarget : kRow;
  Box list_area = {area.min, {area.max.x, area.max.y - row - 2 * kGap}};
  {
    Panel panel(view, "films", list_area, colour::kPanel, true);
    const auto& films = view.state.films;
    float gutter = 4, tile = std::floor(std::min(list_area.width() - 2 * gutter, 160.0f)) + kCaption;
    float y = panel.top() + gutter;
    for (const app::FilmEntry& film : films) {
      Box place = box(list_area.min.x + gutter, y, list_area.width() - 2 * gutter, tile);
      bool seen = place.max.y > list_area.min.y && place.min.y < list_area.max.y;
      if (seen) film_row(view, out, film, place);
      y += tile + 4;
    }
    panel.content_to(y);
    // Keep the selected film in sight when it changes.
    auto at = std::find_if(films.begin(), films.end(),
                           [&](const app::FilmEntry& f) { return f.id == view.state.selected; });
    if (at != films.end()) {
      ImGuiStorage* memory = ImGui::GetStateStorage();
      ImGuiID key = ImGui::GetID("last-selected");
      if (memory->GetInt(key) != view.state.selected) {
        memory->SetInt(key, view.state.selected);
        float top = gutter + static_cast<float>(at - films.begin()) * (tile + 4),
              scroll = ImGui::GetScrollY();
        if (top < scroll) ImGui::SetScrollY(top - gutter);
        if (top + tile > scroll + list_area.height())
          ImGui::SetScrollY(top + tile - list_area.height() + gutter);
      }
    }
  }
  Panel footer(view, "films-footer", {{area.min.x, list_area.max.y}, area.max}, colour::kPanel);
  ImGui::GetWindowDrawList()->AddLine({area.min.x, list_area.max.y + 0.5f},
                                      {area.max.x, list_area.max.y + 0.5f}, colour::kLine);
  if (button(view, "add-films", box(area.min.x + kGap, list_area.max.y + kGap, area.width() - 2 * kGap, row),
             "Add films", ButtonLook::kOutlined))
    out.push_back(app::RunCommand{"open"});
}

}  // namespace chestlight::ui
