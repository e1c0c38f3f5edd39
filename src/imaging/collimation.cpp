#include "imaging/collimation.h"

#include <algorithm>
#include <cmath>

#include "imaging/histogram.h"

namespace chestlight {
namespace {

constexpr int kSamplesOfLine = 512;
constexpr double kSamples = 2e6;

Histogram histogram_of(GridView<const std::uint16_t> pixels, const PictureArea& area) {
  Histogram histogram;
  double size = static_cast<double>(area.width()) * area.height();
  int step = std::max(1, static_cast<int>(std::floor(std::sqrt(size / kSamples))));
  for (int y = area.top; y < area.bottom; y += step)
    for (int x = area.left; x < area.right; x += step) histogram.add(pixels(x, y));
  return histogram;
}

/// Is the middle of these values' distribution at most `most` wide?
bool is_flat(std::vector<std::uint16_t>& values, double most) {
  auto at = [&](double fraction) {
    auto nth = values.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
  };
  int low = at(0.025), high = at(0.975);
  return high - low <= most;
}

}  // namespace

PictureArea collimated_area(GridView<const std::uint16_t> pixels) {
  const PictureArea whole{0, 0, pixels.width, pixels.height};
  Histogram all = histogram_of(pixels, whole);
  const double most = kFlatLine * (all.percentile(0.995) - all.percentile(0.005));
  if (most <= 0) return whole;
  std::vector<std::uint16_t> line;
  auto row_is_flat = [&](int y) {
    line.clear();
    for (int x = 0, step = std::max(1, pixels.width / kSamplesOfLine); x < pixels.width; x += step) line.push_back(pixels(x, y));
    return is_flat(line, most);
  };
  // Columns are judged between the borders above and below, which would hide what they are.
  PictureArea area = whole;
  auto column_is_flat = [&](int x) {
    line.clear();
    for (int y = area.top, step = std::max(1, area.height() / kSamplesOfLine); y < area.bottom; y += step)
      line.push_back(pixels(x, y));
    return is_flat(line, most);
  };
  while (area.top < area.bottom && row_is_flat(area.top)) ++area.top;
  while (area.bottom > area.top && row_is_flat(area.bottom - 1)) --area.bottom;
  if (area.height() < kLeastPicture * pixels.height) return whole;
  while (area.left < area.right && column_is_flat(area.left)) ++area.left;
  while (area.right > area.left && column_is_flat(area.right - 1)) --area.right;
  return area.width() < kLeastPicture * pixels.width ? whole : area;
}

PictureValues picture_values(GridView<const std::uint16_t> pixels, std::span<const double> fractions) {
  PictureValues values{collimated_area(pixels), {}};
  Histogram histogram = histogram_of(pixels, values.area);
  const std::uint16_t lowest = *std::ranges::min_element(pixels.span());
  if (histogram.share(lowest) > kPaddingShare && histogram.share(lowest) < 1) histogram.drop(lowest);
  for (double fraction : fractions) values.percentiles.push_back(histogram.percentile(fraction));
  return values;
}

}  // namespace chestlight
