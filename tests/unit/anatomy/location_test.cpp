// Where: hand-made maps with one answer each, and the geometry of crops and letterboxes.
#include "anatomy/location.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"

namespace chestlight {
namespace {

// A square film seen whole at 128 × 128.
FilmView whole(int side = 128) {
  const double scale = 128.0 / side;
  return {side, side, {scale, 0, 0, 0, scale, 0}, 128, 128};
}

Location locate(const Grid<float>& map, const FilmView& view = whole(), const Lungs& lungs = {}) {
  return EvidencePlaces(view, map.width(), map.height(), lungs).locate(map.view());
}

std::string words(std::vector<float> cells, int width, int height, const FilmView& view = whole()) {
  Grid<float> map(width, height, std::move(cells));
  return location_words(locate(map, view), {}, width, height);
}

/// A sentence about thirds of the picture admits that they are no zones of the lungs.
std::string without_lungs(std::string sentence) {
  if (!sentence.starts_with("No positive")) sentence.replace(sentence.size() - 1, 1, "; no lungs found: thirds of the picture.");
  return sentence;
}

TEST(Location, Words) {
  struct Row {
    const char* what;
    std::vector<float> cells;  // 6 × 6, so that thirds and halves are whole cells
    const char* expected;
  };
  const std::vector<float> lower_left = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                         0, 0, 0, 0, 0, 3, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const Row rows[] = {
      {"one cell, and less elsewhere", lower_left,
       "Mainly image left, lower third (the patient's right, if the film is not flipped): 70 % of the "
       "positive evidence."},
      {"the other side, upper",
       {0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       "Mainly image right, upper third (the patient's left, if the film is not flipped): 100 % of the "
       "positive evidence."},
      {"the heart",
       {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0},
       "Mainly around the middle, middle third: 60 % of the positive evidence."},
      {"both bases",
       {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 1},
       "Mainly both sides, lower third: 100 % of the positive evidence."},
      {"two neighbouring thirds",
       {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0},
       "Mainly image right, middle and lower thirds (the patient's left, if the film is not flipped): "
       "89 % of the positive evidence."},
      {"one side, all heights",
       {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
       "Mainly image left, all heights (the patient's right, if the film is not flipped): 100 % of the "
       "positive evidence."},
      {"everywhere alike", std::vector<float>(36, 0.5f), "Spread over both sides, all heights."},
      {"nothing", std::vector<float>(36, 0.0f), "No positive evidence: no part of the film speaks for it by itself."},
      {"all against", std::vector<float>(36, -1.0f), "No positive evidence: no part of the film speaks for it by itself."},
  };
  for (const Row& row : rows) EXPECT_EQ(words(row.cells, 6, 6), without_lungs(row.expected)) << row.what;
}

TEST(Location, NegativeEvidenceIsNotPlaced) {
  std::vector<float> cells(36, 0.0f);
  cells[0] = 1;    // upper left, in favour
  cells[35] = -5;  // lower right, against
  EXPECT_EQ(words(cells, 6, 6), without_lungs("Mainly image left, upper third (the patient's right, if the film is not flipped): "
                                              "100 % of the positive evidence."));
  cells[35] = -11;  // now the positive evidence is under a tenth of it
  EXPECT_EQ(words(cells, 6, 6),
            without_lungs("Little positive evidence; what there is lies mainly image left, upper third (the patient's "
                          "right, if the film is not flipped): 100 % of the positive evidence."));
}

TEST(Location, SaysThatACoarseMapIsCoarse) {
  std::vector<float> cells(16, 0.0f);
  cells[13] = 1;
  EXPECT_EQ(words(cells, 4, 4), without_lungs("Mainly image left, lower third (the patient's right, if the film is not flipped): "
                                              "100 % of the positive evidence; coarse 4 × 4 map."));
}

// Cells of a 4 × 4 map do not end at thirds: a cell counts for each third by the part of it that lies there.
TEST(Location, CellsAcrossTwoThirdsAreShared) {
  Grid<float> map(4, 4);
  map(0, 1) = 1;  // 1/4..1/2 of the height: 1/3 of it above the line at 1/3, 2/3 below
  Location location = locate(map);
  EXPECT_EQ(location.first_third, 1);
  EXPECT_EQ(location.last_third, 1);
  EXPECT_NEAR(location.share, 2.0 / 3, kLocationShare);
  EXPECT_NEAR(location.mean_positive, 1.0 / 16, kDoubleRounding);
}

TEST(Location, ThirdsAreThoseOfTheFilmNotOfTheMap) {
  // A film of 512 × 1024 letterboxed into 128 × 128: it covers columns 32..96. One cell near the film's left
  // border.
  const FilmView letterbox{512, 1024, {0.125, 0, 32, 0, 0.125, 0}, 128, 128};
  Grid<float> map(8, 8);
  map(2, 7) = 1;  // ModelPx 32..48: the film's left quarter
  map(0, 0) = 9;  // in the border: no film there
  Location location = locate(map, letterbox);
  EXPECT_EQ(location.side, Side::kLeft);
  EXPECT_EQ(location.first_third, 2);
  EXPECT_NEAR(location.share, 1, kDoubleRounding);

  // A film of 1024 × 512 cropped to its middle square: the region seen is 512 wide.
  const FilmView crop{1024, 512, {0.25, 0, -64, 0, 0.25, 0}, 128, 128};
  Grid<float> right(8, 8);
  right(4, 0) = 1;  // just right of the film's middle line
  EXPECT_EQ(locate(right, crop).side, Side::kRight);
}

TEST(Location, PlacesServeEveryMapOfTheirSize) {
  const EvidencePlaces places(whole(), 4, 4);
  Grid<float> left(4, 4), right(4, 4);
  left(0, 0) = 1, right(3, 3) = 2;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(places.locate(std::as_const(left).view()).side, Side::kLeft);
    EXPECT_EQ(places.locate(std::as_const(right).view()).side, Side::kRight);
    EXPECT_NEAR(places.locate(std::as_const(right).view()).mean_positive, 2.0 / 16, kDoubleRounding);
  }
}

TEST(Location, SizeOfTheFilmDoesNotMatter) {
  Grid<float> map(6, 6);
  map(1, 4) = 2;
  map(5, 0) = 0.5f;
  const Location small = locate(map, whole(128));
  const Location large = locate(map, whole(3000));
  EXPECT_EQ(small.side, large.side);
  EXPECT_NEAR(small.share, large.share, kDoubleRounding);
}

TEST(Location, WithLungsTheWordsSpeakOfTheirZones) {
  // Lungs of 30 × 60 on a film of 120, the right one 5 lower: zones are 20 high.
  const Lungs lungs{true, 1, {20, 20, 50, 80}, {70, 25, 100, 85}};
  struct Row {
    const char* what;
    std::vector<SourcePx> cells;  // corners of 5 × 5 SourcePx with a value of 1
    const char* expected;
  };
  const Row rows[] = {
      {"a base",
       {{35, 70}, {40, 75}},
       "Mainly image left, lower zone (the patient's right, if the film is not flipped): 100 % of the positive evidence."},
      {"each lung has its own zones",
       {{80, 40}, {95, 30}},
       "Mainly image right, upper zone (the patient's left, if the film is not flipped): 100 % of the positive evidence."},
      {"just below a base, as cells are coarse",
       {{30, 80}},
       "Mainly image left, lower zone (the patient's right, if the film is not flipped): 100 % of the positive evidence."},
      {"the heart's place",
       {{55, 70}, {60, 70}},
       "Mainly over the heart (between the lungs, lower zone): 100 % of the positive evidence."},
      {"the great vessels' place",
       {{55, 30}, {60, 30}},
       "Mainly over the mediastinum (between the lungs, upper zone): 100 % of the positive evidence."},
      {"both, one above the other",
       {{55, 25}, {60, 25}, {55, 45}, {60, 45}, {55, 50}, {60, 50}, {55, 65}, {60, 65}, {55, 70}, {60, 70}},
       "Mainly over heart and mediastinum (between the lungs, middle and lower zones): 80 % of the positive evidence."},
      {"under both halves of the diaphragm",
       {{30, 95}, {80, 95}, {80, 40}},
       "Mainly below the lungs, at the diaphragm or under it: 67 % of the positive evidence."},
      {"below the lungs and beside them", {{30, 95}, {0, 95}}, "Mainly outside the lungs: 100 % of the positive evidence."},
      {"both apices", {{30, 25}, {80, 30}}, "Mainly both lungs, upper zone: 100 % of the positive evidence."},
      {"a little outside",
       {{30, 25}, {35, 25}, {35, 30}, {0, 115}},
       "Mainly image left, upper zone (the patient's right, if the film is not flipped): 75 % of the positive evidence."},
      {"both bases, and as much outside",
       {{30, 70}, {35, 70}, {80, 75}, {85, 75}, {30, 50}, {80, 55}, {0, 0}, {0, 5}, {0, 10}, {5, 0}},
       "Diffuse, the largest part both lungs, lower zone: 40 % of the positive evidence."},
      {"an arm and the belly", {{0, 60}, {60, 115}, {35, 45}}, "Mainly outside the lungs: 67 % of the positive evidence."},
      {"a corner", {{115, 0}}, "Mainly outside the lungs: 100 % of the positive evidence."},
  };
  for (const Row& row : rows) {
    Grid<float> map(24, 24);
    for (SourcePx cell : row.cells) map(static_cast<int>(cell.x) / 5, static_cast<int>(cell.y) / 5) = 1;
    const Location location = locate(map, whole(120), lungs);
    EXPECT_EQ(location_words(location, {}, 24, 24), row.expected) << row.what;
  }
  Grid<float> everywhere(24, 24, std::vector<float>(576, 0.5f));
  EXPECT_GT(locate(everywhere, whole(120), lungs).outside, 0.4);
}

TEST(Location, InShortItFitsAList) {
  const Lungs lungs{true, 1, {20, 20, 50, 80}, {70, 25, 100, 85}};
  struct Row {
    std::vector<SourcePx> cells;
    const char *known, *unknown;  // whether the film says whose side is whose
  };
  const Row rows[] = {
      {{{35, 70}, {40, 75}}, "right lower zone", "lower zone, image left"},
      {{{80, 40}, {95, 30}}, "left upper zone", "upper zone, image right"},
      {{{80, 30}, {80, 50}, {80, 75}}, "left lung", "image right"},
      {{{30, 25}, {80, 30}}, "both lungs, upper zone", "both lungs, upper zone"},
      {{{55, 70}, {60, 70}}, "over the heart", "over the heart"},
      {{{30, 95}}, "at the diaphragm", "at the diaphragm"},
      {{{0, 0}}, "outside the lungs", "outside the lungs"},
      {{{30, 25}, {80, 30}, {30, 70}, {80, 75}, {30, 45}, {80, 50}}, "diffuse", "diffuse"},
      {{}, "", ""},
  };
  for (const Row& row : rows) {
    Grid<float> map(24, 24);
    for (SourcePx cell : row.cells) map(static_cast<int>(cell.x) / 5, static_cast<int>(cell.y) / 5) = 1;
    const Location location = locate(map, whole(120), lungs);
    EXPECT_EQ(place_in_short(location, {}, PictureSides::kPatientsRightIsLeft), row.known);
    EXPECT_EQ(place_in_short(location, {}), row.unknown);
  }
}

/// A weak haze over the film with one spot in it, as a map of the network is: most of the evidence lies outside the spot.
TEST(Location, OneRegionIsSaidAsOneHoweverFaintTheRest) {
  const Lungs lungs{true, 1, {20, 20, 50, 80}, {70, 25, 100, 85}};
  struct Row {
    const char* what;
    std::vector<SourcePx> cells;  // of the largest region
    double of_contour;
    int regions;
    const char *words, *place;
  };
  const Row rows[] = {
      {"a base",
       {{80, 70}, {85, 70}},
       1,
       1,
       "Mainly image right, lower zone (the patient's left, if the film is not flipped): one region, 24 % of the positive "
       "evidence.",
       "lower zone, image right"},
      {"the heart",
       {{55, 70}, {60, 70}},
       0.8,
       2,
       "Mainly over the heart (between the lungs, lower zone): the largest of 2 regions, 23 % of the positive evidence.",
       "over the heart"},
      {"under the lungs",
       {{55, 100}, {60, 100}},
       1,
       1,
       "Mainly below the lungs, at the diaphragm or under it: one region, 23 % of the positive evidence.",
       "at the diaphragm"},
      {"no region holds half", {{80, 70}, {85, 70}}, 0.4, 4, "Diffuse, the largest part", "diffuse"},
      {"a region that is both lungs",
       {{30, 25}, {80, 30}, {30, 70}, {80, 75}, {30, 45}, {80, 50}},
       1,
       1,
       "Spread over both lungs, all zones: one region, 49 % of the positive evidence.",
       "both lungs"},
  };
  for (const Row& row : rows) {
    Grid<float> map(24, 24), region(24, 24);
    for (const LungBox& lung : {lungs.picture_left, lungs.picture_right})  // a haze over both lungs: 144 cells
      for (double y = lung.top; y < lung.bottom; y += 5)
        for (double x = lung.left; x < lung.right; x += 5) map(static_cast<int>(x) / 5, static_cast<int>(y) / 5) = 1;
    for (SourcePx cell : row.cells) {
      const int x = static_cast<int>(cell.x) / 5, y = static_cast<int>(cell.y) / 5;
      map(x, y) = 22;
      region(x, y) = 1;
    }
    const EvidencePlaces places(whole(120), 24, 24, lungs);
    const Location location = places.locate(std::as_const(map).view());
    const MainRegion main =
        places.locate_region(std::as_const(map).view(), std::as_const(region).view(), row.of_contour, row.regions);
    EXPECT_EQ(location_words(location, main, 24, 24).find(row.words), 0u)
        << row.what << ": " << location_words(location, main, 24, 24);
    EXPECT_EQ(place_in_short(location, main), row.place) << row.what;
  }
}

TEST(Location, AFilmThatSaysHowThePatientLiesHasThePatientsSide) {
  Grid<float> map(8, 8);
  map(1, 7) = 1;
  const Location left = locate(map);
  const std::string rest = without_lungs(", lower third: 100 % of the positive evidence.");
  EXPECT_EQ(location_words(left, {}, 8, 8, {PictureSides::kPatientsRightIsLeft}),
            "Mainly the patient's right (image left)" + rest);
  EXPECT_EQ(location_words(left, {}, 8, 8, {PictureSides::kPatientsLeftIsLeft}), "Mainly the patient's left (image left)" + rest);

  Film film;
  EXPECT_EQ(sides_of(film), PictureSides::kUnknown) << "a plain picture file says nothing";
  film.facts.dicom = DicomFacts{};
  EXPECT_EQ(sides_of(film), PictureSides::kUnknown);
  film.facts.dicom->orientation = "L\\F";  // the picture's right is the patient's left
  EXPECT_EQ(sides_of(film), PictureSides::kPatientsRightIsLeft);
  film.facts.dicom->orientation = "R\\F";
  EXPECT_EQ(sides_of(film), PictureSides::kPatientsLeftIsLeft);
  film.facts.dicom->orientation = "A\\F";  // a lateral film
  EXPECT_EQ(sides_of(film), PictureSides::kUnknown);
}

}  // namespace
}  // namespace chestlight
