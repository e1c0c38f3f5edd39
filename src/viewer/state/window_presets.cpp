// See window_presets.h.
#include "viewer/state/window_presets.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "imaging/collimation.h"

namespace chestlight::viewer {
namespace {

Window between(double black, double white) {
  double width = std::max(1.0, white - black);
  return {black + width / 2, width};
}

bool same(const Window& a, const Window& b) {
  return std::abs(a.centre - b.centre) < 1e-6 && std::abs(a.width - b.width) < 1e-6 && a.shape == b.shape && a.table == b.table;
}

}  // namespace

GreyShares grey_shares(const PixelBuffer& pixels) {
  constexpr std::array kFractions = {0.005, 0.05, 0.30, 0.70, 0.995, 0.999};
  GridView<const std::uint16_t> view{pixels.values.data(), pixels.width, pixels.height};
  std::vector<double> p = picture_values(view, kFractions).percentiles;
  return {p[0], p[1], p[2], p[3], p[4], p[5]};
}

std::vector<WindowPreset> window_presets(const FilmEntry& film) {
  if (!film.decoded()) return {};
  std::vector<WindowPreset> presets = {{"opened", "As opened", film.info.window}};
  for (std::size_t i = 0; i < film.info.presets.size(); ++i) {
    const NamedWindow& own = film.info.presets[i];
    if (same(own.window, film.info.window) && presets.size() == 1) presets.front().name = own.name;
    else presets.push_back({text("file-", i + 1), own.name, own.window});
  }
  presets.push_back({"full", "Full range", between(film.info.low, film.info.high)});
  if (const auto& p = film.greys) {
    presets.push_back({"auto", "Auto", between(p->p0_5, p->p99_5)});
    presets.push_back({"lung", "Lung", between(p->p5, p->p70)});
    presets.push_back({"bone", "Mediastinum, bone", between(p->p30, p->p99_9)});
  }
  return presets;
}

void choose_preset(FilmEntry& film, const std::string& id) {
  for (const WindowPreset& preset : window_presets(film))
    if (preset.id == id) {
      film.window = preset.window;
      film.preset = id;
    }
}

void step_preset(FilmEntry& film, int step) {
  std::vector<WindowPreset> presets = window_presets(film);
  if (presets.empty()) return;
  int count = static_cast<int>(presets.size()), at = step > 0 ? -1 : count;
  for (int i = 0; i < count; ++i)
    if (presets[static_cast<std::size_t>(i)].id == film.preset) at = i;
  choose_preset(film, presets[static_cast<std::size_t>((at + step + count) % count)].id);
}

Window stated_window(const FilmEntry& film) {
  const auto& dicom = film.info.dicom;
  if (!dicom || !dicom->film_scale) return film.window;
  double slope = dicom->film_scale->after_lut ? 1 : dicom->slope;
  double intercept = dicom->film_scale->after_lut ? 0 : dicom->intercept;
  return {slope * dicom->film_scale->grey(film.window.centre) + intercept,
          std::abs(slope / dicom->film_scale->scale) * film.window.width};
}

std::string window_in_words(const FilmEntry& film) {
  Window window = stated_window(film);
  int digits = window.width < 10 ? 2 : 0;
  std::string words = text("W ", fixed(window.width, digits), "  L ", fixed(window.centre, digits));
  for (const WindowPreset& preset : window_presets(film))
    if (preset.id == film.preset && preset.name != "As opened") words += "  " + preset.name;
  if (film.preset.empty() && film.window.shape == WindowShape::kSigmoid) words += "  sigmoid";
  if (film.preset.empty() && film.window.shape == WindowShape::kTable) words += "  the file’s curve";
  return words;
}

}  // namespace chestlight::viewer
