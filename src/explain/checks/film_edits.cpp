#include "explain/checks/film_edits.h"

#include <algorithm>

namespace chestlight {
namespace {

std::vector<double> channel_means(const Question& question) {
  std::vector<double> means;
  const PixelRect& part = question.covered;
  for (int c = 0; c < question.channels; ++c) {
    double sum = 0;
    for (int y = part.y; y < part.y + part.height; ++y)
      for (int x = part.x; x < part.x + part.width; ++x)
        sum += question.film[(static_cast<std::size_t>(c) * question.height + y) * question.width + x];
    means.push_back(sum / (static_cast<double>(part.width) * part.height));
  }
  return means;
}

/// Means of 2·reach + 1 neighbours along lines of `count` values that lie `stride` apart; ends are repeated.
void box_line(float* values, int count, std::size_t stride, int reach, std::vector<float>& line) {
  line.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = values[i * stride];
  auto at = [&](int i) { return line[static_cast<std::size_t>(std::clamp(i, 0, count - 1))]; };
  double sum = 0;
  for (int i = -reach; i <= reach; ++i) sum += at(i);
  for (int i = 0; i < count; ++i) {
    values[i * stride] = static_cast<float>(sum / (2 * reach + 1));
    sum += at(i + reach + 1) - at(i - reach);
  }
}

}  // namespace

void append(std::vector<float>& batch, const std::vector<float>& film) { batch.insert(batch.end(), film.begin(), film.end()); }

std::vector<float> shifted(const Question& question, int dx, int dy) {
  std::vector<float> film(question.film.size());
  const int width = question.width, height = question.height;
  for (int c = 0; c < question.channels; ++c)
    for (int y = 0; y < height; ++y) {
      const float* row =
          question.film.data() + (static_cast<std::size_t>(c) * height + std::clamp(y - dy, 0, height - 1)) * width;
      float* out = film.data() + (static_cast<std::size_t>(c) * height + y) * width;
      for (int x = 0; x < width; ++x) out[x] = row[std::clamp(x - dx, 0, width - 1)];
    }
  return film;
}

std::vector<float> with_contrast(const Question& question, float contrast) {
  const std::vector<double> means = channel_means(question);
  std::vector<float> film = question.film;
  const PixelRect& part = question.covered;
  for (int c = 0; c < question.channels; ++c) {
    const auto mean = static_cast<float>(means[static_cast<std::size_t>(c)]);
    for (int y = part.y; y < part.y + part.height; ++y)
      for (int x = part.x; x < part.x + part.width; ++x) {
        float& value = film[(static_cast<std::size_t>(c) * question.height + y) * question.width + x];
        value = mean + contrast * (value - mean);
      }
  }
  return film;
}

std::vector<float> mean_film(const Question& question) {
  std::vector<float> film;
  for (double mean : channel_means(question))
    film.insert(film.end(), static_cast<std::size_t>(question.width) * question.height, static_cast<float>(mean));
  return film;
}

std::vector<float> blurred_film(const Question& question) {
  std::vector<float> film = question.film, line;
  const int width = question.width, height = question.height, reach = std::max(1, width / 16);
  for (int c = 0; c < question.channels; ++c) {
    float* channel = film.data() + static_cast<std::size_t>(c) * width * height;
    for (int pass = 0; pass < 3; ++pass) {
      for (int y = 0; y < height; ++y) box_line(channel + static_cast<std::size_t>(y) * width, width, 1, reach, line);
      for (int x = 0; x < width; ++x) box_line(channel + x, height, static_cast<std::size_t>(width), reach, line);
    }
  }
  return film;
}

std::vector<float> mixed(const std::vector<float>& film, const std::vector<float>& fill, GridView<const float> mask) {
  std::vector<float> result(film.size());
  const std::size_t pixels = mask.size();
  for (std::size_t i = 0; i < result.size(); ++i) {
    const float share = mask.data[i % pixels];
    result[i] = film[i] + share * (fill[i] - film[i]);
  }
  return result;
}

}  // namespace chestlight
