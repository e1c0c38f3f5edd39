// What the model saw, and what may be changed about it.
#include <cmath>

#include "base/text.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kInputLabel = 76;
constexpr float kPicture = 320, kFacts = 332;

Facts input_facts(const viewer::FilmEntry& film, const contract::InputRecord& input) {
  const PixelRect& crop = input.crop;
  std::string inversion = input.inverted.by_file ? "The file says that larger values are darker. " : "";
  inversion += input.inverted.by_correction ? "Inverted for the model." : input.inverted.by_file ? "" : "none";
  std::string corrections = correction_words(input.correction());
  return {{"Rule", input.rule},
          {"Part", text(crop.width, " × ", crop.height, " pixels from (", crop.x, ", ", crop.y, ") of ", film.info.width, " × ",
                        film.info.height, ", as ", input.width, " × ", input.height)},
          {"Window", input.window ? text("black ", fixed(input.window->black, 0), ", white ", fixed(input.window->white, 0))
                                  : std::string("none: the film has one single value")},
          {"Inversion", inversion},
          {"Corrected", corrections.empty() ? "nothing" : corrections}};
}

/// Buttons of the commands table in rows of two; returns their height.
float button_pairs(const View& view, Actions& out, float x, float y, float width, const std::vector<const char*>& ids) {
  float row = view.layout.touch ? kTouchTarget : kRow, cell = std::floor((width - kGap) / 2);
  int i = 0;
  for (const char* id : ids) {
    command_button(view, out, id,
                   box(x + (cell + kGap) * static_cast<float>(i % 2), y + (row + kGap) * static_cast<float>(i / 2), cell, row),
                   ButtonLook::kOutlined);
    ++i;
  }
  return (row + kGap) * static_cast<float>((i + 1) / 2);
}

}  // namespace

void draw_model_input_popup(const View& view, Actions& out) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded()) return;
  const viewer::ModelPicture* picture = view.state.model_picture.get();
  const bool beside = view.layout.page.width >= kPicture + kFacts + 80;
  const float width = beside ? kPicture + kFacts + kInset + 2 * kInset : kPicture + 2 * kInset;
  const float inner = popup_inner(view, width), side = std::min(kPicture, inner);
  Facts rows;
  if (picture) rows = input_facts(*film, picture->input);
  const float facts = facts_height(view, beside ? kFacts : inner, kInputLabel, rows);
  const float row = view.layout.touch ? kTouchTarget : kRow;
  const float high = picture ? side * static_cast<float>(picture->input.height) / static_cast<float>(picture->input.width) : side;
  const float body = beside ? std::max(high, facts) : high + kPadding + facts;
  popup(view, out, "model-input", viewer::Popup::kModelInput, centred(view, width, 32 + body + kPadding + row + 2 * kInset),
        [&](float x, float y, float room) {
          float begun = y;
          y += popup_title(view, x, y, "What the model saw");
          ImDrawList& list = *ImGui::GetWindowDrawList();
          list.AddRectFilled({x, y}, {x + side, y + high}, colour::kBackground);
          ImTextureID texture = view.painter.model_picture(view.state);
          if (picture && texture != ImTextureID_Invalid) list.AddImage(texture, {x, y}, {x + side, y + high});
          else
            draw_text_in(view, box(x, y, side, high), view.small(colour::kQuiet),
                         view.state.engine == viewer::EnginePhase::kReady ? "Preparing" : "Waiting for the model", 0.5f);
          if (beside) draw_facts(view, x + side + kInset, y, room - side - kInset, kInputLabel, rows);
          else draw_facts(view, x, y + high + kPadding, room, kInputLabel, rows);
          y += body + kPadding;
          y += button_pairs(view, out, x, y, room, {"model-outline", "corrections"}) - kGap;
          return y - begun;
        });
}

void draw_corrections_popup(const View& view, Actions& out) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded()) return;
  constexpr float kWidth = 332;
  constexpr const char* kAbout =
      "These change what the model sees and make a new analysis, marked as corrected. The tools of the screen never do.";
  std::string now = viewer::request_in_words(*film);
  if (now.empty()) now = "Nothing is corrected.";
  const std::vector<const char*> ids = {"correct-invert",
                                        "correct-as-shown",
                                        "correct-turn-left",
                                        "correct-turn-right",
                                        "correct-flip-horizontal",
                                        "correct-flip-vertical",
                                        "correct-draw-crop",
                                        "correct-crop",
                                        "correct-window",
                                        "correct-reset",
                                        "undo",
                                        "redo",
                                        "model-input",
                                        "analyse-anyway"};
  float inner = popup_inner(view, kWidth), row = view.layout.touch ? kTouchTarget : kRow;
  auto lines = [&](const std::string& words) {
    return static_cast<float>(wrapped_lines(view.small(), words, inner).size()) * 18;
  };
  float height =
      32 + lines(kAbout) + kGap + lines(now) + kPadding + (row + kGap) * std::ceil(static_cast<float>(ids.size()) / 2) - kGap;
  const viewer::ScreenRect& film_area = view.layout.film;
  Box place = box(static_cast<float>(film_area.x + film_area.width) - kWidth - 8, static_cast<float>(film_area.y) + 8, kWidth,
                  height + 2 * kInset);
  popup(view, out, "corrections", viewer::Popup::kCorrections, clamped_to_page(view, place), [&](float x, float y, float room) {
    float begun = y;
    y += popup_title(view, x, y, "Corrections for the model");
    y += draw_wrapped(view, {x, y}, room, view.small(colour::kQuiet), kAbout) + kGap;
    y += draw_wrapped(view, {x, y}, room, view.small(film->request.any() ? colour::kBorderline : colour::kText), now) + kPadding;
    y += button_pairs(view, out, x, y, room, ids) - kGap;
    return y - begun;
  });
}

}  // namespace chestlight::ui
