// See model_request.h.
#include "viewer/state/model_request.h"

#include <algorithm>
#include <cmath>

#include "viewer/actions/film_commands.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/stability.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {
void ask_again(FilmEntry& film, const ModelRequest& request) {
  const bool other_picture = film.request.correction != request.correction;
  film.request = request;
  film.beside.reset();  // the other model was asked otherwise
  if (!film.decoded()) return;
  film.analysis.reset();
  forget_stability(film);
  film.failure.reset();
  if (other_picture) forget_anatomy(film);
  film.stage = FilmStage::kWaiting;
}

bool answers(const Analysis& analysis, const ModelRequest& request) {
  if (analysis.input.correction() != request.correction) return false;
  return request.anyway ? analysis.analysed || !analysis.may_be_overridden : !analysis.overridden;
}

std::optional<PixelRect> crop_between(const FilmEntry& film, SourcePx a, SourcePx b) {
  auto whole = [](double value, int most) {
    return static_cast<int>(std::lround(std::clamp(value, 0.0, static_cast<double>(most))));
  };
  const int width = film.info.width, height = film.info.height;
  const int left = whole(std::min(a.x, b.x), width), right = whole(std::max(a.x, b.x), width);
  const int top = whole(std::min(a.y, b.y), height), bottom = whole(std::max(a.y, b.y), height);
  if (right - left < kSmallestCrop || bottom - top < kSmallestCrop) return std::nullopt;
  return PixelRect{left, top, right - left, bottom - top};
}

std::optional<PixelRect> crop_on_screen(const State& state, const FilmEntry& film) {
  const auto to_source = source_to_screen(film.view, film_size(film), state.film_area).inverse();
  const ScreenRect& area = state.film_area;
  return crop_between(film, to_source({area.x, area.y}), to_source({area.x + area.width, area.y + area.height}));
}

Correction correction_as_shown(const FilmEntry& film) {
  Correction correction = film.request.correction;
  correction.mirrored = film.view.orientation.mirrored();
  correction.quarter_turns = film.view.orientation.degrees() / 90;
  correction.inverted = film.inverted;
  const Window &shown = film.window, &opened = film.info.window;
  correction.window.reset();
  if (shown.centre != opened.centre || shown.width != opened.width)
    correction.window = ValueRange{shown.centre - shown.width / 2, shown.centre + shown.width / 2};
  return correction;
}

std::string request_in_words(const FilmEntry& film) {
  std::string words;
  if (film.request.correction.any()) words = "Corrected for the model: " + correction_words(film.request.correction) + ".";
  if (film.analysis && film.analysis->overridden)
    words += std::string(words.empty() ? "" : " ") + "Analysed at your request despite the warning.";
  return words;
}

std::string request_in_short(const FilmEntry& film) {
  const bool corrected = film.request.correction.any(), overridden = film.analysis && film.analysis->overridden;
  return corrected && overridden ? "corrected, against refusal" : corrected ? "corrected" : overridden ? "against refusal" : "";
}

}  // namespace chestlight::viewer
