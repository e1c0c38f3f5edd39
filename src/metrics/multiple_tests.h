// Several tests at once: which of them tell of a difference, so that the chance of any false one stays below the level.
//
// Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65.
#pragma once

#include <span>
#include <vector>

namespace chestlight {

/// For each p-value whether it tells of a difference: the smallest is held against level / n, the next against level / (n − 1),
/// and so on until one fails.
std::vector<bool> holm(std::span<const double> p, double level);

}  // namespace chestlight
