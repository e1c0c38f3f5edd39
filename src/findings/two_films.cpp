#include "findings/two_films.h"

#include <algorithm>
#include <cmath>

#include "imaging/resample.h"

namespace chestlight {
namespace {

constexpr int kSide = 32;
constexpr double kAlike = 0.3;
constexpr double kMirrorLead = 0.15;
constexpr double kLeastContrast = 0.05;  // variance of the flatter half over that of the other

// Pearson's correlation of the left half with the right half, or with its mirror image; 0 where one half is flat
// beside the other: there is no second film in it.
double correlation(const Grid<float>& picture, bool mirrored) {
  double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const double a = picture(x, y), b = picture(mirrored ? 2 * kSide - 1 - x : kSide + x, y);
      sum_a += a, sum_b += b, sum_aa += a * a, sum_bb += b * b, sum_ab += a * b;
    }
  constexpr double count = kSide * kSide;
  const double spread_a = sum_aa - sum_a * sum_a / count, spread_b = sum_bb - sum_b * sum_b / count;
  if (std::min(spread_a, spread_b) <= kLeastContrast * std::max(spread_a, spread_b)) return 0;
  return (sum_ab - sum_a * sum_b / count) / std::sqrt(spread_a * spread_b);
}

}  // namespace

bool looks_like_two_films(const Film& film) {
  if (film.width() < kWidthOfTwo * film.height() || film.width() < 2 * kSide || film.height() < kSide) return false;
  const Box whole{0, 0, static_cast<double>(film.width()), static_cast<double>(film.height())};
  const auto small = resample(film.pixels.view(), whole, 2 * kSide, kSide, Filter::kArea);
  const double alike = correlation(small, false);
  return alike > kAlike && alike > correlation(small, true) - kMirrorLead;
}

}  // namespace chestlight
