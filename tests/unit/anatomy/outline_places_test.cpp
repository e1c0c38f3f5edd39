// Places in words from the outlines of a phantom's lungs and heart, and how much of the evidence lies in each.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "anatomy/anatomy.h"
#include "anatomy/location.h"
#include "chest_phantom.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

using testing::ChestPhantom;
using testing::evidence_of;
using testing::laid;
using testing::letterboxed;

constexpr int kCells = 32;

/// The phantom on a film that shows it off its centre, and a view of a part of that film.
struct Scene {
  Map<SourceSpace, SourceSpace> onto_film = laid(0, 0, {500, 400}, {30, 120});
  FilmView view{1100, 1000, {0.16, 0, -0.16 * 20, 0, 0.16, -0.16 * 60}, 150, 150};
  Anatomy anatomy = read_anatomy(evidence_of({}, onto_film, view), view, {});
  EvidencePlaces places{view, kCells, kCells, anatomy};

  /// Evidence around a point of the phantom.
  Grid<float> spot(SourcePx at, double radius = 25, float value = 1) const {
    Grid<float> map(kCells, kCells);
    const auto to_map = source_to_map(view, kCells, kCells);
    const auto from_map = to_map.inverse();
    const auto to_phantom = onto_film.inverse();
    for (int y = 0; y < kCells; ++y)
      for (int x = 0; x < kCells; ++x) {
        const SourcePx there = to_phantom(from_map(MapPx{x + 0.5, y + 0.5}));
        if (std::hypot(there.x - at.x, there.y - at.y) < radius) map(x, y) = value;
      }
    return map;
  }
};

TEST(OutlinePlaces, AreNamedAsAReaderDoes) {
  const Scene scene;
  ASSERT_TRUE(scene.anatomy.found);
  struct Row {
    SourcePx at;  // on the phantom
    const char *unknown, *known;
  };
  for (const Row& row : {
           Row{{345, 240}, "upper zone, image left", "right upper zone"},
           Row{{320, 400}, "middle zone, image left", "right middle zone"},
           Row{{750, 540}, "lower zone, image right", "left lower zone"},
           Row{{245, 610}, "costophrenic angle, image left", "right costophrenic angle"},
           Row{{540, 540}, "over the heart", "over the heart"},
           Row{{500, 330}, "over the mediastinum and hila", "over the mediastinum and hila"},
           Row{{290, 685}, "at the diaphragm", "at the diaphragm"},
           Row{{60, 60}, "outside the lungs", "outside the lungs"},
       }) {
    const Grid<float> map = scene.spot(row.at);
    const Location location = scene.places.locate(map.view());
    EXPECT_EQ(place_in_short(location, {}), row.unknown);
    EXPECT_EQ(place_in_short(location, {}, PictureSides::kPatientsRightIsLeft), row.known);
  }
}

TEST(OutlinePlaces, WordsNeverSayThatNoLungsWereFound) {
  const Scene scene;
  const Grid<float> map = scene.spot({540, 540});
  EXPECT_EQ(location_words(scene.places.locate(map.view()), {}, kCells, kCells),
            "Mainly over the heart: 100 % of the positive evidence.");
}

// Coarse evidence beside a lung is the lung's: the chest wall has no zones.
TEST(OutlinePlaces, ReachATenthOfALungBeyondIt) {
  const Scene scene;
  const Grid<float> map = scene.spot({210, 400}, 12);
  EXPECT_EQ(place_in_short(scene.places.locate(map.view()), {}), "middle zone, image left");
  EXPECT_LT(scene.places.shares(map.view())->lungs, 0.6) << "its share is counted by the outline alone";
}

TEST(OutlinePlaces, SharesAddUpAndTellAShortcut) {
  const Scene scene;
  struct Row {
    const char* what;
    SourcePx at;
    std::function<double(const contract::EvidenceShares&)> share;
    bool shortcut;
  };
  for (const Row& row : {
           Row{"in a lung", {320, 400}, [](auto& s) { return s.lungs; }, false},
           Row{"over the heart", {540, 540}, [](auto& s) { return s.heart; }, false},
           Row{"in the mediastinum", {500, 330}, [](auto& s) { return s.elsewhere; }, false},
           Row{"under the diaphragm", {300, 690}, [](auto& s) { return s.elsewhere; }, false},
           Row{"in the corner", {60, 40}, [](auto& s) { return s.outside; }, true},
       }) {
    SCOPED_TRACE(row.what);
    const Grid<float> map = scene.spot(row.at);
    const auto shares = scene.places.shares(map.view());
    ASSERT_TRUE(shares);
    EXPECT_NEAR(shares->lungs + shares->heart + shares->elsewhere + shares->outside, 1, kDoubleRounding);
    EXPECT_GT(row.share(*shares), 0.95);
    EXPECT_EQ(is_possible_shortcut(*shares), row.shortcut);
    EXPECT_EQ(shares_words(*shares).starts_with("Possible shortcut: "), row.shortcut);
  }
  EXPECT_EQ(shares_words({0.62, 0.2, 0.1, 0.08}),
            "Of the positive evidence 62 % lies in the lungs, 20 % over the heart, 10 % elsewhere in the chest, 8 % outside it.");
}

TEST(OutlinePlaces, KnowNothingWithoutEvidenceOrOutlines) {
  const Scene scene;
  EXPECT_FALSE(scene.places.shares(scene.spot({320, 400}, 25, -1).view()));
  EXPECT_FALSE(EvidencePlaces(scene.view, kCells, kCells).shares(scene.spot({320, 400}).view()));
}

// The words are those of the map: what it is multiplied by does not matter, nor does evidence against.
TEST(OutlinePlaces, DoNotDependOnHowStrongTheEvidenceIs) {
  const Scene scene;
  for (const float value : {1e-4f, 1.0f, 40.0f}) {
    Grid<float> map = scene.spot({750, 540}, 40, value);
    map(0, 0) = -100;
    EXPECT_EQ(place_in_short(scene.places.locate(map.view()), {}), "lower zone, image right");
    EXPECT_GT(scene.places.shares(map.view())->lungs, 0.9);
  }
}

}  // namespace
}  // namespace chestlight
