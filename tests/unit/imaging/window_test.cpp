#include "imaging/window.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace chestlight {
namespace {

Film film_of(int width, int height, std::vector<std::uint16_t> values, std::uint16_t full_scale) {
  Film film;
  film.low = *std::ranges::min_element(values);
  film.high = *std::ranges::max_element(values);
  film.pixels = Grid<std::uint16_t>(width, height, std::move(values));
  film.full_scale = full_scale;
  return film;
}

double black(const Window& window) { return window.centre - window.width / 2; }
double white(const Window& window) { return window.centre + window.width / 2; }

TEST(Window, EightBitFilmsOpenAsTheyAre) {
  auto window = auto_window(film_of(2, 1, {100, 120}, 255));
  EXPECT_EQ(black(window), 0);
  EXPECT_EQ(white(window), 255);
}

TEST(Window, DeepFilmsOpenBetweenPercentiles) {
  std::vector<std::uint16_t> values(1000);
  for (int i = 0; i < 1000; ++i) values[i] = static_cast<std::uint16_t>(1000 + i);
  values[0] = 0;        // a collimator edge
  values[999] = 65535;  // a burned-in marker
  auto film = film_of(100, 10, values, 65535);
  // Sorted: 0, 1001, …, 1998, 65535. The 5th and the 995th of 1000.
  EXPECT_EQ(black(auto_window(film)), 1004);
  EXPECT_EQ(white(auto_window(film)), 1994);
  EXPECT_EQ(black(full_range(film)), 0);
  EXPECT_EQ(white(full_range(film)), 65535);
}

TEST(Window, IsNeverEmpty) {
  EXPECT_EQ(auto_window(film_of(3, 1, {7, 7, 7}, 65535)).width, 1);
  EXPECT_EQ(full_range(film_of(3, 1, {7, 7, 7}, 65535)).width, 1);
  std::vector<std::uint16_t> values(1000, 500);
  values[3] = 700;
  EXPECT_EQ(auto_window(film_of(1000, 1, values, 65535)).width, 200) << "one odd pixel is all there is to see";
}

TEST(Window, PercentileByHand) {
  std::vector<std::uint16_t> values{4, 1, 3, 2};
  GridView<const std::uint16_t> pixels{values.data(), 4, 1};
  EXPECT_EQ(percentile(pixels, 0), 1);
  EXPECT_EQ(percentile(pixels, 0.25), 1);
  EXPECT_EQ(percentile(pixels, 0.26), 2);
  EXPECT_EQ(percentile(pixels, 0.5), 2);
  EXPECT_EQ(percentile(pixels, 1), 4);
}

TEST(Window, AppliedToEightBits) {
  std::vector<std::uint16_t> values{0, 100, 150, 200, 65535};
  auto shown = apply_window(GridView<const std::uint16_t>{values.data(), 5, 1}, window_between(100, 200));
  EXPECT_EQ(shown.values(), (std::vector<std::uint8_t>{0, 0, 128, 255, 255}));
  std::vector<float> floats{-5, 100, 149.9f, 200, 1e9f};
  auto from_floats = apply_window(GridView<const float>{floats.data(), 5, 1}, window_between(100, 200));
  EXPECT_EQ(from_floats.values(), (std::vector<std::uint8_t>{0, 0, 127, 255, 255}));
}

}  // namespace
}  // namespace chestlight
