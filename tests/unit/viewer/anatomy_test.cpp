// Lungs and heart on the screen: what arrives, the lines of the ratio that a reader may move, and what is said.
#include "viewer/state/anatomy.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/exports.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/undo.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

/// On the film of 400 × 300: heart 60 wide, chest 120.
AnatomyReport found_report() {
  AnatomyReport report{true};
  report.lungs.right = OrganOutline{{{100, 60}, {150, 60}, {150, 200}, {100, 200}}, 0.06};
  report.lungs.left = OrganOutline{{{170, 60}, {220, 60}, {220, 200}, {170, 200}}, 0.06};
  report.heart = OrganOutline{{{140, 140}, {200, 140}, {200, 200}, {140, 200}}, 0.03};
  report.cardiothoracic_ratio = 0.5;
  report.heart_line = WidthLine{{140, 180}, {200, 180}, {}};
  report.chest_line = WidthLine{{100, 190}, {220, 190}, {}};
  report.tilt_degrees = 1;
  report.cut_off = CutOffSides{};
  report.chest_share = 0.4;
  return report;
}

AnatomyReport no_lungs() {
  AnatomyReport report{false};
  report.reason_id = "no-lungs";
  report.reason = "No lung stands out on this film.";
  return report;
}

struct AnatomyReader {
  State state = analysed_state();
  explicit AnatomyReader(AnatomyReport report = found_report(), bool shown = true) {
    update(state, AnatomyArrived{1, {}, std::move(report)});
    if (shown) update(state, RunCommand{"anatomy"});
  }
  FilmEntry& film() { return state.films[0]; }
  void point(double x, double y) {
    update(state, PointAt{source_to_screen(film().view, film_size(film()), state.film_area)({x, y})});
  }
  std::vector<Effect> drag(double x0, double y0, double x1, double y1) {
    update(state, ChooseTool{Tool::kLength});
    point(x0, y0);
    update(state, PressTool{});
    point(x1, y1);
    std::vector<Effect> effects = update(state, ReleaseTool{});
    update(state, ChooseTool{Tool::kLength});
    return effects;
  }
};

const MoveWidthLines* moved_in(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* moved = std::get_if<MoveWidthLines>(&effect)) return moved;
  return nullptr;
}

TEST(AnatomyOnScreen, SaysTheRatioWithItsLengths) {
  AnatomyReader reader;
  EXPECT_EQ(anatomy_in_words(reader.film()), "Cardiothoracic ratio 0.50: heart 60 px, chest 120 px.");
  reader.film().info.dicom.emplace().view_position = "AP";
  reader.film().info.dicom->spacing = PixelSpacing{2, 2, "patient"};
  EXPECT_EQ(anatomy_in_words(reader.film()),
            "Cardiothoracic ratio 0.50: heart 120.0 mm, chest 240.0 mm. AP film: the heart looks larger.");
}

TEST(AnatomyOnScreen, SaysWhyThereIsNone) {
  struct Row {
    AnatomyReport report;
    const char* words;
  };
  AnatomyReport no_heart = found_report();
  no_heart.heart.reset(), no_heart.cardiothoracic_ratio.reset(), no_heart.heart_line.reset(), no_heart.chest_line.reset();
  no_heart.no_ratio = "The heart does not stand out on this film.";
  for (const Row& row : {Row{no_lungs(), "Lungs not found: No lung stands out on this film."},
                         Row{no_heart, "Lungs found, no cardiothoracic ratio: The heart does not stand out on this film."}}) {
    AnatomyReader reader(row.report);
    EXPECT_EQ(anatomy_in_words(reader.film()), row.words);
    EXPECT_TRUE(reader.film().measurements.empty());
    EXPECT_FALSE(width_ratio(reader.film()));
  }
  State state = analysed_state();
  EXPECT_EQ(anatomy_in_words(state.films[0]), "") << "nothing is said while nothing is known";
  update(state, AnatomyFailed{1, {"hash-mismatch", "The file is damaged.", "Copy it again."}});
  EXPECT_EQ(anatomy_in_words(state.films[0]), "Lungs and heart were not looked for: The file is damaged. Copy it again.");
}

TEST(AnatomyOnScreen, AnEndIsDraggedAndTheEngineHearsOfItOnce) {
  AnatomyReader reader;
  const auto effects = reader.drag(200, 180, 212, 180);
  const auto ratio = width_ratio(reader.film());
  ASSERT_TRUE(ratio);
  EXPECT_NEAR(ratio->value, 72.0 / 120, kGeometryPx);
  EXPECT_TRUE(ratio->moved);
  EXPECT_EQ(ratio_in_short(reader.film()), "Cardiothoracic ratio 0.60, moved by you");
  EXPECT_EQ(anatomy_in_words(reader.film()),
            "Cardiothoracic ratio 0.60: heart 72 px, chest 120 px. Lines moved by you; measured by the network: 0.50.");
  const MoveWidthLines* moved = moved_in(effects);
  ASSERT_NE(moved, nullptr);
  EXPECT_NEAR(moved->heart->to[0], 212, kGeometryPx);
  EXPECT_DOUBLE_EQ(moved->chest->from[0], 100);
  EXPECT_EQ(moved_in(update(reader.state, Ticked{1})), nullptr) << "once";

  const int heart = reader.film().measurements[0].id;
  const auto back = update(reader.state, RemoveMeasurement{heart});
  EXPECT_EQ(reader.film().measurements.size(), 2u) << "it goes back to where it was measured";
  EXPECT_FALSE(width_ratio(reader.film())->moved);
  ASSERT_NE(moved_in(back), nullptr);
  EXPECT_FALSE(moved_in(back)->heart);
}

TEST(AnatomyOnScreen, AnEndIsMovedByKeys) {
  AnatomyReader reader;
  for (const char* command : {"tool-length", "next-point", "set-point", "cross-left-fine", "cross-left-fine"})
    update(reader.state, RunCommand{command});
  EXPECT_FALSE(moved_in(update(reader.state, Ticked{1}))) << "not while it is held";
  const auto effects = update(reader.state, RunCommand{"set-point"});
  ASSERT_NE(moved_in(effects), nullptr);
  EXPECT_NEAR(width_ratio(reader.film())->value, 62.0 / 120, kGeometryPx);
}

TEST(AnatomyOnScreen, LinesThatAreHiddenCannotBeHeld) {
  AnatomyReader reader(found_report(), false);
  EXPECT_FALSE(width_line_end_at(reader.state, reader.film(), {0, 0}, 1e6));
  reader.drag(200, 180, 240, 180);
  EXPECT_FALSE(width_ratio(reader.film())->moved);
  EXPECT_EQ(reader.film().measurements.size(), 3u) << "a length of the reader's own was begun instead";
  update(reader.state, RunCommand{"anatomy"});
  EXPECT_TRUE(width_line_end_at(reader.state, reader.film(), {0, 0}, 1e6));
  update(reader.state, HoldOriginal{true});
  EXPECT_FALSE(is_shown(reader.state, reader.film(), reader.film().measurements[0])) << "the film alone";
}

TEST(AnatomyOnScreen, AnotherCorrectionForgetsItAndALateAnswerIsDropped) {
  AnatomyReader reader;
  Correction inverted;
  inverted.inverted = true;
  update(reader.state, SetCorrection{inverted});
  EXPECT_EQ(reader.film().anatomy, nullptr);
  EXPECT_TRUE(reader.film().measurements.empty());
  update(reader.state, AnatomyArrived{1, {}, found_report()});
  EXPECT_EQ(reader.film().anatomy, nullptr) << "it is of the film without the correction";
  update(reader.state, AnatomyArrived{1, inverted, found_report()});
  EXPECT_NE(reader.film().anatomy, nullptr);
  EXPECT_EQ(reader.film().measurements.size(), 2u);
}

TEST(AnatomyOnScreen, MovedLinesOutliveAnotherAnalysisAndTheFileBeingReadAgain) {
  AnatomyReader reader;
  reader.drag(200, 180, 212, 180);
  EXPECT_EQ(moved_in(update(reader.state, AnatomyArrived{1, {}, found_report()})), nullptr) << "the case has them";
  EXPECT_TRUE(width_ratio(reader.film())->moved);
  update(reader.state, film_opened(1));
  EXPECT_TRUE(reader.film().measurements.empty()) << "not before lungs and heart are known";
  EXPECT_EQ(moved_in(update(reader.state, AnatomyArrived{1, {}, found_report()})), nullptr);
  EXPECT_NEAR(width_ratio(reader.film())->value, 72.0 / 120, kGeometryPx);
  FilmOpened other = film_opened(1);
  other.film.dicom.emplace().frame = 2;
  const auto effects = update(reader.state, other);
  ASSERT_NE(moved_in(effects), nullptr) << "another picture";
  EXPECT_FALSE(moved_in(effects)->heart);
  update(reader.state, AnatomyArrived{1, {}, found_report()});
  EXPECT_FALSE(width_ratio(reader.film())->moved);
}

TEST(AnatomyOnScreen, MovedLinesAreUndoneAndNotLeftUnsaved) {
  AnatomyReader reader;
  EXPECT_TRUE(reader.state.undo.done.empty()) << "what the network measured is no deed of the reader";
  EXPECT_FALSE(is_unsaved(reader.state));
  reader.drag(200, 180, 212, 180);
  EXPECT_TRUE(is_unsaved(reader.state));
  EXPECT_TRUE(measurements_of(reader.film()).empty()) << "they are told apart from lengths";
  const auto undone = update(reader.state, RunCommand{"undo"});
  ASSERT_NE(moved_in(undone), nullptr);
  EXPECT_FALSE(moved_in(undone)->heart);
  EXPECT_FALSE(width_ratio(reader.film())->moved);
  EXPECT_TRUE(reader.state.undo.done.empty());
  EXPECT_FALSE(is_unsaved(reader.state));
  const auto again = update(reader.state, RunCommand{"redo"});
  ASSERT_NE(moved_in(again), nullptr);
  EXPECT_NEAR(moved_in(again)->heart->to[0], 212, kGeometryPx);
  EXPECT_TRUE(width_ratio(reader.film())->moved);
}

TEST(AnatomyOnScreen, LengthsAreUndoneBesideTheLines) {
  AnatomyReader reader;
  reader.drag(20, 20, 80, 20);
  EXPECT_EQ(reader.film().measurements.size(), 3u);
  EXPECT_EQ(measurements_of(reader.film()).size(), 1u);
  update(reader.state, RunCommand{"undo"});
  EXPECT_EQ(reader.film().measurements.size(), 2u);
  EXPECT_FALSE(width_ratio(reader.film())->moved);
  update(reader.state, RunCommand{"redo"});
  EXPECT_EQ(reader.film().measurements.size(), 3u);
}

TEST(AnatomyOnScreen, PlacesAndTheSummaryFollow) {
  State state = analysed_state();
  AnatomyArrived arrived{1, {}, found_report()};
  for (const char* id : {"a", "b", "c"}) {
    FindingPlace place{id, "Mainly over the heart.", "over the heart"};
    place.evidence = EvidenceShares{0.1, 0.2, 0.1, 0.6};
    place.evidence_text = "Possible shortcut.";
    place.possible_shortcut = true;
    arrived.places.push_back(place);
  }
  arrived.summary = "Likely: c (over the heart).";
  const std::vector<float> maps = state.films[0].analysis->maps;
  update(state, arrived);
  const Analysis& analysis = *state.films[0].analysis;
  EXPECT_EQ(analysis.findings[2].where, "Mainly over the heart.");
  EXPECT_TRUE(analysis.findings[2].possible_shortcut);
  EXPECT_EQ(analysis.summary.sentence, "Likely: c (over the heart).");
  EXPECT_EQ(analysis.maps, maps) << "the maps stay";
  const Json json = section_json(state, {}, Section::kSelected)["selected"];
  EXPECT_EQ(json["anatomy"]["text"], "Cardiothoracic ratio 0.50: heart 60 px, chest 120 px.");
  EXPECT_DOUBLE_EQ(json["anatomy"]["ratio"], 0.5);

  arrived.places.pop_back();
  arrived.places[0].where = "elsewhere";
  update(state, arrived);
  EXPECT_EQ(state.films[0].analysis->findings[0].where, "Mainly over the heart.") << "places of another analysis are not taken";
}

TEST(AnatomyOnScreen, TheSwitchIsRemembered) {
  AnatomyReader reader;
  EXPECT_TRUE(settings_from_json(settings_to_json(reader.state.settings)).overlay.anatomy);
  EXPECT_FALSE(Settings{}.overlay.anatomy);
}

}  // namespace
}  // namespace chestlight::viewer
