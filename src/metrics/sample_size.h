// How much a number of films tells, in a sentence, and how many would tell enough.
#pragma once

#include <optional>
#include <string>

#include "metrics/roc.h"

namespace chestlight {

/// "11 films have the finding and 340 do not: the area is 0.74, and anything from 0.55 to 0.93 fits them."
std::string sample_size_sentence(const Auroc& found, int positives, int negatives);

/// The fewest films in all, of which `share` have the finding, whose 95 % interval reaches no further than `reach` to each side
/// of `area`. Empty where more than 10 million would be needed. share and area in (0, 1), reach > 0.
std::optional<int> films_for_reach(double area, double share, double reach);

}  // namespace chestlight
