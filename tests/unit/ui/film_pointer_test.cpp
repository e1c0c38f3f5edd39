// What the mouse does on the film, through the drawn page.
#include <gtest/gtest.h>

#include "unit/ui/page_values.h"
#include "viewer/actions/film_commands.h"

namespace chestlight::ui {
namespace {

using platform::HeadlessUi;

void show_one_film(HeadlessUi& ui) {
  ui.act(viewer::engine_ready());
  add_films(ui, 1);
}

TEST(FilmPointer, ThePointerDoesOnTheFilmWhatTheDescriptionSays) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_one_film(ui);
  ui.settle();
  auto film = [&]() -> const viewer::FilmEntry& { return ui.state().films[0]; };
  double width = film().window.width, centre = film().window.centre;
  ui.move(600, 400);
  ui.press(ImGuiMouseButton_Left);
  ui.move(640, 430);
  ui.release(ImGuiMouseButton_Left);
  EXPECT_GT(film().window.width, width);
  EXPECT_GT(film().window.centre, centre);

  viewer::FilmSize size = viewer::film_size(film());
  SourcePx under = viewer::source_to_screen(film().view, size, ui.state().film_area).inverse()({640, 430});
  ui.wheel(2);
  EXPECT_FALSE(film().view.fitted);
  ScreenPx still = viewer::source_to_screen(film().view, size, ui.state().film_area)(under);
  EXPECT_NEAR(still.x, 640, 1e-3);
  EXPECT_NEAR(still.y, 430, 1e-3);

  SourcePx middle = film().view.centre;
  ui.press(ImGuiMouseButton_Middle);
  ui.move(600, 430);
  ui.release(ImGuiMouseButton_Middle);
  EXPECT_GT(film().view.centre.x, middle.x) << "the film follows the pointer";

  Window window = film().window;
  middle = film().view.centre;
  ui.key(ImGuiKey_Space, true);
  ui.press(ImGuiMouseButton_Left);
  ui.move(560, 430);
  ui.release(ImGuiMouseButton_Left);
  ui.key(ImGuiKey_Space, false);
  EXPECT_GT(film().view.centre.x, middle.x);
  EXPECT_DOUBLE_EQ(film().window.width, window.width);
}

TEST(FilmPointer, AClickOfTheRightButtonIsAMenuAndADragIsAZoom) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_one_film(ui);
  ui.settle();
  ui.move(600, 400);
  ui.press(ImGuiMouseButton_Right);
  ui.move(600, 360);
  ui.release(ImGuiMouseButton_Right);
  EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
  EXPECT_FALSE(ui.state().films[0].view.fitted);
  ui.press(ImGuiMouseButton_Right);
  ui.release(ImGuiMouseButton_Right);
  ui.settle();
  ASSERT_EQ(ui.state().popup, viewer::Popup::kFilmMenu);
  ASSERT_TRUE(ui.click("Facts…"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kFilmFacts);
}

TEST(FilmPointer, ShiftAndADragMeasureALengthAndLeaveNoToolBehind) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_one_film(ui);
  ui.settle();
  auto drag = [&](float to) {
    ui.move(600, 400);
    ui.key(ImGuiMod_Shift, true);
    ui.press(ImGuiMouseButton_Left);
    ui.move(to, 400);
    ui.release(ImGuiMouseButton_Left);
    ui.key(ImGuiMod_Shift, false);
    ui.settle();
  };
  Window window = ui.state().films[0].window;
  drag(680);
  ASSERT_EQ(ui.state().films[0].measurements.size(), 1u);
  EXPECT_TRUE(ui.state().films[0].measurements[0].complete());
  EXPECT_EQ(ui.state().measuring.tool, viewer::Tool::kNone);
  EXPECT_EQ(ui.state().films[0].window, window);
  drag(600);
  EXPECT_EQ(ui.state().films[0].measurements.size(), 1u) << "a click alone is no length";
}

TEST(FilmPointer, TheWheelGoesThroughFramesWhereThereAreSeveral) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  ui.act(viewer::engine_ready());
  viewer::FilmInfo info = viewer::film_info();
  info.dicom = DicomFacts{};
  info.dicom->frames = 5;
  ui.act(viewer::FilmQueued{1, "a.dcm"});
  ui.act(viewer::film_opened(1, "a.dcm", info));
  ui.act(viewer::pixels_arrived(1));
  ui.settle();
  ui.take_effects();
  ui.move(600, 400);
  ui.wheel(-0.5f);
  EXPECT_EQ(viewer::count_of<viewer::OpenFrame>(ui.take_effects()), 0) << "half a notch is no frame";
  ui.wheel(-0.5f);
  EXPECT_EQ(viewer::count_of<viewer::OpenFrame>(ui.take_effects()), 1);
  EXPECT_EQ(ui.state().films[0].frame_wanted, 2);
  EXPECT_TRUE(ui.state().films[0].view.fitted);
}

}  // namespace
}  // namespace chestlight::ui
