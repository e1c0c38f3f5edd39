// Two films side by side as they are drawn: panes, bar and table fit on every page, and the pointer does on each film what it
// does on one.
#include "viewer/state/side_by_side.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "unit/ui/page_values.h"
#include "unit/ui/sound_layout.h"
#include "viewer/actions/film_commands.h"

namespace chestlight::ui {
namespace {

void show_pair(HeadlessUi& ui) {
  ui.act(viewer::engine_ready());
  add_films(ui, 3);
  ui.act(viewer::SelectFilm{1});
  ui.act(viewer::pixels_arrived(1));
  ui.act(viewer::CompareFilm{2});
  ui.act(viewer::pixels_arrived(2));
}

std::shared_ptr<const viewer::Analysis> in_other_zones() {
  auto analysis = std::make_shared<viewer::Analysis>(*fourteen_findings());
  for (viewer::Finding& finding : analysis->findings) {
    finding.calibrated = 0.95 - finding.calibrated;
    if (finding.zone == viewer::Zone::kUnlikely) finding.zone = viewer::Zone::kLikely;
  }
  return analysis;
}

const Scene kPairs[] = {
    {"two films", show_pair},
    {"the change of scores, with a row opened",
     [](HeadlessUi& ui) {
       show_pair(ui);
       ui.act(viewer::analysis_arrived(2, in_other_zones()));
       ui.act(viewer::PinFinding{"Pleural thickening"});
       ui.act(viewer::RunCommand{"contour"});
     }},
    {"the findings in its place, films not linked",
     [](HeadlessUi& ui) {
       show_pair(ui);
       ui.act(viewer::RunCommand{"score-changes"});
       ui.act(viewer::RunCommand{"compare-link"});
     }},
    {"the other film selected, zoomed, inverted",
     [](HeadlessUi& ui) {
       show_pair(ui);
       ui.settle();
       ui.act(viewer::SwapFilms{});
       for (const char* id : {"zoom-in", "invert", "rotate-left", "anatomy"}) ui.act(viewer::RunCommand{id});
     }},
    {"a film that could not be read beside",
     [](HeadlessUi& ui) {
       show_pair(ui);
       ui.act(
           viewer::FilmFailed{2, "b.dcm", {"truncated", "The file ends early: 100 of 200 bytes are there.", "Copy it again."}});
     }},
    {"a film that waits for its pixels and scores beside",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 2, false);
       ui.act(viewer::SelectFilm{1});
       ui.act(viewer::CompareFilm{2});
     }},
    {"beside the worklist",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 12);
       ui.act(viewer::SelectFilm{1});
       ui.act(viewer::pixels_arrived(1));
       ui.act(viewer::CompareFilm{2});
       ui.act(viewer::pixels_arrived(2));
     }},
};

TEST(SideBySidePage, FitsAndNothingOverlapsAtEverySize) { expect_sound_at_every_size(kPairs); }

TEST(SideBySidePage, TargetsAreLargeEnoughForAFinger) { expect_large_targets(kPairs); }

TEST(SideBySidePage, BothFilmsAreDrawnBesideEachOtherAndOnAPhoneOneAboveTheOther) {
  for (const auto& [size, stacked] :
       {std::pair{PageSize{1440, 900}, false}, {PageSize{1024, 768}, true}, {PageSize{390, 844}, true}}) {
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    show_pair(ui);
    ui.settle();
    EXPECT_EQ(ui.films_painted(), 2) << size.width;
    const Layout& l = ui.layout();
    EXPECT_EQ(l.film.width, l.second.width);
    EXPECT_EQ(l.film.height, l.second.height);
    EXPECT_EQ(ui.state().second.area, l.second);
    EXPECT_EQ(l.stacked(), stacked) << "the panes lie along the longer side of what is left";
    EXPECT_TRUE(l.stacked() ? l.second.y >= l.film.y + l.film.height : l.second.x >= l.film.x + l.film.width);
    EXPECT_LE(l.pair.y + l.pair.height, l.film.y);
  }
}

TEST(SideBySidePage, APressInTheOtherPaneSelectsThatFilmAndItsDragGoesOn) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_pair(ui);
  ui.settle();
  const ScreenPx at = ui.layout().second.centre();
  const float x = static_cast<float>(at.x), y = static_cast<float>(at.y);
  const double width = viewer::find_film(ui.state(), 2)->window.width;
  ui.move(x, y);
  ui.press(ImGuiMouseButton_Left);
  EXPECT_EQ(ui.state().selected, 2);
  ui.move(x + 30, y);
  ui.release(ImGuiMouseButton_Left);
  EXPECT_GT(viewer::find_film(ui.state(), 2)->window.width, width);
  EXPECT_GT(viewer::find_film(ui.state(), 1)->window.width, width) << "linked";
  EXPECT_EQ(ui.layout().film.x, ui.state().film_area.x) << "no pane moved";
}

TEST(SideBySidePage, TheWheelZoomsBothAboutThePointInTheOtherPane) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_pair(ui);
  ui.settle();
  const viewer::ScreenRect pane = ui.layout().second;
  const ScreenPx at{std::floor(pane.x + pane.width * 0.4),
                    std::floor(pane.y + pane.height * 0.45)};  // the pointer is on whole pixels
  const viewer::FilmSize size = viewer::film_size(ui.state().films[1]);
  const auto under = [&] { return viewer::source_to_screen(ui.state().films[1].view, size, pane).inverse()(at); };
  const SourcePx before = under();
  ui.move(static_cast<float>(at.x), static_cast<float>(at.y));
  ui.wheel(2);
  EXPECT_FALSE(ui.state().films[0].view.fitted);
  EXPECT_NEAR(under().x, before.x, 1);
  EXPECT_NEAR(under().y, before.y, 1);
}

TEST(SideBySidePage, AClickWithShiftOnARowPutsItsFilmBeside) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  ui.act(viewer::engine_ready());
  add_films(ui, 3);
  ui.act(viewer::SelectFilm{1});
  ui.settle();
  ui.key(ImGuiMod_Shift, true);
  ASSERT_TRUE(ui.click("film-3"));
  ui.key(ImGuiMod_Shift, false);
  EXPECT_EQ(ui.state().selected, 1);
  EXPECT_EQ(ui.state().second.id, 3);
}

TEST(SideBySidePage, TheBarSwitchesAndCloses) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_pair(ui);
  ui.settle();
  ASSERT_TRUE(ui.click("Nodule"));
  EXPECT_EQ(ui.state().pinned, "Nodule") << "a row of the changes";
  ui.settle();
  ASSERT_TRUE(ui.click("score-changes"));
  EXPECT_FALSE(ui.state().second.scores);
  ui.settle();
  ASSERT_TRUE(ui.click("compare-link"));
  EXPECT_FALSE(ui.state().second.linked);
  ui.settle();
  ASSERT_TRUE(ui.click("end-comparison"));
  ui.settle();
  EXPECT_EQ(viewer::second_film(ui.state()), nullptr);
  EXPECT_EQ(ui.films_painted(), 1);
  EXPECT_EQ(ui.layout().pair.height, 0);
}

}  // namespace
}  // namespace chestlight::ui
