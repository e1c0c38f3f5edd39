// What the model saw: the record agrees with the pixels, and the map with both, for every correction.
#include "findings/input_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/tolerances.h"

namespace chestlight {
namespace {

InputSpec spec_of(Fit fit, int width, int height) { return {width, height, 0, 1, fit, 1, Filter::kArea, {0.5f}, {0.25f}}; }

/// Black with one bright, soft-edged disc.
Film disc_film(int width, int height, SourcePx centre, double radius, bool dark = false) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double depth = radius - std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
      const auto value = static_cast<std::uint16_t>(std::lround(255 * std::clamp(depth + 0.5, 0.0, 1.0)));
      film.pixels(x, y) = dark ? static_cast<std::uint16_t>(255 - value) : value;
    }
  film.high = 255;
  return film;
}

ModelPx centre_of_mass(const ModelInput& input, const InputSpec& spec) {
  const Grid<std::uint8_t> picture = input_picture(input, spec);
  double sum = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const double value = picture(x, y);
      sum += value;
      x_sum += value * (x + 0.5);
      y_sum += value * (y + 0.5);
    }
  return {x_sum / sum, y_sum / sum};
}

// The picture is rounded to 256 greys: an edge pixel weighs up to 1/510 too much or too little.
constexpr double kRoundedDiscPx = kDiscCentrePx + 0.01;

TEST(InputRecord, AnOffCentreTargetStaysUnderItsMapForEveryCorrection) {
  constexpr int kWidth = 301, kHeight = 257;
  const SourcePx target{140.3, 118.8};
  for (Fit fit : {Fit::kCentreSquareCrop, Fit::kLetterbox, Fit::kStretch})
    for (bool cropped : {false, true})
      for (bool inverted : {false, true})
        for (bool mirrored : {false, true})
          for (int turns = 0; turns < 4; ++turns) {
            SCOPED_TRACE(::testing::Message() << int(fit) << cropped << inverted << mirrored << turns);
            Correction correction;
            if (cropped) correction.crop = PixelRect{61, 40, 190, 150};
            correction.inverted = inverted;
            correction.mirrored = mirrored;
            correction.quarter_turns = turns;
            const InputSpec spec = spec_of(fit, 64, 50);
            const Film film = disc_film(kWidth, kHeight, target, 20, inverted);
            const PreparedInput prepared = prepare_input(film, correction, spec);
            const ModelPx expected = prepared.source_to_model(target), found = centre_of_mass(prepared.input, spec);
            EXPECT_NEAR(found.x, expected.x, kRoundedDiscPx);
            EXPECT_NEAR(found.y, expected.y, kRoundedDiscPx);

            // The crop that is recorded is what the map takes onto the input.
            const PixelRect &seen = prepared.record.crop, &placed = prepared.record.placed;
            const ModelPx a = prepared.source_to_model({double(seen.x), double(seen.y)});
            const ModelPx b = prepared.source_to_model({double(seen.x) + seen.width, double(seen.y) + seen.height});
            EXPECT_NEAR(std::min(a.x, b.x), placed.x, kGeometryPx);
            EXPECT_NEAR(std::max(a.x, b.x), placed.x + placed.width, kGeometryPx);
            EXPECT_NEAR(std::min(a.y, b.y), placed.y, kGeometryPx);
            EXPECT_NEAR(std::max(a.y, b.y), placed.y + placed.height, kGeometryPx);
          }
}

TEST(InputRecord, ThePictureIsTheInputAndNothingElse) {
  const InputSpec spec = spec_of(Fit::kCentreSquareCrop, 16, 16);
  const Film film = disc_film(40, 30, {17, 12}, 8);
  const PreparedInput prepared = prepare_input(film, {}, spec);
  const ModelInput direct = preprocess(film, spec);
  EXPECT_EQ(prepared.input.tensor, direct.tensor);
  const Grid<std::uint8_t> picture = input_picture(direct, spec);
  for (std::size_t i = 0; i < direct.tensor.size(); ++i)
    EXPECT_NEAR(picture.values()[i] / 255.0, direct.tensor[i] * 0.25 + 0.5, 0.5 / 255 + kFloatFormula);
  EXPECT_EQ(prepared.record.crop, (PixelRect{5, 0, 30, 30}));
  EXPECT_EQ(prepared.record.window, (ValueRange{0, 255}));
  EXPECT_FALSE(prepared.record.corrections);
}

// What the screen shows is part of the film's value, so that this can fail.
TEST(InputRecord, TheScreensWindowHasNoPartInIt) {
  const InputSpec spec = spec_of(Fit::kLetterbox, 16, 16);
  Film film = disc_film(40, 30, {17, 12}, 8);
  const PreparedInput before = prepare_input(film, {}, spec);
  film.window = {10, 3};
  film.presets = {{"Bone", {10, 3}}};
  const PreparedInput after = prepare_input(film, {}, spec);
  EXPECT_EQ(before.input.tensor, after.input.tensor);
  EXPECT_EQ(before.record.rule, after.record.rule);
}

TEST(InputRecord, AWindowForTheModelIsRecordedInTheFilmsOwnValues) {
  const InputSpec spec = spec_of(Fit::kStretch, 8, 8);
  Correction correction;
  correction.window = ValueRange{50, 150};
  correction.inverted = true;
  Film film = disc_film(40, 30, {17, 12}, 8);
  const PreparedInput prepared = prepare_input(film, correction, spec);
  EXPECT_EQ(prepared.record.window, correction.window);
  const Grid<std::uint8_t> picture = input_picture(prepared.input, spec);
  EXPECT_EQ(picture(0, 0), 255);  // value 0, black in the window, inverted
  EXPECT_NE(prepared.record.rule.find("inverted, window 50 to 150"), std::string::npos) << prepared.record.rule;
}

TEST(InputRecord, SaysWhereBlackAndWhiteComeFrom) {
  const InputSpec spec = spec_of(Fit::kStretch, 8, 8);
  Film film = disc_film(40, 30, {17, 12}, 8);
  EXPECT_NE(prepare_input(film, {}, spec).record.rule.find("Black is 0 and white 255"), std::string::npos);
  film.full_scale = 4095;
  EXPECT_NE(prepare_input(film, {}, spec).record.rule.find("smallest and white the largest value"), std::string::npos);
  film.stated_range = ValueRange{-100, 900};
  EXPECT_NE(prepare_input(film, {}, spec).record.rule.find("those that the file states"), std::string::npos);
}

}  // namespace
}  // namespace chestlight
