#include "explain/regions.h"

#include <algorithm>
#include <limits>

#include "render/map_drawing.h"

namespace chestlight {
namespace {

constexpr int kInputSamples = 160;      // per side of the network's input
constexpr double kSmallestPart = 0.01;  // of the area above the level

Grid<float> drawn(const Grid<float>& cells, int width, int height) {
  Grid<float> samples(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      samples(x, y) = smooth_map(cells.view(), {(x + 0.5) * cells.width() / width, (y + 0.5) * cells.height() / height});
  return samples;
}

struct Part {
  int left = std::numeric_limits<int>::max(), top = left, right = -1, bottom = -1;  // samples, last ones included
  double sum = 0;
  std::vector<std::array<int, 2>> samples;  // x, y

  int count() const { return static_cast<int>(samples.size()); }
};

/// The part around (x, y), taken out of `open`.
Part take_part(Grid<char>& open, const Grid<float>& samples, int x, int y) {
  Part part;
  std::vector<std::array<int, 2>> waiting{{x, y}};
  open(x, y) = 0;
  while (!waiting.empty()) {
    const auto [px, py] = waiting.back();
    waiting.pop_back();
    part.left = std::min(part.left, px), part.right = std::max(part.right, px);
    part.top = std::min(part.top, py), part.bottom = std::max(part.bottom, py);
    part.samples.push_back({px, py});
    part.sum += samples(px, py);
    constexpr std::array<std::array<int, 2>, 4> kNeighbours{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
    for (const auto& [dx, dy] : kNeighbours) {
      const int nx = px + dx, ny = py + dy;
      if (nx < 0 || ny < 0 || nx >= open.width() || ny >= open.height() || !open(nx, ny)) continue;
      open(nx, ny) = 0;
      waiting.push_back({nx, ny});
    }
  }
  return part;
}

std::array<double, 4> box_on_film(const Part& part, const FilmView& view) {
  const auto to_source = view.source_to_model.inverse();
  auto model = [&](int x, int y) {
    return ModelPx{static_cast<double>(x) * view.model_width / kInputSamples,
                   static_cast<double>(y) * view.model_height / kInputSamples};
  };
  const SourcePx a = to_source(model(part.left, part.top)), b = to_source(model(part.right + 1, part.bottom + 1));
  const double left = std::clamp<double>(std::min(a.x, b.x), 0, view.film_width);
  const double right = std::clamp<double>(std::max(a.x, b.x), 0, view.film_width);
  const double top = std::clamp<double>(std::min(a.y, b.y), 0, view.film_height);
  const double bottom = std::clamp<double>(std::max(a.y, b.y), 0, view.film_height);
  return {left, top, right - left, bottom - top};
}

/// Of each cell of a map of this size, the share of its samples in the part.
Grid<float> cells_of(const Part& part, int width, int height) {
  Grid<float> inside(width, height), all(width, height);
  auto cell_of = [&](int x, int y) { return std::array{x * width / kInputSamples, y * height / kInputSamples}; };
  for (int y = 0; y < kInputSamples; ++y)
    for (int x = 0; x < kInputSamples; ++x) all(cell_of(x, y)[0], cell_of(x, y)[1]) += 1;
  for (const auto& [x, y] : part.samples) inside(cell_of(x, y)[0], cell_of(x, y)[1]) += 1;
  for (std::size_t i = 0; i < inside.values().size(); ++i)
    if (all.values()[i] > 0) inside.values()[i] /= all.values()[i];
  return inside;
}

bool on_film(int x, int y, const FilmView& view, const Map<ModelSpace, SourceSpace>& to_source) {
  const SourcePx at =
      to_source(ModelPx{(x + 0.5) * view.model_width / kInputSamples, (y + 0.5) * view.model_height / kInputSamples});
  return at.x >= 0 && at.y >= 0 && at.x <= view.film_width && at.y <= view.film_height;
}

}  // namespace

Regions find_regions(GridView<const float> map, const FilmView& view, float cutoff, int most_boxes) {
  const Grid<float> cells = contour_cells(map);
  const double level = contour_level(cells.view(), cutoff);
  if (!(level > 0)) return {};
  const Grid<float> samples = drawn(cells, kInputSamples, kInputSamples);
  Grid<char> open(kInputSamples, kInputSamples);
  const auto to_source = view.source_to_model.inverse();
  int above = 0, seen = 0;
  for (int y = 0; y < kInputSamples; ++y)
    for (int x = 0; x < kInputSamples; ++x) {
      if (!on_film(x, y, view, to_source)) continue;
      seen += 1;
      open(x, y) = samples(x, y) >= level;
      above += open(x, y);
    }

  std::vector<Part> parts;
  for (int y = 0; y < kInputSamples; ++y)
    for (int x = 0; x < kInputSamples; ++x)
      if (open(x, y)) parts.push_back(take_part(open, samples, x, y));
  double sum = 0;
  for (const Part& part : parts) sum += part.sum;
  std::erase_if(parts, [&](const Part& part) { return part.count() < kSmallestPart * above; });
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.sum > b.sum; });

  Regions regions;
  regions.area = seen == 0 ? 0 : static_cast<double>(above) / seen;
  for (std::size_t i = 0; i < parts.size() && static_cast<int>(i) < most_boxes; ++i)
    regions.boxes.push_back(box_on_film(parts[i], view));
  if (parts.empty()) return regions;
  regions.main_share = parts.front().sum / sum;
  regions.main = cells_of(parts.front(), map.width, map.height);
  return regions;
}

Grid<float> region_mask(GridView<const float> map, float cutoff, int width, int height) {
  const Grid<float> cells = contour_cells(map);
  const double level = contour_level(cells.view(), cutoff);
  Grid<float> mask(width, height);
  if (!(level > 0)) return mask;
  const Grid<float> samples = drawn(cells, width, height);
  for (std::size_t i = 0; i < mask.values().size(); ++i) mask.values()[i] = samples.values()[i] >= level ? 1.0f : 0.0f;
  return mask;
}

}  // namespace chestlight
