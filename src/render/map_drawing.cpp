#include "render/map_drawing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace chestlight {
namespace {

constexpr double kSmallestScale = 1e-9;     // keeps a map of zeros from dividing by zero
constexpr double kSmallestEvidence = 1e-3;  // logits: evidence below it is drawn as weak as it is
constexpr double kShownShare = 0.995;       // of a fine map's values that the colours tell apart

/// The largest magnitude that is drawn, of positive values only or of both signs.
MapScale scale_of(std::span<const float> values, bool both_signs, bool fine, double smallest) {
  if (values.empty()) return {smallest, false};
  std::vector<float> sizes(values.begin(), values.end());
  if (both_signs)
    for (float& value : sizes) value = std::abs(value);
  if (!fine) return {std::max<double>(*std::max_element(sizes.begin(), sizes.end()), smallest), false};
  const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(kShownShare * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end());
  return {std::max<double>(*at, smallest), *std::max_element(at, sizes.end()) > *at};
}

bool is_fine(GridView<const float> map) { return std::max(map.width, map.height) > kContourCells; }

double largest(GridView<const float> map) {
  const std::span<const float> values = map.span();
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

bool draws_both_signs(const MapFacts& facts, const MapLook& look) {
  return facts.sign == MapSign::kSigned || (facts.sign == MapSign::kReadersChoice && look.against);
}

/// Three figures at most, whatever the unit.
std::string figure(double value) {
  if (value >= 0.01) return fixed(value, value < 1 ? 2 : value < 100 ? 1 : 0);
  const int exponent = static_cast<int>(std::floor(std::log10(value)));
  return text(fixed(value / std::pow(10.0, exponent), 0), "e", exponent);
}

}  // namespace

MapFacts map_facts(GridView<const float> map, MapSign sign, double cutoff, std::string unit) {
  const bool fine = is_fine(map);
  return {sign,
          scale_of(map.span(), false, fine, kSmallestScale),
          scale_of(map.span(), true, fine, kSmallestScale),
          largest(contour_cells(map).view()),
          cutoff,
          std::move(unit)};
}

MapFacts evidence_facts(GridView<const float> map, std::span<const float> all, double cutoff) {
  const bool fine = is_fine(map);
  return {MapSign::kReadersChoice,
          scale_of(all, false, fine, kSmallestEvidence),
          scale_of(all, true, fine, kSmallestEvidence),
          largest(contour_cells(map).view()),
          cutoff,
          "logits"};
}

MapDrawing drawing_of(const MapFacts& facts, const MapLook& look) {
  const bool both = draws_both_signs(facts, look);
  const double level = look.contour && facts.peak > 0 ? contour_share(facts.cutoff, look) * facts.peak : 0;
  return {both, look.opacity, both ? facts.signed_scale.top : facts.scale.top, level};
}

MapLegend legend_of(const MapFacts& facts, const MapLook& look) {
  const bool both = draws_both_signs(facts, look);
  const MapScale& scale = both ? facts.signed_scale : facts.scale;
  const std::string most = figure(scale.top), more = scale.clipped ? "≥ " : "", less = scale.clipped ? "≤ " : "";
  std::string unit = facts.unit;
  if (both) unit = "against · for, " + unit;
  else if (facts.sign == MapSign::kReadersChoice) unit = "evidence for, " + unit;
  return {both, both ? less + "−" + most : "0", more + most, unit};
}

Grid<float> contour_cells(GridView<const float> map) {
  const int width = std::min(map.width, kContourCells), height = std::min(map.height, kContourCells);
  Grid<float> cells(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int left = x * map.width / width, right = (x + 1) * map.width / width;
      const int top = y * map.height / height, bottom = (y + 1) * map.height / height;
      double sum = 0;
      for (int v = top; v < bottom; ++v)
        for (int u = left; u < right; ++u) sum += map(u, v);
      cells(x, y) = static_cast<float>(sum / ((right - left) * (bottom - top)));
    }
  return cells;
}

double contour_level(GridView<const float> cells, double share) { return share * std::max(0.0, largest(cells)); }

}  // namespace chestlight
