#include "viewer/state/explanation.h"

#include <algorithm>
#include <cmath>

namespace chestlight::viewer {
namespace {

constexpr double kSmallestMapScale = 1e-9;  // keeps a map of zeros from dividing by zero
constexpr double kShownShare = 0.995;       // of a fine map's values that the ramp tells apart

/// Means of whole cells, at most `most` per side.
MapCells averaged(const MapCells& map, int most) {
  MapCells cells{std::min(map.width, most), std::min(map.height, most), {}};
  for (int y = 0; y < cells.height; ++y)
    for (int x = 0; x < cells.width; ++x) {
      const int left = x * map.width / cells.width, right = (x + 1) * map.width / cells.width;
      const int top = y * map.height / cells.height, bottom = (y + 1) * map.height / cells.height;
      double sum = 0;
      for (int v = top; v < bottom; ++v)
        for (int u = left; u < right; ++u) sum += map.values[static_cast<std::size_t>(v * map.width + u)];
      cells.values.push_back(static_cast<float>(sum / ((right - left) * (bottom - top))));
    }
  return cells;
}

/// The largest magnitude that is drawn, of positive values only unless the map is signed.
void set_scale(DrawnExplanation& explanation) {
  std::vector<float> magnitudes;
  for (float value : explanation.map.values) magnitudes.push_back(explanation.is_signed ? std::abs(value) : value);
  const bool fine = std::max(explanation.map.width, explanation.map.height) > kMostContourCells;
  auto at = magnitudes.end() - 1;
  if (fine) at = magnitudes.begin() + static_cast<std::ptrdiff_t>(kShownShare * static_cast<double>(magnitudes.size() - 1));
  std::nth_element(magnitudes.begin(), at, magnitudes.end());
  explanation.scale = std::max<double>(*at, kSmallestMapScale);
  explanation.clipped = fine && *std::max_element(at, magnitudes.end()) > *at;
}

}  // namespace

float MapCells::largest() const { return values.empty() ? 0 : *std::max_element(values.begin(), values.end()); }

DrawnExplanation drawn_explanation(const contract::Explanation& explanation) {
  DrawnExplanation drawn;
  drawn.map = {explanation.width, explanation.height, explanation.map};
  drawn.is_signed = explanation.is_signed;
  drawn.contour = averaged(drawn.map, kMostContourCells);
  set_scale(drawn);
  drawn.unit = explanation.unit;
  drawn.cutoff = explanation.cutoff;
  drawn.source_to_model = source_to_model(*explanation.geometry);
  drawn.model_width = explanation.geometry->model_width;
  drawn.model_height = explanation.geometry->model_height;
  drawn.sentence = explanation.sentence;
  drawn.area = explanation.area;
  drawn.boxes = explanation.boxes;
  drawn.notes = explanation.notes;
  drawn.measures.assign(explanation.measures.begin(), explanation.measures.end());
  return drawn;
}

}  // namespace chestlight::viewer
