// RISE: the score of many films of which random soft parts are shown. A pixel that is mostly visible when the score is
// high is important.
//
//   value(pixel) = Σ_i p_i · M_i(pixel) / Σ_i M_i(pixel)  −  mean_i p_i,      p_i = sigmoid(score of film ⊙ M_i)
//
// The first term is the paper's equation 4, divided by how often the pixel was shown instead of by how often that is
// expected: with few masks the difference is most of the noise. The second is the same for all pixels and moves zero to
// "makes no difference". Masks: 7 × 7
// random cells, half of them shown, enlarged bilinearly and shifted at random; hidden is the network's own grey (0 of
// its normalised input), as in the authors' code. Seeded, so that one film always gives one map; with 384 masks instead
// of the paper's 4000 and more, some noise stays.
// Source: V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized input sampling for explanation of black-box models", BMVC 2018.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "explain/checks/film_edits.h"
#include "explain/methods/methods.h"
#include "findings/scores.h"
#include "imaging/map_geometry.h"

namespace chestlight {
namespace {

constexpr int kMasks = 384;
constexpr int kMaskCells = 7;
constexpr double kShown = 0.5;
constexpr std::uint64_t kMaskSeed = 1;

Grid<float> random_mask(Random& random, int width, int height) {
  Grid<float> cells(kMaskCells, kMaskCells);
  for (float& cell : cells.values()) cell = random.uniform() < kShown ? 1.0f : 0.0f;
  const int cell_width = (width + kMaskCells - 1) / kMaskCells, cell_height = (height + kMaskCells - 1) / kMaskCells;
  const int across = (kMaskCells + 1) * cell_width, down = (kMaskCells + 1) * cell_height;
  const int left = random.below(cell_width), top = random.below(cell_height);
  Grid<float> mask(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      mask(x, y) = sample_map(cells.view(), {(left + x + 0.5) * kMaskCells / across, (top + y + 0.5) * kMaskCells / down});
  return mask;
}

}  // namespace

Procedure<ExplanationMap> rise(Network& network, const Question& question) {
  Random random(kMaskSeed);
  const std::vector<float> hidden(question.film_size());
  std::vector<double> sums(static_cast<std::size_t>(question.width) * question.height), shown(sums.size());
  double total = 0;
  for (int begin = 0; begin < kMasks; begin += kBatchFilms) {
    std::vector<Grid<float>> masks;
    std::vector<float> films;
    for (int i = begin; i < std::min(kMasks, begin + kBatchFilms); ++i) {
      masks.push_back(random_mask(random, question.width, question.height));
      append(films, mixed(hidden, question.film, masks.back().view()));
    }
    const std::vector<float> scores = co_await scores_of(network, question, std::move(films));
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const double probability = sigmoid(Logit{scores[i]}).value;
      total += probability;
      for (std::size_t pixel = 0; pixel < sums.size(); ++pixel) {
        sums[pixel] += probability * masks[i].values()[pixel];
        shown[pixel] += masks[i].values()[pixel];
      }
    }
  }
  ExplanationMap map{Grid<float>(question.width, question.height), {}, {}};
  for (std::size_t pixel = 0; pixel < sums.size(); ++pixel)
    map.values.values()[pixel] = static_cast<float>(sums[pixel] / shown[pixel] - total / kMasks);
  map.measures = {{"masks", kMasks}, {"mean_probability", total / kMasks}};
  co_return map;
}

}  // namespace chestlight
