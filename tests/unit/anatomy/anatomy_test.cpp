// Measures of a phantom whose lungs and heart are known ellipses: seen whole, off centre, letterboxed, turned and tilted; and
// what is refused, each with its reason.
#include "anatomy/anatomy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "chest_phantom.h"

namespace chestlight {
namespace {

using testing::ChestPhantom;
using testing::Ellipse;
using testing::evidence_of;
using testing::laid;
using testing::letterboxed;

constexpr int kWidth = 1000, kHeight = 800;

Anatomy read(AnatomyEvidence evidence, const FilmView& view = letterboxed(kWidth, kHeight)) {
  return read_anatomy(std::move(evidence), view, {});
}

/// How far the outline strays from the ellipse, in pixels of the phantom.
double farthest(const Organ& organ, const Ellipse& ellipse, const Map<SourceSpace, SourceSpace>& onto_film) {
  const auto to_phantom = onto_film.inverse();
  double most = 0;
  for (const SourcePx& at : organ.outline) most = std::max(most, std::abs(ellipse.inside(to_phantom(at))));
  return most;
}

TEST(Anatomy, MeasuresThePhantomHoweverItLies) {
  struct Row {
    const char* what;
    int turns;
    double tilt;
    SourcePx moved;
    FilmView view;
  };
  // A view of a part of the film, off its centre, as a crop for a correction gives it: 700 × 700 from (180, 60) of a film.
  const FilmView part{1000, 1000, {160 / 860.0, 0, -70 * 160 / 860.0, 0, 160 / 860.0, -60 * 160 / 860.0}, 160, 160};
  const Row rows[] = {
      {"upright", 0, 0, {}, letterboxed(kWidth, kHeight)},
      {"off centre", 0, 0, {-80, 60}, letterboxed(kWidth, 950)},
      {"on a tall film", 0, 0, {0, 300}, letterboxed(kWidth, 1400)},
      {"a part of the film", 0, 0, {-10, 80}, part},
      {"of other pixels", 0, 0, {}, letterboxed(kWidth, kHeight, 192)},
      {"tilted clockwise", 0, 9, {0, 60}, letterboxed(kWidth, 950)},
      {"tilted the other way", 0, -12, {0, 60}, letterboxed(kWidth, 950)},
      {"turned by a quarter", 1, 0, {0, 100}, letterboxed(kWidth, 1000)},
      {"turned by half", 2, 0, {}, letterboxed(kWidth, kHeight)},
      {"turned by three quarters, and tilted", 3, 5, {0, 100}, letterboxed(kWidth, 1000)},
  };
  const ChestPhantom phantom;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const auto onto_film = laid(row.turns, row.tilt, {500, 400}, row.moved);
    const Anatomy found = read(evidence_of(phantom, onto_film, row.view, row.turns), row.view);
    ASSERT_TRUE(found.found) << found.reason;
    EXPECT_EQ(found.quarter_turns, row.turns);
    EXPECT_NEAR(found.tilt, row.tilt, 0.3);
    const double cell = 1 / std::hypot(row.view.source_to_model.a, row.view.source_to_model.d) * row.view.model_width / 80;
    EXPECT_LT(farthest(found.lung_on_left, phantom.on_left, onto_film), 0.15 * cell);
    EXPECT_LT(farthest(found.lung_on_right, phantom.on_right, onto_film), 0.15 * cell);
    ASSERT_TRUE(found.heart);
    EXPECT_LT(farthest(*found.heart, phantom.heart, onto_film), 0.15 * cell);
    ASSERT_TRUE(found.cardiothoracic_ratio) << found.no_ratio;
    EXPECT_NEAR(*found.cardiothoracic_ratio, phantom.ratio(), 0.006);
    // The lines' ends, on the film: from the heart's left to its right, at its middle.
    const SourcePx left = onto_film({phantom.heart.centre.x - phantom.heart.half_width(), phantom.heart.centre.y});
    const SourcePx right = onto_film({phantom.heart.centre.x + phantom.heart.half_width(), phantom.heart.centre.y});
    EXPECT_LT(std::hypot(found.heart_line->from.x - left.x, found.heart_line->from.y - left.y), 0.6 * cell);
    EXPECT_LT(std::hypot(found.heart_line->to.x - right.x, found.heart_line->to.y - right.y), 0.6 * cell);
    EXPECT_FALSE(found.cut_off.any());
    EXPECT_FALSE(found.shallow_inspiration);
  }
}

TEST(Anatomy, RefusesWithAReason) {
  struct Row {
    const char* what;
    std::function<void(AnatomyEvidence&)> change;
    const char *id, *said;
  };
  auto nothing = [](Grid<float>& mask) { std::fill(mask.values().begin(), mask.values().end(), -4.0f); };
  const Row rows[] = {
      {"a photograph", [](AnatomyEvidence& e) { e.chest = 0.1; }, "no-chest", "10 %"},
      {"no lungs", [&](AnatomyEvidence& e) { nothing(e.lung_on_left), nothing(e.lung_on_right); }, "no-lungs", "No lung"},
      {"one lung is white", [&](AnatomyEvidence& e) { nothing(e.lung_on_left); }, "one-lung", "picture's right"},
      {"the other one", [&](AnatomyEvidence& e) { nothing(e.lung_on_right); }, "one-lung", "picture's left"},
      {"a speck for a lung",
       [&](AnatomyEvidence& e) { nothing(e.lung_on_right), e.lung_on_right(60, 40) = e.lung_on_right(61, 40) = 2; }, "one-lung",
       "picture's left"},
      {"most of a lung is white",
       [](AnatomyEvidence& e) {
         for (int y = 29; y < 80; ++y)
           for (int x = 0; x < 80; ++x) e.lung_on_left(x, y) = -2;
       },
       "one-lung", "picture's right stands out: of the other one"},
      {"both lungs in one place", [](AnatomyEvidence& e) { e.lung_on_right = e.lung_on_left; }, "lungs-misplaced", "two lungs"},
      {"lungs on the wrong sides", [](AnatomyEvidence& e) { std::swap(e.lung_on_right, e.lung_on_left); }, "lungs-misplaced",
       "two lungs"},
  };
  const FilmView view = letterboxed(kWidth, kHeight);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    AnatomyEvidence evidence = evidence_of({}, laid(0, 0), view);
    row.change(evidence);
    const Anatomy found = read(std::move(evidence), view);
    EXPECT_FALSE(found.found);
    EXPECT_EQ(found.reason_id, row.id);
    EXPECT_NE(found.reason.find(row.said), std::string::npos) << found.reason;
    EXPECT_FALSE(found.cardiothoracic_ratio || found.heart_line || found.chest_line) << "a line that nobody measured";
    EXPECT_TRUE(found.lung_on_left.outline.empty() && found.lung_on_right.outline.empty());
  }
}

TEST(Anatomy, HasNoRatioWithoutAHeartBetweenTheLungs) {
  const FilmView view = letterboxed(kWidth, kHeight);
  AnatomyEvidence evidence = evidence_of({}, laid(0, 0), view);
  std::fill(evidence.heart.values().begin(), evidence.heart.values().end(), -3.0f);
  const Anatomy none = read(std::move(evidence), view);
  EXPECT_TRUE(none.found);
  EXPECT_FALSE(none.heart || none.cardiothoracic_ratio || none.heart_line);
  EXPECT_NE(none.no_ratio.find("heart"), std::string::npos);

  ChestPhantom outside;
  outside.heart.centre = {900, 600};
  const Anatomy beside = read(evidence_of(outside, laid(0, 0), view), view);
  EXPECT_TRUE(beside.found);
  EXPECT_FALSE(beside.cardiothoracic_ratio || beside.heart_line);
}

// Which side is cut off is that of the upright picture, whatever edge of the film it is.
TEST(Anatomy, SaysWhichSideOfTheLungsIsCutOff) {
  struct Row {
    const char* what;
    int turns;
    SourcePx moved;  // on the upright film
    CutOff cut;
    bool ratio;
  };
  const Row rows[] = {
      {"left", 0, {-230, 0}, {.left = true}, false},
      {"right", 0, {260, 0}, {.right = true}, false},
      {"top: a width can still be measured", 0, {0, -200}, {.top = true}, true},
      {"bottom, with the heart in view", 0, {0, 200}, {.bottom = true}, false},
      {"left of a film turned by a quarter", 1, {-230, 0}, {.left = true}, false},
      {"top of a film turned by half", 2, {0, -200}, {.top = true}, true},
      {"right of a film turned by three quarters", 3, {260, 0}, {.right = true}, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    // An upright film of 1000 × 800, then turned: the map from it to the turned film of 800 × 1000 keeps its corners.
    const Map<SourceSpace, SourceSpace> shift{1, 0, row.moved.x, 0, 1, row.moved.y};
    const Map<SourceSpace, SourceSpace> turned[] = {
        {1, 0, 0, 0, 1, 0}, {0, -1, kHeight, 1, 0, 0}, {-1, 0, kWidth, 0, -1, kHeight}, {0, 1, 0, -1, 0, kWidth}};
    const auto onto_film = compose(shift, turned[row.turns]);
    const FilmView view = row.turns % 2 == 0 ? letterboxed(kWidth, kHeight) : letterboxed(kHeight, kWidth);
    const Anatomy found = read(evidence_of({}, onto_film, view, row.turns), view);
    ASSERT_TRUE(found.found) << found.reason;
    EXPECT_EQ(found.cut_off.left, row.cut.left);
    EXPECT_EQ(found.cut_off.right, row.cut.right);
    EXPECT_EQ(found.cut_off.top, row.cut.top);
    if (row.ratio) EXPECT_TRUE(found.cardiothoracic_ratio) << found.no_ratio;
    else EXPECT_TRUE(found.cut_off.bottom == row.cut.bottom);
    if (row.cut.left || row.cut.right) EXPECT_FALSE(found.cardiothoracic_ratio);
    for (const SourcePx& at : found.lung_on_left.outline) {
      EXPECT_TRUE(at.x >= -1e-9 && at.y >= -1e-9 && at.x <= view.film_width + 1e-9 && at.y <= view.film_height + 1e-9);
    }
  }
}

TEST(Anatomy, SaysHowTheFilmLiesOnlyWhereSure) {
  const FilmView view = letterboxed(kWidth, kHeight);
  AnatomyEvidence evidence = evidence_of({}, laid(0, 0), view);
  evidence.turned = {0.45, 0.1, 0.44, 0.01};
  evidence.mirrored = 0.7, evidence.inverted = 0.2;
  const Anatomy found = read_anatomy(evidence, view, {.chest = 0.5, .turned = 0.9, .mirrored = 0.6, .inverted = 0.6});
  EXPECT_EQ(found.quarter_turns, 0);
  EXPECT_TRUE(found.mirrored);
  EXPECT_FALSE(found.inverted);
}

TEST(Anatomy, TellsAShallowBreath) {
  ChestPhantom shallow;
  shallow.on_left.along = 170, shallow.on_right.along = 165;
  const FilmView view = letterboxed(kWidth, kHeight);
  const Anatomy found = read(evidence_of(shallow, laid(0, 0), view), view);
  ASSERT_TRUE(found.found);
  EXPECT_TRUE(found.shallow_inspiration) << found.inspiration;
}

}  // namespace
}  // namespace chestlight
