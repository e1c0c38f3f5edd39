// Black and white of films, by values that can be counted by hand.
#include "imaging/network_range.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"

namespace chestlight {
namespace {

// `count` pixels of each value from `low` to `high`.
void add(Histogram& histogram, int low, int high, int count) {
  for (int value = low; value <= high; ++value)
    for (int i = 0; i < count; ++i) histogram.add(static_cast<std::uint16_t>(value));
}

struct EndsRow {
  const char* origin;
  void (*fill)(Histogram&);
  double black, white;
};

const EndsRow kEnds[] = {
    {"an ordinary film: its least and greatest value", [](Histogram& h) { add(h, 100, 1099, 10); }, 100, 1099},
    {"a long tail belongs to it", [](Histogram& h) { add(h, 100, 1099, 10), add(h, 1500, 1500, 5); }, 100, 1500},
    {"one dead pixel at full scale", [](Histogram& h) { add(h, 0, 511, 50), add(h, 4095, 4095, 1); }, 0, 511},
    {"a dead pixel at zero", [](Histogram& h) { add(h, 2000, 2511, 50), add(h, 0, 0, 1); }, 2000, 2511},
    {"a marker of 0.9 % at full scale", [](Histogram& h) { add(h, 0, 1365, 10), add(h, 4095, 4095, 124); }, 0, 1365},
    {"a marker of 4.7 % at full scale", [](Histogram& h) { add(h, 0, 1365, 15), add(h, 4095, 4095, 1000); }, 0, 1365},
    {"a marker with soft edges: those within reach count",
     [](Histogram& h) { add(h, 0, 1000, 100), add(h, 1300, 4000, 0), add(h, 1400, 1400, 3), add(h, 4095, 4095, 300); }, 0, 1400},
    {"bright parts of more than six hundredths are picture", [](Histogram& h) { add(h, 0, 999, 10), add(h, 4095, 4095, 1000); },
     0, 4095},
    {"nearly one value: what differs is all there is", [](Histogram& h) { add(h, 7, 7, 10000), add(h, 9, 9, 3); }, 7, 9},
};

TEST(NetworkRange, EndsAreThoseOfThePictureWithoutOutliers) {
  for (const auto& row : kEnds) {
    Histogram histogram;
    row.fill(histogram);
    const auto ends = robust_ends(histogram);
    ASSERT_TRUE(ends) << row.origin;
    EXPECT_EQ(ends->black, row.black) << row.origin;
    EXPECT_EQ(ends->white, row.white) << row.origin;
  }
}

TEST(NetworkRange, OneValueHasNoEnds) {
  Histogram histogram;
  EXPECT_FALSE(robust_ends(histogram));
  add(histogram, 5, 5, 100);
  EXPECT_FALSE(robust_ends(histogram));
}

struct WindowRow {
  const char* origin;
  ValueRange window;
  bool usable;
};

// On a film of 1000 values, 500 to 1499.
const WindowRow kWindows[] = {
    {"just the film", {500, 1499}, true},
    {"half of it, in the middle", {750, 1249}, true},
    {"less than half of it", {760, 1240}, false},
    {"twice as wide", {0, 2000}, true},
    {"three times as wide", {0, 3000}, false},
    {"beside it", {2000, 3000}, false},
    {"Window 1/1", {0, 1}, false},
    {"of 16 bits", {0, 65535}, false},
};

TEST(NetworkRange, AWindowIsUsableThatShowsMostOfTheFilm) {
  Histogram histogram;
  add(histogram, 500, 1499, 10);
  for (const auto& row : kWindows) EXPECT_EQ(is_usable(row.window, histogram), row.usable) << row.origin;
}

TEST(NetworkRange, AFilmSaysWhatDoesNotCount) {
  Film film;
  Histogram histogram;
  add(histogram, 0, 511, 50);
  choose_ends(film, histogram);
  EXPECT_TRUE(film.facts.notes.empty());
  add(histogram, 4095, 4095, 1);
  choose_ends(film, histogram);
  ASSERT_EQ(film.facts.notes.size(), 1u);
  EXPECT_EQ(
      film.facts.notes[0],
      "A few outlying pixels (less than 0.01 %, such as a dead pixel or a marker) do not count for the model’s black and white.");
}

}  // namespace
}  // namespace chestlight
