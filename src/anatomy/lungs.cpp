#include "anatomy/lungs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "anatomy/lungs_template.h"

namespace chestlight {
namespace {

constexpr int kSide = kLungsTemplateSide, kPoints = kSide * kSide;
constexpr int kCells = 64;           // per side, of the reduced film
constexpr int kSamplesPerCell = 4;   // per side, at most: large films are not read in full
constexpr double kExtremes = 0.02;   // of the cells at either end are cut: markers, collimator edges
constexpr double kLastStep = 0.004;  // of the film's width or height

// Read off the template by hand: edges of its lungs, as shares of its side.
constexpr LungBox kLeftInTemplate = {0.156, 0.144, 0.428, 0.666};
constexpr LungBox kRightInTemplate = {0.572, 0.144, 0.853, 0.678};

/// Where the template lies on the film: its middle from the film's middle, and its size, as shares of the film's.
struct Place {
  std::array<double, 4> value{0, 0, 1, 1};  // x, y, width, height
  double x(double u) const { return 0.5 + value[0] + value[2] * (u - 0.5); }
  double y(double v) const { return 0.5 + value[1] + value[3] * (v - 0.5); }
};

double point(int index) { return (index + 0.5) / kSide; }

/// A part of the template with the weights of its points, made so that correlation is one sum.
struct Pattern {
  std::array<double, kPoints> weights{}, values{};
  double total = 0;

  template <class Belongs>
  explicit Pattern(Belongs belongs) {
    double mean = 0, squares = 0;
    for (int i = 0; i < kPoints; ++i) {
      const double x = point(i % kSide) - 0.5, y = point(i / kSide) - 0.5;
      weights[i] = belongs(x) ? std::exp(-std::pow(x / 0.42, 4) - std::pow(y / 0.45, 4)) : 0;
      total += weights[i];
      mean += weights[i] * kLungsTemplate[i];
    }
    for (int i = 0; i < kPoints; ++i) {
      values[i] = kLungsTemplate[i] - mean / total;
      squares += weights[i] * values[i] * values[i];
    }
    for (double& value : values) value /= std::sqrt(squares);
  }
};

std::vector<double> reduced(const Film& film) {
  std::vector<double> cells(kCells * kCells), smooth(cells.size());
  auto begin = [](int cell, int length) { return static_cast<int>(static_cast<long long>(cell) * length / kCells); };
  for (int cy = 0; cy < kCells; ++cy)
    for (int cx = 0; cx < kCells; ++cx) {
      const int left = begin(cx, film.width()), right = std::max(left + 1, begin(cx + 1, film.width()));
      const int top = begin(cy, film.height()), bottom = std::max(top + 1, begin(cy + 1, film.height()));
      const int across = std::min(right - left, kSamplesPerCell), down = std::min(bottom - top, kSamplesPerCell);
      double sum = 0;
      for (int j = 0; j < down; ++j)
        for (int i = 0; i < across; ++i)
          sum += film.pixels(left + (2 * i + 1) * (right - left) / (2 * across), top + (2 * j + 1) * (bottom - top) / (2 * down));
      cells[cy * kCells + cx] = sum / (across * down);
    }
  for (int y = 0; y < kCells; ++y)
    for (int x = 0; x < kCells; ++x)
      for (int j = -1; j <= 1; ++j)
        for (int i = -1; i <= 1; ++i)
          smooth[y * kCells + x] += cells[std::clamp(y + j, 0, kCells - 1) * kCells + std::clamp(x + i, 0, kCells - 1)] / 9;
  std::vector<double> sorted = smooth;
  std::sort(sorted.begin(), sorted.end());
  const auto cut = static_cast<std::size_t>(kExtremes * static_cast<double>(sorted.size() - 1));
  for (double& value : smooth) value = std::clamp(value, sorted[cut], sorted[sorted.size() - 1 - cut]);
  return smooth;
}

double value_at(const std::vector<double>& film, double x, double y) {
  auto inside = [](double at) { return std::clamp(at * kCells - 0.5, 0.0, kCells - 1.0); };
  const double px = inside(x), py = inside(y);
  const int left = std::min(static_cast<int>(px), kCells - 2), top = std::min(static_cast<int>(py), kCells - 2);
  const double u = px - left, v = py - top;
  const double* at = film.data() + top * kCells + left;
  return (at[0] * (1 - u) + at[1] * u) * (1 - v) + (at[kCells] * (1 - u) + at[kCells + 1] * u) * v;
}

double correlation_at(const std::vector<double>& film, const Pattern& pattern, const Place& place) {
  double sum = 0, squares = 0, product = 0;
  for (int i = 0; i < kPoints; ++i) {
    if (pattern.weights[i] == 0) continue;
    const double value = value_at(film, place.x(point(i % kSide)), place.y(point(i / kSide)));
    const double weighted = pattern.weights[i] * value;
    sum += weighted, squares += weighted * value, product += weighted * pattern.values[i];
  }
  const double spread = squares - sum * sum / pattern.total;
  return spread > 1e-9 * std::max(1.0, squares) ? product / std::sqrt(spread) : 0;
}

struct Fit {
  Place place;
  double likeness = -1;
};

/// Moves the place along `axes`, halving the step where nothing is better.
template <class Likeness>
Fit climb(Fit best, std::span<const int> axes, double step, Likeness likeness) {
  for (; step > kLastStep; step /= 2)
    for (bool moved = true; moved;) {
      moved = false;
      for (int axis : axes)
        for (int direction : {-1, 1}) {
          Place other = best.place;
          other.value[axis] += direction * step * (axis >= 2 ? 2 : 1);
          if (const double found = likeness(other); found > best.likeness) best = {other, found}, moved = true;
        }
    }
  return best;
}

double square(double x) { return x * x; }

Fit fit_whole(const std::vector<double>& film) {
  static const Pattern pattern([](double) { return true; });
  auto likeness = [&](const Place& place) {
    const auto& [x, y, width, height] = place.value;
    return correlation_at(film, pattern, place) - 0.25 * (square(x) + square(y)) -
           0.05 * (square(std::log(width)) + square(std::log(height)));
  };
  Fit best;
  for (double height : {0.8, 1.0, 1.2})
    for (double width : {0.85, 1.0, 1.15})
      for (double y : {-0.12, -0.04, 0.04, 0.12})
        for (double x : {-0.08, 0.0, 0.08}) {
          const Place place{{x, y, width, height}};
          if (const double found = likeness(place); found > best.likeness) best = {place, found};
        }
  constexpr int kAll[] = {0, 1, 2, 3};
  return climb(best, kAll, 0.04, likeness);
}

Fit fit_side(const std::vector<double>& film, const Pattern& pattern, const Place& whole) {
  auto likeness = [&](const Place& place) {
    return correlation_at(film, pattern, place) - square(place.value[1] - whole.value[1]) -
           0.3 * square(std::log(place.value[3] / whole.value[3]));
  };
  constexpr int kVertical[] = {1, 3};
  return climb({whole, likeness(whole)}, kVertical, 0.03, likeness);
}

LungBox on_film(const LungBox& box, const Place& place, const Film& film) {
  return {place.x(box.left) * film.width(), place.y(box.top) * film.height(), place.x(box.right) * film.width(),
          place.y(box.bottom) * film.height()};
}

}  // namespace

Lungs find_lungs(const Film& film) {
  static const Pattern left([](double x) { return x < 0; }), right([](double x) { return x > 0; });
  Lungs lungs;
  if (film.pixels.empty()) return lungs;
  const std::vector<double> cells = reduced(film);
  const Fit whole = fit_whole(cells);
  const Fit on_left = fit_side(cells, left, whole.place), on_right = fit_side(cells, right, whole.place);
  lungs.likeness = std::min({whole.likeness, on_left.likeness, on_right.likeness});
  lungs.found = lungs.likeness >= kLungsAreAlike;
  if (!lungs.found) return lungs;
  lungs.picture_left = on_film(kLeftInTemplate, on_left.place, film);
  lungs.picture_right = on_film(kRightInTemplate, on_right.place, film);
  return lungs;
}

}  // namespace chestlight
