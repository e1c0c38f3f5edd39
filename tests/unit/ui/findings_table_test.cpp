// The table of findings, drawn without a screen: figures, order, the line of the row in focus, and the threshold that is tried.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "platform/native/headless_ui.h"
#include "unit/ui/page_values.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

using platform::HeadlessUi;
struct TablePage {
  float width, height;
};
const TablePage kTablePages[] = {{1440, 900}, {1280, 720}, {820, 1180}, {390, 844}};

void show_evaluated_film(HeadlessUi& ui) {
  ui.act(evaluated_ready());
  add_films(ui, 1);
  ui.settle();
}

bool is_drawn(const HeadlessUi& ui, const std::string& words) {
  for (const LayoutLog::Entry& e : ui.log().entries)
    if (!e.widget && e.label == words) return true;
  return false;
}

TEST(FindingsTable, ScoreAndPercentileAreAlwaysInFigures) {
  for (const TablePage& size : kTablePages) {
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    show_evaluated_film(ui);
    const auto analysis = fourteen_findings();
    for (const viewer::Finding& finding : analysis->findings) {
      EXPECT_TRUE(is_drawn(ui, viewer::score_in_figures(finding.calibrated))) << finding.id;
      EXPECT_TRUE(is_drawn(ui, finding.percentile_text)) << finding.id;
    }
  }
}

/// The names of the table's rows from above.
std::vector<std::string> rows_drawn(const HeadlessUi& ui) {
  std::vector<std::pair<float, std::string>> rows;
  const auto analysis = fourteen_findings();
  for (const LayoutLog::Entry& e : ui.log().entries)
    for (const viewer::Finding& finding : analysis->findings)
      if (e.widget && e.label == finding.id) rows.push_back({e.min.y, e.label});
  std::sort(rows.begin(), rows.end());
  std::vector<std::string> names;
  for (const auto& [y, name] : rows) names.push_back(name);
  return names;
}

TEST(FindingsTable, HerniaIsNeverFirstWhateverItScores) {
  for (const TablePage& size : kTablePages) {
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    show_evaluated_film(ui);
    const std::vector<std::string> rows = rows_drawn(ui);
    ASSERT_EQ(rows.size(), 14u);
    EXPECT_EQ(rows.front(), "Emphysema") << "likely, of the largest likelihood ratio";
    EXPECT_EQ(rows[10], "Hernia") << "not assessed, of the highest score among those";
    ui.act(viewer::RunCommand{"order"});
    ui.settle();
    EXPECT_EQ(rows_drawn(ui).front(), "Atelectasis") << "a fixed order on request";
  }
}

TEST(FindingsTable, ARowInFocusTellsHowGoodItsScoreIs) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  ui.act(evaluated_ready());
  add_films(ui, 1);
  ui.settle();
  auto point_at = [&](const char* id) {
    for (const LayoutLog::Entry& e : ui.log().entries)
      if (e.widget && e.label == id) {
        ui.move((e.min.x + e.max.x) / 2, (e.min.y + e.max.y) / 2);
        break;
      }
    ui.settle();
  };
  auto status_begins = [&](const std::string& words) {
    for (const LayoutLog::Entry& e : ui.log().entries)
      if (e.panel == "status" && e.label.starts_with(words)) return true;
    return false;
  };
  point_at("Emphysema");
  EXPECT_TRUE(status_begins("Sensitivity "));
  point_at("Hernia");
  EXPECT_TRUE(status_begins("Not assessed. Only 3 films"));
}

TEST(FindingsTable, AThresholdIsTriedWithThePointerOnAnyPage) {
  for (const TablePage& size : kTablePages) {
    SCOPED_TRACE(static_cast<int>(size.width));
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    ui.act(evaluated_ready());
    add_films(ui, 1);
    ui.act(viewer::PinFinding{"Emphysema"});
    ui.settle();
    if (size.width < 700) continue;  // the sheet of a phone is scrolled first
    ui.act(viewer::ToggleTrial{});
    ui.settle();
    ASSERT_TRUE(ui.click("prevalence"));
    EXPECT_EQ(ui.state().settings.prevalences.count("Emphysema"), 1u);
    ASSERT_TRUE(ui.click("tried-threshold"));
    EXPECT_EQ(ui.state().settings.thresholds.count("Emphysema"), 1u);
  }
}

/// Every finding has a band, and Mass changes its zone.
viewer::StabilityArrived stability_of_fourteen() {
  const auto analysis = fourteen_findings();
  viewer::StabilityArrived arrived{1};
  arrived.stability.changes = 8;
  arrived.stability.model = analysis->model;
  for (const viewer::Finding& finding : analysis->findings)
    arrived.stability.findings.push_back({finding.id, std::max(0.01, finding.calibrated - 0.05), finding.calibrated + 0.05,
                                          finding.zone, finding.zone, finding.id == "Mass",
                                          "A band over 8 small changes of the picture."});
  return arrived;
}

TEST(FindingsTable, SmallChangesOfThePictureGiveEachScoreABand) {
  for (const TablePage& size : kTablePages) {
    SCOPED_TRACE(static_cast<int>(size.width));
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    show_evaluated_film(ui);
    EXPECT_FALSE(is_drawn(ui, "band of Mass"));
    EXPECT_FALSE(is_drawn(ui, "±"));
    ui.act(stability_of_fourteen());
    ui.act(viewer::PinFinding{"Mass"});
    ui.settle();
    const LayoutLog::Region& panel = ui.log().panels.at("findings");
    int bands = 0, marks = 0;
    for (const LayoutLog::Entry& e : ui.log().entries) {
      marks += !e.widget && e.label == "±";
      if (e.widget || !e.label.starts_with("band of ")) continue;
      EXPECT_GE(e.max.x - e.min.x, 2) << e.label;
      EXPECT_GE(e.min.x, panel.min.x) << e.label;
      EXPECT_LE(e.max.x, panel.max.x) << e.label;
      ++bands;
    }
    EXPECT_EQ(bands, 14);
    EXPECT_EQ(marks, 1);
    EXPECT_TRUE(is_drawn(ui, "Stability")) << "in the details";
  }
}

TEST(FindingsTable, TheStabilityIsAskedForBelowIt) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  show_evaluated_film(ui);
  ui.take_effects();
  ASSERT_TRUE(ui.click("stability"));
  const auto effects = ui.take_effects();
  EXPECT_EQ(std::count_if(effects.begin(), effects.end(),
                          [](const viewer::Effect& e) { return std::holds_alternative<contract::CheckStability>(e); }),
            1);
}

TEST(FindingsTable, EveryAssessedFindingIsInSightOnALowPage) {
  HeadlessUi ui(1280, 720, CHESTLIGHT_FONTS);
  show_evaluated_film(ui);  // with a warning above the table
  const LayoutLog::Region& panel = ui.log().panels.at("findings");
  const auto analysis = fourteen_findings();
  int seen = 0;
  for (const LayoutLog::Entry& e : ui.log().entries)
    for (const viewer::Finding& finding : analysis->findings) {
      if (!e.widget || e.label != finding.id || finding.zone == viewer::Zone::kNotAssessed) continue;
      EXPECT_LE(e.max.y, panel.max.y) << e.label;
      ++seen;
    }
  EXPECT_EQ(seen, 10);
}

}  // namespace
}  // namespace chestlight::ui
