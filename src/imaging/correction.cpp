#include "imaging/correction.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "imaging/network_range.h"
#include "imaging/orientation.h"
#include "imaging/window.h"

namespace chestlight {
namespace {

using FilmMap = Map<SourceSpace, SourceSpace>;

// EXIF's number of each of the eight orientations: [mirrored][quarter turns].
constexpr int kExifOrientation[2][4] = {{1, 6, 3, 8}, {2, 7, 4, 5}};

void crop(Film& film, const PixelRect& part) {
  Grid<std::uint16_t> pixels(part.width, part.height);
  for (int y = 0; y < part.height; ++y) {
    auto row = std::as_const(film.pixels).view().row(part.y + y).subspan(part.x, part.width);
    std::ranges::copy(row, pixels.view().row(y).begin());
  }
  const auto [low, high] = std::ranges::minmax(pixels.values());
  film.low = low;
  film.high = high;
  film.pixels = std::move(pixels);
  if (film.used_range) film.used_range = robust_ends(histogram_of(film.pixels));
}

// Mirrors pixel values within the range that is used, and what is said in them, so that the network sees 1 − v where it
// saw v.
void invert(Film& film) {
  const auto range = film.network_range();
  const int sum = film.low + film.high;
  for (std::uint16_t& value : film.pixels.values()) value = static_cast<std::uint16_t>(sum - value);
  if (range) film.stated_range = ValueRange{sum - range->white, sum - range->black};
}

}  // namespace

Result<void> check_correction(const Correction& correction, int width, int height) {
  auto wrong = [](std::string what) { return Error{ErrorCode::kInvalidRequest, "A correction cannot be made: " + what, ""}; };
  if (const auto& part = correction.crop) {
    const bool inside = part->x >= 0 && part->y >= 0 && part->width >= 1 && part->height >= 1 && part->width <= width - part->x &&
                        part->height <= height - part->y;
    if (!inside)
      return wrong(text("the part to keep, ", part->width, " × ", part->height, " from (", part->x, ", ", part->y,
                        "), is not inside the film of ", width, " × ", height, " pixels."));
  }
  if (const auto& window = correction.window)
    if (!(std::isfinite(window->black) && std::isfinite(window->white) && window->black < window->white))
      return wrong("its window has no width: white must be above black.");
  if (correction.quarter_turns < 0 || correction.quarter_turns > 3) return wrong("it turns by 0 to 3 quarters.");
  return {};
}

Film correct_film(const Film& film, const Correction& correction) {
  Film corrected = film;
  corrected.presets.clear();
  corrected.tables.clear();
  if (correction.crop) crop(corrected, *correction.crop);
  const int orientation = kExifOrientation[correction.mirrored ? 1 : 0][correction.quarter_turns];
  if (orientation != 1) {
    corrected.pixels = turn_upright(std::move(corrected.pixels), orientation);
    if (corrected.facts.dicom) corrected.facts.dicom->orientation.clear();
  }
  if (correction.window) corrected.stated_range = correction.window;
  if (correction.inverted) invert(corrected);
  corrected.window = full_range(corrected);
  return corrected;
}

Map<SourceSpace, SourceSpace> correction_map(const Correction& correction, int width, int height) {
  const PixelRect part = correction.crop.value_or(PixelRect{0, 0, width, height});
  double w = part.width, h = part.height;
  FilmMap map{1, 0, -static_cast<double>(part.x), 0, 1, -static_cast<double>(part.y)};
  if (correction.mirrored) map = compose(map, FilmMap{-1, 0, w, 0, 1, 0});
  for (int turn = 0; turn < correction.quarter_turns; ++turn) {
    map = compose(map, FilmMap{0, -1, h, 1, 0, 0});
    std::swap(w, h);
  }
  return map;
}

}  // namespace chestlight
