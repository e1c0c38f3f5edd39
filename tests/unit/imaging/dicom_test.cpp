// Stored values to films, by hand: each row is small enough to check with a pencil.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "imaging/dicom/stored_image.h"
#include "imaging/window.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

StoredImage grey(std::vector<std::int32_t> values, int bits = 12) {
  StoredImage image;
  image.width = static_cast<int>(values.size());
  image.height = 1;
  image.bits = bits;
  image.values = std::move(values);
  image.facts.photometric = "MONOCHROME2";
  return image;
}

Film film_of(const StoredImage& image) {
  auto film = film_from_stored(image);
  EXPECT_TRUE(film) << (film ? "" : film.error().message);
  return film ? std::move(film).value() : Film{};
}

using Pixels = std::vector<std::uint16_t>;

struct ValueRow {
  const char* origin;
  void (*change)(StoredImage&);
  std::vector<std::int32_t> stored;
  Pixels film;
  int low, high, full_scale;
};

const ValueRow kValues[] = {
    {"unsigned: the stored values", [](StoredImage&) {}, {0, 5, 4095}, {0, 5, 4095}, 0, 4095, 4095},
    {"signed: from −2^(bits−1) up",
     [](StoredImage& i) { i.is_signed = true; },
     {-2048, -1, 2047},
     {0, 2047, 4095},
     0,
     4095,
     4095},
    {"MONOCHROME1: from the top down",
     [](StoredImage& i) { i.facts.photometric = "MONOCHROME1"; },
     {0, 5, 4000},
     {4095, 4090, 95},
     95,
     4095,
     4095},
    {"presentation LUT shape INVERSE alone",
     [](StoredImage& i) { i.presentation_inverse = true; },
     {0, 5, 4000},
     {4095, 4090, 95},
     95,
     4095,
     4095},
    {"MONOCHROME1 that says INVERSE, too: once",
     [](StoredImage& i) { i.facts.photometric = "MONOCHROME1", i.presentation_inverse = true; },
     {0, 5, 4000},
     {4095, 4090, 95},
     95,
     4095,
     4095},
    {"rescale: the order stays, and every value",
     [](StoredImage& i) { i.facts.slope = 0.1, i.facts.intercept = -50; },
     {0, 5, 4000},
     {0, 5, 4000},
     0,
     4000,
     4095},
    {"negative slope turns the order",
     [](StoredImage& i) { i.facts.slope = -1; },
     {0, 5, 4000},
     {4095, 4090, 95},
     95,
     4095,
     4095},
    {"negative slope and MONOCHROME1 cancel",
     [](StoredImage& i) { i.facts.slope = -1, i.facts.photometric = "MONOCHROME1"; },
     {0, 5, 4000},
     {0, 5, 4000},
     0,
     4000,
     4095},
    {"modality LUT: entry value − first, ends repeated",
     [](StoredImage& i) { i.modality_lut = LookupTable{10, 8, {7, 8, 200}, ""}; },
     {0, 10, 11, 12, 99},
     {7, 7, 8, 200, 200},
     7,
     200,
     255},
    {"modality LUT of signed values (mlut_18 begins at −2048)",
     [](StoredImage& i) { i.is_signed = true, i.modality_lut = LookupTable{-2048, 12, {1, 2, 3}, ""}; },
     {-2048, -2047, 2047},
     {1, 2, 3},
     1,
     3,
     4095},
    {"modality LUT and MONOCHROME1",
     [](StoredImage& i) { i.facts.photometric = "MONOCHROME1", i.modality_lut = LookupTable{0, 8, {0, 100, 255}, ""}; },
     {0, 1, 2},
     {255, 155, 0},
     0,
     255,
     255},
    {"padding becomes the darkest used value",
     [](StoredImage& i) { i.padding = StoredRange{4095, 4095}; },
     {4095, 100, 300},
     {100, 100, 300},
     100,
     300,
     4095},
    {"padding of MONOCHROME1: dark, not bright",
     [](StoredImage& i) { i.padding = StoredRange{0, 0}, i.facts.photometric = "MONOCHROME1"; },
     {0, 100, 300},
     {3795, 3995, 3795},
     3795,
     3995,
     4095},
    {"padding range", [](StoredImage& i) { i.padding = StoredRange{0, 10}; }, {0, 10, 11, 20}, {11, 11, 11, 20}, 11, 20, 4095},
    {"padding alone is no padding", [](StoredImage& i) { i.padding = StoredRange{0, 9}; }, {1, 2}, {1, 2}, 1, 2, 4095},
    {"values beyond their bits widen the range",
     [](StoredImage& i) { i.facts.photometric = "MONOCHROME1"; },
     {0, 5000},
     {5000, 0},
     0,
     5000,
     5000},
};

TEST(Dicom, StoredValuesBecomeFilmValues) {
  for (const auto& row : kValues) {
    auto image = grey(row.stored);
    row.change(image);
    const Film film = film_of(image);
    EXPECT_EQ(film.pixels.values(), row.film) << row.origin;
    EXPECT_EQ(film.low, row.low) << row.origin;
    EXPECT_EQ(film.high, row.high) << row.origin;
    EXPECT_EQ(film.full_scale, row.full_scale) << row.origin;

    // And back: what a probe shows.
    const auto& scale = film.facts.dicom->film_scale;
    ASSERT_TRUE(scale) << row.origin;
    EXPECT_EQ(scale->after_lut, image.modality_lut.has_value()) << row.origin;
    for (std::size_t i = 0; i < row.film.size() && !scale->padded && !scale->after_lut; ++i)
      EXPECT_EQ(scale->grey(row.film[i]), row.stored[i]) << row.origin;
  }
}

TEST(Dicom, WideValuesKeepTheirOrderWithin16Bits) {
  auto image = grey({-100'000, 0, 100'000}, 32);
  image.is_signed = true;
  const Film film = film_of(image);
  EXPECT_EQ(film.pixels.values(), (Pixels{0, 32768, 65535}));
  image.values = {1'000'000, 1'000'001, 1'000'500};  // few values far from zero: all of them
  EXPECT_EQ(film_of(image).pixels.values(), (Pixels{0, 1, 500}));
}

struct WindowRow {
  const char* origin;
  void (*change)(StoredImage&);
  double black, white;  // of the first preset, in film values
};

const WindowRow kWindows[] = {
    {"PS3.3 C.11.2.1.2.1: c=2048, w=4096 is 0..4095", [](StoredImage& i) { i.windows = {{2048, 4096, ""}}; }, 0, 4095},
    {"PS3.3 C.11.2.1.3.2: LINEAR_EXACT, c=2048, w=4096 is 0..4096",
     [](StoredImage& i) { i.windows = {{2048, 4096, ""}}, i.voi_function = VoiFunction::kLinearExact; }, 0, 4096},
    {"PS3.3 C.11.2.1.3.1: SIGMOID has its slope at the centre, 1/w of the range",
     [](StoredImage& i) { i.windows = {{2000, 1000, ""}}, i.voi_function = VoiFunction::kSigmoid; }, 1500, 2500},
    {"in modality values: stored = (m + 1000) / 2",
     [](StoredImage& i) {
       i.windows = {{1000, 200, ""}}, i.voi_function = VoiFunction::kLinearExact;
       i.facts.slope = 2, i.facts.intercept = -1000;
     },
     950, 1050},
    {"inverted: mirrored at 4095",
     [](StoredImage& i) {
       i.windows = {{1000, 200, ""}}, i.voi_function = VoiFunction::kLinearExact, i.facts.photometric = "MONOCHROME1";
     },
     2995, 3195},
    {"negative slope: m = −stored",
     [](StoredImage& i) { i.windows = {{-1000, 200, ""}}, i.voi_function = VoiFunction::kLinearExact, i.facts.slope = -1; }, 2995,
     3195},
    {"signed: film = stored + 2048",
     [](StoredImage& i) { i.windows = {{0, 200, ""}}, i.voi_function = VoiFunction::kLinearExact, i.is_signed = true; }, 1948,
     2148},
    {"after a modality LUT: in its output",
     [](StoredImage& i) {
       i.windows = {{100, 100, ""}}, i.voi_function = VoiFunction::kLinearExact;
       i.modality_lut = LookupTable{0, 8, std::vector<std::uint16_t>(256, 90), ""};
     },
     50, 150},
    {"width 1: a step, one value wide", [](StoredImage& i) { i.windows = {{100, 1, ""}}; }, 99, 100},
    {"a VOI LUT that is a line from 100 to 200: 5 % at 105, 95 % at 195",
     [](StoredImage& i) {
       LookupTable lut{100, 16, {}, ""};
       for (int k = 0; k <= 100; ++k) lut.values.push_back(static_cast<std::uint16_t>(600 * k));
       i.voi_luts = {lut};
     },
     100, 200},
    {"a falling VOI LUT",
     [](StoredImage& i) {
       LookupTable lut{100, 16, {}, ""};
       for (int k = 100; k >= 0; --k) lut.values.push_back(static_cast<std::uint16_t>(600 * k));
       i.voi_luts = {lut};
     },
     100, 200},
};

TEST(Dicom, WindowsBecomeWindowsOfFilmValues) {
  for (const auto& row : kWindows) {
    auto image = grey({0, 500, 1000, 2000});
    row.change(image);
    const Film film = film_of(image);
    ASSERT_EQ(film.presets.size(), 1u) << row.origin;
    const Window& window = film.presets[0].window;
    EXPECT_NEAR(window.centre - window.width / 2, row.black, kGeometryPx) << row.origin;
    EXPECT_NEAR(window.centre + window.width / 2, row.white, kGeometryPx) << row.origin;
  }
}

struct CurveRow {
  const char* origin;
  void (*change)(StoredImage&);
  std::vector<double> grey;  // brightness of stored 0, 500, 1000, 2000 through the first preset, 0..1
};

void add_lut(StoredImage& image, int first, int bits, std::vector<std::uint16_t> values) {
  image.voi_luts.push_back({first, bits, std::move(values), ""});
}

const CurveRow kCurves[] = {
    {"PS3.3 C.11.2.1.2.1, LINEAR: y = ((x − (c − 0.5)) / (w − 1) + 0.5) with c = 1000, w = 2001",
     [](StoredImage& i) { i.windows = {{1000, 2001, ""}}; },
     {0.5 - 999.5 / 2000, 0.5 - 499.5 / 2000, 0.5 + 0.5 / 2000, 1}},
    {"PS3.3 C.11.2.1.3.2, LINEAR_EXACT: y = (x − c) / w + 0.5 with c = 1000, w = 2000",
     [](StoredImage& i) { i.windows = {{1000, 2000, ""}}, i.voi_function = VoiFunction::kLinearExact; },
     {0, 0.25, 0.5, 1}},
    {"PS3.3 C.11.2.1.3.1, SIGMOID: y = 1 / (1 + exp(−4 (x − c) / w)) with c = 1000, w = 2000: exponents 2, 1, 0, −2",
     [](StoredImage& i) { i.windows = {{1000, 2000, ""}}, i.voi_function = VoiFunction::kSigmoid; },
     {0.11920292, 0.26894142, 0.5, 0.88079708}},
    {"SIGMOID of MONOCHROME1: the same, turned",
     [](StoredImage& i) {
       i.windows = {{1000, 2000, ""}}, i.voi_function = VoiFunction::kSigmoid, i.facts.photometric = "MONOCHROME1";
     },
     {0.88079708, 0.73105858, 0.5, 0.11920292}},
    {"SIGMOID in modality values: m = 2 · stored − 1000, c = 1000, w = 2000: exponents 4, 2, 0, −4",
     [](StoredImage& i) {
       i.windows = {{1000, 2000, ""}}, i.voi_function = VoiFunction::kSigmoid, i.facts.slope = 2, i.facts.intercept = -1000;
     },
     {0.01798621, 0.11920292, 0.5, 0.98201379}},
    {"VOI LUT of 8 bits: entry / 255, the ends repeated",
     [](StoredImage& i) { add_lut(i, 499, 8, {0, 51, 102, 255}); },
     {0, 0.2, 1, 1}},
    {"VOI LUT of MONOCHROME1: what the table says, then turned",
     [](StoredImage& i) { add_lut(i, 499, 8, {0, 51, 102, 255}), i.facts.photometric = "MONOCHROME1"; },
     {1, 0.8, 0, 0}},
    {"a falling VOI LUT is not turned", [](StoredImage& i) { add_lut(i, 499, 8, {255, 204, 102, 0}); }, {1, 0.8, 0, 0}},
    {"a VOI LUT that rises and falls", [](StoredImage& i) { add_lut(i, 499, 8, {0, 255, 51, 0}); }, {0, 1, 0, 0}},
    {"VOI LUT over modality values: m = stored − 500",
     [](StoredImage& i) { add_lut(i, -500, 8, {51, 0}), add_lut(i, 0, 8, {0, 255}), i.facts.intercept = -500; },
     {0.2, 0, 0, 0}},
    {"VOI LUT over a negative slope: m = −stored, the table from −500",
     [](StoredImage& i) { add_lut(i, -500, 8, {51, 102, 255}), i.facts.slope = -1; },
     {1, 0.2, 0.2, 0.2}},
    {"VOI LUT after a modality LUT that ends at 7: its output",
     [](StoredImage& i) {
       i.modality_lut = LookupTable{0, 8, {5, 7}, ""};
       add_lut(i, 5, 8, {0, 51, 255});
     },
     {0, 1, 1, 1}},
    {"a VOI LUT whose entries are larger than its bits: over the largest",
     [](StoredImage& i) { add_lut(i, 0, 8, {0, 510}); },
     {0, 1, 1, 1}},
};

TEST(Dicom, CurvesOnScreenAreThoseOfTheStandard) {
  for (const auto& row : kCurves) {
    auto image = grey({0, 500, 1000, 2000});
    row.change(image);
    const Film film = film_of(image);
    ASSERT_FALSE(film.presets.empty()) << row.origin;
    for (std::size_t i = 0; i < row.grey.size(); ++i)
      EXPECT_NEAR(brightness(film.pixels.values()[i], film.presets[0].window, film.tables), row.grey[i], kDisplayBrightness)
          << row.origin << ", value " << i;
  }
}

TEST(Dicom, EveryEntryOfALongTableIsReached) {
  auto image = grey({0, 1, 2, 30'000, 65'534, 65'535}, 16);
  std::vector<std::uint16_t> values(65536);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint16_t>(i * i / 65535);
  add_lut(image, 0, 16, values);
  const Film film = film_of(image);
  for (std::size_t i = 0; i < image.values.size(); ++i)
    EXPECT_NEAR(brightness(film.pixels.values()[i], film.presets[0].window, film.tables),
                values[static_cast<std::size_t>(image.values[i])] / 65535.0, kDisplayBrightness);
}

TEST(Dicom, PresetsAreTheWindowsThenTheTablesByTheirNames) {
  auto image = grey({0, 1000, 4000});
  image.windows = {{2000, 4000, "NORMAL"}, {2000, 100, ""}};
  image.voi_luts = {LookupTable{0, 8, {9, 9}, "FLAT"}, LookupTable{0, 8, {0, 255}, "HARD"}, LookupTable{5, 8, {0, 9}, ""}};
  const Film film = film_of(image);
  ASSERT_EQ(film.presets.size(), 4u) << "a flat table shows nothing and is none";
  EXPECT_EQ(film.presets[0].name, "NORMAL");
  EXPECT_EQ(film.presets[1].name, "Window 2");
  EXPECT_EQ(film.presets[2].name, "HARD");
  EXPECT_EQ(film.presets[3].name, "VOI LUT 3");
  EXPECT_EQ(film.presets[3].window.table, 1);
  EXPECT_EQ(film.tables.size(), 2u);
  EXPECT_EQ(film.window, film.presets[0].window);
}

TEST(Dicom, TheThumbnailOfACurveIsDrawnThroughIt) {
  auto image = grey({0, 500, 1000, 2000});
  image.windows = {{1000, 2000, ""}};
  image.voi_function = VoiFunction::kSigmoid;
  const Film film = film_of(image);
  const auto shown = apply_window(film.pixels.view(), film.window, film.tables);
  EXPECT_EQ(shown.values(), (std::vector<std::uint8_t>{30, 69, 128, 225}));  // 255 · 0.1192, 0.2689, 0.5, 0.8808
}

TEST(Dicom, TheFirstWindowIsWhatTheNetworkSeesAndTheScreenOpensWith) {
  auto image = grey({0, 1000, 4000});
  image.voi_function = VoiFunction::kLinearExact;
  image.windows = {{2500, 4000, "NORMAL"}, {2000, 100, "HARD"}};
  const Film film = film_of(image);
  ASSERT_TRUE(film.network_range());
  EXPECT_EQ(film.network_range()->black, 500);
  EXPECT_EQ(film.network_range()->white, 4500);
  EXPECT_EQ(film.window.centre, 2500);
  EXPECT_EQ(film.presets[1].name, "HARD");
  EXPECT_EQ(film.facts.notes.back(), "The model sees the file’s first window (NORMAL).");
}

// A VOI LUT in a straight line, that rises or falls.
LookupTable ramp(int first, int last, bool falling) {
  LookupTable lut{first, 16, {}, ""};
  for (int input = first; input <= last; ++input) {
    const int place = falling ? last - input : input - first;
    lut.values.push_back(static_cast<std::uint16_t>(65535 / (last - first) * place));
  }
  return lut;
}

struct RangeRow {
  const char* origin;
  void (*change)(StoredImage&);
  double black, white;
};

const RangeRow kRanges[] = {
    {"no window, 12 bits: the used range", [](StoredImage&) {}, 10, 3000},
    {"no window, padding left out", [](StoredImage& i) { i.padding = StoredRange{3000, 3000}; }, 10, 200},
    {"no window, 8 bits: 0..255, as for 8-bit PNG", [](StoredImage& i) { i.bits = 8, i.values = {10, 200, 20}; }, 0, 255},
    {"8 bits, inverted: 0..255",
     [](StoredImage& i) { i.bits = 8, i.values = {10, 200, 20}, i.facts.photometric = "MONOCHROME1"; }, 0, 255},
    {"a window beside all values is passed over", [](StoredImage& i) { i.windows = {{4000, 10, ""}}; }, 10, 3000},
    {"a window without width is none", [](StoredImage& i) { i.windows = {{100, 0, ""}}; }, 10, 3000},
    {"VOI LUT where there is no window", [](StoredImage& i) { i.voi_luts = {ramp(5, 3005, false)}; }, 5, 3005},
    {"the second window, where the first is a placeholder",
     [](StoredImage& i) { i.windows = {{1, 1, ""}, {1500, 3000, ""}}, i.voi_function = VoiFunction::kLinearExact; }, 0, 3000},
    {"a window of 16 bits on 12: nearly black", [](StoredImage& i) { i.windows = {{32768, 65536, ""}}; }, 10, 3000},
    {"a window between the values", [](StoredImage& i) { i.windows = {{100, 100, ""}}; }, 10, 3000},
    {"a VOI LUT that falls: the film is turned round, 4095 − value", [](StoredImage& i) { i.voi_luts = {ramp(5, 3005, true)}; },
     1090, 4090},
    {"a VOI LUT that falls over MONOCHROME1: twice turned is not turned",
     [](StoredImage& i) { i.voi_luts = {ramp(5, 3005, true)}, i.facts.photometric = "MONOCHROME1"; }, 5, 3005},
};

TEST(Dicom, OneRuleForTheNetwork) {
  for (const auto& row : kRanges) {
    auto image = grey({10, 200, 3000});
    row.change(image);
    const auto range = film_of(image).network_range();
    ASSERT_TRUE(range) << row.origin;
    EXPECT_NEAR(range->black, row.black, kGeometryPx) << row.origin;
    EXPECT_NEAR(range->white, row.white, kGeometryPx) << row.origin;
  }
}

TEST(Dicom, ScreenAndNetworkHaveOneDirection) {
  for (const char* photometric : {"MONOCHROME1", "MONOCHROME2"})
    for (const bool falling : {false, true}) {
      auto image = grey({10, 200, 3000});
      image.facts.photometric = photometric;
      image.voi_luts = {ramp(5, 3005, falling)};
      const Film film = film_of(image);
      auto shown = [&](std::size_t i) { return brightness(film.pixels.values()[i], film.window, film.tables); };
      const bool brighter = shown(2) > shown(0);
      EXPECT_EQ(film.pixels.values()[2] > film.pixels.values()[0], brighter) << photometric << falling;
      EXPECT_EQ(brighter, falling == (std::string(photometric) == "MONOCHROME1"));
      EXPECT_EQ(film.facts.dicom->inverted, !brighter) << photometric << falling;
      const auto& scale = film.facts.dicom->film_scale;
      EXPECT_EQ(scale->grey(film.pixels.values()[2]), 3000) << "what a probe shows";
    }
}

TEST(Dicom, WindowsOfAFilmTurnedRoundFallAsTheFileSays) {
  auto image = grey({10, 200, 3000});
  image.windows = {{1, 1, "NONE"}, {200, 100, "NARROW"}};
  image.voi_luts = {ramp(5, 3005, true)};
  const Film film = film_of(image);
  ASSERT_EQ(film.presets.size(), 3u);
  EXPECT_EQ(film.window, film.presets[2].window);
  EXPECT_NEAR(brightness(film.pixels.values()[2], film.presets[1].window, film.tables), 1, kDisplayBrightness);
  EXPECT_NEAR(brightness(film.pixels.values()[0], film.presets[1].window, film.tables), 0, kDisplayBrightness);
}

TEST(Dicom, WhiteOfATableIsWhatItReaches) {
  auto image = grey({0, 1000, 4095});
  LookupTable lut = ramp(0, 4095, false);
  for (auto& value : lut.values) value = static_cast<std::uint16_t>(value / 16);  // 12 bits, stated as 16
  image.voi_luts = {lut};
  const Film film = film_of(image);
  EXPECT_NEAR(brightness(4095, film.window, film.tables), 1, kDisplayBrightness);
}

TEST(Dicom, WhatTheShutterHidesIsNoPicture) {
  auto image = grey(std::vector<std::int32_t>(100, 4000));
  image.width = image.height = 10;
  auto values = std::vector<std::int32_t>(100, 4000);
  for (int y = 2; y < 8; ++y)
    for (int x = 1; x < 8; ++x) values[static_cast<std::size_t>(10 * y + x)] = 100 + 10 * y + x;
  image.values = values;
  image.shutter = Shutter{Shutter::Rectangle{1, 9, 2, 9}, {}, {}};  // columns 2 to 8, rows 3 to 8, counted from 1
  const Film film = film_of(image);
  EXPECT_EQ(film.low, 121);
  EXPECT_EQ(film.high, 177);
  EXPECT_EQ(film.pixels(0, 0), 121) << "black";
  EXPECT_EQ(film.pixels(7, 7), 177);
  image.shutter = Shutter{Shutter::Rectangle{1, 3, 2, 4}, {}, {}};
  const Film passed = film_of(image);
  EXPECT_EQ(passed.high, 4000) << "one pixel in a hundred is no shutter";
  EXPECT_NE(std::ranges::find(passed.facts.notes, "The file’s display shutter would hide the picture and is passed over."),
            passed.facts.notes.end());
}

struct AspectRow {
  const char* origin;
  double aspect;
  int width, height;
};

TEST(Dicom, PixelsBecomeSquare) {
  const AspectRow rows[] = {
      {"square", 1, 4, 2}, {"within a hundredth", 1.009, 4, 2}, {"Pixel Aspect Ratio 2\\1: twice as high as wide", 2, 4, 4},
      {"1\\2", 0.5, 8, 2}, {"not to be believed", 10, 4, 2},    {"no number", -1, 4, 2},
  };
  for (const auto& row : rows) {
    auto image = grey({0, 100, 200, 300, 400, 500, 600, 700});
    image.width = 4;
    image.height = 2;
    image.facts.aspect = row.aspect;
    image.facts.spacing = PixelSpacing{0.2, 0.1, "patient"};
    const Film film = film_of(image);
    EXPECT_EQ(film.width(), row.width) << row.origin;
    EXPECT_EQ(film.height(), row.height) << row.origin;
    EXPECT_EQ(film.pixels(0, 0), 0) << row.origin;
    EXPECT_EQ(film.pixels(film.width() - 1, film.height() - 1), 700) << row.origin;
    if (row.aspect == 2) {
      EXPECT_EQ(film.facts.dicom->spacing->row, 0.1);
    }
  }
}

TEST(Dicom, ValuesComeInTheTypeThatHoldsThem) {
  auto bytes = [](std::initializer_list<int> values) { return std::vector<std::uint8_t>(values.begin(), values.end()); };
  EXPECT_EQ((*StoredValues::of("uint8", bytes({1, 255})))[1], 255);
  EXPECT_EQ((*StoredValues::of("int8", bytes({1, 255})))[1], -1);
  EXPECT_EQ((*StoredValues::of("uint16", bytes({1, 0, 255, 255})))[1], 65535);
  EXPECT_EQ((*StoredValues::of("int16", bytes({1, 0, 255, 255})))[1], -1);
  EXPECT_EQ((*StoredValues::of("int32", bytes({1, 0, 0, 0, 255, 255, 255, 255})))[1], -1);
  EXPECT_FALSE(StoredValues::of("int16", bytes({1, 0, 255})));
  EXPECT_FALSE(StoredValues::of("float32", bytes({1, 0, 255, 0})));
}

TEST(Dicom, AFlatFilmHasNoRange) { EXPECT_FALSE(film_of(grey({7, 7})).network_range()); }

TEST(Dicom, ColourBecomesGreyAndSaysHowColouredItIs) {
  auto image = grey({255, 0, 0, 10, 10, 10}, 8);
  image.width = 2;
  image.channels = 3;
  image.facts.photometric = "RGB";
  Film film = film_of(image);
  EXPECT_EQ(film.pixels.values(), (Pixels{76, 10}));  // 0.299 · 255
  EXPECT_EQ(film.facts.coloured_fraction, 0.5);

  image.facts.photometric = "YBR_FULL";
  image.values = {76, 128, 128, 200, 128, 128};  // no chroma: Y is grey
  film = film_of(image);
  EXPECT_EQ(film.pixels.values(), (Pixels{76, 200}));
  EXPECT_EQ(film.facts.coloured_fraction, 0);
}

TEST(Dicom, APaletteIsColourToo) {
  auto image = grey({-1, 0, 1, 2, 99}, 8);
  image.facts.photometric = "PALETTE COLOR";
  const LookupTable half{0, 16, {0, 0x8000, 0xffff}, ""};
  image.palette = {half, half, half};
  Film film = film_of(image);
  EXPECT_EQ(film.pixels.values(), (Pixels{0, 0, 0x8000, 0xffff, 0xffff}));
  EXPECT_EQ(film.full_scale, 65535);
  EXPECT_EQ(film.facts.coloured_fraction, 0);

  image.palette[1] = image.palette[2] = {0, 16, {0, 0, 0}, ""};
  film = film_of(image);
  EXPECT_EQ(film.facts.coloured_fraction, 3 / 5.0) << "two red ones, one of them repeated";

  for (LookupTable& table : image.palette) table = {0, 16, {0, 128, 255}, ""};
  film = film_of(image);
  EXPECT_EQ(film.pixels.values(), (Pixels{0, 0, 128, 255, 255})) << "16 bits by its own account, 8 in fact";
  EXPECT_EQ(film.full_scale, 255);

  image.palette[2].values.clear();
  EXPECT_EQ(film_from_stored(image).error().code, ErrorCode::kUnsupportedFormat);
}

struct ErrorRow {
  const char* origin;
  void (*change)(StoredImage&);
  ErrorCode code;
};

const ErrorRow kErrors[] = {
    {"no size", [](StoredImage& i) { i.width = 0; }, ErrorCode::kCorrupt},
    {"too few values", [](StoredImage& i) { i.height = 2; }, ErrorCode::kCorrupt},
    {"CVE-2026-5443: a product beyond 32 bits", [](StoredImage& i) { i.width = i.height = 65536; }, ErrorCode::kTooLarge},
    {"no bits", [](StoredImage& i) { i.bits = 0; }, ErrorCode::kCorrupt},
    {"two channels", [](StoredImage& i) { i.channels = 2; }, ErrorCode::kCorrupt},
    {"palette", [](StoredImage& i) { i.facts.photometric = "PALETTE COLOR"; }, ErrorCode::kUnsupportedFormat},
};

TEST(Dicom, RefusesWhatDoesNotFit) {
  for (const auto& row : kErrors) {
    auto image = grey({1, 2, 3});
    row.change(image);
    const auto film = film_from_stored(image);
    ASSERT_FALSE(film) << row.origin;
    EXPECT_EQ(film.error().code, row.code) << row.origin;
    EXPECT_FALSE(film.error().hint.empty()) << row.origin;
  }
}

}  // namespace
}  // namespace chestlight
