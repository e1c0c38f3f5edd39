#include "imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "imaging/window.h"

namespace chestlight {
namespace {

struct Kernel {
  double support;
  double (*weight)(double);
};

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

Kernel kernel_of(Filter filter) {
  switch (filter) {
    case Filter::kLanczos3: return {3, [](double x) { return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0; }};
    case Filter::kTriangle: return {1, [](double x) { return std::max(0.0, 1 - std::abs(x)); }};
    case Filter::kArea: return {0.5, [](double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }};
    case Filter::kGaussian: return {2, [](double x) { return std::exp(-2 * x * x); }};
  }
  return {};
}

// The source samples that one target sample is made of.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

// Target sample i of `count` covers [begin + i·scale, begin + (i+1)·scale); samples outside [low, high) do not exist.
std::vector<Taps> make_taps(double begin, double end, int low, int high, int count, Filter filter) {
  const Kernel kernel = kernel_of(filter);
  const double scale = (end - begin) / count;
  const double stretch = std::max(scale, 1.0);
  const double support = kernel.support * stretch;
  std::vector<Taps> taps(count);
  std::vector<double> weights;
  for (int i = 0; i < count; ++i) {
    const double centre = begin + (i + 0.5) * scale;
    const int first = std::max(low, static_cast<int>(std::floor(centre - support + 0.5)));
    const int last = std::min(high, static_cast<int>(std::floor(centre + support + 0.5)));
    weights.clear();
    double sum = 0;
    for (int s = first; s < last; ++s) {
      weights.push_back(kernel.weight((s - centre + 0.5) / stretch));
      sum += weights.back();
    }
    taps[i].first = first;
    for (double weight : weights) taps[i].weights.push_back(static_cast<float>(sum != 0 ? weight / sum : weight));
  }
  return taps;
}

// Loops of a fixed length: compilers turn them into vector instructions without being told more.
constexpr int kBlock = 16;

// out[i] += weight · row[i]
template <class T>
void add_row(const T* row, float weight, float* __restrict out, int count) {
  int i = 0;
  for (; i + kBlock <= count; i += kBlock)
    for (int j = 0; j < kBlock; ++j) out[i + j] += weight * static_cast<float>(row[i + j]);
  for (; i < count; ++i) out[i] += weight * static_cast<float>(row[i]);
}

// The same for four rows in one go, which spares three of four visits to `out`.
template <class T>
void add_four_rows(const T* a, const T* b, const T* c, const T* d, const float* weights, float* __restrict out, int count) {
  const float wa = weights[0], wb = weights[1], wc = weights[2], wd = weights[3];
  auto sum = [=](int i) {
    return wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i]) + wc * static_cast<float>(c[i]) +
           wd * static_cast<float>(d[i]);
  };
  int i = 0;
  for (; i + kBlock <= count; i += kBlock)
    for (int j = 0; j < kBlock; ++j) out[i + j] += sum(i + j);
  for (; i < count; ++i) out[i] += sum(i);
}

// Each target row is a weighted sum of source rows, over columns [left, left + columns).
template <class T>
Grid<float> shrink_rows(GridView<const T> source, const std::vector<Taps>& taps, int left, int columns) {
  Grid<float> out(columns, static_cast<int>(taps.size()));
  for (std::size_t y = 0; y < taps.size(); ++y) {
    const auto& [first, weights] = taps[y];
    float* row = out.values().data() + y * columns;
    const int count = static_cast<int>(weights.size());
    auto source_row = [&, top = first](int k) { return source.row(top + k).data() + left; };
    int k = 0;
    for (; k + 4 <= count; k += 4)
      add_four_rows(source_row(k), source_row(k + 1), source_row(k + 2), source_row(k + 3), weights.data() + k, row, columns);
    for (; k < count; ++k) add_row(source_row(k), weights[k], row, columns);
  }
  return out;
}

// Each target column is a weighted sum of the columns of `rows`, whose first column is column `left` of the taps.
Grid<float> shrink_columns(const Grid<float>& rows, const std::vector<Taps>& taps, int left) {
  Grid<float> out(static_cast<int>(taps.size()), rows.height());
  for (int y = 0; y < rows.height(); ++y) {
    auto row = rows.view().row(y);
    auto target = out.view().row(y);
    for (std::size_t x = 0; x < taps.size(); ++x) {
      const float* sample = row.data() + (taps[x].first - left);
      float sum = 0;
      for (float weight : taps[x].weights) sum += weight * *sample++;
      target[x] = sum;
    }
  }
  return out;
}

template <class T>
Grid<float> resample_part(GridView<const T> source, const PixelRect& part, const Box& box, int width, int height, Filter filter) {
  auto columns = make_taps(box.left, box.right, part.x, part.x + part.width, width, filter);
  auto rows = make_taps(box.top, box.bottom, part.y, part.y + part.height, height, filter);
  int left = part.x + part.width, right = part.x;
  for (const auto& taps : columns) {
    left = std::min(left, taps.first);
    right = std::max(right, taps.first + static_cast<int>(taps.weights.size()));
  }
  return shrink_columns(shrink_rows(source, rows, left, std::max(right - left, 0)), columns, left);
}

}  // namespace

Grid<float> resample(GridView<const std::uint16_t> source, const Box& box, int width, int height, Filter filter) {
  return resample_part(source, {0, 0, source.width, source.height}, box, width, height, filter);
}

Grid<float> resample(GridView<const float> source, const Box& box, int width, int height, Filter filter) {
  return resample_part(source, {0, 0, source.width, source.height}, box, width, height, filter);
}

Grid<float> resample_crop(GridView<const std::uint16_t> source, const PixelRect& crop, int width, int height, Filter filter) {
  Box box{double(crop.x), double(crop.y), double(crop.x) + crop.width, double(crop.y) + crop.height};
  return resample_part(source, crop, box, width, height, filter);
}

Grid<std::uint8_t> downsample_thumbnail(const Film& film, int side) {
  const int longest = std::max({film.width(), film.height(), side});
  auto scaled = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(length) * side / longest)));
  };
  auto small = resample_crop(film.pixels.view(), {0, 0, film.width(), film.height()}, scaled(film.width()), scaled(film.height()),
                             Filter::kArea);
  return apply_window(small.view(), film.window, film.tables);
}

}  // namespace chestlight
