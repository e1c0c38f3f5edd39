// The checks that take parts of the film away: erase and order.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/random.h"
#include "base/text.h"
#include "explain/checks/film_edits.h"
#include "explain/checks/trust.h"
#include "explain/checks/trust_counts.h"
#include "explain/regions.h"
#include "findings/scores.h"
#include "imaging/map_geometry.h"

namespace chestlight {
namespace {

constexpr std::uint64_t kEraseSeed = 3, kOrderSeed = 4;
constexpr int kRandomBlocks = 16;  // random order goes by blocks of a sixteenth of the film's side

/// The mask moved by (dx, dy) within the covered part, coming back in at the other side: the same shape and area.
Grid<float> rolled(const Grid<float>& mask, const PixelRect& part, int dx, int dy) {
  Grid<float> moved(mask.width(), mask.height());
  for (int y = 0; y < part.height; ++y)
    for (int x = 0; x < part.width; ++x)
      moved(part.x + (x + dx) % part.width, part.y + (y + dy) % part.height) = mask(part.x + x, part.y + y);
  return moved;
}

/// Only what lies on the film.
void clip(Grid<float>& mask, const PixelRect& part) {
  for (int y = 0; y < mask.height(); ++y)
    for (int x = 0; x < mask.width(); ++x)
      if (x < part.x || y < part.y || x >= part.x + part.width || y >= part.y + part.height) mask(x, y) = 0;
}

/// Pixels of the covered part, the largest key first; equal ones in reading order.
std::vector<int> order_by(const Question& question, const Grid<float>& keys) {
  std::vector<int> pixels;
  const PixelRect& part = question.covered;
  for (int y = part.y; y < part.y + part.height; ++y)
    for (int x = part.x; x < part.x + part.width; ++x) pixels.push_back(y * question.width + x);
  std::stable_sort(pixels.begin(), pixels.end(), [&](int a, int b) { return keys.values()[a] > keys.values()[b]; });
  return pixels;
}

Grid<float> map_per_pixel(const Question& question, const Grid<float>& map) {
  Grid<float> keys(question.width, question.height);
  for (int y = 0; y < question.height; ++y)
    for (int x = 0; x < question.width; ++x)
      keys(x, y) = smooth_map(map.view(), {(x + 0.5) * map.width() / question.width, (y + 0.5) * map.height() / question.height});
  return keys;
}

Grid<float> random_per_pixel(const Question& question) {
  Random random(kOrderSeed);
  Grid<float> blocks(kRandomBlocks, kRandomBlocks), keys(question.width, question.height);
  for (float& key : blocks.values()) key = static_cast<float>(random.uniform());
  for (int y = 0; y < question.height; ++y)
    for (int x = 0; x < question.width; ++x)
      keys(x, y) = blocks(x * kRandomBlocks / question.width, y * kRandomBlocks / question.height);
  return keys;
}

/// Films with the first 1/n, 2/n … (n−1)/n of `order` taken from `to`, the rest from `from`.
std::vector<float> replaced_step_by_step(const std::vector<float>& from, const std::vector<float>& to,
                                         const std::vector<int>& order, std::size_t pixels) {
  std::vector<float> films, film = from;
  std::size_t done = 0;
  for (int step = 1; step < kCurveSteps; ++step) {
    for (const std::size_t end = order.size() * step / kCurveSteps; done < end; ++done)
      for (std::size_t at = static_cast<std::size_t>(order[done]); at < film.size(); at += pixels) film[at] = to[at];
    append(films, film);
  }
  return films;
}

double area_under(const std::vector<double>& curve) {
  double area = 0;
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) area += (curve[i] + curve[i + 1]) / 2;
  return area / static_cast<double>(curve.size() - 1);
}

double probability(float score) { return sigmoid(Logit{score}).value; }

}  // namespace

Procedure<TrustCheck> check_erase(Network& network, const Question& question, const ExplanationMap& map, float cutoff) {
  TrustCheck check{"erase", "Erasing the region", "not-run", "The map has no region to erase.", {}};
  Grid<float> mask = region_mask(map.values.view(), cutoff, question.width, question.height);
  clip(mask, question.covered);
  const double covered = static_cast<double>(question.covered.width) * question.covered.height;
  const double area = std::accumulate(mask.values().begin(), mask.values().end(), 0.0) / covered;

  const std::vector<float> blurred = blurred_film(question);
  std::vector<float> films = mixed(question.film, blurred, mask.view());
  Random random(kEraseSeed);
  for (int i = 0; i < kRandomRegions; ++i) {
    const int dx = random.below(question.covered.width), dy = random.below(question.covered.height);
    const Grid<float> moved = rolled(mask, question.covered, dx, dy);
    append(films, mixed(question.film, blurred, moved.view()));
  }
  const std::vector<float> scores = co_await scores_of(network, question, std::move(films));
  if (area == 0) co_return check;

  const double drop = question.score - scores[0];
  std::vector<double> random_drops;
  for (int i = 1; i <= kRandomRegions; ++i) random_drops.push_back(question.score - scores[i]);
  const auto smaller = std::count_if(random_drops.begin(), random_drops.end(), [&](double other) { return other < drop; });
  check.verdict = drop > 0 && smaller >= kRandomRegions - 1  ? "passed"
                  : drop > 0 && 2 * smaller > kRandomRegions ? "doubtful"
                                                             : "failed";
  check.text =
      text("Blurring the region (", fixed(100 * area, 0), " % of the film) ", drop >= 0 ? "lowers" : "raises", " the logit by ",
           fixed(std::abs(drop), 2), "; more than ", smaller, " of ", kRandomRegions, " regions of the same shape elsewhere do.");
  check.values = {{"drop", {drop}}, {"area", {area}}, {"random_drops", random_drops}};
  co_return check;
}

Procedure<TrustCheck> check_order(Network& network, const Question& question, const ExplanationMap& map) {
  const std::vector<float> blurred = blurred_film(question);
  const std::size_t pixels = static_cast<std::size_t>(question.width) * question.height;
  const std::vector<int> by_map = order_by(question, map_per_pixel(question, map.values));
  const std::vector<int> at_random = order_by(question, random_per_pixel(question));
  std::vector<float> films = blurred;
  for (const std::vector<int>& order : {by_map, at_random}) {
    append(films, replaced_step_by_step(question.film, blurred, order, pixels));
    append(films, replaced_step_by_step(blurred, question.film, order, pixels));
  }
  const std::vector<float> scores = co_await scores_of(network, question, std::move(films));

  const double whole = probability(question.score), gone = probability(scores[0]);
  std::vector<std::vector<double>> curves;
  for (int i = 0; i < 4; ++i) {
    std::vector<double> curve{i % 2 == 0 ? whole : gone};
    for (int step = 1; step < kCurveSteps; ++step) curve.push_back(probability(scores[1 + i * (kCurveSteps - 1) + step - 1]));
    curve.push_back(i % 2 == 0 ? gone : whole);
    curves.push_back(std::move(curve));
  }
  const double deletion = area_under(curves[0]), insertion = area_under(curves[1]);
  const double random_deletion = area_under(curves[2]), random_insertion = area_under(curves[3]);
  const int better = (deletion < random_deletion) + (insertion > random_insertion);
  TrustCheck check{"order", "Deletion and insertion", better == 2 ? "passed" : better == 1 ? "doubtful" : "failed", "", {}};
  check.text =
      text("Area under the score while the film is blurred away in the map's order: ", fixed(deletion, 3), " (at random ",
           fixed(random_deletion, 3), ", lower is better); while it is brought back: ", fixed(insertion, 3), " (at random ",
           fixed(random_insertion, 3), ", higher is better).");
  check.values = {{"deletion", {deletion}},
                  {"insertion", {insertion}},
                  {"random_deletion", {random_deletion}},
                  {"random_insertion", {random_insertion}},
                  {"deletion_curve", curves[0]},
                  {"insertion_curve", curves[1]},
                  {"random_deletion_curve", curves[2]},
                  {"random_insertion_curve", curves[3]}};
  co_return check;
}

}  // namespace chestlight
