#include "imaging/decode.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "imaging/codecs/exif.h"
#include "imaging/codecs/jpeg.h"
#include "imaging/codecs/jpeg_scans.h"
#include "imaging/codecs/png.h"
#include "imaging/codecs/stb_pixels.h"
#include "imaging/hints.h"
#include "imaging/network_range.h"
#include "imaging/orientation.h"
#include "imaging/sniff.h"
#include "imaging/window.h"

namespace chestlight {
namespace {

constexpr int kMaxJpegComponents = 4;

double millions(std::uint64_t count) { return static_cast<double>(count) / 1e6; }

Result<void> check_size(std::uint64_t width, std::uint64_t height, const DecodeLimits& limits) {
  auto side = static_cast<std::uint64_t>(std::min(limits.max_side, kStbMaxSide));
  auto hint = "Export the film again with fewer pixels, or crop it to the chest.";
  if (width > side || height > side)
    return Error{ErrorCode::kTooLarge,
                 text("The image is ", width, " × ", height, " pixels; the longest side may be ", side, "."), hint};
  if (width * height > limits.max_pixels)
    return Error{ErrorCode::kTooLarge,
                 text("The image is ", width, " × ", height, " pixels (", fixed(millions(width * height), 1),
                      " million); the limit is ", fixed(millions(limits.max_pixels), 0), " million."),
                 hint};
  return {};
}

// What the conversion to grey found out about a picture's colours.
struct GreyPicture {
  Grid<std::uint16_t> pixels;
  bool transparent = false;      // in parts; shown on black
  bool all_transparent = false;  // the alpha hides everything, so that it was left aside
  bool coloured = false;
  double colourfulness = 0;
  double coloured_fraction = 0;
};

// Whether the last channel of samples with alpha is `value` everywhere.
template <class Sample>
bool alpha_is(std::span<const Sample> samples, int channels, std::uint32_t value) {
  for (std::size_t i = channels - 1; i < samples.size(); i += channels)
    if (samples[i] != value) return false;
  return true;
}

std::uint32_t luminance(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
  return (19595u * red + 38470u * green + 7471u * blue + 32768u) >> 16;  // at most 65535·65536 + 32768: no overflow
}

template <class Sample>
GreyPicture to_grey(const StbPixels& source) {
  constexpr std::uint32_t white = static_cast<Sample>(~Sample{0});
  const auto samples = source.samples<Sample>();
  const int channels = source.channels;
  GreyPicture grey;
  grey.pixels = Grid<std::uint16_t>(source.width, source.height);
  const bool alpha = channels % 2 == 0 && !alpha_is(samples, channels, white);
  // Programs that take the fourth byte of a pixel for unused write 0 there: the film lies under it.
  grey.all_transparent = alpha && alpha_is(samples, channels, 0);
  grey.transparent = alpha && !grey.all_transparent;

  std::uint64_t difference_sum = 0, coloured_pixels = 0;
  const Sample* sample = samples.data();
  for (auto& pixel : grey.pixels.values()) {
    std::uint32_t value = sample[0];
    if (channels >= 3) {
      const std::uint32_t red = sample[0], green = sample[1], blue = sample[2];
      const std::uint32_t difference = (red > green ? red - green : green - red) + (green > blue ? green - blue : blue - green);
      difference_sum += difference;
      coloured_pixels += difference * 255u > 4u * white;
      value = luminance(red, green, blue);
    }
    // `value` · `alpha` is at most 65535², and half of white more: within 32 bits.
    if (grey.transparent) value = (value * std::uint32_t{sample[channels - 1]} + white / 2) / white;
    pixel = static_cast<std::uint16_t>(value);
    sample += channels;
  }
  const double count = static_cast<double>(grey.pixels.values().size());
  grey.coloured = difference_sum > 0;
  grey.colourfulness = static_cast<double>(difference_sum) / (2.0 * white * count);
  grey.coloured_fraction = static_cast<double>(coloured_pixels) / count;
  return grey;
}

// The film of decoded samples; `facts` holds what the file's header said.
Film make_film(const StbPixels& samples, bool sixteen_bits, FilmFacts facts, const DecodeLimits& limits) {
  GreyPicture grey = sixteen_bits ? to_grey<std::uint16_t>(samples) : to_grey<std::uint8_t>(samples);
  facts.had_alpha = grey.transparent;
  facts.colourfulness = grey.colourfulness;
  facts.coloured_fraction = grey.coloured_fraction;

  auto& notes = facts.notes;
  if (grey.coloured) notes.push_back("Colour converted to grey by luminance (Rec. 601).");
  if (grey.transparent) notes.push_back("Transparent parts are shown on black.");
  if (grey.all_transparent)
    notes.push_back("Every pixel is marked as transparent; the picture under it is shown as if the mark were not there.");
  if (facts.exif_orientation != 1) notes.push_back("Turned upright as its EXIF orientation says: is it a photograph of a film?");
  if (facts.channels == kMaxJpegComponents && facts.format == "JPEG")
    notes.push_back("A print file (CMYK): its grey levels may not be those of the film.");
  if (facts.bits < 8)
    notes.push_back(
        text("Only ", facts.bits, facts.bits == 1 ? " bit" : " bits", " per pixel: ", 1 << facts.bits, " grey levels at most."));
  if (facts.bits == 8) notes.push_back("8 bits per pixel: the window was chosen when this file was made.");
  const auto count = static_cast<std::uint64_t>(samples.width) * samples.height;
  if (count > limits.note_pixels) notes.push_back(size_note(count));

  Film film;
  film.pixels = turn_upright(std::move(grey.pixels), facts.exif_orientation);
  film.full_scale = sixteen_bits ? 65535 : 255;
  auto [low, high] = std::ranges::minmax(film.pixels.values());
  film.low = low;
  film.high = high;
  film.facts = std::move(facts);
  film.window = auto_window(film);
  if (sixteen_bits) choose_ends(film, histogram_of(film.pixels));
  return film;
}

Result<StbPixels> decode_samples(Bytes bytes, std::string_view format, bool sixteen_bits, int width, int height,
                                 std::size_t largest_allocation) {
  CHESTLIGHT_TRY(auto samples, stb_decode(bytes, format, sixteen_bits, largest_allocation));
  if (samples.width != width || samples.height != height)
    return Error{ErrorCode::kCorrupt, text("The ", format, " states two different sizes."), kExportAgain};
  return samples;
}

Result<Film> read_png(Bytes bytes, const DecodeLimits& limits) {
  CHESTLIGHT_TRY(auto header, png_header(bytes));
  CHESTLIGHT_CHECK(check_size(header.width, header.height, limits));
  if (header.bits != 1 && header.bits != 2 && header.bits != 4 && header.bits != 8 && header.bits != 16)
    return Error{ErrorCode::kCorrupt, text("The PNG states ", header.bits, " bits per value."), kExportAgain};
  CHESTLIGHT_TRY(auto whole, prove_png(bytes, header));

  const bool sixteen_bits = header.bits == 16;
  const int width = static_cast<int>(header.width), height = static_cast<int>(header.height);
  // stb_image holds the compressed data and the inflated rows in buffers it doubles; an alpha may come from tRNS.
  const std::size_t row = (std::size_t{header.width} * (header.channels() + 1) + 1) * (sixteen_bits ? 2 : 1);
  const std::size_t largest = 2 * std::max(whole.stream.size(), row * header.height) + 65536;
  CHESTLIGHT_TRY(auto samples, decode_samples(whole.stream, "PNG", sixteen_bits, width, height, largest));

  FilmFacts facts;
  facts.format = "PNG";
  constexpr int palette = 3;
  facts.bits = header.colour_type == palette ? 8 : header.bits;  // palette entries have 8 bits per channel
  facts.channels = header.channels();
  facts.exif_orientation = exif_orientation(whole.exif);
  facts.notes = std::move(whole.notes);
  return make_film(samples, sixteen_bits, std::move(facts), limits);
}

Result<Film> read_jpeg(Bytes bytes, const DecodeLimits& limits) {
  CHESTLIGHT_TRY(auto header, jpeg_header(bytes));
  CHESTLIGHT_CHECK(check_size(header.width, header.height, limits));
  CHESTLIGHT_TRY(auto whole, prove_jpeg(bytes));

  // Whole blocks of up to 32 × 32 pixels, two bytes per coefficient of progressive files; small tables besides.
  const std::size_t blocks = (std::size_t(header.width) + 32) * (std::size_t(header.height) + 32);
  const std::size_t largest = blocks * kMaxJpegComponents * 2 + 65536;
  CHESTLIGHT_TRY(auto samples, decode_samples(whole.stream, "JPEG", false, header.width, header.height, largest));

  FilmFacts facts;
  facts.format = "JPEG";
  facts.channels = header.components;
  facts.lossy = true;
  facts.exif_orientation = exif_orientation(header.exif);
  if (!whole.has_end_marker) facts.notes.push_back("The end marker of the JPEG file is missing; all its pixels are there.");
  return make_film(samples, false, std::move(facts), limits);
}

// One line per format that can be read.
struct Reader {
  Format format;
  Result<Film> (*read)(Bytes, const DecodeLimits&);
};
constexpr Reader kReaders[] = {
    {Format::kPng, read_png},
    {Format::kJpeg, read_jpeg},
};

}  // namespace

std::string size_note(std::uint64_t pixels) {
  return text("A very large image (", fixed(millions(pixels), 1), " million pixels).");
}

Result<Film> decode_image(Bytes bytes, const DecodeLimits& limits) {
  if (bytes.size() > limits.max_bytes)
    return Error{ErrorCode::kTooLarge,
                 text("The file is ", fixed(static_cast<double>(bytes.size()) / (1 << 20), 0), " MB; the limit is ",
                      fixed(static_cast<double>(limits.max_bytes) / (1 << 20), 0), " MB."),
                 "Export the film again as PNG with fewer pixels."};
  const Format format = sniff(bytes);
  for (const auto& reader : kReaders)
    if (reader.format == format) return reader.read(bytes, limits);
  return unreadable_format(format);
}

}  // namespace chestlight
