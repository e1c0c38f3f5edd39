// What happens to the score when a part of the film is covered: 14 × 14 positions of a square of two cells' side, filled
// with the film's mean. Value of a cell: score of the whole film − score with the square centred on that cell, so positive
// cells are those that the score needs (Captum's sign).
// Source: M. Zeiler, R. Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2.
#include <algorithm>
#include <cmath>

#include "explain/checks/film_edits.h"
#include "explain/methods/methods.h"

namespace chestlight {
namespace {

constexpr int kPositions = 14;  // per side

/// Where a square begins (from = true) or ends, in ModelPx: half a cell around its cell.
int edge(int cell, bool from, int length) {
  const double at = (cell + (from ? -0.5 : 1.5)) * length / kPositions;
  return std::clamp(static_cast<int>(std::lround(at)), 0, length);
}

std::vector<float> covered_at(const Question& question, const std::vector<float>& fill, int cell_x, int cell_y) {
  std::vector<float> film = question.film;
  const int left = edge(cell_x, true, question.width), right = edge(cell_x, false, question.width);
  const int top = edge(cell_y, true, question.height), bottom = edge(cell_y, false, question.height);
  for (int c = 0; c < question.channels; ++c)
    for (int y = top; y < bottom; ++y) {
      const std::size_t row = (static_cast<std::size_t>(c) * question.height + y) * question.width;
      std::copy(fill.begin() + static_cast<std::ptrdiff_t>(row + left), fill.begin() + static_cast<std::ptrdiff_t>(row + right),
                film.begin() + static_cast<std::ptrdiff_t>(row + left));
    }
  return film;
}

}  // namespace

Procedure<ExplanationMap> occlusion(Network& network, const Question& question) {
  const std::vector<float> fill = mean_film(question);
  ExplanationMap map{Grid<float>(kPositions, kPositions), {}, {}};
  const int cells = kPositions * kPositions;
  for (int begin = 0; begin < cells; begin += kBatchFilms) {
    const int end = std::min(cells, begin + kBatchFilms);
    std::vector<float> films;
    for (int cell = begin; cell < end; ++cell) append(films, covered_at(question, fill, cell % kPositions, cell / kPositions));
    const std::vector<float> scores = co_await scores_of(network, question, std::move(films));
    for (int cell = begin; cell < end; ++cell)
      map.values.values()[static_cast<std::size_t>(cell)] = question.score - scores[static_cast<std::size_t>(cell - begin)];
  }
  const auto& values = map.values.values();
  map.measures = {{"largest_drop", *std::max_element(values.begin(), values.end())},
                  {"largest_rise", -*std::min_element(values.begin(), values.end())}};
  co_return map;
}

}  // namespace chestlight
