// Zones and evaluations in words, as a reader sees them everywhere.
#include "findings/zone_statement.h"

#include <gtest/gtest.h>

#include "unit/findings/evaluations.h"

namespace chestlight {
namespace {

constexpr Zone L = Zone::kLikely, M = Zone::kUncertain, U = Zone::kUnlikely, O = Zone::kNotAssessed;

TEST(ZoneStatement, TheSummaryOfZonesIsASentence) {
  struct Row {
    std::vector<ZonedFinding> findings;
    const char* sentence;
  };
  const Row rows[] = {
      {{{"Atelectasis", M, 1.2},
        {"Pleural effusion", L, 6, "left lower zone"},
        {"Mass", U, 0.1},
        {"Nodule", U, 0.2},
        {"Hernia", O}},
       "Likely: pleural effusion (left lower zone). Uncertain: atelectasis. 2 unlikely. 1 not assessed."},
      {{{"Mass", L, 3, ""}, {"Nodule", L, 8, "diffuse"}}, "Likely: nodule (diffuse), mass."},
      {{{"Mass", M, 0.9}, {"Nodule", M, 1.5, "left lower zone"}}, "Nothing likely. Uncertain: nodule, mass."},
      {{{"Mass", U, 0.1}, {"Nodule", U, 0.1}}, "Nothing likely. 2 unlikely."},
      {{{"COPD", L, 3}}, "Likely: COPD."},
      {{{"Mass", O}, {"Nodule", O}}, "Nothing is known of how good these scores are: 2 not assessed."},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(summary_sentence(row.findings), row.sentence);
    for (const char* claim : {"normal", "healthy", "clear ", "No finding"})
      EXPECT_EQ(summary_sentence(row.findings).find(claim), std::string::npos) << row.sentence;
  }
}

TEST(ZoneStatement, AReadingTellsScorePercentileAndZone) {
  const ScoreEvaluation e = testing::even_evaluation();
  const Calibration plain;
  auto reading = [&](float logit) { return reading_sentence(calibrate({logit}, plain), read_score({logit}, plain, true, e)); };
  // sigmoid(1.05) = 0.741, sigmoid(1.425) = 0.806; percentiles are logit / 1.5.
  EXPECT_EQ(reading(0.75f), "0.68, higher than 50 % of films without it: unlikely (below 0.74).");
  EXPECT_EQ(reading(1.2f), "0.77, higher than 80 % of films without it: uncertain (from 0.74, below 0.81).");
  EXPECT_EQ(reading(1.8f), "0.86, higher than more than 99 % of films without it: likely (from 0.81).");
  EXPECT_EQ(reading(-3), "0.047, higher than less than 1 % of films without it: unlikely (below 0.74).");
  EXPECT_EQ(reading_sentence({0.5f}, read_score({0}, plain, true, std::nullopt)),
            "0.50: not assessed. Nothing is known of how good its score is: the model brings no evaluation of it.");
  EXPECT_EQ(
      any_finding_sentence({0.77f}, read_score({1.2f}, plain, true, e)),
      "Any of these findings together scores 0.77, higher than 80 % of films without any: uncertain (from 0.74, below 0.81).");
}

TEST(ZoneStatement, AnEvaluationInALine) {
  const ScoreEvaluation e = testing::even_evaluation();
  const Calibrated threshold = calibrate({1.2f}, {});
  EXPECT_EQ(evaluation_sentence(e, threshold, {}),
            "Sensitivity 0.80 (0.71 to 0.87), specificity 0.80 (0.74 to 0.85) at 0.77. AUROC 0.92 (0.88 to 0.95). 100 films with "
            "it, 200 without.");
  EXPECT_EQ(
      prevalence_sentence(e, threshold, {}, 0.2),
      "Of 100 such films 32 are called, 16 of them rightly. PPV 0.50 (0.41 to 0.59), NPV 0.94 (0.91 to 0.96) where 20 % have "
      "it.");
  EXPECT_EQ(prevalence_sentence(e, calibrate({5}, {}), {}, 0.001),
            "Of 100 such films 1 is called, less than one of them rightly. PPV <0.01 (<0.01 to 0.03), NPV >0.99 (>0.99 to >0.99) "
            "where 0.1 % have it.")
      << "beyond the last knot the tables say no more";
}

TEST(ZoneStatement, AnEvaluationNamesItsFilms) {
  EvaluatedFilms evaluation{"held-out", "300 films of 250 patients", 300, 250, 0.9, {0.85, 0.94}};
  EXPECT_EQ(evaluation_data_sentence(evaluation), "Evaluated on 300 films of 250 patients. Mean AUROC 0.90 (0.85 to 0.94).");
  evaluation.kind = "out-of-fold";
  EXPECT_EQ(
      evaluation_data_sentence(evaluation),
      "Evaluated on 300 films of 250 patients. Each was scored by a network that was not trained on its patient. Mean AUROC "
      "0.90 (0.85 to 0.94).");
}

TEST(ZoneStatement, PercentilesNeverReadAsAllOrNone) {
  for (auto [value, figure] : {std::pair{0.8, "<1 %"}, {1.0, "1 %"}, {95.6, "96 %"}, {99.0, "99 %"}, {99.2, ">99 %"}})
    EXPECT_EQ(percentile_figure(value), figure);
}

TEST(ZoneStatement, ScoreFigures) {
  struct Row {
    float score;
    const char* figure;
  };
  for (Row row : {Row{0, "<0.001"}, Row{0.0004f, "<0.001"}, Row{0.0012f, "0.001"}, Row{0.0517f, "0.052"}, Row{0.0994f, "0.099"},
                  Row{0.0997f, "0.10"}, Row{0.5f, "0.50"}, Row{0.994f, "0.99"}, Row{0.996f, ">0.99"}})
    EXPECT_EQ(score_figure({row.score}), row.figure);
}

}  // namespace
}  // namespace chestlight
