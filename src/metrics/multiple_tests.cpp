#include "metrics/multiple_tests.h"

#include <algorithm>
#include <numeric>

namespace chestlight {

std::vector<bool> holm(std::span<const double> p, double level) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<bool> differs(p.size(), false);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    if (!(p[order[rank]] <= level / static_cast<double>(order.size() - rank))) break;
    differs[order[rank]] = true;
  }
  return differs;
}

}  // namespace chestlight
