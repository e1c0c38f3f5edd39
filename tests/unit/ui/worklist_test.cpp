// The worklist as it is drawn: rows in sight only, clicks on rows, heads and filters, and where the text field is to stand.
#include <gtest/gtest.h>

#include <algorithm>

#include "platform/native/headless_ui.h"
#include "unit/ui/page_values.h"

namespace chestlight::ui {
namespace {

using platform::HeadlessUi;
using Entry = LayoutLog::Entry;

int films_drawn(const HeadlessUi& ui) {
  const auto& entries = ui.log().entries;
  return static_cast<int>(std::count_if(entries.begin(), entries.end(),
                                        [](const Entry& e) { return e.panel == "worklist" && e.label.starts_with("film-"); }));
}

const Entry* widget_of(const HeadlessUi& ui, const std::string& label) {
  for (const Entry& e : ui.log().entries)
    if (e.widget && e.label == label) return &e;
  return nullptr;
}

class WorklistTable : public ::testing::Test {
 protected:
  WorklistTable() : ui(1440, 900, CHESTLIGHT_FONTS) {
    ui.act(evaluated_ready());
    add_films(ui, 300);
    ui.settle();
  }
  HeadlessUi ui;
};

TEST_F(WorklistTable, OnlyRowsInSightAreDrawnAndTheSelectedOneIsInSight) {
  EXPECT_LT(films_drawn(ui), 30);
  EXPECT_GT(films_drawn(ui), 10);
  EXPECT_EQ(widget_of(ui, "film-250"), nullptr);
  ui.act(viewer::SelectFilm{250});
  ui.settle();
  ASSERT_NE(widget_of(ui, "film-250"), nullptr);
  EXPECT_GT(widget_of(ui, "film-250")->max.y - widget_of(ui, "film-250")->min.y, 30) << "all of it";
  EXPECT_LT(films_drawn(ui), 30);
}

TEST_F(WorklistTable, TheWheelScrollsIt) {
  const Entry* row = widget_of(ui, "film-5");
  ASSERT_NE(row, nullptr);
  ui.move((row->min.x + row->max.x) / 2, (row->min.y + row->max.y) / 2);
  ui.settle();
  for (int i = 0; i < 10; ++i) ui.wheel(-3);
  ui.settle();
  EXPECT_EQ(widget_of(ui, "film-5"), nullptr);
  EXPECT_EQ(ui.state().selected, 1) << "and selects nothing";
}

TEST_F(WorklistTable, AClickOnARowShowsItsFilm) {
  ASSERT_TRUE(ui.click("film-4"));
  EXPECT_EQ(ui.state().selected, 4);
}

TEST_F(WorklistTable, AClickOnAHeadSorts) {
  ASSERT_TRUE(ui.click("sort-Name"));
  EXPECT_EQ(ui.state().worklist.sort.column, viewer::WorklistColumn::kName);
  ui.settle();
  ASSERT_TRUE(ui.click("sort-Name"));
  EXPECT_TRUE(ui.state().worklist.sort.descending);
  EXPECT_EQ(ui.state().worklist.rows.front().film, 300);
}

TEST_F(WorklistTable, FiltersAreAClickAway) {
  ASSERT_TRUE(ui.click("filter-unread"));
  EXPECT_TRUE(ui.state().worklist.filter.unread);
  ASSERT_TRUE(ui.click("filter-finding"));
  ui.settle();
  ASSERT_TRUE(ui.click("zone-Emphysema0"));
  EXPECT_EQ(ui.state().worklist.filter.finding, "Emphysema");
  EXPECT_EQ(ui.state().worklist.filter.zone, viewer::Zone::kLikely);
  ui.settle();
  ASSERT_TRUE(ui.click("column-Hernia"));
  EXPECT_EQ(ui.state().worklist.columns, std::vector<std::string>{"Hernia"});
}

TEST_F(WorklistTable, TheSearchFieldStandsWhereTheBoxIs) {
  ui.take_effects();
  ASSERT_TRUE(ui.click("search"));
  ui.settle();
  const auto effects = ui.take_effects();
  EXPECT_EQ(viewer::count_of<viewer::EditText>(effects), 2) << "asked for, then placed; and not at every frame";
  const auto& last = std::get<viewer::EditText>(*std::find_if(
      effects.rbegin(), effects.rend(), [](const viewer::Effect& e) { return std::holds_alternative<viewer::EditText>(e); }));
  const Entry* box = widget_of(ui, "search");
  ASSERT_NE(box, nullptr);
  EXPECT_EQ(last.x, box->min.x);
  EXPECT_EQ(last.width, box->max.x - box->min.x);
}

TEST_F(WorklistTable, GivesWayToTheStripAndIsAsWideAsItIsDragged) {
  const double before = ui.layout().films.width;
  ui.act(viewer::SetPanelWidth{true, 700});
  ui.settle();
  EXPECT_GT(ui.layout().films.width, before);
  ASSERT_TRUE(ui.click("worklist"));
  ui.settle();
  EXPECT_FALSE(ui.layout().worklist);
  EXPECT_EQ(ui.layout().films.width, ui.state().settings.films_width);
}

TEST(Worklist, LeavesRoomForTheFilmOnEveryPage) {
  for (const auto& [width, height] : {std::pair{1280.0f, 720.0f}, {1024.0f, 768.0f}, {820.0f, 1180.0f}, {720.0f, 900.0f}}) {
    HeadlessUi ui(width, height, CHESTLIGHT_FONTS);
    ui.act(viewer::engine_ready());
    add_films(ui, 12);
    ui.act(viewer::SetPanelWidth{true, 1000});
    ui.settle();
    EXPECT_TRUE(ui.layout().worklist);
    EXPECT_GT(ui.layout().film.width, width < 800 ? 150 : 250) << width;
  }
}

}  // namespace
}  // namespace chestlight::ui
