#include "metrics/sample_size.h"

#include <cmath>

#include "base/text.h"
#include "metrics/distributions.h"

namespace chestlight {
namespace {

constexpr int kMostFilms = 10'000'000;

bool fits(double area, double share, double reach, int films) {
  const int positives = static_cast<int>(std::lround(share * films));
  if (positives < 1 || positives >= films) return false;
  return normal_reach(0.95) * std::sqrt(area_variance(area, positives, films - positives)) <= reach;
}

}  // namespace

std::string sample_size_sentence(const Auroc& found, int positives, int negatives) {
  std::string sentence =
      text(positives, positives == 1 ? " film has" : " films have", " the finding and ", negatives,
           negatives == 1 ? " does" : " do", " not: the area is ", fixed(found.area, 2), ", and anything from ",
           fixed(found.interval.low, 2), " to ", fixed(found.interval.high, 2), " fits them.");
  const double share = static_cast<double>(positives) / (positives + negatives);
  const bool wide = found.interval.high - found.interval.low > 0.1;
  // Perfect separation says how many films there are, not how good the model is: nothing to plan from.
  if (!wide || found.method == AreaInterval::kScore) return sentence;
  if (const std::optional<int> films = films_for_reach(found.area, share, 0.05))
    sentence += text(" About ", *films, " such films would bring it to 0.05 on each side.");
  return sentence;
}

std::optional<int> films_for_reach(double area, double share, double reach) {
  int enough = 2;
  while (!fits(area, share, reach, enough)) {
    if (enough > kMostFilms) return std::nullopt;
    enough *= 2;
  }
  int too_few = enough / 2;
  while (enough - too_few > 1) {
    const int middle = too_few + (enough - too_few) / 2;
    (fits(area, share, reach, middle) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace chestlight
