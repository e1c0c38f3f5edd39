#include "findings/preprocess.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

namespace chestlight {
namespace {

// length · numerator / denominator, to the nearest whole pixel, within 1..most.
int scaled(int length, int numerator, int denominator, int most) {
  double exact = static_cast<double>(length) * numerator / denominator;
  return std::clamp(static_cast<int>(std::lround(exact)), 1, most);
}

PixelRect centre_crop(int width, int height, const InputSpec& spec) {
  auto share = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * spec.crop))); };
  const int w = share(scaled(height, spec.width, spec.height, width));
  const int h = share(scaled(width, spec.height, spec.width, height));
  return {width / 2 - w / 2, height / 2 - h / 2, w, h};
}

PixelRect letterbox(int width, int height, const InputSpec& spec) {
  const int w = scaled(spec.height, width, height, spec.width);
  const int h = scaled(spec.width, height, width, spec.height);
  return {(spec.width - w) / 2, (spec.height - h) / 2, w, h};
}

// The part that is seen after a change; it may reach over the film.
PixelRect seen_after(const PixelRect& seen, const InputChange& change) {
  auto whole = [](double length) { return static_cast<int>(std::lround(length)); };
  const int width = std::max(1, whole(seen.width * change.crop)), height = std::max(1, whole(seen.height * change.crop));
  return {seen.x + (seen.width - width) / 2 - whole(seen.width * change.right),
          seen.y + (seen.height - height) / 2 - whole(seen.height * change.down), width, height};
}

// Where the pixels [from, from + length) of a line come to lie, of which [begin, begin + wanted) fills [at, at + room).
struct PlacedLine {
  int from = 0, length = 0;
};
PlacedLine span_on(int from, int length, int begin, int wanted, int at, int room) {
  auto place = [&](int pixel) { return at + static_cast<int>(std::lround(double(pixel - begin) * room / wanted)); };
  const int first = std::min(place(from), at + room - 1);
  return {first, std::max(1, place(from + length) - first)};
}

void change_values(Grid<float>& values, const InputChange& change) {
  if (change.contrast != 1) {
    double sum = 0;
    for (float v : values.values()) sum += v;
    const auto mean = static_cast<float>(sum / static_cast<double>(values.values().size()));
    const auto contrast = static_cast<float>(change.contrast);
    for (float& v : values.values()) v = std::clamp(mean + contrast * (v - mean), 0.0f, 1.0f);
  }
  if (!change.mirrored) return;
  for (int y = 0; y < values.height(); ++y) std::ranges::reverse(values.view().row(y));
}

// v = (value − black) · scale
struct ValueRule {
  float black = 0, scale = 0;
};

ValueRule value_rule(const Film& film) {
  const auto range = film.network_range();
  if (!range) return {};
  return {static_cast<float>(range->black), 1.0f / static_cast<float>(range->white - range->black)};
}

// The film's values between the network's black and white, where some lie beyond: a pixel sixteen times as bright as
// white must not spread over those around it. Nothing where none does.
std::optional<Grid<std::uint16_t>> without_outliers(const Film& film) {
  const auto range = film.network_range();
  if (!range || (film.low >= range->black && film.high <= range->white)) return std::nullopt;
  const auto black = static_cast<std::uint16_t>(std::clamp(std::floor(range->black), 0.0, 65535.0));
  const auto white = static_cast<std::uint16_t>(std::clamp(std::ceil(range->white), 0.0, 65535.0));
  Grid<std::uint16_t> pixels(film.width(), film.height());
  std::ranges::transform(film.pixels.values(), pixels.values().begin(),
                         [&](std::uint16_t value) { return std::clamp(value, black, white); });
  return pixels;
}

// v of the part that is seen, at the size it has in the input.
Grid<float> seen_values(const Film& film, const PixelRect& seen, const PixelRect& placed, const InputSpec& spec) {
  const int across = spec.detail == 0 ? spec.width : spec.detail;
  const int width = scaled(placed.width, across, spec.width, placed.width);
  const int height = scaled(placed.height, across, spec.width, placed.height);
  const auto rule = value_rule(film);
  const auto clamped = without_outliers(film);
  auto values = resample_crop((clamped ? *clamped : film.pixels).view(), seen, width, height, spec.filter);
  for (float& v : values.values()) v = std::clamp((v - rule.black) * rule.scale, 0.0f, 1.0f);
  if (width == placed.width && height == placed.height) return values;
  const Box whole{0, 0, static_cast<double>(width), static_cast<double>(height)};
  return resample(values.view(), whole, placed.width, placed.height, Filter::kTriangle);
}

}  // namespace

InputGeometry input_geometry(int width, int height, const InputSpec& spec, const InputChange& change) {
  InputGeometry geometry;
  geometry.seen = {0, 0, width, height};
  geometry.placed = {0, 0, spec.width, spec.height};
  if (spec.fit == Fit::kCentreSquareCrop) geometry.seen = centre_crop(width, height, spec);
  if (spec.fit == Fit::kLetterbox) geometry.placed = letterbox(width, height, spec);

  const PixelRect wanted = seen_after(geometry.seen, change);
  if (wanted != geometry.seen) {
    const int left = std::clamp(wanted.x, 0, width - 1), top = std::clamp(wanted.y, 0, height - 1);
    const int right = std::clamp(wanted.x + wanted.width, left + 1, width);
    const int bottom = std::clamp(wanted.y + wanted.height, top + 1, height);
    const PixelRect whole = geometry.placed;
    const PlacedLine across = span_on(left, right - left, wanted.x, wanted.width, whole.x, whole.width);
    const PlacedLine down = span_on(top, bottom - top, wanted.y, wanted.height, whole.y, whole.height);
    geometry.seen = {left, top, right - left, bottom - top};
    geometry.placed = {across.from, down.from, across.length, down.length};
  }
  const auto &seen = geometry.seen, &placed = geometry.placed;
  const double x_scale = static_cast<double>(placed.width) / seen.width;
  const double y_scale = static_cast<double>(placed.height) / seen.height;
  geometry.source_to_model = {x_scale, 0, placed.x - x_scale * seen.x, 0, y_scale, placed.y - y_scale * seen.y};
  if (change.mirrored)
    geometry.source_to_model = {-x_scale, 0, placed.x + placed.width + x_scale * seen.x, 0, y_scale, placed.y - y_scale * seen.y};
  return geometry;
}

ModelInput preprocess(const Film& film, const InputSpec& spec, const InputChange& change) {
  assert(!film.pixels.empty());
  assert(spec.mean.size() == static_cast<std::size_t>(spec.channels) && spec.mean.size() == spec.std_dev.size());
  ModelInput input{spec.channels, spec.height, spec.width, {}, input_geometry(film.width(), film.height(), spec, change)};
  const auto& placed = input.geometry.placed;
  Grid<float> part = seen_values(film, input.geometry.seen, placed, spec);
  change_values(part, change);

  Grid<float> values(spec.width, spec.height);
  for (int y = 0; y < placed.height; ++y)
    for (int x = 0; x < placed.width; ++x) values(placed.x + x, placed.y + y) = part(x, y);

  input.tensor.reserve(values.values().size() * spec.channels);
  for (int c = 0; c < spec.channels; ++c)
    for (float v : values.values()) input.tensor.push_back((v - spec.mean[c]) / spec.std_dev[c]);
  return input;
}

}  // namespace chestlight
