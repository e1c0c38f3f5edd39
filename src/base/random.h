// Random numbers that are the same everywhere: SplitMix64, whose formula is short enough to be repeated in another
// language to check a result. Not the standard library's distributions, which differ from one library to the next.
// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace chestlight {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// A whole number in [0, limit).
  int below(int limit) { return static_cast<int>(uniform() * limit); }

  /// Of mean 0 and standard deviation 1 (Box and Muller 1958; the second number of a pair is not kept).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace chestlight
