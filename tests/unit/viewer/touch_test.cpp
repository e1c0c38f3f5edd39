#include "viewer/input/touch.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

constexpr auto kStart = TouchPhase::kStart;
constexpr auto kMove = TouchPhase::kMove;
constexpr auto kEnd = TouchPhase::kEnd;

struct Hand {
  State state = analysed_state();
  TouchInterpreter touch;
  bool phone = false;
  TouchOutcome feed(TouchPhase phase, std::vector<Finger> fingers) {
    TouchOutcome out = touch.feed(phase, fingers, state, phone);
    for (const Action& action : out.actions) update(state, action);
    return out;
  }
};

TEST(Touch, OneFingerSetsTheWindowOfAFittedFilm) {
  Hand hand;
  double width = hand.state.films[0].window.width;
  hand.feed(kStart, {{1, {400, 300}}});
  hand.feed(kMove, {{1, {420, 300}}});
  hand.feed(kMove, {{1, {440, 300}}});
  hand.feed(kEnd, {});
  EXPECT_GT(hand.state.films[0].window.width, width);
  EXPECT_TRUE(hand.state.films[0].view.fitted);
}

TEST(Touch, TwoFingersZoomAboutTheirMiddle) {
  Hand hand;
  hand.feed(kStart, {{1, {400, 300}}});
  hand.feed(kStart, {{1, {400, 300}}, {2, {500, 300}}});
  FilmSize size{400, 300};
  SourcePx before = source_to_screen(hand.state.films[0].view, size, hand.state.film_area).inverse()({450, 300});
  double zoom = resolved(hand.state.films[0].view, size, hand.state.film_area).zoom;
  hand.feed(kMove, {{1, {350, 300}}, {2, {550, 300}}});
  EXPECT_NEAR(hand.state.films[0].view.zoom, 2 * zoom, 1e-9);
  SourcePx after = source_to_screen(hand.state.films[0].view, size, hand.state.film_area).inverse()({450, 300});
  EXPECT_NEAR(after.x, before.x, 1e-9);
  // One finger now moves the film.
  hand.feed(kEnd, {{1, {350, 300}}});
  SourcePx centre = hand.state.films[0].view.centre;
  hand.feed(kMove, {{1, {330, 300}}});
  EXPECT_GT(hand.state.films[0].view.centre.x, centre.x);
}

TEST(Touch, ASwipeOnAPhoneGoesToTheNextFilm) {
  Hand hand;
  hand.phone = true;
  open_film(hand.state, 2);
  Window window = hand.state.films[0].window;
  hand.feed(kStart, {{1, {600, 300}}});
  hand.feed(kMove, {{1, {560, 304}}});
  hand.feed(kMove, {{1, {500, 306}}});
  hand.feed(kEnd, {});
  EXPECT_EQ(hand.state.selected, 2);
  EXPECT_DOUBLE_EQ(hand.state.films[0].window.width, window.width) << "a swipe is not a window drag";
}

TEST(Touch, PanelsTakeTapsScrollsAndDrags) {
  Hand hand;
  ScreenPx outside{950, 200};
  hand.feed(kStart, {{1, outside}});
  TouchOutcome tap = hand.feed(kEnd, {});
  EXPECT_TRUE(tap.click);
  EXPECT_DOUBLE_EQ(tap.pointer->x, 950);

  hand.feed(kStart, {{1, outside}});
  hand.feed(kMove, {{1, {950, 180}}});
  TouchOutcome scroll = hand.feed(kMove, {{1, {950, 150}}});
  EXPECT_DOUBLE_EQ(scroll.scroll, -30);
  EXPECT_FALSE(hand.feed(kEnd, {}).click);

  hand.feed(kStart, {{1, outside}});
  EXPECT_TRUE(hand.feed(kMove, {{1, {970, 201}}}).press);
  EXPECT_TRUE(hand.feed(kEnd, {}).release);
}

TEST(Touch, APaneBesideTheFilmIsTheFilmButForItsHeader) {
  Hand hand;
  const ScreenRect film = hand.state.film_area, pane{film.x, film.y + 700, film.width, film.height};
  update(hand.state, FilmAreaMeasured{film, 2, {pane}});
  const double width = hand.state.films[0].window.width;
  hand.feed(kStart, {{1, {400, 1000}}});
  hand.feed(kMove, {{1, {440, 1000}}});
  hand.feed(kMove, {{1, {480, 1000}}});
  EXPECT_FALSE(hand.feed(kEnd, {}).click);
  EXPECT_GT(hand.state.films[0].window.width, width);

  const FilmSize size{400, 300};
  auto source_at = [&](ScreenPx at) {
    return source_to_screen(hand.state.films[0].view, size, hand.state.film_area).inverse()(at);
  };
  const SourcePx before = source_at({450, 300});
  hand.feed(kStart, {{1, {400, 1000}}});
  hand.feed(kStart, {{1, {400, 1000}}, {2, {500, 1000}}});
  hand.feed(kMove, {{1, {350, 1000}}, {2, {550, 1000}}});
  EXPECT_NEAR(source_at({450, 300}).x, before.x, 1e-9) << "zooms about the point under the fingers";
  EXPECT_NEAR(source_at({450, 300}).y, before.y, 1e-9);
  hand.feed(kEnd, {});

  hand.feed(kStart, {{1, {400, pane.y + 10}}});
  const TouchOutcome tap = hand.feed(kEnd, {});
  EXPECT_TRUE(tap.click) << "the pane's button";
  EXPECT_DOUBLE_EQ(tap.pointer->y, pane.y + 10);
}

TEST(Touch, ADoubleTapFits) {
  Hand hand;
  update(hand.state, RunCommand{"zoom-in"});
  EXPECT_FALSE(hand.state.films[0].view.fitted);
  for (double now : {5.0, 5.2}) {
    hand.state.now = now;
    hand.feed(kStart, {{1, {400, 300}}});
    hand.feed(kEnd, {});
  }
  EXPECT_TRUE(hand.state.films[0].view.fitted);
}

TEST(Touch, ALongPressOpensTheMenuAndTheFingersDoWhatTheReaderSays) {
  Hand hand;
  hand.state.now = 10;
  hand.feed(kStart, {{1, {400, 300}}});
  hand.state.now = 10.7;
  hand.feed(kEnd, {});
  EXPECT_EQ(hand.state.popup, Popup::kFilmMenu);
  EXPECT_DOUBLE_EQ(hand.state.menu_at.x, 400);
  update(hand.state, ClosePopup{Popup::kFilmMenu});

  update(hand.state, ChangeGesture{"one-finger"});  // to moving the film
  Window window = hand.state.films[0].window;
  hand.feed(kStart, {{1, {400, 300}}});
  hand.feed(kMove, {{1, {420, 300}}});
  hand.feed(kMove, {{1, {440, 300}}});
  hand.feed(kEnd, {});
  EXPECT_EQ(hand.state.films[0].window, window);
}

}  // namespace
}  // namespace chestlight::viewer
