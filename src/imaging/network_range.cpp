#include "imaging/network_range.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight {

std::optional<ValueRange> robust_ends(const Histogram& picture) {
  if (picture.empty()) return std::nullopt;
  const double least = picture.percentile(0), greatest = picture.percentile(1);
  if (least >= greatest) return std::nullopt;
  const double low = picture.percentile(kMostOutliers), high = picture.percentile(1 - kMostOutliers);
  if (low >= high) return ValueRange{least, greatest};  // nearly one value: what differs is all there is to see
  const double reach = kOutlierReach * (high - low);
  return ValueRange{picture.least_from(low - reach), picture.greatest_to(high + reach)};
}

void choose_ends(Film& film, const Histogram& picture) {
  film.used_range = robust_ends(picture);
  if (!film.used_range) return;
  const double beyond = 1 - picture.share(film.used_range->black, film.used_range->white);
  if (beyond <= 0) return;
  const double percent = 100 * beyond;
  film.facts.notes.push_back(text("A few outlying pixels (", percent < 0.01 ? "less than 0.01" : fixed(percent, 2),
                                  " %, such as a dead pixel or a marker) do not count for the model’s black and white."));
}

bool is_usable(const ValueRange& window, const Histogram& picture) {
  if (picture.empty() || picture.share(window.black, window.white) < kLeastShown) return false;
  auto shown = [&](double fraction) {
    return std::clamp(static_cast<double>(picture.percentile(fraction)), window.black, window.white);
  };
  return shown(1 - kLeftOut) - shown(kLeftOut) >= kLeastFilled * (window.white - window.black);
}

Histogram histogram_of(const Grid<std::uint16_t>& pixels) {
  Histogram histogram;
  for (std::uint16_t value : pixels.values()) histogram.add(value);
  return histogram;
}

}  // namespace chestlight
