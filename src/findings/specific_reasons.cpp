#include "findings/specific_reasons.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "imaging/collimation.h"

namespace chestlight {
namespace {

constexpr std::array<std::string_view, 2> kGeneral{"not-a-radiograph", "other-body-part"};
constexpr std::array<std::string_view, 3> kInstead{"inverted", "rotated", "turned"};
constexpr std::array<std::string_view, 6> kBefore{"two-films", "odd-shape", "clipped", "too-dark", "too-bright", "bordered"};
constexpr double kBroadBorder = 0.2;

template <class List>
bool among(const Reason& reason, const List& list) {
  return std::ranges::find(list, reason.id) != list.end();
}

bool is_general(const Reason& reason) { return reason.severity == Severity::kRefuse && among(reason, kGeneral); }

}  // namespace

double border_share(const Film& film) {
  const PictureArea area = collimated_area(film.pixels.view());
  return 1 - static_cast<double>(area.width()) * area.height() / (static_cast<double>(film.width()) * film.height());
}

std::vector<Reason> most_specific_first(std::vector<Reason> reasons, double border) {
  if (std::ranges::none_of(reasons, is_general)) return reasons;
  if (border > kBroadBorder)
    reasons.push_back(
        {"bordered", Severity::kWarn,
         text("A border of one grey takes ", fixed(100 * border, 0), " % of the picture; crop it to the film for the model.")});
  const bool explained = std::ranges::any_of(reasons, [](const Reason& reason) { return among(reason, kInstead); });
  if (explained) std::erase_if(reasons, is_general);
  for (Reason& reason : reasons)
    if (among(reason, kInstead) || (!explained && among(reason, kBefore))) {
      reason.severity = Severity::kRefuse;
      reason.text += " As it is, the model does not take it for a chest film.";
    }
  // Features of a turned film often look inverted, too, and the other way round: the first names the others.
  const auto first = std::ranges::find_if(reasons, [](const Reason& reason) { return among(reason, kInstead); });
  if (first != reasons.end())
    for (auto other = std::next(first); other != reasons.end(); ++other)
      if (among(*other, kInstead)) first->text += " Or: " + other->text;
  auto rank = [](const Reason& reason) {
    if (reason.severity != Severity::kRefuse) return 3;
    return among(reason, kInstead) ? 0 : is_general(reason) ? 2 : 1;
  };
  std::ranges::stable_sort(reasons, {}, rank);
  return reasons;
}

}  // namespace chestlight
