// Evidence at a quarter of the network's stride, from sixteen shifted looks at the film.
//
// The exact evidence of explain/evidence.h has one value per cell, and a cell is as wide as the network's stride (32
// pixels of its input). Shifting the film by a quarter of that moves the cells over it; the mean of all cells that cover
// a fine cell, over 4 × 4 shifts, is evidence on a grid four times finer. Its spread over the shifts says how much the
// map owes to where the cells happened to lie. The film's border rows and columns are repeated where a shift leaves
// nothing; cells wholly outside the film are not counted.
// Source: the exact map is Zhou et al., CVPR 2016; averaging over sub-stride shifts is the shift-and-stitch of Long,
// Shelhamer and Darrell, "Fully convolutional networks for semantic segmentation", CVPR 2015, section 3.2.
#include <algorithm>
#include <cmath>

#include "explain/checks/film_edits.h"
#include "explain/methods/evidence.h"
#include "explain/methods/methods.h"

namespace chestlight {
namespace {

constexpr int kFine = 4;  // fine cells per cell and side

struct Shift {
  int x = 0, y = 0;  // fine cells
};

std::vector<Shift> shifts() {
  std::vector<Shift> all;
  for (int y = -kFine / 2; y < kFine / 2; ++y)
    for (int x = -kFine / 2; x < kFine / 2; ++x) all.push_back({x, y});
  return all;
}

// Sums over the shifts of what each fine cell was given.
struct ShiftSums {
  Grid<double> count, sum, squares;

  void add(const Grid<float>& cells, Shift shift) {
    for (int y = 0; y < sum.height(); ++y)
      for (int x = 0; x < sum.width(); ++x) {
        if (x + shift.x < 0 || y + shift.y < 0) continue;
        const int cell_x = (x + shift.x) / kFine, cell_y = (y + shift.y) / kFine;
        if (cell_x >= cells.width() || cell_y >= cells.height()) continue;
        const double value = cells(cell_x, cell_y);
        count(x, y) += 1;
        sum(x, y) += value;
        squares(x, y) += value * value;
      }
  }
};

}  // namespace

Procedure<ExplanationMap> fine_evidence(Network& network, const Question& question) {
  const int across = question.features.width * kFine, down = question.features.height * kFine;
  const double step_x = static_cast<double>(question.width) / across;
  const double step_y = static_cast<double>(question.height) / down;
  ShiftSums sums{Grid<double>(across, down), Grid<double>(across, down), Grid<double>(across, down)};
  double lowest = question.score, highest = question.score;

  const std::vector<Shift> all = shifts();
  for (std::size_t begin = 0; begin < all.size(); begin += kBatchFilms) {
    const std::size_t end = std::min(all.size(), begin + kBatchFilms);
    std::vector<float> films;
    for (std::size_t i = begin; i < end; ++i)
      append(films, shifted(question, static_cast<int>(std::lround(all[i].x * step_x)),
                            static_cast<int>(std::lround(all[i].y * step_y))));
    NetworkBatch batch = question.ask(std::move(films), {"logits", "features"});
    const NetworkAnswer answer = co_await network.run(std::move(batch));
    for (std::size_t i = begin; i < end; ++i) {
      const int index = static_cast<int>(i - begin);
      sums.add(evidence_of(question, answer.at("features"), index), all[i]);
      const double score = question.score_of(answer, index);
      lowest = std::min(lowest, score), highest = std::max(highest, score);
    }
  }

  ExplanationMap map{Grid<float>(across, down), Grid<float>(across, down), {}};
  double mean_spread = 0;
  for (std::size_t i = 0; i < map.values.values().size(); ++i) {
    const double count = sums.count.values()[i], mean = sums.sum.values()[i] / count;
    const double variance = std::max(0.0, sums.squares.values()[i] / count - mean * mean);
    map.values.values()[i] = static_cast<float>(mean);
    map.spread.values()[i] = static_cast<float>(std::sqrt(variance));
    mean_spread += std::sqrt(variance) / static_cast<double>(map.values.values().size());
  }
  map.measures = {{"mean_spread", mean_spread}, {"lowest_logit", lowest}, {"highest_logit", highest}};
  co_return map;
}

}  // namespace chestlight
