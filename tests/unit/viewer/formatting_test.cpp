#include "viewer/text/formatting.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

TEST(Words, FiguresAreNeverRoundedToCertainty) {
  EXPECT_EQ(score_in_figures(0.0004), "<0.001");
  EXPECT_EQ(score_in_figures(0.0042), "0.004") << "thresholds of rare findings lie there";
  EXPECT_EQ(score_in_figures(0.996), ">0.99");
  EXPECT_EQ(score_in_figures(0), "<0.001");
  EXPECT_EQ(score_in_figures(0.314), "0.31");
}

TEST(Words, AFilmsRowTellsItsHighestZone) {
  struct Row {
    std::vector<Zone> zones;
    const char* words;
    Zone zone;
  };
  const Zone L = Zone::kLikely, M = Zone::kUncertain, U = Zone::kUnlikely, O = Zone::kNotAssessed;
  for (const Row& row : {Row{{U, L, M, L}, "2 likely", L}, Row{{U, M, O}, "1 uncertain", M}, Row{{U, O}, "Nothing likely", U},
                         Row{{O, O}, "2 above", O}}) {
    Analysis analysis;
    for (Zone zone : row.zones) analysis.findings.push_back(finding_in(zone, 1, finding("a", 0.9, 0.5)));
    EXPECT_EQ(result_in_short(analysis).words, row.words);
    EXPECT_EQ(result_in_short(analysis).zone, row.zone);
  }
}

TEST(Words, TheOperatingPointIsNamedWithWhatItCalls) {
  Analysis analysis = *three_findings();
  EXPECT_EQ(operating_point_in_words(analysis), "2 findings above threshold.");
  analysis.operating_point.name = "Rule in";
  EXPECT_EQ(operating_point_in_words(analysis), "At Rule in: 2 findings above threshold.");
}

TEST(Words, BytesAndTimes) {
  EXPECT_EQ(bytes_in_words(999), "999 B");
  EXPECT_EQ(bytes_in_words(26.8e6), "26.8 MB");
  EXPECT_EQ(seconds_in_words(3.2), "4 s");
  EXPECT_EQ(milliseconds_in_words(1234), "1.2 s");
}

TEST(Words, LoadingTellsBytesAndTimeLeft) {
  State state;
  state.now = 10;
  update(state, LoadingProgressed{"model", 0, 8e6});
  state.now = 12;
  update(state, LoadingProgressed{"model", 2e6, 8e6});
  EXPECT_EQ(progress(state).text, "Loading the model: 2.0 MB of 8.0 MB, 6 s left");
  EXPECT_DOUBLE_EQ(progress(state).fraction, 0.25);
}

TEST(Words, LoadingAddsUpWhatComesInAtOnce) {
  State state;
  EXPECT_EQ(progress(state).text, "Loading the model");
  state.now = 10;
  update(state, LoadingProgressed{"model", 0, 8e6});
  state.now = 11;
  update(state, LoadingProgressed{"runtime", 0, 0});
  EXPECT_EQ(progress(state).text, "Loading the model and the runtime") << "no total while one is unknown";
  EXPECT_LT(progress(state).fraction, 0);
  state.now = 12;
  update(state, LoadingProgressed{"runtime", 1e6, 4e6});
  update(state, LoadingProgressed{"model", 3e6, 8e6});
  EXPECT_EQ(progress(state).text, "Loading the model and the runtime: 4.0 MB of 12.0 MB, 4 s left");
  update(state, LoadingProgressed{"warm-up", 0, 1});
  EXPECT_EQ(progress(state).text, "Preparing the model on this device");
  EXPECT_TRUE(progress(state).can_cancel);
}

TEST(Words, CancellingIsSaidUntilItIsDone) {
  State state;
  update(state, RunCommand{"cancel"});
  EXPECT_EQ(progress(state).text, "Cancelling");
  EXPECT_FALSE(progress(state).can_cancel);
  update(state, EngineFailed{{"cancelled", "Loading the model was cancelled.", "Load it again."}});
  EXPECT_EQ(status_line(state), "Loading the model was cancelled. Load it again.");
}

TEST(Words, ABatchTellsItsSteps) {
  State state;
  update(state, engine_ready());
  for (int id = 1; id <= 4; ++id) open_film(state, id);
  update(state, analysis_arrived(1, three_findings()));
  Progress p = progress(state);
  EXPECT_EQ(p.text, "Film 2 of 4");
  EXPECT_DOUBLE_EQ(p.fraction, 0.25);
  EXPECT_TRUE(p.can_cancel);
  EXPECT_FALSE(progress(analysed_state()).busy);
}

TEST(Words, WorkSaysThatItWaitsForGradients) {
  State state;
  update(state, engine_ready());
  for (int id = 1; id <= 2; ++id) open_film(state, id);
  update(state, LoadingProgressed{"reverse", 0, 1});
  EXPECT_EQ(progress(state).text, "Preparing gradients on this device");
  update(state, LoadingProgressed{"reverse", 1, 1});
  EXPECT_EQ(progress(state).text, "Film 1 of 2");
}

TEST(Words, DetailsForABugReportNameNoFile) {
  State state = analysed_state();
  state.films[0].name = "DOE^JANE.png";
  std::string details = failure_details(state, &state.films[0], {"corrupt", "m", "h"});
  EXPECT_EQ(details.find("DOE"), std::string::npos);
  EXPECT_NE(details.find("corrupt"), std::string::npos);
}

}  // namespace
}  // namespace chestlight::viewer
