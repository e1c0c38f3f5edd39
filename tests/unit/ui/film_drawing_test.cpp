#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "ui/film/film_painter.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/state/explanations.h"

namespace chestlight::ui {
namespace {

TEST(FilmDrawing, MapsTheScreenThroughTheFilmToTheModel) {
  viewer::State state = viewer::analysed_state();
  viewer::update(state, viewer::RunCommand{"rotate-right"});
  viewer::update(state, viewer::PinFinding{"c"});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  SourcePx target{300, 40};  // off centre
  ScreenPx on_screen = viewer::source_to_screen(state.films[0].view, {400, 300}, state.film_area)(target);
  SourcePx back = d.screen_to_source(on_screen);
  EXPECT_NEAR(back.x, target.x, kGeometryPx);
  EXPECT_NEAR(back.y, target.y, kGeometryPx);
  ModelPx model = d.source_to_model(back);
  EXPECT_NEAR(model.x, 150, kGeometryPx);
  EXPECT_NEAR(model.y, 20, kGeometryPx);
  EXPECT_NEAR(d.model_zoom, 2 * d.zoom, kGeometryPx) << "a ModelPx is two SourcePx here";
}

TEST(FilmDrawing, TheOverlayIsThatOfTheFindingOnTheSharedScale) {
  viewer::State state = viewer::analysed_state();
  viewer::update(state, viewer::PinFinding{"a"});
  viewer::update(state, viewer::PinFinding{"a"});
  EXPECT_EQ(make_film_drawing(state, state.films[0]).map, -1);
  viewer::update(state, viewer::PinFinding{"b"});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_EQ(d.map, 1);
  EXPECT_DOUBLE_EQ(d.look.scale, 2) << "the film's largest evidence, not this finding's";
  EXPECT_DOUBLE_EQ(d.look.contour, 0);
  viewer::update(state, viewer::SetContourLevel{0.5});
  EXPECT_DOUBLE_EQ(make_film_drawing(state, state.films[0]).look.contour, 0.25) << "half of its own maximum";
  viewer::update(state, viewer::SetOverlayMode{viewer::OverlayMode::kSigned});
  EXPECT_DOUBLE_EQ(make_film_drawing(state, state.films[0]).look.scale, 3);
}

TEST(FilmDrawing, TheFilmOnTheScreenIsWhatTheAreaShowsOfIt) {
  viewer::State state = viewer::analysed_state();
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  viewer::ScreenRect film = film_on_screen(d);
  EXPECT_NEAR(film.width, 400 * d.zoom, kGeometryPx) << "fitted, all of it";
  EXPECT_NEAR(film.height, 300 * d.zoom, kGeometryPx);
  EXPECT_NEAR(film.x + film.width / 2, d.area.centre().x, kGeometryPx);
  EXPECT_NEAR(film.y + film.height / 2, d.area.centre().y, kGeometryPx);
  viewer::update(state, viewer::RunCommand{"rotate-right"});
  d = make_film_drawing(state, state.films[0]);
  film = film_on_screen(d);
  EXPECT_NEAR(film.width, 300 * d.zoom, kGeometryPx);
  EXPECT_NEAR(film.height, 400 * d.zoom, kGeometryPx);
  viewer::update(state, viewer::ZoomAt{d.area.centre(), 100});
  EXPECT_EQ(film_on_screen(make_film_drawing(state, state.films[0])), state.film_area);
  viewer::update(state, viewer::Pan{1e6, 0});
  const viewer::ScreenRect beyond = film_on_screen(make_film_drawing(state, state.films[0]));
  EXPECT_TRUE(beyond.width == 0 || beyond.width * beyond.height > 0) << "empty or in sight, never turned inside out";
}

TEST(FilmDrawing, AnotherMethodsMapHasItsOwnPlaceScaleAndContour) {
  viewer::State state = viewer::analysed_state();
  state.methods = viewer::three_methods();
  viewer::update(state, viewer::PinFinding{"c"});
  viewer::update(state, viewer::ChooseMethod{"rise", ""});
  EXPECT_FALSE(make_film_drawing(state, state.films[0]).explanation) << "the evidence until it is there";
  viewer::update(state, viewer::ExplanationArrived{state.last_request, viewer::some_explanation()});
  viewer::update(state, viewer::SetContourLevel{0.5});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_EQ(d.explanation, viewer::overlaid_explanation(state));
  EXPECT_TRUE(d.explanation);
  EXPECT_FALSE(d.look.is_signed);
  EXPECT_FLOAT_EQ(static_cast<float>(d.look.scale), 0.4f);
  EXPECT_NEAR(d.look.contour, 0.2, 1e-7);
  EXPECT_DOUBLE_EQ(d.model_width, 100);
  EXPECT_NEAR(d.model_zoom, 4 * d.zoom, kGeometryPx) << "a ModelPx is four SourcePx here";
  viewer::update(state, viewer::HoldOriginal{true});
  EXPECT_FALSE(make_film_drawing(state, state.films[0]).explanation);
}

TEST(FilmDrawing, TheContourIsAtTheFindingsOwnCutoffUntilTheReaderMovesIt) {
  viewer::State state = viewer::analysed_state();
  auto analysis = std::make_shared<viewer::Analysis>(*state.films[0].analysis);
  analysis->findings[2].cutoff = 0.2;  // its largest value is 2
  viewer::update(state, viewer::analysis_arrived(1, analysis));
  viewer::update(state, viewer::PinFinding{"c"});
  viewer::update(state, viewer::RunCommand{"contour"});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).look.contour, 0.4, 1e-12);
  viewer::update(state, viewer::SetContourLevel{0.7});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).look.contour, 1.4, 1e-12);
  viewer::update(state, viewer::RunCommand{"contour"});
  EXPECT_EQ(make_film_drawing(state, state.films[0]).look.contour, 0);
  viewer::update(state, viewer::RunCommand{"contour"});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).look.contour, 0.4, 1e-12) << "off and on again";
}

TEST(FilmDrawing, AKeptMapIsTheSameFilmInAnotherPlaceWithItsOwnMap) {
  viewer::State state = viewer::analysed_state();
  viewer::update(state, viewer::PinFinding{"b"});
  viewer::update(state, viewer::RunCommand{"keep-map"});
  viewer::update(state, viewer::PinFinding{"c"});
  viewer::update(state, viewer::ZoomAt{{400, 300}, 2});
  viewer::ScreenRect pane = state.film_area;
  pane.x += 1000;
  FilmDrawing own = make_film_drawing(state, state.films[0]);
  FilmDrawing kept = make_kept_drawing(state, state.films[0], pane, viewer::kept_map(state, state.films[0], state.kept[0]));
  EXPECT_EQ(own.map, 2);
  EXPECT_EQ(kept.map, 1);
  EXPECT_EQ(kept.area, pane);
  EXPECT_DOUBLE_EQ(kept.zoom, own.zoom);
  EXPECT_DOUBLE_EQ(kept.look.scale, own.look.scale) << "one scale, so that they can be compared";
  const SourcePx here = own.screen_to_source({400, 300}), there = kept.screen_to_source({1400, 300});
  EXPECT_NEAR(here.x, there.x, kGeometryPx);
  EXPECT_NEAR(here.y, there.y, kGeometryPx);
  viewer::update(state, viewer::SetOverlayVisible{false});
  EXPECT_EQ(make_kept_drawing(state, state.films[0], pane, viewer::kept_map(state, state.films[0], state.kept[0])).map, -1);
}

TEST(FilmDrawing, TheWindowIsToldAsBlackAndWhite) {
  viewer::State state = viewer::analysed_state();
  viewer::update(state, viewer::SetWindow{{120, 80}});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_DOUBLE_EQ(d.window_low, 80);
  EXPECT_DOUBLE_EQ(d.window_high, 160);
}

}  // namespace
}  // namespace chestlight::ui
