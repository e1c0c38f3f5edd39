#include "viewer/state/explanation.h"

#include <utility>

namespace chestlight::viewer {

DrawnExplanation drawn_explanation(const contract::Explanation& explanation) {
  DrawnExplanation drawn;
  drawn.map = Grid<float>(explanation.width, explanation.height, explanation.map);
  const auto values = std::as_const(drawn.map).view();
  drawn.contour = contour_cells(values);
  const MapSign sign = explanation.is_signed ? MapSign::kSigned : MapSign::kPositive;
  drawn.facts = map_facts(values, sign, explanation.cutoff, explanation.unit);
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
