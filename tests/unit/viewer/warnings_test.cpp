// What is said of a film before its findings, and what one click does about it.
#include "viewer/state/warnings.h"

#include <gtest/gtest.h>

#include <functional>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"

namespace chestlight::viewer {
namespace {

/// A film whose lungs were found upright in its middle, all of it seen by the model.
struct SeenFilm {
  State state = analysed_state();
  AnatomyReport report{true};
  std::vector<Reason> reasons;
  SeenFilm() {
    report.lungs.right = OrganOutline{{{100, 60}, {150, 60}, {150, 240}, {100, 240}}, 0.08};
    report.lungs.left = OrganOutline{{{200, 60}, {280, 60}, {280, 240}, {200, 240}}, 0.12};
    report.tilt_degrees = 0;
    report.cut_off = CutOffSides{};
    report.chest_share = 0.6;
  }
  std::vector<Warning> warnings(PixelRect seen = {0, 0, 400, 300}) {
    auto analysis = std::make_shared<Analysis>(*three_findings());
    analysis->reasons = reasons;
    analysis->input.crop = seen;
    state.films[0].analysis = analysis;
    state.films[0].anatomy = std::make_shared<AnatomyReport>(report);
    return warnings_of(state.films[0]);
  }
};

TEST(Warnings, AFilmThatLiesWellHasNone) { EXPECT_TRUE(SeenFilm().warnings().empty()); }

TEST(Warnings, EachHasTheRemedyThatPutsItRight) {
  struct Row {
    const char* what;
    std::function<void(SeenFilm&)> change;
    const char *id, *text;
    std::function<bool(const Correction&)> puts_right;
  };
  const Row rows[] = {
      {"upside down", [](SeenFilm& f) { f.report = AnatomyReport{false}, f.report.pose.quarter_turns = 2; }, "turned",
       "The film lies upside down.", [](const Correction& c) { return c.quarter_turns == 2; }},
      {"a quarter", [](SeenFilm& f) { f.report = AnatomyReport{false}, f.report.pose.quarter_turns = 1; }, "turned",
       "The film lies turned by 90° clockwise.", [](const Correction& c) { return c.quarter_turns == 3; }},
      {"mirrored", [](SeenFilm& f) { f.report.pose.mirrored = true; }, "mirrored",
       "The film looks mirrored: look for a side marker before you trust left and right.",
       [](const Correction& c) { return c.mirrored; }},
      {"inverted", [](SeenFilm& f) { f.report.pose.inverted = true; }, "inverted", "The film looks inverted, with air white.",
       [](const Correction& c) { return c.inverted; }},
      {"a small chest", [](SeenFilm& f) { f.report.chest_share = 0.2; }, "small-chest",
       "Lungs and heart fill only 20 % of the picture.",
       [](const Correction& c) { return c.crop && c.crop->x <= 100 && c.crop->x + c.crop->width >= 280; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    SeenFilm film;
    row.change(film);
    const auto warnings = film.warnings();
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_EQ(warnings[0].id, row.id);
    EXPECT_EQ(warnings[0].text, row.text);
    ASSERT_TRUE(warnings[0].correction);
    EXPECT_TRUE(row.puts_right(*warnings[0].correction));
    EXPECT_TRUE(check_correction(*warnings[0].correction, 400, 300));
    EXPECT_FALSE(warnings[0].remedy.empty());
  }
}

TEST(Warnings, ATurnIsOfTheFilmAsItIsCorrectedNow) {
  SeenFilm film;
  film.state.films[0].request.correction.quarter_turns = 1;
  film.report = AnatomyReport{false};
  film.report.pose.quarter_turns = 3;
  EXPECT_EQ(film.warnings()[0].correction->quarter_turns, 2);
}

TEST(Warnings, ALungOutsideWhatTheModelSeesIsCroppedFor) {
  SeenFilm film;
  const auto warnings = film.warnings({120, 0, 280, 280});
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].id, "outside-input");
  const PixelRect crop = *warnings[0].correction->crop;
  EXPECT_TRUE(crop.x <= 100 && crop.y <= 60 && crop.x + crop.width >= 280 && crop.y + crop.height >= 240);
  EXPECT_EQ(crop.width, crop.height) << "a square, as the model takes one";
  film.state.films[0].request.correction.crop = crop;
  EXPECT_TRUE(film.warnings({120, 0, 280, 280}).empty()) << "what was done is not advised again";
}

TEST(Warnings, ACutOffByACropIsUndone) {
  SeenFilm film;
  film.report.cut_off->left = film.report.cut_off->bottom = true;
  EXPECT_EQ(film.warnings()[0].text, "The lungs run into the edge of what was looked at: left, bottom.");
  EXPECT_TRUE(film.warnings()[0].remedy.empty()) << "the picture ends there";
  film.state.films[0].request.correction.crop = PixelRect{90, 0, 300, 300};
  const auto warnings = film.warnings();
  const Warning* first = first_remedy(warnings);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->remedy, "Use the whole picture");
  EXPECT_FALSE(first->correction->crop);
}

TEST(Warnings, WhatTheModelSaysAlreadyIsNotSaidTwice) {
  SeenFilm film;
  film.reasons = {{"small", Severity::kWarn, "A small picture."},
                  {"inverted", Severity::kWarn, "The film looks inverted."},
                  {"rotated", Severity::kRefuse, "The film may be rotated."}};
  film.report = AnatomyReport{false};
  film.report.pose.inverted = true;
  film.report.pose.quarter_turns = 2;
  const auto warnings = film.warnings();
  ASSERT_EQ(warnings.size(), 3u);
  EXPECT_EQ(warnings[0].id, "rotated") << "what refuses stands first";
  EXPECT_EQ(warnings[0].text, "The film lies upside down.") << "the anatomy knows it better";
  EXPECT_EQ(warnings[1].id, "inverted");
  EXPECT_EQ(warnings[1].text, "The film looks inverted.");
  EXPECT_EQ(warnings[2].id, "small");
}

TEST(Warnings, TiltIsSaidWithItsDirectionAndHasNoRemedy) {
  SeenFilm film;
  film.report.tilt_degrees = -9.4;
  ASSERT_EQ(film.warnings().size(), 1u);
  EXPECT_EQ(film.warnings()[0].text, "The patient lies tilted by 9° anticlockwise.");
  const auto tilted = film.warnings();
  EXPECT_EQ(first_remedy(tilted), nullptr);
  film.report.tilt_degrees = 5;
  EXPECT_TRUE(film.warnings().empty());
}

TEST(Warnings, TheFirstRemedyIsOneKey) {
  SeenFilm film;
  film.report = AnatomyReport{false};
  film.report.pose.quarter_turns = 2;
  film.warnings();
  const auto effects = update(film.state, RunCommand{"remedy"});
  EXPECT_EQ(film.state.films[0].request.correction.quarter_turns, 2);
  EXPECT_EQ(count_of<Analyse>(effects), 1) << "it is analysed anew";
  EXPECT_FALSE(find_command("remedy")->enabled(film.state)) << "and there is nothing left to advise";
}

}  // namespace
}  // namespace chestlight::viewer
