#include "viewer/state/view.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/tolerances.h"

namespace chestlight::viewer {
namespace {

const FilmSize kFilm{400, 300};
const ScreenRect kArea{100, 50, 816, 616};

std::vector<Orientation> all_orientations() {
  Orientation o;
  std::vector<Orientation> all;
  for (int turn = 0; turn < 4; ++turn, o = o.turned_right()) {
    all.push_back(o);
    all.push_back(o.flipped_left_right());
  }
  return all;
}

TEST(View, FitsTheWholeFilmWithAMarginInEveryOrientation) {
  for (const Orientation& o : all_orientations()) {
    SourceToScreen map = source_to_screen({true, 1, {}, o}, kFilm, kArea);
    double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
    for (SourcePx corner : {SourcePx{0, 0}, {kFilm.width, 0}, {0, kFilm.height}, {kFilm.width, kFilm.height}}) {
      ScreenPx p = map(corner);
      left = std::min(left, p.x), right = std::max(right, p.x);
      top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    }
    EXPECT_GE(left, kArea.x + kFitMargin - kGeometryPx);
    EXPECT_LE(right, kArea.x + kArea.width - kFitMargin + kGeometryPx);
    EXPECT_GE(top, kArea.y + kFitMargin - kGeometryPx);
    EXPECT_LE(bottom, kArea.y + kArea.height - kFitMargin + kGeometryPx);
    bool touches = right - left > kArea.width - 2 * kFitMargin - 1e-6 || bottom - top > kArea.height - 2 * kFitMargin - 1e-6;
    EXPECT_TRUE(touches) << "a fitted film fills one side";
  }
}

TEST(View, ZoomKeepsThePointUnderThePointer) {
  for (const Orientation& o : all_orientations())
    for (double factor : {1.25, 3.0, 0.9}) {
      FilmView start = zoomed_at({true, 1, {}, o}, 2, kArea.centre(), kFilm, kArea);
      ScreenPx pointer{430, 300};
      SourcePx before = source_to_screen(start, kFilm, kArea).inverse()(pointer);
      ASSERT_TRUE(on_film(before, kFilm));
      SourcePx after = source_to_screen(zoomed_at(start, factor, pointer, kFilm, kArea), kFilm, kArea).inverse()(pointer);
      EXPECT_NEAR(after.x, before.x, kGeometryPx);
      EXPECT_NEAR(after.y, before.y, kGeometryPx);
    }
}

TEST(View, ZoomStaysWithinItsLimits) {
  FilmView in = zoomed_at({}, 1e9, kArea.centre(), kFilm, kArea);
  EXPECT_DOUBLE_EQ(in.zoom, kLargestZoom);
  FilmView out = zoomed_at({}, 1e-9, kArea.centre(), kFilm, kArea);
  EXPECT_DOUBLE_EQ(out.zoom, kSmallestOfFit);  // this film fits at 2, so 1:1 is the measure
}

TEST(View, PanMovesThePictureWithThePointerAndNeverLosesTheFilm) {
  for (const Orientation& o : all_orientations()) {
    FilmView start = zoomed_at({true, 1, {}, o}, 2, kArea.centre(), kFilm, kArea);
    SourcePx under = source_to_screen(start, kFilm, kArea).inverse()({500, 300});
    ScreenPx moved = source_to_screen(panned(start, 30, -20, kFilm, kArea), kFilm, kArea)(under);
    EXPECT_NEAR(moved.x, 530, kGeometryPx);
    EXPECT_NEAR(moved.y, 280, kGeometryPx);
    FilmView far = panned(start, 1e6, -1e6, kFilm, kArea);
    EXPECT_GE(far.centre.x, 0);
    EXPECT_LE(far.centre.x, kFilm.width);
    EXPECT_GE(far.centre.y, 0);
    EXPECT_LE(far.centre.y, kFilm.height);
  }
}

TEST(View, OneToOneIsOneFilmPixelPerDevicePixel) { EXPECT_DOUBLE_EQ(one_to_one({}, 2, kFilm, kArea).zoom, 0.5); }

TEST(Orientation, TurnsAndFlipsActOnWhatIsSeen) {
  Orientation o;
  EXPECT_EQ(o.turned_right().turned_left(), o);
  EXPECT_EQ(o.turned_right().turned_right().turned_right().turned_right(), o);
  EXPECT_EQ(o.flipped_left_right().flipped_top_bottom(), o.turned_right().turned_right());
  // Turned right, the film's left edge is on top; a left-right flip must then mirror the screen, not the
  // film.
  SourceToScreen map = source_to_screen({true, 1, {}, o.turned_right()}, kFilm, kArea);
  EXPECT_LT(map({0, 150}).y, map({400, 150}).y);
  SourceToScreen flipped = source_to_screen({true, 1, {}, o.turned_right().flipped_left_right()}, kFilm, kArea);
  double middle = kArea.centre().x;
  ScreenPx a = map({30, 40}), b = flipped({30, 40});
  EXPECT_NEAR(a.x - middle, middle - b.x, kGeometryPx);
  EXPECT_NEAR(a.y, b.y, kGeometryPx);
}

TEST(Orientation, IsToldAsDegreesAndMirror) {
  Orientation o;
  EXPECT_EQ(o.turned_right().degrees(), 90);
  EXPECT_EQ(o.turned_left().degrees(), 270);
  EXPECT_FALSE(o.turned_left().mirrored());
  EXPECT_TRUE(o.flipped_top_bottom().mirrored());
  EXPECT_EQ(o.flipped_top_bottom().degrees(), 180);
  EXPECT_EQ(o.flipped_left_right().degrees(), 0);
}

TEST(View, TheSamePartOfAnotherFilmIsInTheMiddleHoweverBothAreTurned) {
  const FilmSize other_film{900, 1200};
  const ScreenRect other_area{916, 50, 816, 616};
  for (const Orientation& o : all_orientations())
    for (const Orientation& p : all_orientations()) {
      const FilmView view{false, 3, {100, 210}, o};
      const FilmView other = same_part(view, kFilm, kArea, FilmView{true, 1, {}, p}, other_film, other_area);
      EXPECT_EQ(other.orientation, p);
      EXPECT_NEAR(other.zoom / fit_zoom(other_film, p, other_area), 3 / fit_zoom(kFilm, o, kArea), 1e-9);
      const FilmView back = same_part(other, other_film, other_area, view, kFilm, kArea);
      EXPECT_NEAR(back.zoom, 3, 1e-9);
      EXPECT_NEAR(back.centre.x, 100, kGeometryPx);
      EXPECT_NEAR(back.centre.y, 210, kGeometryPx);
    }
  // A turned copy of the film shows the same at the same place.
  const Orientation turned = Orientation{}.turned_right();
  const FilmView copy =
      same_part({false, 2, {100, 60}, {}}, kFilm, kArea, FilmView{true, 1, {}, turned}, FilmSize{300, 400}, kArea);
  EXPECT_NEAR(copy.centre.x, 60, kGeometryPx);
  EXPECT_NEAR(copy.centre.y, 300, kGeometryPx);
  EXPECT_TRUE(same_part({true, 1, {}, {}}, kFilm, kArea, FilmView{false, 2, {5, 5}, {}}, other_film, other_area).fitted);
}

}  // namespace
}  // namespace chestlight::viewer
