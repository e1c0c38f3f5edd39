// Display windows (in pixel values) and 8-bit pictures through them. For eyes only: nothing here ever changes
// what the network sees.
#pragma once

#include <cstdint>
#include <span>

#include "base/grid.h"
#include "imaging/film.h"

namespace chestlight {

/// Percentiles of the automatic window, as shares of all pixels.
inline constexpr double kAutoWindowLow = 0.005;
inline constexpr double kAutoWindowHigh = 0.995;

/// The window whose ends are `black` and `white`; at least one value wide.
Window window_between(double black, double white);

/// From the smallest to the largest value present.
Window full_range(const Film& film);

/// From the 0.5th to the 99.5th percentile of the pixel values, so that markers and collimator edges do not set it.
/// 8-bit films are shown as they are (0..255): they were windowed when the file was made.
Window auto_window(const Film& film);

/// The value v such that a share of at least `fraction` (0..1) of all pixels is ≤ v.
std::uint16_t percentile(GridView<const std::uint16_t> pixels, double fraction);

/// 0..1. A table that is not among `tables` counts as none: the window is linear then. shaders/film.frag does the same.
float brightness(double value, const Window& window, std::span<const DisplayTable> tables);

/// Brightness as 0..255, rounded to nearest.
Grid<std::uint8_t> apply_window(GridView<const std::uint16_t> pixels, const Window& window,
                                std::span<const DisplayTable> tables = {});
Grid<std::uint8_t> apply_window(GridView<const float> pixels, const Window& window, std::span<const DisplayTable> tables = {});

}  // namespace chestlight
