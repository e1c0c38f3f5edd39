#include "explain/location.h"

#include <cmath>

#include "base/text.h"

namespace chestlight {

namespace {

constexpr double kSideShare = 0.6;       // on one side, or in the middle third of the width
constexpr double kThirdShare = 0.5;      // in one third of the height
constexpr double kTwoThirdsShare = 0.8;  // in two neighbouring thirds
constexpr double kLittle = 0.1;       // positive evidence under this share of the negative is called little
constexpr int kCoarseCells = 6;       // fewer cells on a side than this are called coarse
constexpr int kSamplesPerThird = 32;  // halves and thirds both end on sample borders, as 96 = 2·48 = 3·32
constexpr int kSamples = 3 * kSamplesPerThird;

// Positive evidence in sixths of the width × thirds of the height, so that sides and the centre are sums of
// columns.
struct Sums {
  std::array<std::array<double, 6>, 3> positive{};
  double total = 0, negative = 0;

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
  SourcePx b =
      to_source(ModelPx{static_cast<double>(view.model_width), static_cast<double>(view.model_height)});
  return {std::max(0.0, std::min(a.x, b.x)), std::max(0.0, std::min(a.y, b.y)),
          std::min<double>(view.film_width, std::max(a.x, b.x)),
          std::min<double>(view.film_height, std::max(a.y, b.y))};
}

Sums sum_evidence(GridView<const float> map, const FilmView& view) {
  const Region seen = region_seen(view);
  const auto to_map = source_to_map(view, map.width, map.height);
  Sums sums;
  for (int y = 0; y < kSamples; ++y) {
    for (int x = 0; x < kSamples; ++x) {
      SourcePx at{seen.left + (x + 0.5) / kSamples * (seen.right - seen.left),
                  seen.top + (y + 0.5) / kSamples * (seen.bottom - seen.top)};
      MapPx cell = to_map(at);
      // Whole cells, not values between them: interpolation would move evidence across the middle line.
      int cell_x = std::clamp(static_cast<int>(std::floor(cell.x)), 0, map.width - 1);
      int cell_y = std::clamp(static_cast<int>(std::floor(cell.y)), 0, map.height - 1);
      double value = map(cell_x, cell_y);
      if (value > 0)
        sums.positive[y / kSamplesPerThird][x * 6 / kSamples] += value;
      else
        sums.negative += value;
    }
  }
  sums.total = sums.columns(0, 5);
  return sums;
}

const char* side_words(Side side) {
  switch (side) {
    case Side::kLeft:
      return "image left";
    case Side::kRight:
      return "image right";
    case Side::kCentre:
      return "around the middle";
    case Side::kBoth:
      return "both sides";
  }
  return "";
}

/// "image left, lower third (the patient's right, if the film is not flipped)"; with known sides "the patient's right (image
/// left), lower third".
std::string place_words(Side side, const std::string& heights, PictureSides sides) {
  const std::string place = side_words(side);
  if (side != Side::kLeft && side != Side::kRight) return place + ", " + heights;
  const bool customary = sides != PictureSides::kPatientsLeftIsLeft;
  const char* patients = (side == Side::kLeft) == customary ? "the patient's right" : "the patient's left";
  if (sides == PictureSides::kUnknown) return text(place, ", ", heights, " (", patients, ", if the film is not flipped)");
  return text(patients, " (", place, "), ", heights);
}

std::string height_words(int first, int last) {
  static constexpr const char* kThirds[] = {"upper", "middle", "lower"};
  if (first == 0 && last == 2) return "all heights";
  if (first == last) return text(kThirds[first], " third");
  return text(kThirds[first], " and ", kThirds[last], " thirds");
}

}  // namespace

Location locate_evidence(GridView<const float> map, const FilmView& view) {
  const Sums sums = sum_evidence(map, view);
  Location location;
  location.mean_positive = sums.total / (kSamples * kSamples);
  location.mean_negative = sums.negative / (kSamples * kSamples);
  if (!(sums.total > 0)) return location;

  int first_column = 0, last_column = 5;
  if (sums.columns(0, 2) >= kSideShare * sums.total) {
    location.side = Side::kLeft, last_column = 2;
  } else if (sums.columns(3, 5) >= kSideShare * sums.total) {
    location.side = Side::kRight, first_column = 3;
  } else if (sums.columns(2, 3) >= kSideShare * sums.total) {
    location.side = Side::kCentre, first_column = 2, last_column = 3;
  }

  // Shares of the height within the columns just named, so that the two halves of the sentence speak of one
  // place.
  const double inside = sums.columns(first_column, last_column);
  auto share_of = [&](int first, int last) {
    return sums.block(first_column, last_column, first, last) / inside;
  };
  int fullest = 0;
  for (int third = 1; third < 3; ++third)
    if (share_of(third, third) > share_of(fullest, fullest)) fullest = third;
  if (share_of(fullest, fullest) >= kThirdShare) {
    location.first_third = location.last_third = fullest;
  } else {
    const int first = share_of(0, 1) >= share_of(1, 2) ? 0 : 1;
    if (share_of(first, first + 1) >= kTwoThirdsShare)
      location.first_third = first, location.last_third = first + 1;
  }
  location.share =
      sums.block(first_column, last_column, location.first_third, location.last_third) / sums.total;
  return location;
}

PictureSides sides_of(const Film& film) {
  if (!film.facts.dicom) return PictureSides::kUnknown;
  const std::string& orientation = film.facts.dicom->orientation;
  if (orientation.starts_with("L")) return PictureSides::kPatientsRightIsLeft;
  if (orientation.starts_with("R")) return PictureSides::kPatientsLeftIsLeft;
  return PictureSides::kUnknown;
}

std::string location_words(const Location& location, int map_width, int map_height, LocationWording wording) {
  if (!(location.mean_positive > 0))
    return wording.from_threshold ? "No positive evidence: no part of the film reaches the threshold by itself."
                                  : "No positive evidence: no part of the film speaks for it.";
  const bool little = location.mean_positive < -kLittle * location.mean_negative;
  const bool spread = location.side == Side::kBoth && location.first_third == 0 && location.last_third == 2;
  std::string words = little ? "Little positive evidence; what there is lies " : "";
  if (spread) {
    words += little ? "spread over both sides" : "Spread over both sides";
    words += ", all heights";
  } else {
    words += little ? "mainly " : "Mainly ";
    words += text(place_words(location.side, height_words(location.first_third, location.last_third), wording.sides), ": ",
                  fixed(100 * location.share, 0), " % of the positive evidence");
  }
  if (std::min(map_width, map_height) < kCoarseCells)
    words += text("; coarse ", map_width, " × ", map_height, " map");
  return words + ".";
}

}  // namespace chestlight
