// What a reader does in the popup of results against labels.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "unit/ui/evaluation_scenes.h"

namespace chestlight::ui {
namespace {

TEST(EvaluationPopup, ResultsAreSortedOpenedExportedAndLeadToFilms) {
  for (const auto& [width, height] : {std::pair(1440.0f, 900.0f), std::pair(390.0f, 844.0f)}) {
    SCOPED_TRACE(width);
    platform::HeadlessUi ui(width, height, CHESTLIGHT_FONTS);
    ui.act(viewer::engine_ready());
    add_films(ui, 3);
    ui.act(viewer::labels_joined_message());
    ui.act(viewer::films_evaluated_message());
    ui.settle();
    ui.take_effects();
    ASSERT_TRUE(ui.click("sort-AUROC"));
    EXPECT_TRUE(ui.state().evaluation.rising);
    ASSERT_TRUE(ui.click("export-figures"));
    EXPECT_EQ(viewer::count_of<viewer::ExportEvaluation>(ui.take_effects()), 1);
    ASSERT_TRUE(ui.click("evaluated-a"));
    EXPECT_EQ(ui.state().evaluation.opened, "a");
    EXPECT_EQ(viewer::count_of<viewer::EvaluateFilms>(ui.take_effects()), 1);
    ui.act(viewer::films_evaluated_message(1, "a"));
    ui.settle();
    const float bottom = height - 60;
    const auto is_in_sight = [&](const std::string& label) {
      return std::any_of(ui.log().entries.begin(), ui.log().entries.end(), [&](const LayoutLog::Entry& e) {
        return e.widget && e.label == label && e.min.y > 60 && e.max.y < bottom;
      });
    };
    ui.move(width / 2, height / 2);
    for (int turns = 0; turns < 200 && !is_in_sight("missed-1"); ++turns) ui.wheel(-1);
    ASSERT_TRUE(ui.click("missed-1"));
    EXPECT_EQ(ui.state().selected, 1);
    EXPECT_EQ(ui.state().pinned, "a");
    EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
  }
}

TEST(EvaluationPopup, WhatTheJoinIsMadeOfCanBeChosen) {
  platform::HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  column_is_being_chosen(ui);
  ui.settle();
  ui.take_effects();
  ASSERT_TRUE(ui.click("join-option-2"));
  const std::vector<viewer::Effect> effects = ui.take_effects();
  ASSERT_EQ(viewer::count_of<viewer::ChooseLabels>(effects), 1);
  EXPECT_EQ(std::get<viewer::ChooseLabels>(effects[0]).choice.image_column, "Patient");
  ui.settle();
  ASSERT_TRUE(ui.click("open-labels"));
  EXPECT_EQ(viewer::count_of<viewer::PickLabels>(ui.take_effects()), 1);
  ASSERT_TRUE(ui.click("close-evaluation"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
}

TEST(EvaluationPopup, FoldersCanServeAsLabels) {
  platform::HeadlessUi ui(390, 844, CHESTLIGHT_FONTS);
  table_that_cannot_be_used(ui);
  ui.settle();
  ui.take_effects();
  ASSERT_TRUE(ui.click("use-folders"));
  const std::vector<viewer::Effect> effects = ui.take_effects();
  ASSERT_EQ(viewer::count_of<viewer::ChooseLabels>(effects), 1);
  EXPECT_TRUE(std::get<viewer::ChooseLabels>(effects[0]).choice.by_folders());
}

}  // namespace
}  // namespace chestlight::ui
