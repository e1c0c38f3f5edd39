#include "anatomy/location.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "anatomy/zones.h"
#include "base/text.h"

namespace chestlight {

namespace {

constexpr double kSideShare = 0.6;       // on one side, or in the middle third of the width
constexpr double kThirdShare = 0.5;      // in one third of the height
constexpr double kTwoThirdsShare = 0.8;  // in two neighbouring thirds
constexpr double kLittle = 0.1;          // positive evidence under this share of the negative is called little
constexpr int kCoarseCells = 6;          // fewer cells on a side than this are called coarse
constexpr int kSamplesPerThird = 32;     // halves and thirds both end on sample borders, as 96 = 2·48 = 3·32
constexpr int kSamples = 3 * kSamplesPerThird;
constexpr double kLungReach = 0.1;  // of a lung's width and height, beyond its outer edges
constexpr double kOutsideShare = 0.5;
constexpr double kMainShare = 0.5;  // of all positive evidence: less is not called the main place

// Positive evidence in six columns × three rows, so that sides and the centre are sums of columns: sixths and thirds of the
// picture, or two columns and three zones for each lung and two columns between them.
struct Sums {
  std::array<std::array<double, 6>, 3> positive{};
  double outside = 0, below = 0, negative = 0;
  std::array<double, 2> apex{}, angle{};  // on the left, on the right

  double columns(int first, int last) const {
    double sum = 0;
    for (const auto& row : positive)
      for (int column = first; column <= last; ++column) sum += row[column];
    return sum;
  }
  double block(int first_column, int last_column, int first_row, int last_row) const {
    double sum = 0;
    for (int row = first_row; row <= last_row; ++row)
      for (int column = first_column; column <= last_column; ++column) sum += positive[row][column];
    return sum;
  }
};

// The upright rectangle of the film that the network saw.
struct Region {
  double left, top, right, bottom;
};

Region region_seen(const FilmView& view) {
  auto to_source = view.source_to_model.inverse();
  SourcePx a = to_source(ModelPx{0, 0});
  SourcePx b = to_source(ModelPx{static_cast<double>(view.model_width), static_cast<double>(view.model_height)});
  return {std::max(0.0, std::min(a.x, b.x)), std::max(0.0, std::min(a.y, b.y)),
          std::min<double>(view.film_width, std::max(a.x, b.x)), std::min<double>(view.film_height, std::max(a.y, b.y))};
}

constexpr int kOutside = 6 * 3;       // the place outside the lungs and what lies between them; others are column + 6 * row
constexpr int kBelow = kOutside + 1;  // and not beside them

int place_in_lungs(SourcePx at, const Lungs& lungs) {
  const bool on_left = at.x < (lungs.picture_left.right + lungs.picture_right.left) / 2;
  const LungBox& lung = on_left ? lungs.picture_left : lungs.picture_right;
  // From the lung's outer edge (0) to its inner one (1), and on to the middle.
  const double inwards = (on_left ? at.x - lung.left : lung.right - at.x) / (lung.right - lung.left);
  const double down = (at.y - lung.top) / (lung.bottom - lung.top);
  if (inwards < -kLungReach || down < -kLungReach) return kOutside;
  if (down > 1 + kLungReach) return kBelow;
  const int column = inwards < 0.5 ? 0 : inwards < 1 ? 1 : 2;
  return (on_left ? column : 5 - column) + 6 * std::clamp(static_cast<int>(std::floor(3 * down)), 0, 2);
}

const char* side_words(Side side, bool in_lungs) {
  switch (side) {
    case Side::kLeft: return "image left";
    case Side::kRight: return "image right";
    case Side::kCentre: return in_lungs ? "between the lungs" : "around the middle";
    case Side::kBoth: return in_lungs ? "both lungs" : "both sides";
  }
  return "";
}

std::string height_words(const Location& location) {
  if (location.part == LungPart::kApex) return "apex";
  if (location.part == LungPart::kCostophrenicAngle) return "costophrenic angle";
  static constexpr const char* kThirds[] = {"upper", "middle", "lower"};
  const int first = location.first_third, last = location.last_third;
  const std::string_view one = location.in_lungs ? " zone" : " third";
  if (first == 0 && last == 2) return location.in_lungs ? "all zones" : "all heights";
  if (first == last) return text(kThirds[first], one);
  return text(kThirds[first], " and ", kThirds[last], one, "s");
}

/// What lies between the lungs at these heights, as far as the lungs alone tell; by outlines, what it is.
const char* between_words(const Location& location) {
  if (location.first_third == 2) return "over the heart";
  if (location.by_outlines && location.last_third == 0) return "over the mediastinum and hila";
  return location.last_third == 0 ? "over the mediastinum" : "over heart and mediastinum";
}

/// "image left, lower third (the patient's right, if the film is not flipped)"; with known sides "the patient's right (image
/// left), lower third".
std::string place_words(const Location& location, PictureSides sides) {
  const Side side = location.side;
  const std::string place = side_words(side, location.in_lungs);
  const std::string heights = height_words(location);
  if (side == Side::kCentre && location.by_outlines) return between_words(location);
  if (side == Side::kCentre && location.in_lungs) return text(between_words(location), " (", place, ", ", heights, ")");
  if (side != Side::kLeft && side != Side::kRight) return place + ", " + heights;
  const bool customary = sides != PictureSides::kPatientsLeftIsLeft;
  const char* patients = (side == Side::kLeft) == customary ? "the patient's right" : "the patient's left";
  if (sides == PictureSides::kUnknown) return text(place, ", ", heights, " (", patients, ", if the film is not flipped)");
  return text(patients, " (", place, "), ", heights);
}

/// Whether the words can follow one region.
bool is_one(const MainRegion& region) { return region.regions > 0 && region.of_contour >= kMainShare; }

}  // namespace

template <class SpotAt>
void EvidencePlaces::sample(const FilmView& view, int map_width, int map_height, SpotAt spot_at) {
  const Region seen = region_seen(view);
  const auto to_map = source_to_map(view, map_width, map_height);
  for (int y = 0; y < kSamples; ++y) {
    for (int x = 0; x < kSamples; ++x) {
      const SourcePx at{seen.left + (x + 0.5) / kSamples * (seen.right - seen.left),
                        seen.top + (y + 0.5) / kSamples * (seen.bottom - seen.top)};
      // Whole cells, not values between them: interpolation would move evidence across the middle line.
      const MapPx in_map = to_map(at);
      const int cell_x = std::clamp(static_cast<int>(std::floor(in_map.x)), 0, map_width - 1);
      const int cell_y = std::clamp(static_cast<int>(std::floor(in_map.y)), 0, map_height - 1);
      Spot spot = spot_at(at, x, y);
      spot.cell = cell_y * map_width + cell_x;
      if (!runs_.empty() && runs_.back().spot == spot) ++runs_.back().samples;
      else runs_.push_back({spot, 1});
    }
  }
}

EvidencePlaces::EvidencePlaces(const FilmView& view, int map_width, int map_height, const Lungs& lungs) : in_lungs_(lungs.found) {
  sample(view, map_width, map_height, [&](SourcePx at, int x, int y) {
    return Spot{.place = in_lungs_ ? place_in_lungs(at, lungs) : x * 6 / kSamples + 6 * (y / kSamplesPerThird)};
  });
}

EvidencePlaces::EvidencePlaces(const FilmView& view, int map_width, int map_height, const Anatomy& anatomy)
    : in_lungs_(true), by_outlines_(true) {
  const ChestPlaces chest(anatomy);
  sample(view, map_width, map_height, [&](SourcePx at, int, int) { return spot_by_outlines(chest, at); });
}

/// Columns 0, 1 and 4, 5 are the lungs, 2 and 3 what lies between them to either side; there row 2 is the heart, row 0 the rest.
EvidencePlaces::Spot EvidencePlaces::spot_by_outlines(const ChestPlaces& chest, SourcePx at) {
  const PlaceOnChest place = chest.at(at);
  const int middle = chest.left_of_middle(at) ? 2 : 3;
  const Organ elsewhere = chest.in_chest(at) ? Organ::kElsewhere : Organ::kOutside;
  switch (place.place) {
    case ChestPlace::kHeart: return {.place = middle + 6 * 2, .organ = Organ::kHeart};
    case ChestPlace::kMediastinum: return {.place = middle, .organ = Organ::kElsewhere};
    case ChestPlace::kDiaphragm: return {.place = kBelow, .organ = elsewhere};
    default: break;
  }
  Spot spot{.place = kOutside, .organ = place.place == ChestPlace::kOutside ? elsewhere : Organ::kLungs};
  if (place.place == ChestPlace::kApex) spot.part = LungPart::kApex;
  if (place.place == ChestPlace::kCostophrenicAngle) spot.part = LungPart::kCostophrenicAngle;
  if (const auto near = chest.near_lung(at)) {
    const int column = near->inwards < 0.5 ? 0 : 1;
    spot.place = (near->on_left ? column : 5 - column) + 6 * std::clamp(static_cast<int>(std::floor(3 * near->down)), 0, 2);
  } else if (chest.under_mediastinum(at)) {
    spot.place = kBelow;
  }
  return spot;
}

Location EvidencePlaces::locate(GridView<const float> map) const {
  Sums sums;
  for (const auto& [spot, samples] : runs_) {
    const int place = spot.place;
    const double value = samples * static_cast<double>(map.data[spot.cell]);
    if (value > 0 && spot.part != LungPart::kNone)
      (spot.part == LungPart::kApex ? sums.apex : sums.angle)[place % 6 < 3 ? 0 : 1] += value;
    if (!(value > 0)) sums.negative += value;
    else if (place == kOutside) sums.outside += value;
    else if (place == kBelow) sums.below += value;
    else sums.positive[place / 6][place % 6] += value;
  }
  const double placed = sums.columns(0, 5), outside = sums.outside + sums.below, total = placed + outside;
  Location location;
  location.in_lungs = in_lungs_;
  location.by_outlines = by_outlines_;
  location.mean_positive = total / (kSamples * kSamples);
  location.mean_negative = sums.negative / (kSamples * kSamples);
  if (!(total > 0)) return location;
  location.outside = outside / total;
  location.below = sums.below / total;
  if (!(placed > 0)) return location;

  int first_column = 0, last_column = 5;
  if (by_outlines_ && sums.columns(2, 3) >= kSideShare * placed) {
    location.side = Side::kCentre, first_column = 2, last_column = 3;
  } else if (sums.columns(0, 2) >= kSideShare * placed) {
    location.side = Side::kLeft, last_column = 2;
  } else if (sums.columns(3, 5) >= kSideShare * placed) {
    location.side = Side::kRight, first_column = 3;
  } else if (sums.columns(2, 3) >= kSideShare * placed) {
    location.side = Side::kCentre, first_column = 2, last_column = 3;
  }

  // Shares of the height within the columns just named, so that the two halves of the sentence speak of one
  // place.
  const double inside = sums.columns(first_column, last_column);
  auto share_of = [&](int first, int last) { return sums.block(first_column, last_column, first, last) / inside; };
  int fullest = 0;
  for (int third = 1; third < 3; ++third)
    if (share_of(third, third) > share_of(fullest, fullest)) fullest = third;
  if (share_of(fullest, fullest) >= kThirdShare) {
    location.first_third = location.last_third = fullest;
  } else {
    const int first = share_of(0, 1) >= share_of(1, 2) ? 0 : 1;
    if (share_of(first, first + 1) >= kTwoThirdsShare) location.first_third = first, location.last_third = first + 1;
  }
  location.share = sums.block(first_column, last_column, location.first_third, location.last_third) / total;
  if (location.side == Side::kLeft || location.side == Side::kRight) {
    const std::size_t side = location.side == Side::kLeft ? 0 : 1;
    if (sums.apex[side] >= kThirdShare * total) location.part = LungPart::kApex, location.share = sums.apex[side] / total;
    if (sums.angle[side] >= kThirdShare * total)
      location.part = LungPart::kCostophrenicAngle, location.share = sums.angle[side] / total;
  }
  return location;
}

std::optional<contract::EvidenceShares> EvidencePlaces::shares(GridView<const float> map) const {
  if (!by_outlines_) return std::nullopt;
  std::array<double, 4> sums{};
  double total = 0;
  for (const auto& [spot, samples] : runs_) {
    const double value = samples * std::max(0.0, static_cast<double>(map.data[spot.cell]));
    sums[static_cast<std::size_t>(spot.organ)] += value;
    total += value;
  }
  if (!(total > 0)) return std::nullopt;
  return contract::EvidenceShares{sums[0] / total, sums[1] / total, sums[2] / total, sums[3] / total};
}

bool is_possible_shortcut(const contract::EvidenceShares& shares) { return shares.outside > kShortcutShare; }

std::string shares_words(const contract::EvidenceShares& shares) {
  auto percent = [](double share) { return text(fixed(100 * share, 0), " %"); };
  std::string words =
      text("Of the positive evidence ", percent(shares.lungs), " lies in the lungs, ", percent(shares.heart), " over the heart, ",
           percent(shares.elsewhere), " elsewhere in the chest, ", percent(shares.outside), " outside it.");
  if (is_possible_shortcut(shares)) words = "Possible shortcut: most of what speaks for it lies outside the chest. " + words;
  return words;
}

PictureSides sides_of(const Film& film) {
  if (!film.facts.dicom) return PictureSides::kUnknown;
  const std::string& orientation = film.facts.dicom->orientation;
  if (orientation.starts_with("L")) return PictureSides::kPatientsRightIsLeft;
  if (orientation.starts_with("R")) return PictureSides::kPatientsLeftIsLeft;
  return PictureSides::kUnknown;
}

MainRegion EvidencePlaces::locate_region(GridView<const float> map, GridView<const float> region, double of_contour,
                                         int regions) const {
  MainRegion main;
  if (regions == 0) return main;
  Grid<float> inside(map.width, map.height);
  double all = 0, held = 0;
  for (std::size_t i = 0; i < inside.values().size(); ++i) {
    const float positive = std::max(0.0f, map.data[i]);
    inside.values()[i] = positive * region.data[i];
    all += positive, held += inside.values()[i];
  }
  main.location = locate(std::as_const(inside).view());
  main.of_contour = of_contour;
  main.of_evidence = all > 0 ? held / all : 0;
  main.regions = regions;
  return main;
}

std::string place_in_short(const Location& all, const MainRegion& region, PictureSides sides) {
  if (!(all.mean_positive > 0)) return "";
  const bool one = is_one(region);
  const Location& location = one ? region.location : all;
  if (location.below > kOutsideShare) return "at the diaphragm";
  if (location.outside > kOutsideShare) return "outside the lungs";
  const bool named = location.share >= kMainShare;
  const bool all_heights = !named || (location.part == LungPart::kNone && location.first_third == 0 && location.last_third == 2);
  if (!one && (!named || (location.side == Side::kBoth && all_heights))) return "diffuse";
  if (location.side == Side::kCentre) return location.in_lungs ? between_words(location) : side_words(location.side, false);
  const std::string heights = all_heights ? "" : height_words(location);
  const std::string comma = heights.empty() ? "" : ", ";
  if (location.side == Side::kBoth) return text(side_words(location.side, location.in_lungs), comma, heights);
  if (sides == PictureSides::kUnknown) return text(heights, comma, side_words(location.side, location.in_lungs));
  const bool right = (location.side == Side::kLeft) == (sides == PictureSides::kPatientsRightIsLeft);
  const std::string_view whole = location.in_lungs ? "lung" : "side";
  return text(right ? "right " : "left ", heights.empty() ? whole : std::string_view(heights));
}

std::string location_words(const Location& all, const MainRegion& region, int map_width, int map_height, PictureSides sides) {
  if (!(all.mean_positive > 0)) return "No positive evidence: no part of the film speaks for it by itself.";
  const bool little = all.mean_positive < -kLittle * all.mean_negative;
  const bool one = is_one(region);
  const Location& location = one ? region.location : all;
  auto percent = [](double share) { return text(fixed(100 * share, 0), " % of the positive evidence"); };
  auto how_much = [&](double of_location) {
    if (!one) return percent(of_location);
    return text(region.regions == 1 ? "one region" : text("the largest of ", region.regions, " regions"), ", ",
                percent(region.of_evidence));
  };
  std::string words = little ? "little positive evidence; what there is lies " : "";
  if (location.below > kOutsideShare) {
    words += text("mainly below the lungs, at the diaphragm or under it: ", how_much(location.below));
  } else if (location.outside > kOutsideShare) {
    words += text("mainly outside the lungs: ", how_much(location.outside));
  } else if (location.side == Side::kBoth && location.first_third == 0 && location.last_third == 2) {
    words += text("spread over ", place_words(location, sides), one ? ": " + how_much(location.share) : "");
  } else if (one || location.share >= kMainShare) {
    words += text("mainly ", place_words(location, sides), ": ", how_much(location.share));
  } else {
    words += text("diffuse, the largest part ", place_words(location, sides), ": ", how_much(location.share));
  }
  words.front() = static_cast<char>(words.front() - 'a' + 'A');
  if (std::min(map_width, map_height) < kCoarseCells) words += text("; coarse ", map_width, " × ", map_height, " map");
  if (!location.in_lungs) words += "; no lungs found: thirds of the picture";
  return words + ".";
}

}  // namespace chestlight
