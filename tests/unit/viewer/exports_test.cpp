// What the screen sends along with exports and reports: measurements, thresholds that are tried, the pinned finding, the look.
#include "viewer/actions/exports.h"

#include <gtest/gtest.h>

#include "viewer_values.h"

namespace chestlight::viewer {
namespace {

State two_films() {
  State state;
  for (int id : {1, 2, 3}) {
    FilmEntry& film = state.films.emplace_back();
    film.id = id;
    film.name = std::to_string(id) + ".png";
    film.stage = FilmStage::kAnalysed;
    film.info = film_info();
    film.window = film.info.window;
    film.analysis = three_findings();
  }
  state.films[2].stage = FilmStage::kQueued;
  state.films[2].analysis.reset();
  state.selected = 1;
  return state;
}

std::vector<ExportReport> reports(const std::vector<Effect>& effects) {
  std::vector<ExportReport> found;
  for (const Effect& effect : effects)
    if (const auto* report = std::get_if<ExportReport>(&effect)) found.push_back(*report);
  return found;
}

TEST(Exports, HoldFinishedMeasurementsInWordsAndPoints) {
  State state = two_films();
  state.films[0].measurements = {{1, MeasurementKind::kLength, {{10, 20}, {13, 24}}},
                                 {2, MeasurementKind::kAngle, {{1, 1}, {2, 2}}}};
  const std::vector<MeasurementRecord> measured = measurements_of(state.films[0]);
  ASSERT_EQ(measured.size(), 1u) << "an angle of two points is not finished";
  EXPECT_EQ(measured[0].kind, "length");
  EXPECT_EQ(measured[0].text, "5 px");
  EXPECT_EQ(measured[0].points[1], (std::array<double, 2>{13, 24}));
}

TEST(Exports, HoldTheThresholdsThatAreTried) {
  State state = two_films();
  state.settings.thresholds = {{"a", 0.2}};
  const auto effects = update(state, ExportFindings{"json"});
  const auto* asked = std::get_if<ExportFindings>(&effects.front());
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->own_thresholds.at("a"), 0.2);
}

TEST(Exports, AReportOfAFilmIsAboutThePinnedFindingAndLooksAsTheFilmDoes) {
  State state = two_films();
  state.pinned = "b";
  state.films[0].inverted = true;
  state.films[0].window = {50, 60};
  const auto asked = reports(update(state, RunCommand{"report"}));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].question.id, 1);
  EXPECT_EQ(asked[0].question.finding, "b");
  EXPECT_EQ(asked[0].question.request, 0);
  EXPECT_TRUE(asked[0].look.inverted);
  EXPECT_EQ(asked[0].look.window, (Window{50, 60}));
  EXPECT_TRUE(asked[0].print);
  EXPECT_EQ(asked[0].pages, 1);
}

TEST(Exports, AReportOfAllFilmsIsAPageForEachThatHasAResult) {
  State state = two_films();
  state.pinned = "b";
  const auto asked = reports(update(state, RunCommand{"save-report"}));
  ASSERT_EQ(asked.size(), 2u) << "the third waits for its analysis";
  EXPECT_EQ(asked[0].question.finding, "b");
  EXPECT_EQ(asked[1].question.finding, "") << "each about its own first finding";
  EXPECT_EQ(asked[1].page, 2);
  EXPECT_EQ(asked[1].pages, 2);
  EXPECT_FALSE(asked[0].print);
  const auto again = reports(update(state, RunCommand{"report-all"}));
  ASSERT_EQ(again.size(), 2u);
  EXPECT_NE(again[0].report, asked[0].report);
  EXPECT_TRUE(again[0].print);
}

TEST(Exports, AFilmWithoutAResultOrAFileHasNoReport) {
  State state = two_films();
  state.selected = 3;
  EXPECT_TRUE(reports(update(state, RunCommand{"report"})).empty());
  state.films[2].stage = FilmStage::kUnreadable;
  EXPECT_FALSE(can_report(state));
  state.films[2].can_retry = true;
  EXPECT_TRUE(can_report(state)) << "it says why it cannot be read";
}

}  // namespace
}  // namespace chestlight::viewer
