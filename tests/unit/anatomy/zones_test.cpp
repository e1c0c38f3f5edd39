// Places in words on the phantom chest, upright and turned.
#include "anatomy/zones.h"

#include <gtest/gtest.h>

#include "chest_phantom.h"

namespace chestlight {
namespace {

using testing::evidence_of;
using testing::laid;
using testing::letterboxed;

TEST(Zones, AreNamedAsAReaderDoes) {
  struct Row {
    SourcePx at;  // on the phantom's upright film
    const char *plain, *known;
  };
  const Row rows[] = {
      {{375, 175}, "apex, image left", "right apex"},
      {{340, 270}, "upper zone, image left", "right upper zone"},
      {{320, 400}, "middle zone, image left", "right middle zone"},
      {{330, 540}, "lower zone, image left", "right lower zone"},
      {{250, 620}, "costophrenic angle, image left", "right costophrenic angle"},
      {{660, 270}, "upper zone, image right", "left upper zone"},
      {{690, 400}, "middle zone, image right", "left middle zone"},
      {{750, 550}, "lower zone, image right", "left lower zone"},
      {{540, 540}, "over the heart", "over the heart"},
      {{500, 350}, "mediastinum and hila", "mediastinum and hila"},
      {{280, 670}, "diaphragm, image left", "right diaphragm"},
      {{50, 400}, "outside the lungs", "outside the lungs"},
      {{500, 60}, "outside the lungs", "outside the lungs"},
      {{950, 780}, "outside the lungs", "outside the lungs"},
  };
  for (const int turns : {0, 2}) {
    const FilmView view = letterboxed(1000, 800);
    const auto onto_film = laid(turns, 0);
    const Anatomy anatomy = read_anatomy(evidence_of({}, onto_film, view, turns), view, {});
    ASSERT_TRUE(anatomy.found);
    for (const Row& row : rows) {
      const PlaceOnChest place = place_of(anatomy, onto_film(row.at));
      EXPECT_EQ(place_words(place), row.plain) << row.at.x << ' ' << row.at.y << " turned " << turns;
      EXPECT_EQ(place_words(place, PictureSides::kPatientsRightIsLeft), row.known);
    }
  }
}

TEST(Zones, FollowTheSideThatTheFileStates) {
  EXPECT_EQ(place_words({ChestPlace::kLowerZone, Side::kLeft}, PictureSides::kPatientsLeftIsLeft), "left lower zone");
}

}  // namespace
}  // namespace chestlight
