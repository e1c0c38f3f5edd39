// What is said of a model that was added: its labels, and how its input is made of a film. Every change is tried at once: the
// picture shows what the network is given of the open film, and its scores stand below. Text comes by pasting: labels, or a
// configuration.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/state/own_models.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kFormWidth = 400, kFormPicture = 132, kFormGap = 6;
constexpr int kFormScores = 6;
constexpr const char* kFormFits[] = {"centre-square-crop", "letterbox", "stretch"};
constexpr int kFormSides[] = {224, 256, 320, 384, 512};
constexpr double kFormCrops[] = {1, 0.875};

std::string labels_in_words(const viewer::ModelInfo& model) {
  std::string names;
  for (const viewer::LabelInfo& label : model.labels) names += (names.empty() ? "" : ", ") + label.name;
  return text(model.labels.size(), model.labels.size() == 1 ? " label: " : " labels: ", names);
}

std::string channels_in_words(const viewer::ModelInfo& model) {
  return model.input.channels == 1 ? "Takes grey films, one channel." : "Takes RGB: the grey of the film three times.";
}

/// The highest scores of the film that is looked at.
std::string scores_in_words(const viewer::State& state) {
  if (state.own.revising || state.engine != viewer::EnginePhase::kReady) return "Scores: the model is made ready.";
  const viewer::FilmEntry* film = viewer::selected_film(state);
  if (!film) return "Open a film to see what the network is given and how it scores.";
  if (!film->analysis || !film->analysis->analysed) return "Scores: the film is not analysed yet.";
  std::vector<const viewer::Finding*> findings;
  for (const viewer::Finding& finding : film->analysis->findings) findings.push_back(&finding);
  std::stable_sort(findings.begin(), findings.end(), [](auto* a, auto* b) { return a->calibrated > b->calibrated; });
  std::string words;
  for (std::size_t i = 0; i < findings.size() && i < kFormScores; ++i)
    words += text(i ? ", " : "Scores: ", findings[i]->name, " ", viewer::score_in_figures(findings[i]->calibrated));
  return words + (findings.size() > kFormScores ? ", …" : "");
}

struct Form {
  const View& view;
  Actions& out;
  std::string id;
  bool draws;

  float row() const { return view.layout.touch ? kTouchTarget : 28; }

  float words(float x, float y, float width, const std::string& said, ImU32 ink = colour::kText) const {
    if (said.empty()) return 0;
    if (draws) return draw_wrapped(view, {x, y}, width, view.small(ink), said) + kFormGap;
    return static_cast<float>(wrapped_lines(view.small(), said, width).size()) * 18 + kFormGap;
  }

  void revise(viewer::ModelForm form) const { out.push_back(viewer::ReviseModel{id, std::move(form), ""}); }

  /// One of several, `columns` in a row; returns the height, and the one clicked in `clicked`.
  float choice(const char* name, const std::vector<std::string>& labels, int chosen, int columns, float x, float y, float width,
               int* clicked) const {
    const float begun = y;
    y += words(x, y, width, name, colour::kQuiet) - 2;
    for (std::size_t begin = 0; begin < labels.size(); begin += static_cast<std::size_t>(columns)) {
      const std::size_t end = std::min(labels.size(), begin + static_cast<std::size_t>(columns));
      if (draws) {
        const std::vector<std::string> part(labels.begin() + static_cast<std::ptrdiff_t>(begin),
                                            labels.begin() + static_cast<std::ptrdiff_t>(end));
        const float wide = width * static_cast<float>(part.size()) / static_cast<float>(columns);
        const std::string own = text(name, begin);
        const int hit =
            segments(view, own.c_str(), box(x, y, wide, row()), part, chosen - static_cast<int>(begin), !view.state.own.revising);
        if (hit >= 0) *clicked = hit + static_cast<int>(begin);
      }
      y += row() + 4;
    }
    return y + kFormGap - begun;
  }

  float picture(float x, float y, float width) const {
    const viewer::State& state = view.state;
    if (draws) {
      ImDrawList& list = *ImGui::GetWindowDrawList();
      list.AddRectFilled({x, y}, {x + kFormPicture, y + kFormPicture}, colour::kBackground);
      const ImTextureID texture = view.painter.model_picture(state);
      if (state.model_picture && texture != ImTextureID_Invalid)
        list.AddImage(texture, {x, y}, {x + kFormPicture, y + kFormPicture});
    }
    const float left = x + kFormPicture + kPadding, room = width - kFormPicture - kPadding;
    float at = y;
    at += words(left, at, room, channels_in_words(state.model), colour::kQuiet);
    at += words(left, at, room, scores_in_words(state));
    return std::max(kFormPicture, at - y) + kGap;
  }

  float buttons(float x, float y, float width) const {
    const float high = view.layout.touch ? kTouchTarget : kRow;
    struct One {
      const char* label;
      viewer::Action action;
    };
    const One all[] = {{"Paste labels", viewer::PasteFacts{id}},
                       {"Save as folder", viewer::DownloadModel{id}},
                       {"Done", viewer::ClosePopup{viewer::Popup::kModelForm}}};
    float at = x, top = y;
    for (const One& one : all) {
      const float wide = button_width(view, one.label);
      if (at > x && at + wide > x + width) at = x, top += high + kGap;
      if (draws && button(view, one.label, box(at, top, wide, high), one.label, ButtonLook::kOutlined)) out.push_back(one.action);
      at += wide + kGap;
    }
    return top + high - y;
  }

  float content(float x, float y, float width) const {
    const float begun = y;
    const viewer::State& state = view.state;
    const viewer::ModelInputSize& input = state.model.input;
    y += picture(x, y, width);
    y += words(x, y, width, labels_in_words(state.model));
    y += words(x, y, width, "Paste labels, a line each, or a configuration in JSON: with the button, or with Ctrl+V.",
               colour::kQuiet);
    if (state.own.refused) y += words(x, y, width, state.own.refused->sentence(), colour::kAbove);

    int clicked = -1;
    std::vector<std::string> names;
    for (const viewer::NamedScaling& scaling : viewer::named_scalings()) names.push_back(scaling.name);
    y += choice("Values", names, viewer::scaling_in_use(input), 3, x, y, width, &clicked);
    if (clicked >= 0) {
      const viewer::NamedScaling& scaling = viewer::named_scalings()[static_cast<std::size_t>(clicked)];
      const bool each = static_cast<int>(scaling.mean.size()) == input.channels;
      revise({.mean = each ? scaling.mean : std::vector<double>{scaling.mean[0]},
              .deviation = each ? scaling.deviation : std::vector<double>{scaling.deviation[0]}});
    }
    clicked = -1;
    const auto fit = std::find(std::begin(kFormFits), std::end(kFormFits), input.fit);
    y += choice("Shape", {"Centre", "Bordered", "Stretched"},
                fit == std::end(kFormFits) ? -1 : static_cast<int>(fit - std::begin(kFormFits)), 3, x, y, width, &clicked);
    if (clicked >= 0) revise({.fit = kFormFits[clicked]});
    clicked = -1;
    const auto crop =
        std::find_if(std::begin(kFormCrops), std::end(kFormCrops), [&](double one) { return std::abs(one - input.crop) < 1e-6; });
    y += choice("Seen of the centre", {"All of it", "224 of 256"},
                crop == std::end(kFormCrops) ? -1 : static_cast<int>(crop - std::begin(kFormCrops)), 2, x, y, width, &clicked);
    if (clicked >= 0) revise({.crop = kFormCrops[clicked]});
    clicked = -1;
    std::vector<std::string> sides;
    for (int side : kFormSides) sides.push_back(text(side));
    const auto side = std::find(std::begin(kFormSides), std::end(kFormSides), input.width);
    y += choice("Side in pixels", sides, side == std::end(kFormSides) ? -1 : static_cast<int>(side - std::begin(kFormSides)), 5,
                x, y, width, &clicked);
    if (clicked >= 0) revise({.side = kFormSides[clicked]});
    y += buttons(x, y, width);
    return y - begun;
  }
};

}  // namespace

void draw_model_form_popup(const View& view, Actions& out) {
  const auto model = viewer::model_of_form(view.state);
  const float inner = popup_inner(view, kFormWidth);
  if (!model) {  // it is being loaded
    popup(view, out, "model-form", viewer::Popup::kModelForm, centred(view, kFormWidth, 32 + 24 + 2 * kInset),
          [&](float x, float y, float room) {
            const float begun = y;
            y += popup_title(view, x, y, "Labels and input");
            y += draw_wrapped(view, {x, y}, room, view.small(colour::kQuiet),
                              viewer::progress(view.state).busy ? "The model is loaded." : "No added model is in use.");
            return y - begun;
          });
    return;
  }
  Actions none;
  const float height = 32 + Form{view, none, model->id, false}.content(0, 0, inner) + 2 * kInset;
  const Box place = clamped_to_page(
      view, box(static_cast<float>(view.layout.film.x) + 8, static_cast<float>(view.layout.film.y) + 8, kFormWidth, height));
  popup(view, out, "model-form", viewer::Popup::kModelForm, place, [&](float x, float y, float room) {
    const float begun = y;
    y += popup_title(view, x, y, "Labels and input");
    y += Form{view, out, model->id, true}.content(x, y, room);
    return y - begun;
  });
}

}  // namespace chestlight::ui
