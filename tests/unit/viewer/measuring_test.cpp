#include "viewer/measuring/measuring.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/film_commands.h"
#include "viewer/input/gestures.h"
#include "viewer/input/keys.h"
#include "viewer/input/touch.h"

namespace chestlight::viewer {
namespace {

/// The film (400 × 300) lies in an area of 816 × 616: fitted, two ScreenPx are one SourcePx.
struct Reader {
  State state = analysed_state();
  const std::vector<Measurement>& measurements() const { return state.films[0].measurements; }
  ScreenPx on_screen(SourcePx at) const {
    return source_to_screen(state.films[0].view, film_size(state.films[0]), state.film_area)(at);
  }
  void point(double x, double y) { update(state, PointAt{on_screen({x, y})}); }
  void run(const char* command) { update(state, RunCommand{command}); }
  void key(const char* name, bool ctrl = false, bool shift = false) {
    const Command* command = command_for_key(state, key_press(name, ctrl, shift, false));
    if (command) update(state, RunCommand{std::string(command->id)});
  }
  void drag(double x0, double y0, double x1, double y1) {
    point(x0, y0);
    update(state, PressTool{});
    point((x0 + x1) / 2, (y0 + y1) / 2);
    point(x1, y1);
    update(state, ReleaseTool{});
  }
};

void expect_point(SourcePx point, double x, double y) {
  EXPECT_NEAR(point.x, x, kGeometryPx);
  EXPECT_NEAR(point.y, y, kGeometryPx);
}

TEST(Measuring, ADragOrTwoClicksMakeALength) {
  Reader reader;
  reader.run("tool-length");
  reader.drag(10, 20, 110, 20);
  reader.point(50, 100);
  update(reader.state, PressTool{});
  update(reader.state, ReleaseTool{});
  EXPECT_FALSE(reader.measurements()[1].complete()) << "a click sets one point";
  reader.point(50, 180);
  update(reader.state, PressTool{});
  update(reader.state, ReleaseTool{});
  ASSERT_EQ(reader.measurements().size(), 2u);
  EXPECT_TRUE(reader.measurements()[1].complete());
  expect_point(reader.measurements()[0].points[1], 110, 20);
  expect_point(reader.measurements()[1].points[1], 50, 180);
  EXPECT_EQ(reader.state.measuring.selected, reader.measurements()[1].id);
}

TEST(Measuring, AnAngleTakesThreePoints) {
  Reader reader;
  reader.run("tool-angle");
  reader.drag(100, 10, 10, 10);
  EXPECT_FALSE(reader.measurements()[0].complete());
  reader.point(10, 100);
  update(reader.state, PressTool{});
  ASSERT_TRUE(reader.measurements()[0].complete());
  expect_point(reader.measurements()[0].points[2], 10, 100);
}

TEST(Measuring, EndPointsCanBeMovedHoweverTheFilmIsTurned) {
  Reader reader;
  reader.run("tool-length");
  reader.drag(10, 20, 110, 20);
  reader.run("rotate-right");
  reader.run("flip-horizontal");
  expect_point(reader.measurements()[0].points[1], 110, 20);
  reader.drag(110, 20, 200, 250);
  ASSERT_EQ(reader.measurements().size(), 1u) << "the end was taken, no new length begun";
  expect_point(reader.measurements()[0].points[1], 200, 250);
}

TEST(Measuring, EverythingWorksFromTheKeyboard) {
  Reader reader;
  reader.key("t", false, true);
  expect_point(*reader.state.measuring.cross, 200, 150);
  reader.key("Enter");
  for (int i = 0; i < 5; ++i) reader.key("ArrowRight");  // 8 ScreenPx each
  reader.key("ArrowDown", true);                         // one film pixel
  reader.key("Enter");
  ASSERT_EQ(reader.measurements().size(), 1u);
  expect_point(reader.measurements()[0].points[1], 220, 151);
  EXPECT_EQ(reader.state.selected, 1) << "arrows no longer change films";

  reader.key("PageDown");
  expect_point(*reader.state.measuring.cross, 200, 150);
  reader.key("Enter");  // takes hold
  reader.key("ArrowLeft");
  reader.key("Enter");  // lets go
  reader.key("ArrowUp");
  expect_point(reader.measurements()[0].points[0], 196, 150);
  reader.key("Delete");
  EXPECT_TRUE(reader.measurements().empty());
  reader.key("Delete");
  EXPECT_EQ(reader.state.films.size(), 1u) << "with a tool, Delete never removes the film";
  reader.key("Escape");
  EXPECT_EQ(reader.state.measuring.tool, Tool::kNone);
  EXPECT_EQ(command_for_key(reader.state, key_press("Delete", false, false, false))->id, "remove-film");
}

TEST(Measuring, EscapeGivesUpWhatIsBegunAndThenTheTool) {
  Reader reader;
  reader.run("tool-angle");
  reader.drag(100, 10, 10, 10);
  reader.run("clear");
  EXPECT_TRUE(reader.measurements().empty());
  EXPECT_EQ(reader.state.measuring.tool, Tool::kAngle);
  reader.run("clear");
  EXPECT_EQ(reader.state.measuring.tool, Tool::kNone);
}

TEST(Measuring, TheCrossStaysOnTheFilmAndTheFilmFollowsIt) {
  Reader reader;
  update(reader.state, PointAt{{-500, 9000}});
  expect_point(*reader.state.measuring.cross, 0, 300);
  reader.run("tool-probe");
  for (int i = 0; i < 8; ++i) reader.run("zoom-in");
  for (int i = 0; i < 30; ++i) reader.key("ArrowUp");
  ScreenPx seen = reader.on_screen(*reader.state.measuring.cross);
  EXPECT_GE(seen.y, reader.state.film_area.y - 1);
  EXPECT_LE(seen.y, reader.state.film_area.y + reader.state.film_area.height + 1);
}

TEST(Measuring, AnotherFilmHasItsOwnMeasurements) {
  Reader reader;
  open_film(reader.state, 2);
  reader.run("tool-length");
  reader.drag(10, 20, 110, 20);
  reader.point(10, 200);
  update(reader.state, PressTool{});  // begun
  update(reader.state, SelectFilm{2});
  EXPECT_EQ(reader.measurements().size(), 1u) << "what was begun is dropped, what is done stays";
  EXPECT_EQ(reader.state.measuring.selected, 0);
  update(reader.state, RemoveMeasurement{reader.measurements()[0].id});
  EXPECT_EQ(reader.measurements().size(), 1u) << "not a measurement of the film that is looked at";
}

TEST(Measuring, AFingerMeasuresAndTwoFingersStillZoom) {
  Reader reader;
  reader.run("tool-length");
  TouchInterpreter touch;
  auto feed = [&](TouchPhase phase, std::vector<Finger> fingers) {
    for (const Action& action : touch.feed(phase, fingers, reader.state, true).actions) update(reader.state, action);
  };
  ScreenPx from = reader.on_screen({100, 100}), to = reader.on_screen({200, 100});
  feed(TouchPhase::kStart, {{1, from}});
  feed(TouchPhase::kMove, {{1, {(from.x + to.x) / 2, from.y}}});
  feed(TouchPhase::kMove, {{1, to}});
  feed(TouchPhase::kEnd, {});
  ASSERT_EQ(reader.measurements().size(), 1u);
  expect_point(reader.measurements()[0].points[0], 100, 100);
  expect_point(reader.measurements()[0].points[1], 200, 100);
  feed(TouchPhase::kStart, {{1, from}});
  feed(TouchPhase::kStart, {{1, from}, {2, to}});
  feed(TouchPhase::kMove, {{1, from}, {2, {to.x + 100, to.y}}});
  feed(TouchPhase::kEnd, {});
  EXPECT_FALSE(reader.state.films[0].view.fitted);
  EXPECT_EQ(reader.measurements().size(), 1u);
}

TEST(Gestures, EachIsBoundOnceAndDoesWhatTheListSays) {
  for (const GestureBinding& a : gestures()) {
    EXPECT_FALSE(a.name.empty());
    for (const GestureBinding& b : gestures()) EXPECT_TRUE(&a == &b || a.gesture != b.gesture) << a.name;
  }
  EXPECT_TRUE(std::holds_alternative<DragWindow>(drag_action(gesture_action_of(Settings{}, Gesture::kLeftDrag), {}, 1, 1)));
  EXPECT_TRUE(std::holds_alternative<Pan>(drag_action(gesture_action_of(Settings{}, Gesture::kMiddleDrag), {}, 1, 1)));
  Action zoom = drag_action(gesture_action_of(Settings{}, Gesture::kRightDrag), {5, 6}, 0, -120);
  ASSERT_TRUE(std::holds_alternative<ZoomAt>(zoom));
  EXPECT_DOUBLE_EQ(std::get<ZoomAt>(zoom).factor, 2);
  EXPECT_DOUBLE_EQ(std::get<ZoomAt>(zoom).pointer.x, 5);
}

TEST(Display, AFilmLargerThanATextureIsHalvedUntilItFits) {
  Reader reader;
  EXPECT_EQ(halvings_for_display(reader.state, reader.state.films[0]), 0) << "the device is not known yet";
  update(reader.state, GraphicsKnown{400});
  EXPECT_EQ(halvings_for_display(reader.state, reader.state.films[0]), 0);
  update(reader.state, GraphicsKnown{150});
  EXPECT_EQ(halvings_for_display(reader.state, reader.state.films[0]), 2);
}

}  // namespace
}  // namespace chestlight::viewer
