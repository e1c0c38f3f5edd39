// A drawing that a file lays over its picture (Film::drawing): one bit for each pixel, row by row from the lowest bit of each
// byte.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "contract/film.h"

namespace chestlight {

/// The same drawing for another size of its picture: each pixel takes the bit under its middle. Empty for an empty one.
/// `drawing` holds a bit for each pixel of `from`; both sizes are at least 1 × 1.
std::vector<std::uint8_t> resized_drawing(std::span<const std::uint8_t> drawing, contract::PictureSize from,
                                          contract::PictureSize to);

/// The picture with `ink` where something is drawn. `drawing` holds a bit for each value.
std::vector<std::uint16_t> drawn_over(std::span<const std::uint16_t> values, std::span<const std::uint8_t> drawing,
                                      std::uint16_t ink);

}  // namespace chestlight
