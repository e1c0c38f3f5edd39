#include "findings/gate.h"

#include <algorithm>

#include "base/text.h"
#include "findings/acquisition.h"
#include "findings/two_films.h"

namespace chestlight {

namespace {

constexpr int kSampleSide = 512;
constexpr int kComfortableSide = 512;
constexpr double kLowPercentile = 0.005, kHighPercentile = 0.995;
constexpr double kLeastContrast = 0.02;
constexpr int kFewestGreys = 16;
constexpr double kMostColoured = 0.01;
constexpr double kDarkest = 0.25, kBrightest = 0.78;   // mean grey
constexpr double kMostWhite = 0.03, kMostBlack = 0.6;  // shares of the pixels
constexpr double kHalfAGrey = 0.5 / 255;
constexpr double kNarrowest = 0.5, kWidest = 2.0;

struct Greys {
  double contrast = 0;  // between the two percentiles, as a share of the scale the network sees
  int distinct = 0;
  double mean = 0;   // on the same scale
  double white = 0;  // shares of the pixels at its ends
  double black = 0;
};

Greys measure_greys(const Film& film) {
  std::vector<std::uint32_t> histogram(std::size_t{film.high} + 1);
  auto step = [](int side) { return (side + kSampleSide - 1) / kSampleSide; };
  std::uint64_t count = 0;
  for (int y = 0; y < film.height(); y += step(film.height()))
    for (int x = 0; x < film.width(); x += step(film.width()), ++count) ++histogram[std::min(film.pixels(x, y), film.high)];

  auto percentile = [&](double fraction) {
    auto wanted = fraction * static_cast<double>(count);
    std::uint64_t seen = 0;
    for (std::size_t value = 0; value < histogram.size(); ++value) {
      seen += histogram[value];
      if (static_cast<double>(seen) >= wanted && seen > 0) return static_cast<double>(value);
    }
    return static_cast<double>(film.high);
  };
  Greys greys;
  if (const auto range = film.network_range()) {
    auto seen = [&](double value) { return std::clamp((value - range->black) / (range->white - range->black), 0.0, 1.0); };
    greys.contrast = seen(percentile(kHighPercentile)) - seen(percentile(kLowPercentile));
    for (std::size_t value = 0; value < histogram.size(); ++value) {
      const double share = histogram[value] / static_cast<double>(count), grey = seen(static_cast<double>(value));
      greys.mean += share * grey;
      if (grey >= 1 - kHalfAGrey) greys.white += share;
      if (grey <= kHalfAGrey) greys.black += share;
    }
  }
  greys.distinct =
      static_cast<int>(std::count_if(histogram.begin(), histogram.end(), [](std::uint32_t pixels) { return pixels > 0; }));
  return greys;
}

}  // namespace

// What a reader should know of a film that can be analysed but was exposed or exported badly.
static std::vector<std::pair<const char*, std::string>> exposure_reasons(const Greys& greys) {
  std::vector<std::pair<const char*, std::string>> found;
  const std::string mean = fixed(100 * greys.mean, 0);
  if (greys.mean < kDarkest)
    found.emplace_back("too-dark", text("A very dark picture: its mean grey is ", mean,
                                        " % of the scale; if the original is brighter, use that."));
  if (greys.mean > kBrightest)
    found.emplace_back("too-bright", text("A very bright picture: its mean grey is ", mean,
                                          " % of the scale; if the original is darker, use that."));
  if (greys.white > kMostWhite || greys.black > kMostBlack)
    found.emplace_back("clipped",
                       text("Detail is cut off: ", fixed(100 * greys.white, 0), " % of the pixels are wholly white and ",
                            fixed(100 * greys.black, 0), " % wholly black; use a copy with a wider window."));
  return found;
}

std::vector<Reason> check_film(const Film& film, const InputSpec& input) {
  std::vector<Reason> reasons;
  auto refuse = [&](const char* id, std::string sentence) { reasons.push_back({id, Severity::kRefuse, std::move(sentence)}); };
  auto warn = [&](const char* id, std::string sentence) { reasons.push_back({id, Severity::kWarn, std::move(sentence)}); };
  const std::string size = text(film.width(), " × ", film.height(), " pixels");
  const int shorter = std::min(film.width(), film.height());
  const int needed = input.needed_side();

  if (shorter < needed)
    refuse("too-small", text("Too small for this model: the picture is ", size, " and the model needs at least ", needed,
                             " on the shorter side; use the original film rather than a thumbnail."));
  const Greys greys = measure_greys(film);
  if (greys.contrast < kLeastContrast)
    refuse("no-contrast", text("The picture has almost no contrast: its greys span ", fixed(100 * greys.contrast, 1),
                               " % of the scale and a film needs at least ", fixed(100 * kLeastContrast, 0),
                               " %; check that it was exported whole."));
  else if (greys.distinct < kFewestGreys)
    refuse("few-greys", text("The picture has only ", greys.distinct, " shades of grey and a film needs at least ", kFewestGreys,
                             "; use the original rather than a drawing or a scan in black and white."));
  if (film.facts.coloured_fraction > kMostColoured)
    refuse("colour", text("A colour picture, not a radiograph: ", fixed(100 * film.facts.coloured_fraction, 0),
                          " % of its pixels are coloured; use the grey original rather than a photograph of it."));

  if (looks_like_two_films(film))
    refuse("two-films", text("This looks like two films side by side (", size,
                             "): the model would see half of each; crop it to one of them."));

  std::vector<Reason> acquisition;
  if (film.facts.dicom) acquisition = check_acquisition(*film.facts.dicom);
  for (const Reason& reason : acquisition)
    if (reason.severity == Severity::kRefuse) reasons.push_back(reason);

  if (shorter >= needed && shorter < std::max(2 * needed, kComfortableSide))
    warn("small", text("A small picture: at ", size, " fine findings such as nodules may be lost; use the original (",
                       std::max(2 * needed, kComfortableSide), " pixels or more) if there is one."));
  if (!refuses(reasons))
    for (auto& [id, sentence] : exposure_reasons(greys)) warn(id, std::move(sentence));
  const double aspect = static_cast<double>(film.width()) / std::max(film.height(), 1);
  if (aspect <= kNarrowest || aspect >= kWidest)
    warn("odd-shape",
         text("Not the shape of a usual chest film: ", size, "; check that it is one film, not a strip or a page of several."));
  for (const Reason& reason : acquisition)
    if (reason.severity == Severity::kWarn) reasons.push_back(reason);
  return reasons;
}

bool refuses(const std::vector<Reason>& reasons) {
  return std::any_of(reasons.begin(), reasons.end(), [](const Reason& reason) { return reason.severity == Severity::kRefuse; });
}

bool may_be_overridden(const std::vector<Reason>& reasons) {
  return refuses(reasons) &&
         std::none_of(reasons.begin(), reasons.end(), [](const Reason& reason) { return reason.id == "no-contrast"; });
}

}  // namespace chestlight
