#include <gtest/gtest.h>

#include "app/explanations.h"
#include "support/tolerances.h"
#include "ui/film_painter.h"
#include "unit/app/app_values.h"

namespace chestlight::ui {
namespace {

TEST(FilmDrawing, MapsTheScreenThroughTheFilmToTheModel) {
  app::State state = app::analysed_state();
  app::update(state, app::RunCommand{"rotate-right"});
  app::update(state, app::PinFinding{"c"});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  SourcePx target{300, 40};  // off centre
  ScreenPx on_screen = app::source_to_screen(state.films[0].view, {400, 300}, state.film_area)(target);
  SourcePx back = d.screen_to_source(on_screen);
  EXPECT_NEAR(back.x, target.x, kGeometryPx);
  EXPECT_NEAR(back.y, target.y, kGeometryPx);
  ModelPx model = d.source_to_model(back);
  EXPECT_NEAR(model.x, 150, kGeometryPx);
  EXPECT_NEAR(model.y, 20, kGeometryPx);
  EXPECT_NEAR(d.model_zoom, 2 * d.zoom, kGeometryPx) << "a ModelPx is two SourcePx here";
}

TEST(FilmDrawing, TheOverlayIsThatOfTheFindingOnTheSharedScale) {
  app::State state = app::analysed_state();
  EXPECT_EQ(make_film_drawing(state, state.films[0]).map, -1);
  app::update(state, app::PinFinding{"b"});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_EQ(d.map, 1);
  EXPECT_DOUBLE_EQ(d.scale, 2) << "the film's largest evidence, not this finding's";
  EXPECT_DOUBLE_EQ(d.contour, 0);
  app::update(state, app::SetContourLevel{0.5});
  EXPECT_DOUBLE_EQ(make_film_drawing(state, state.films[0]).contour, 0.25) << "half of its own maximum";
  app::update(state, app::SetOverlayMode{app::OverlayMode::kSigned});
  EXPECT_DOUBLE_EQ(make_film_drawing(state, state.films[0]).scale, 3);
}

TEST(FilmDrawing, TheFilmOnTheScreenIsWhatTheAreaShowsOfIt) {
  app::State state = app::analysed_state();
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  app::ScreenRect film = film_on_screen(d);
  EXPECT_NEAR(film.width, 400 * d.zoom, kGeometryPx) << "fitted, all of it";
  EXPECT_NEAR(film.height, 300 * d.zoom, kGeometryPx);
  EXPECT_NEAR(film.x + film.width / 2, d.area.centre().x, kGeometryPx);
  EXPECT_NEAR(film.y + film.height / 2, d.area.centre().y, kGeometryPx);
  app::update(state, app::RunCommand{"rotate-right"});
  d = make_film_drawing(state, state.films[0]);
  film = film_on_screen(d);
  EXPECT_NEAR(film.width, 300 * d.zoom, kGeometryPx);
  EXPECT_NEAR(film.height, 400 * d.zoom, kGeometryPx);
  app::update(state, app::ZoomAt{d.area.centre(), 100});
  EXPECT_EQ(film_on_screen(make_film_drawing(state, state.films[0])), state.film_area);
  app::update(state, app::Pan{1e6, 0});
  const app::ScreenRect beyond = film_on_screen(make_film_drawing(state, state.films[0]));
  EXPECT_TRUE(beyond.width == 0 || beyond.width * beyond.height > 0) << "empty or in sight, never turned inside out";
}

TEST(FilmDrawing, AnotherMethodsMapHasItsOwnPlaceScaleAndContour) {
  app::State state = app::analysed_state();
  state.methods = app::three_methods();
  app::update(state, app::PinFinding{"c"});
  app::update(state, app::ChooseMethod{"rise", ""});
  EXPECT_FALSE(make_film_drawing(state, state.films[0]).explanation) << "the evidence until it is there";
  app::update(state, app::ExplanationArrived{state.last_request, app::some_explanation()});
  app::update(state, app::SetContourLevel{0.5});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_EQ(d.explanation, app::overlaid_explanation(state));
  EXPECT_TRUE(d.explanation);
  EXPECT_FALSE(d.signed_map);
  EXPECT_DOUBLE_EQ(d.scale, 0.4);
  EXPECT_NEAR(d.contour, 0.2, 1e-7);
  EXPECT_DOUBLE_EQ(d.model_width, 100);
  EXPECT_NEAR(d.model_zoom, 4 * d.zoom, kGeometryPx) << "a ModelPx is four SourcePx here";
  app::update(state, app::HoldOriginal{true});
  EXPECT_FALSE(make_film_drawing(state, state.films[0]).explanation);
}

TEST(FilmDrawing, TheContourIsAtTheFindingsOwnCutoffUntilTheReaderMovesIt) {
  app::State state = app::analysed_state();
  auto analysis = std::make_shared<app::Analysis>(*state.films[0].analysis);
  analysis->findings[2].cutoff = 0.2;  // its largest value is 2
  app::update(state, app::AnalysisArrived{1, analysis});
  app::update(state, app::PinFinding{"c"});
  app::update(state, app::RunCommand{"contour"});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).contour, 0.4, 1e-12);
  app::update(state, app::SetContourLevel{0.7});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).contour, 1.4, 1e-12);
  app::update(state, app::RunCommand{"contour"});
  EXPECT_EQ(make_film_drawing(state, state.films[0]).contour, 0);
  app::update(state, app::RunCommand{"contour"});
  EXPECT_NEAR(make_film_drawing(state, state.films[0]).contour, 0.4, 1e-12) << "off and on again";
}

TEST(FilmDrawing, AKeptMapIsTheSameFilmInAnotherPlaceWithItsOwnMap) {
  app::State state = app::analysed_state();
  app::update(state, app::PinFinding{"b"});
  app::update(state, app::RunCommand{"keep-map"});
  app::update(state, app::PinFinding{"c"});
  app::update(state, app::ZoomAt{{400, 300}, 2});
  app::ScreenRect pane = state.film_area;
  pane.x += 1000;
  FilmDrawing own = make_film_drawing(state, state.films[0]);
  FilmDrawing kept = make_kept_drawing(state, state.films[0], pane, app::kept_map(state, state.films[0], state.kept[0]));
  EXPECT_EQ(own.map, 2);
  EXPECT_EQ(kept.map, 1);
  EXPECT_EQ(kept.area, pane);
  EXPECT_DOUBLE_EQ(kept.zoom, own.zoom);
  EXPECT_DOUBLE_EQ(kept.scale, own.scale) << "one scale, so that they can be compared";
  const SourcePx here = own.screen_to_source({400, 300}), there = kept.screen_to_source({1400, 300});
  EXPECT_NEAR(here.x, there.x, kGeometryPx);
  EXPECT_NEAR(here.y, there.y, kGeometryPx);
  app::update(state, app::SetOverlayVisible{false});
  EXPECT_EQ(make_kept_drawing(state, state.films[0], pane, app::kept_map(state, state.films[0], state.kept[0])).map, -1);
}

TEST(FilmDrawing, TheWindowIsToldAsBlackAndWhite) {
  app::State state = app::analysed_state();
  app::update(state, app::SetWindow{{120, 80}});
  FilmDrawing d = make_film_drawing(state, state.films[0]);
  EXPECT_DOUBLE_EQ(d.window_low, 80);
  EXPECT_DOUBLE_EQ(d.window_high, 160);
}

}  // namespace
}  // namespace chestlight::ui
