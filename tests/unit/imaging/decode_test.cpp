#include "imaging/decode.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/files.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using Values = std::vector<std::uint16_t>;

Result<Film> decode_fixture(const std::string& name, const DecodeLimits& limits = {}) {
  return decode_image(testing::read_fixture("images/" + name), limits);
}

bool has_note(const Film& film, std::string_view part) {
  for (const auto& note : film.facts.notes)
    if (note.find(part) != std::string::npos) return true;
  return false;
}

// --- Lossless: every value ---------------------------------------------------------------------------------------

struct PngRow {
  const char* file;
  int width, height, bits, channels;
  bool had_alpha;
  Values pixels;
};

Values ramp(int width, int height, int per_row) {
  Values values;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) values.push_back(static_cast<std::uint16_t>(per_row * y + x));
  return values;
}

// Values written by hand in tests/fixtures/make_images.py. Few bits are spread to 0..255 by the PNG standard (13.12,
// sample depth scaling). Colours: (19595 R + 38470 G + 7471 B + 32768) >> 16, worked out by hand; for 255: red 76,
// green 150, blue 29. Transparency: value·alpha/white, rounded.
const PngRow kPngRows[] = {
    {"grey8.png", 4, 3, 8, 1, false, {0, 51, 102, 153, 204, 255, 1, 2, 10, 20, 30, 40}},
    {"grey16.png", 3, 2, 16, 1, false, {0, 4095, 65535, 256, 257, 1000}},
    {"grey1.png", 9, 2, 1, 1, false, {255, 0, 255, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0}},
    {"grey2.png", 5, 1, 2, 1, false, {0, 85, 170, 255, 0}},
    {"grey4.png", 5, 1, 4, 1, false, {0, 17, 136, 255, 119}},
    {"grey_alpha8.png", 3, 1, 8, 2, true, {200, 0, 50}},
    {"grey_alpha16.png", 3, 1, 16, 2, true, {40000, 0, 30000}},
    {"rgb8.png", 4, 1, 8, 3, false, {76, 150, 29, 18}},
    {"rgb16.png", 4, 1, 16, 3, false, {19595, 38469, 7471, 1000}},
    {"rgb_grey8.png", 3, 1, 8, 3, false, {9, 77, 255}},
    {"rgba8.png", 3, 1, 8, 4, true, {255, 0, 50}},
    {"rgba_opaque8.png", 2, 1, 8, 4, false, {50, 60}},
    {"palette8.png", 4, 1, 8, 3, false, {255, 128, 0, 76}},
    {"palette2.png", 5, 1, 8, 3, false, {76, 0, 128, 255, 255}},
    {"palette_transparent.png", 4, 1, 8, 3, true, {255, 0, 0, 76}},
    {"grey8_trns.png", 3, 1, 8, 1, true, {7, 0, 9}},
    {"interlaced_grey8.png", 9, 10, 8, 1, false, ramp(9, 10, 10)},
    {"interlaced_rgb16.png", 5, 7, 16, 3, false, ramp(5, 7, 1000)},
    {"exif_orientation_6.png", 2, 3, 8, 1, false, {4, 1, 5, 2, 6, 3}},
    {"one_pixel.png", 1, 1, 8, 1, false, {123}},
    {"black.png", 16, 16, 8, 1, false, Values(256, 0)},
};

TEST(DecodePng, EveryColourTypeAndDepthToTheValue) {
  for (const auto& row : kPngRows) {
    SCOPED_TRACE(row.file);
    auto film = decode_fixture(row.file);
    ASSERT_TRUE(film) << film.error().message;
    EXPECT_EQ(film->width(), row.width);
    EXPECT_EQ(film->height(), row.height);
    EXPECT_EQ(film->pixels.values(), row.pixels);
    EXPECT_EQ(film->full_scale, row.bits == 16 ? 65535 : 255);
    EXPECT_EQ(film->low, std::ranges::min(row.pixels));
    EXPECT_EQ(film->high, std::ranges::max(row.pixels));
    EXPECT_EQ(film->facts.format, "PNG");
    EXPECT_EQ(film->facts.bits, row.bits);
    EXPECT_EQ(film->facts.channels, row.channels);
    EXPECT_EQ(film->facts.had_alpha, row.had_alpha);
    EXPECT_FALSE(film->facts.lossy);
    EXPECT_GT(film->window.width, 0);
  }
}

TEST(DecodePng, StatesWhatAReaderShouldKnow) {
  auto colour = decode_fixture("rgb8.png");
  ASSERT_TRUE(colour);
  EXPECT_TRUE(has_note(*colour, "luminance"));
  // Channel differences |R−G| + |G−B| of the four pixels: 255, 510, 255, 20.
  EXPECT_NEAR(colour->facts.colourfulness, (255 + 510 + 255 + 20) / (2 * 255.0 * 4), kDoubleRounding);
  EXPECT_EQ(colour->facts.coloured_fraction, 1);

  auto grey = decode_fixture("rgb_grey8.png");
  ASSERT_TRUE(grey);
  EXPECT_FALSE(has_note(*grey, "luminance")) << "equal channels are no colour";
  EXPECT_EQ(grey->facts.colourfulness, 0);
  EXPECT_EQ(grey->facts.coloured_fraction, 0);

  auto transparent = decode_fixture("rgba8.png");
  ASSERT_TRUE(transparent);
  EXPECT_TRUE(has_note(*transparent, "on black"));
  auto turned = decode_fixture("exif_orientation_6.png");
  ASSERT_TRUE(turned);
  EXPECT_TRUE(has_note(*turned, "EXIF"));
  EXPECT_EQ(turned->facts.exif_orientation, 6);
  auto one_bit = decode_fixture("grey1.png");
  ASSERT_TRUE(one_bit);
  EXPECT_TRUE(has_note(*one_bit, "Only 1 bit"));
  auto deep = decode_fixture("grey16.png");
  ASSERT_TRUE(deep);
  EXPECT_TRUE(deep->facts.notes.empty()) << deep->facts.notes.front();
  auto large = decode_fixture("grey16.png", {.note_pixels = 5});
  ASSERT_TRUE(large);
  EXPECT_TRUE(has_note(*large, "very large"));
  EXPECT_EQ(size_note(41'250'000), "A very large image (41.2 million pixels).");
}

// --- JPEG: flat areas --------------------------------------------------------------------------------------------

struct Spot {
  int x, y, value;
};
struct JpegRow {
  const char* file;
  int width, height, channels;
  bool coloured;
  std::vector<Spot> spots;
};

// Blocks of tests/fixtures/make_images.py. Luminance of (200, 30, 30) is 80.8, of (20, 160, 220) 125.0; CMYK with
// K = 55 is grey 200. ycck.jpg holds the same numbers as Y, Cb, Cr, K: RGB (0, 105, 0), as Pillow reads it.
const JpegRow kJpegRows[] = {
    {"grey.jpg", 24, 16, 1, false, {{4, 4, 20}, {12, 4, 60}, {20, 4, 100}, {4, 12, 140}, {20, 12, 220}}},
    {"progressive.jpg", 24, 16, 1, false, {{4, 4, 20}, {12, 4, 60}, {20, 4, 100}, {4, 12, 140}, {20, 12, 220}}},
    {"grey_as_colour.jpg", 24, 16, 3, false, {{4, 4, 20}, {12, 4, 60}, {20, 12, 220}}},
    {"colour_444.jpg", 32, 16, 3, true, {{4, 4, 81}, {28, 4, 125}}},
    {"colour_420.jpg", 32, 16, 3, true, {{4, 4, 81}, {28, 4, 125}}},
    {"cmyk.jpg", 16, 8, 4, false, {{4, 4, 200}, {12, 4, 0}}},
    {"ycck.jpg", 16, 8, 4, true, {{4, 4, 62}, {12, 4, 0}}},
};

TEST(DecodeJpeg, EveryColourSpaceInItsFlatAreas) {
  for (const auto& row : kJpegRows) {
    SCOPED_TRACE(row.file);
    auto film = decode_fixture(row.file);
    ASSERT_TRUE(film) << film.error().message;
    EXPECT_EQ(film->width(), row.width);
    EXPECT_EQ(film->height(), row.height);
    EXPECT_EQ(film->facts.channels, row.channels);
    EXPECT_EQ(film->facts.format, "JPEG");
    EXPECT_TRUE(film->facts.lossy);
    EXPECT_EQ(film->full_scale, 255);
    EXPECT_EQ(has_note(*film, "luminance"), row.coloured);
    EXPECT_EQ(has_note(*film, "CMYK"), row.channels == 4);
    for (const auto& spot : row.spots)
      EXPECT_NEAR(film->pixels(spot.x, spot.y), spot.value, kJpegFlatArea) << spot.x << ", " << spot.y;
  }
}

// The blocks 20 60 100 / 140 180 220, turned as the Exif standard draws the eight cases.
TEST(DecodeJpeg, EveryExifOrientation) {
  struct Row {
    int orientation, across;
    std::vector<int> blocks;
  };
  const Row rows[] = {
      {1, 3, {20, 60, 100, 140, 180, 220}}, {2, 3, {100, 60, 20, 220, 180, 140}}, {3, 3, {220, 180, 140, 100, 60, 20}},
      {4, 3, {140, 180, 220, 20, 60, 100}}, {5, 2, {20, 140, 60, 180, 100, 220}}, {6, 2, {140, 20, 180, 60, 220, 100}},
      {7, 2, {220, 100, 180, 60, 140, 20}}, {8, 2, {100, 220, 60, 180, 20, 140}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.orientation);
    auto film = decode_fixture("orientation_" + std::to_string(row.orientation) + ".jpg");
    ASSERT_TRUE(film) << film.error().message;
    ASSERT_EQ(film->width(), 8 * row.across);
    EXPECT_EQ(film->facts.exif_orientation, row.orientation);
    EXPECT_EQ(has_note(*film, "photograph"), row.orientation != 1);
    for (int i = 0; i < 6; ++i)
      EXPECT_NEAR(film->pixels(8 * (i % row.across) + 4, 8 * (i / row.across) + 4), row.blocks[i], kJpegFlatArea);
  }
}

// --- What is refused ---------------------------------------------------------------------------------------------

struct ErrorRow {
  const char* file;
  ErrorCode code;
  const char* says;
};

const ErrorRow kErrorRows[] = {
    {"empty.png", ErrorCode::kEmptyFile, "0 bytes"},
    {"text.png", ErrorCode::kNotAnImage, "plain text"},
    {"page.html.png", ErrorCode::kNotAnImage, "web page"},
    {"document.pdf", ErrorCode::kNotAnImage, "PDF"},
    {"archive.zip", ErrorCode::kNotAnImage, "ZIP"},
    {"picture.webp", ErrorCode::kUnsupportedFormat, "WebP"},
    {"picture.gif", ErrorCode::kUnsupportedFormat, "GIF"},
    {"picture.tiff", ErrorCode::kUnsupportedFormat, "TIFF"},
    {"animated.png", ErrorCode::kUnsupportedFormat, "animated PNG"},
    {"preamble.dcm", ErrorCode::kUnsupportedFormat, "DICOM"},
    {"process_lossless.jpg", ErrorCode::kUnsupportedFormat, "lossless"},
    {"process_12bit.jpg", ErrorCode::kUnsupportedFormat, "8 bits"},
    {"truncated.png", ErrorCode::kTruncated, "truncated"},
    {"header_cut.png", ErrorCode::kTruncated, "inside its header"},
    {"missing_rows.png", ErrorCode::kTruncated, "fewer pixels"},
    {"bit_flip.png", ErrorCode::kCorrupt, "IDAT chunk at byte 33"},
    {"zero_width.png", ErrorCode::kCorrupt, "0 × 10"},
    {"no_pixels.png", ErrorCode::kCorrupt, "no IDAT"},
    {"apple_cgbi.png", ErrorCode::kCorrupt, "CgBI"},
    {"header_20001x20000.png", ErrorCode::kTooLarge, "20001 × 20000"},
    {"header_20000x20000.png", ErrorCode::kTooLarge, "400.0 million"},
    {"bomb_1bit_16000x16000.png", ErrorCode::kTooLarge, "256.0 million"},
    {"bomb_inflate.png", ErrorCode::kCorrupt, "inflated to the size"},
    {"truncated.jpg", ErrorCode::kTruncated, "truncated"},
    {"header_cut.jpg", ErrorCode::kTruncated, "inside its header"},
    {"bad_segment.jpg", ErrorCode::kCorrupt, "no length"},
    {"header_30000x30000.jpg", ErrorCode::kTooLarge, "30000 × 30000"},
};

TEST(DecodeRefuses, WithACodeAReasonAndAWayOut) {
  for (const auto& row : kErrorRows) {
    SCOPED_TRACE(row.file);
    auto film = decode_fixture(row.file);
    ASSERT_FALSE(film);
    EXPECT_EQ(error_code_name(film.error().code), error_code_name(row.code)) << film.error().message;
    EXPECT_NE(film.error().message.find(row.says), std::string::npos) << film.error().message;
    EXPECT_FALSE(film.error().hint.empty()) << film.error().message;
  }
}

TEST(DecodeRefuses, WhatIsOverTheCallersLimits) {
  auto bytes = decode_fixture("grey8.png", {.max_bytes = 10});
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, ErrorCode::kTooLarge);
  EXPECT_TRUE(decode_fixture("grey8.png", {.max_pixels = 12}));
  EXPECT_FALSE(decode_fixture("grey8.png", {.max_pixels = 11}));
  EXPECT_TRUE(decode_fixture("grey8.png", {.max_side = 4}));
  EXPECT_FALSE(decode_fixture("grey8.png", {.max_side = 3}));
}

}  // namespace
}  // namespace chestlight
