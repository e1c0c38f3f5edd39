#include "imaging/dicom/stored_image.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "imaging/decode.h"
#include "imaging/dicom/colour.h"
#include "imaging/drawing.h"
#include "imaging/network_range.h"
#include "imaging/resample.h"
#include "imaging/window.h"

namespace chestlight {
namespace {

constexpr std::int64_t kMostPixels = 64'000'000;
constexpr std::int64_t kFilmValues = 65536;
constexpr double kSquare = 0.01, kLongestPixel = 4;  // of height over width
constexpr int kLongestSide = 20'000;
constexpr double kLutFoot = 0.05, kLutShoulder = 0.95;

// Values of one kind, as a closed interval.
struct Span {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t size() const { return high - low + 1; }
};

// film = scale · value + offset, for stored values or modality values.
struct Line {
  double scale = 1;
  double offset = 0;
  double operator()(double value) const { return scale * value + offset; }
};

Result<void> check(const StoredImage& image) {
  auto corrupt = [](std::string message) {
    return Error{ErrorCode::kCorrupt, std::move(message), "Copy or export the file again from where it came."};
  };
  if (image.width < 1 || image.height < 1) return corrupt("The DICOM image has no size.");
  const auto pixels = std::int64_t{image.width} * image.height;
  if (pixels > kMostPixels)
    return Error{ErrorCode::kTooLarge,
                 text("The image is ", image.width, " × ", image.height, " pixels; the limit is 64 million."),
                 "Export the film again with fewer pixels, or crop it to the chest."};
  if (!image.drawing.empty() && static_cast<std::int64_t>(image.drawing.size()) != (pixels + 7) / 8)
    return corrupt(
        text("The drawing over the picture has ", image.drawing.size(), " bytes; ", (pixels + 7) / 8, " were expected."));
  if (image.channels != 1 && image.channels != 3)
    return corrupt(text("The DICOM image has ", image.channels, " values per pixel; 1 or 3 were expected."));
  if (image.bits < 1 || image.bits > 32)
    return corrupt(text("The DICOM image has ", image.bits, " bits per value; 1 to 32 were expected."));
  if (static_cast<std::int64_t>(image.values.size()) != pixels * image.channels)
    return corrupt(text("The DICOM image has ", image.values.size(), " values; ", pixels * image.channels, " were expected."));
  const auto& photometric = image.facts.photometric;
  const bool grey = photometric == "MONOCHROME1" || photometric == "MONOCHROME2";
  if (image.channels == 1 ? !grey && !has_palette(image) : !is_colour_space(photometric))
    return Error{ErrorCode::kUnsupportedFormat,
                 text("The DICOM image stores its colours in a way that is not read (", photometric, ")."),
                 "Export the film as PNG from your viewer, then drop the PNG here."};
  return {};
}

// Grey values before they become film values; what is no picture told apart.
class Greys {
 public:
  explicit Greys(const StoredImage& image) : image_(image) {
    if (image.modality_lut && !image.modality_lut->values.empty()) lut_ = &*image.modality_lut;
    if (image.shutter) {
      open_ = open_part(*image.shutter, image.width, image.height).values();
      const auto open = std::ranges::count(open_, 1);
      if (static_cast<double>(open) < kLeastOpen * static_cast<double>(open_.size())) open_.clear();
    }
    measure(image.padding.has_value());
    // A film of padding alone: then it is no padding.
    if (used_.low > used_.high) measure(false);
    if (used_.low > used_.high) {
      open_.clear();
      measure(false);
    }
  }

  std::int64_t at(std::size_t index) const { return lut_ ? lut_->at(image_.values[index]) : image_.values[index]; }
  bool is_picture(std::size_t index) const {
    if (!open_.empty() && open_[index] == 0) return false;
    return !padded_ || image_.values[index] < image_.padding->low || image_.values[index] > image_.padding->high;
  }
  bool padded() const { return padded_; }
  bool shuttered() const { return !open_.empty(); }
  bool has_lut() const { return lut_ != nullptr; }
  const Span& used() const { return used_; }

  // What the bits can hold and what they do hold.
  Span range() const {
    Span nominal{0, (std::int64_t{1} << bits()) - 1};
    if (image_.is_signed && !lut_) nominal = {-(std::int64_t{1} << (bits() - 1)), (std::int64_t{1} << (bits() - 1)) - 1};
    return {std::min(nominal.low, used_.low), std::max(nominal.high, used_.high)};
  }

 private:
  int bits() const { return lut_ ? std::clamp(lut_->bits, 1, 16) : image_.bits; }

  void measure(bool padded) {
    padded_ = padded;
    used_ = {INT64_MAX, INT64_MIN};
    for (std::size_t i = 0; i < image_.values.size(); ++i) {
      if (!is_picture(i)) continue;
      const auto value = at(i);
      used_.low = std::min(used_.low, value);
      used_.high = std::max(used_.high, value);
    }
  }

  const StoredImage& image_;
  const LookupTable* lut_ = nullptr;
  std::vector<std::uint8_t> open_;  // of the shutter; empty without one
  bool padded_ = false;
  Span used_;
};

// From grey values to film values: see the rule in the header.
Line film_line(const Span& range, const Span& used, bool inverted) {
  Span shown = range;
  double scale = 1;
  if (shown.size() > kFilmValues) shown = used;
  if (shown.size() > kFilmValues) scale = static_cast<double>(kFilmValues - 1) / static_cast<double>(shown.size() - 1);
  if (inverted) return {-scale, scale * static_cast<double>(shown.high)};
  return {scale, -scale * static_cast<double>(shown.low)};
}

// The ends of a stated window in modality values.
ValueRange ends_of(const StoredWindow& window, VoiFunction function) {
  if (function != VoiFunction::kLinear) return {window.centre - window.width / 2, window.centre + window.width / 2};
  return {window.centre - 0.5 - (window.width - 1) / 2, window.centre - 0.5 + (window.width - 1) / 2};
}

// The line nearest to a VOI LUT, in its input values; nothing for a table that is flat.
std::optional<ValueRange> ends_of(const LookupTable& lut) {
  const auto [least, most] = std::ranges::minmax(lut.values);
  if (lut.values.size() < 2 || least == most) return std::nullopt;
  const double first = lut.values.front(), last = lut.values.back();
  const ValueRange whole{static_cast<double>(lut.first_input), lut.first_input + static_cast<double>(lut.values.size() - 1)};
  auto input_at = [&](double fraction) {
    const double wanted = first + fraction * (last - first);
    std::size_t i = 0;
    while (i + 1 < lut.values.size() && (first < last ? lut.values[i] < wanted : lut.values[i] > wanted)) ++i;
    const double before = lut.values[i > 0 ? i - 1 : 0], here = lut.values[i];
    const double part = here == before ? 0 : (here - wanted) / (here - before);
    return lut.first_input + static_cast<double>(i) - part;
  };
  const double foot = input_at(kLutFoot), shoulder = input_at(kLutShoulder);
  if (first == last || shoulder <= foot) return whole;
  const double tail = (shoulder - foot) * kLutFoot / (kLutShoulder - kLutFoot);
  return ValueRange{foot - tail, shoulder + tail};
}

// `ends` in film values, black below white, at least one value wide.
ValueRange to_film(const ValueRange& ends, const Line& modality_to_film) {
  ValueRange film{modality_to_film(ends.black), modality_to_film(ends.white)};
  if (film.black > film.white) std::swap(film.black, film.white);
  if (film.white - film.black < 1) {
    const double centre = (film.black + film.white) / 2;
    film = {centre - 0.5, centre + 0.5};
  }
  return film;
}

// White of a VOI LUT: what its bits can hold. Makers state 16 bits over entries of 12; then it is the greatest entry.
double greatest_output(const LookupTable& lut) {
  const int greatest = std::ranges::max(lut.values), stated = (1 << std::clamp(lut.bits, 1, 16)) - 1;
  return lut.bits <= 8 || greatest > stated / 2 ? std::max(stated, greatest) : std::max(greatest, 1);
}

// A VOI LUT as a curve over the film's values. Its output is grey as the file means it: dark where the film is to be
// inverted.
DisplayTable table_of(const LookupTable& lut, const ValueRange& window, const Line& modality_to_film, bool inverted) {
  DisplayTable table;
  const double full = greatest_output(lut);
  for (std::uint16_t value : lut.values) {
    const double grey = value / full;
    table.values.push_back(static_cast<std::uint16_t>(std::lround(65535 * (inverted ? 1 - grey : grey))));
  }
  auto place = [&](double input) { return (modality_to_film(input) - window.black) / (window.white - window.black); };
  table.first = place(lut.first_input);
  table.last = place(lut.first_input + static_cast<double>(lut.values.size() - 1));
  if (table.first > table.last) {
    std::swap(table.first, table.last);
    std::ranges::reverse(table.values);
  }
  return table;
}

// The film's presets, and the tables of those that have one. `turned`: the film was turned round for a VOI LUT that falls,
// so that windows, which rise, fall over it.
void add_presets(Film& film, const StoredImage& image, const Line& modality_to_film, bool inverted, bool turned) {
  auto add = [&](const ValueRange& ends, WindowShape shape, const std::string& name, const char* kind, std::size_t number) {
    Window window = window_between(ends.black, ends.white);
    window.shape = shape;
    if (shape == WindowShape::kTable) window.table = static_cast<int>(film.tables.size()) - 1;
    film.presets.push_back({name.empty() ? text(kind, number) : name, window});
  };
  for (std::size_t i = 0; i < image.windows.size(); ++i) {
    const auto& window = image.windows[i];
    if (!std::isfinite(window.centre) || !std::isfinite(window.width)) continue;
    if (image.voi_function == VoiFunction::kLinear ? window.width < 1 : window.width <= 0) continue;
    const ValueRange ends = to_film(ends_of(window, image.voi_function), modality_to_film);
    if (!std::isfinite(ends.black) || !std::isfinite(ends.white)) continue;
    const bool sigmoid = image.voi_function == VoiFunction::kSigmoid;
    if (turned) film.tables.push_back({0, 1, {65535, 0}});
    add(ends,
        turned    ? WindowShape::kTable
        : sigmoid ? WindowShape::kSigmoid
                  : WindowShape::kLinear,
        window.name, "Window ", i + 1);
  }
  for (std::size_t i = 0; i < image.voi_luts.size(); ++i) {
    const LookupTable& lut = image.voi_luts[i];
    const auto inputs = ends_of(lut);
    if (!inputs) continue;
    const ValueRange ends = to_film(*inputs, modality_to_film);
    if (!std::isfinite(ends.black) || !std::isfinite(ends.white)) continue;
    DisplayTable table = table_of(lut, ends, modality_to_film, inverted);
    if (!(table.first < table.last)) continue;  // a rescale that leaves no room for it
    film.tables.push_back(std::move(table));
    add(ends, WindowShape::kTable, lut.name, "VOI LUT ", i + 1);
  }
}

std::string passed_over(std::size_t windows) {
  if (windows == 1) return "The file’s first window does not show most of the film’s values and is passed over.";
  return text("The file’s first ", windows, " windows do not show most of the film’s values and are passed over.");
}

ValueRange range_of(const Window& window) { return {window.centre - window.width / 2, window.centre + window.width / 2}; }

Histogram picture_of(const Film& film, const Greys& greys) {
  Histogram picture;
  for (std::size_t i = 0; i < film.pixels.values().size(); ++i)
    if (greys.is_picture(i)) picture.add(film.pixels.values()[i]);
  return picture;
}

// Whether the picture's brighter values are darker through this window.
bool falls(const Film& film, const Window& window, const Histogram& picture) {
  if (window.shape != WindowShape::kTable) return false;
  const double dark = picture.percentile(kMostOutliers), bright = picture.percentile(1 - kMostOutliers);
  return brightness(bright, window, film.tables) < brightness(dark, window, film.tables);
}

// The first of the file's windows that shows most of the film, and what was passed over before it.
const NamedWindow* choose_window(Film& film, const Histogram& picture) {
  for (std::size_t i = 0; i < film.presets.size(); ++i) {
    if (!is_usable(range_of(film.presets[i].window), picture)) continue;
    if (i > 0) film.facts.notes.push_back(passed_over(i));
    return &film.presets[i];
  }
  if (!film.presets.empty()) film.facts.notes.push_back(passed_over(film.presets.size()));
  return nullptr;
}

// Decides what the film opens with and what the network sees, and says so.
void choose_ranges(Film& film, const StoredImage& image, const Greys& greys, const Histogram& picture,
                   const NamedWindow* chosen) {
  auto& notes = film.facts.notes;
  if (chosen) {
    film.window = chosen->window;
    film.stated_range = range_of(film.window);
    const bool curved = film.window.shape != WindowShape::kLinear;
    notes.push_back(text("The model sees the file’s ", chosen == &film.presets.front() ? "first " : "", "window (", chosen->name,
                         ")", curved ? " as a straight line." : "."));
    return;
  }
  if (image.bits == 8 && !image.is_signed && !greys.has_lut()) {
    film.window = window_between(0, 255);
    film.stated_range = ValueRange{0, 255};
    notes.push_back("The model sees the 8 bits as stored.");
    return;
  }
  const double black = picture.percentile(kAutoWindowLow), white = picture.percentile(kAutoWindowHigh);
  film.window = black < white ? window_between(black, white) : full_range(film);
  notes.push_back("The file states no usable window: the model sees the whole range of its values.");
  choose_ends(film, picture);
}

FilmFacts facts_of(const StoredImage& image) {
  FilmFacts facts;
  facts.format = "DICOM";
  facts.bits = image.bits;
  facts.channels = image.channels;
  facts.lossy = image.lossy;
  facts.dicom = image.facts;
  facts.notes = image.notes;
  const auto pixels = std::uint64_t(image.width) * std::uint64_t(image.height);
  if (pixels > kUnusualPixels) facts.notes.push_back(size_note(pixels));
  return facts;
}

// The film with brighter values for brighter grey, but for a VOI LUT that falls; `turned` for one.
Film grey_film(const StoredImage& image, const Greys& greys, bool turned) {
  const bool negative_slope = image.facts.slope < 0 && !greys.has_lut();
  const bool inverted = image.facts.photometric == "MONOCHROME1" || image.presentation_inverse;
  const Span range = greys.range();
  const Line line = film_line(range, greys.used(), (inverted != negative_slope) != turned);

  Film film;
  film.facts = facts_of(image);
  film.facts.dicom->inverted = inverted != turned;
  film.low = static_cast<std::uint16_t>(std::lround(std::min(line(greys.used().low), line(greys.used().high))));
  film.high = static_cast<std::uint16_t>(std::lround(std::max(line(greys.used().low), line(greys.used().high))));
  film.full_scale = static_cast<std::uint16_t>(std::clamp<std::int64_t>(range.size() - 1, 255, kFilmValues - 1));
  film.pixels = Grid<std::uint16_t>(image.width, image.height);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    film.pixels.values()[i] =
        greys.is_picture(i) ? static_cast<std::uint16_t>(std::lround(line(static_cast<double>(greys.at(i))))) : film.low;

  // modality value → film value: undo the rescale, then the line; a LUT's output is the grey value itself.
  Line modality_to_film = line;
  if (!greys.has_lut()) {
    modality_to_film.scale = line.scale / image.facts.slope;
    modality_to_film.offset = line.offset - line.scale * image.facts.intercept / image.facts.slope;
  }
  add_presets(film, image, modality_to_film, inverted, turned);
  film.facts.dicom->film_scale = FilmScale{line.scale, line.offset, greys.has_lut(), greys.padded() || greys.shuttered()};

  const Histogram picture = picture_of(film, greys);
  auto& notes = film.facts.notes;
  if (film.facts.dicom->inverted) notes.push_back("Stored with dark bones; shown and analysed with bright bones.");
  if (greys.padded()) notes.push_back("Padding around the picture is left out of its range of values.");
  if (greys.shuttered()) notes.push_back("What the file’s display shutter hides is shown black and is no part of the picture.");
  if (image.shutter && !greys.shuttered())
    notes.push_back("The file’s display shutter would hide the picture and is passed over.");
  if (line.scale != 1 && line.scale != -1) notes.push_back("Reduced to 16 bits: the file uses more values than that.");
  const NamedWindow* chosen = choose_window(film, picture);
  if (chosen && !turned && falls(film, chosen->window, picture)) return grey_film(image, greys, true);
  choose_ranges(film, image, greys, picture, chosen);
  return film;
}

Film colour_film(const StoredImage& image) {
  Film film;
  film.facts = facts_of(image);
  ColourToGrey grey = colour_to_grey(image);
  film.pixels = std::move(grey.pixels);
  film.full_scale = grey.white;
  film.facts.colourfulness = grey.colourfulness;
  film.facts.coloured_fraction = grey.coloured_fraction;
  film.facts.notes.push_back("Colour converted to grey by luminance (Rec. 601).");
  auto [low, high] = std::ranges::minmax(film.pixels.values());
  film.low = low;
  film.high = high;
  film.window = auto_window(film);
  if (film.full_scale > 255) choose_ends(film, histogram_of(film.pixels));
  return film;
}

// The film with square pixels.
Film squared(Film film, double aspect) {
  if (!std::isfinite(aspect) || aspect <= 0 || std::abs(aspect - 1) <= kSquare) return film;
  auto& notes = film.facts.notes;
  const double stretch = std::max(aspect, 1 / aspect);
  const bool taller = aspect > 1;
  const double width = taller ? film.width() : film.width() * stretch, height = taller ? film.height() * stretch : film.height();
  if (stretch > kLongestPixel || std::max(width, height) > kLongestSide || width * height > static_cast<double>(kMostPixels)) {
    notes.push_back(text("The file says that its pixels are ", fixed(stretch, 2), " times as ",
                         taller ? "high as wide" : "wide as high", "; the film is shown as if they were square."));
    return film;
  }
  const Box whole{0, 0, static_cast<double>(film.width()), static_cast<double>(film.height())};
  const auto enlarged = resample(std::as_const(film.pixels).view(), whole, static_cast<int>(std::lround(width)),
                                 static_cast<int>(std::lround(height)), Filter::kTriangle);
  Grid<std::uint16_t> pixels(enlarged.width(), enlarged.height());
  std::ranges::transform(enlarged.values(), pixels.values().begin(), [&](float value) {
    return static_cast<std::uint16_t>(std::clamp<long>(std::lround(value), film.low, film.high));
  });
  film.drawing = resized_drawing(film.drawing, {film.width(), film.height()}, {pixels.width(), pixels.height()});
  film.pixels = std::move(pixels);
  if (auto& spacing = film.facts.dicom->spacing) (taller ? spacing->row : spacing->column) /= stretch;
  notes.push_back(text("Its pixels are ", fixed(stretch, 2), " times as ", taller ? "high as wide" : "wide as high",
                       ": enlarged so that they are square."));
  return film;
}

}  // namespace

std::uint16_t LookupTable::at(std::int64_t input) const {
  const auto last = static_cast<std::int64_t>(values.size()) - 1;
  return values[static_cast<std::size_t>(std::clamp<std::int64_t>(input - first_input, 0, last))];
}

Result<Film> film_from_stored(const StoredImage& image) {
  CHESTLIGHT_CHECK(check(image));
  const auto finished = [&](Film film) {
    film.drawing = image.drawing;
    return squared(std::move(film), image.facts.aspect);
  };
  if (image.channels == 3 || has_palette(image)) return finished(colour_film(image));
  if (!std::isfinite(image.facts.slope) || !std::isfinite(image.facts.intercept) || image.facts.slope == 0) {
    StoredImage plain = image;  // rare: a rescale that means nothing
    plain.facts.slope = 1;
    plain.facts.intercept = 0;
    plain.notes.push_back("The file’s rescale is not a number and is passed over.");
    return finished(grey_film(plain, Greys(plain), false));
  }
  return finished(grey_film(image, Greys(image), false));
}

}  // namespace chestlight
