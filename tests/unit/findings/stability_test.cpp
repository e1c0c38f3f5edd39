#include "findings/stability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace chestlight {
namespace {

/// 8 bit, brighter to the right and downwards, with a bright square off the middle.
Film uneven_film(int width, int height) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      film.pixels(x, y) = static_cast<std::uint16_t>(x > width / 4 && x < width / 2 && y < height / 3 ? 220 : 40 + x / 4 + y / 5);
  film.low = 40, film.high = 220, film.full_scale = 255;
  return film;
}

InputSpec input_of(Fit fit, int side) { return {side, side, 0, 1, fit, 1, Filter::kArea, {0}, {1}}; }

TEST(SmallChanges, AChangeOfNothingGivesTheSameInput) {
  for (Fit fit : {Fit::kCentreSquareCrop, Fit::kLetterbox, Fit::kStretch}) {
    const Film film = uneven_film(300, 260);
    const InputSpec spec = input_of(fit, 50);
    const ModelInput input = preprocess(film, spec);
    const ModelInput again = preprocess(film, spec, {.right = 0, .down = 0, .crop = 1, .contrast = 1, .mirrored = false});
    EXPECT_EQ(again.tensor, input.tensor);
    EXPECT_EQ(again.geometry.source_to_model.coefficients(), input.geometry.source_to_model.coefficients());
  }
}

TEST(SmallChanges, TheMirrorImageOfTheMirrorImageIsThePicture) {
  for (Fit fit : {Fit::kCentreSquareCrop, Fit::kLetterbox, Fit::kStretch}) {
    const InputSpec spec = input_of(fit, 50);
    ModelInput mirrored = preprocess(uneven_film(200, 300), spec, {.mirrored = true});
    const ModelInput input = preprocess(uneven_film(200, 300), spec);
    EXPECT_NE(mirrored.tensor, input.tensor);
    const PixelRect& placed = mirrored.geometry.placed;
    for (int y = placed.y; y < placed.y + placed.height; ++y) {
      auto begin = mirrored.tensor.begin() + y * spec.width + placed.x;
      std::reverse(begin, begin + placed.width);
    }
    EXPECT_EQ(mirrored.tensor, input.tensor);
    // A point of the film lies as far from the right as it did from the left.
    const ModelPx was = input.geometry.source_to_model({60, 100});
    const ModelPx is = mirrored.geometry.source_to_model({60, 100});
    EXPECT_NEAR(is.x - placed.x, placed.x + placed.width - was.x, 1e-9);
    EXPECT_NEAR(is.y, was.y, 1e-9);
  }
}

TEST(SmallChanges, AShiftShowsWhatLiesBesideThePartThatWasSeen) {
  const Film film = uneven_film(300, 200);  // 50 pixels on either side are not seen
  const InputSpec spec = input_of(Fit::kCentreSquareCrop, 50);
  const ModelInput moved = preprocess(film, spec, {.right = 0.02});
  EXPECT_EQ(moved.geometry.seen, (PixelRect{46, 0, 200, 200}));
  EXPECT_EQ(moved.geometry.placed, (PixelRect{0, 0, 50, 50})) << "the film goes on there: no border";
  const ModelInput input = preprocess(film, spec);
  for (int y = 0; y < 50; ++y)
    for (int x = 0; x + 1 < 50; ++x) EXPECT_FLOAT_EQ(moved.tensor[y * 50 + x + 1], input.tensor[y * 50 + x]) << x << " " << y;
}

TEST(SmallChanges, WhereTheFilmEndsThereIsNothing) {
  const Film film = uneven_film(300, 200);
  const ModelInput moved = preprocess(film, input_of(Fit::kCentreSquareCrop, 50), {.down = 0.02});
  EXPECT_EQ(moved.geometry.seen, (PixelRect{50, 0, 200, 196}));
  EXPECT_EQ(moved.geometry.placed, (PixelRect{0, 1, 50, 49}));
  for (int x = 0; x < 50; ++x) EXPECT_EQ(moved.tensor[x], 0);
  EXPECT_GT(moved.tensor[50], 0);
}

TEST(SmallChanges, ATighterCropIsLargerAndCentred) {
  const ModelInput closer = preprocess(uneven_film(200, 200), input_of(Fit::kCentreSquareCrop, 50), {.crop = 0.96});
  EXPECT_EQ(closer.geometry.seen, (PixelRect{4, 4, 192, 192}));
  EXPECT_EQ(closer.geometry.placed, (PixelRect{0, 0, 50, 50}));
}

TEST(SmallChanges, ContrastIsAboutTheMeanAndStaysBetweenBlackAndWhite) {
  const Film film = uneven_film(200, 200);
  const InputSpec spec = input_of(Fit::kStretch, 50);
  const ModelInput input = preprocess(film, spec), more = preprocess(film, spec, {.contrast = 1.1});
  double mean = 0;
  for (float v : input.tensor) mean += v / static_cast<double>(input.tensor.size());
  for (std::size_t i = 0; i < input.tensor.size(); ++i) {
    const double expected = std::clamp(mean + 1.1 * (input.tensor[i] - mean), 0.0, 1.0);
    EXPECT_NEAR(more.tensor[i], expected, 1e-5);
  }
}

ZonedScore score(float value, Zone zone) { return {{value}, zone}; }

/// All changes give this score, but for those told by number.
std::vector<ZonedScore> changed_scores(ZonedScore usual, const std::vector<std::pair<std::size_t, ZonedScore>>& others) {
  std::vector<ZonedScore> all(small_changes().size(), usual);
  for (const auto& [at, other] : others) all[at] = other;
  return all;
}

TEST(Stability, AScoreThatStaysInItsZone) {
  const auto stability = finding_stability("a", score(0.05f, Zone::kUnlikely),
                                           changed_scores(score(0.05f, Zone::kUnlikely), {{2, score(0.09f, Zone::kUnlikely)}}));
  EXPECT_EQ(stability.finding, "a");
  EXPECT_FLOAT_EQ(static_cast<float>(stability.low), 0.05f);
  EXPECT_FLOAT_EQ(static_cast<float>(stability.high), 0.09f);
  EXPECT_FALSE(stability.flips);
  EXPECT_EQ(stability.text, "0.050 to 0.090 over 8 small changes of the picture; unlikely in all.");
}

TEST(Stability, AScoreThatChangesItsZoneSaysWhatDidThat) {
  const ZonedScore own = score(0.2f, Zone::kUncertain);
  const auto once = finding_stability("a", own, changed_scores(own, {{7, score(0.31f, Zone::kLikely)}}));
  EXPECT_TRUE(once.flips);
  EXPECT_EQ(once.lowest_zone, Zone::kUncertain);
  EXPECT_EQ(once.highest_zone, Zone::kLikely);
  EXPECT_EQ(once.text, "0.20 to 0.31 over 8 small changes of the picture; uncertain to likely: the mirror image made it likely.");
  const ZonedScore low = score(0.1f, Zone::kUnlikely), high = score(0.4f, Zone::kLikely);
  const auto both = finding_stability("a", own, changed_scores(own, {{0, low}, {4, high}, {5, high}}));
  EXPECT_EQ(both.text,
            "0.10 to 0.40 over 8 small changes of the picture; unlikely to likely: a shift to the left made it unlikely; more "
            "contrast and less contrast made it likely.");
  const auto most = finding_stability("a", own, changed_scores(high, {{0, own}}));
  EXPECT_EQ(most.text, "0.20 to 0.40 over 8 small changes of the picture; uncertain to likely: 7 of them made it likely.");
}

TEST(Stability, WhatIsNotAssessedHasNoZoneToLeave) {
  const ZonedScore own = score(0.2f, Zone::kNotAssessed);
  const auto stability = finding_stability("a", own, changed_scores(own, {}));
  EXPECT_FALSE(stability.flips);
  EXPECT_EQ(stability.text, "0.20 over 8 small changes of the picture.");
}

}  // namespace
}  // namespace chestlight
