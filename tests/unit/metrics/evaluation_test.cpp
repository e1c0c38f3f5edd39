// The evaluation of models on made-up films: what counts, comparisons, groups that differ, and what is written of them.
#include "metrics/evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/evaluation_json.h"
#include "metrics/evaluation_plots.h"
#include "metrics/evaluation_report.h"
#include "metrics/evaluation_words.h"
#include "metrics/svg_plot.h"
#include "support/tolerances.h"
#include "unit/metrics/made_up_scores.h"

namespace chestlight {
namespace {

constexpr double kNoScore = std::numeric_limits<double>::quiet_NaN();

struct MadeUpFilms {
  Labels labels;
  std::vector<ModelScores> models;
  std::vector<ImageName> images;
};

double probability(double score) { return 1 / (1 + std::exp(-score)); }

/// Two models and two findings; the first model sees nothing of the first finding in films of site B.
MadeUpFilms made_up_films(int films) {
  Random random(11);
  MadeUpFilms made;
  made.labels.format = LabelFormat::kColumns;
  made.labels.findings = {"Pleural effusion", "Mass"};
  made.labels.labels.resize(2);
  made.labels.groups = {{"site", {}}, {"sex", {}}};
  for (const char* id : {"one", "two"})
    made.models.push_back({id, "ab12", "balanced", {"Effusion", "Mass", "Hernia"}, {0.5, 0.5, 0.5}, {{}, {}, {}}});
  for (int i = 0; i < films; ++i) {
    made.images.push_back({"film " + std::to_string(i) + ".png"});
    made.labels.patients.push_back("");
    made.labels.has_row.push_back(true);
    const bool elsewhere = random.uniform() < 0.4, woman = random.uniform() < 0.5;
    made.labels.groups[0].values.push_back(elsewhere ? "B" : "A");
    made.labels.groups[1].values.push_back(woman ? "F" : "M");
    for (std::size_t f = 0; f < 2; ++f) {
      const bool present = random.uniform() < 0.4;
      made.labels.labels[f].push_back(present);
      made.models[0].scores[f].push_back(probability(random.normal() + (f == 0 && elsewhere ? 0 : 1.5 * present)));
      made.models[1].scores[f].push_back(probability(random.normal() + 0.3 * present));
    }
    for (ModelScores& model : made.models) model.scores[2].push_back(0.1);
  }
  made.labels.images_with_row = films;
  return made;
}

TEST(Evaluate, MeasuresEachFindingThatTheLabelsName) {
  const MadeUpFilms made = made_up_films(400);
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  ASSERT_EQ(evaluation.models.size(), 2u);
  const FindingEvaluation& effusion = evaluation.models[0].findings[0];
  EXPECT_EQ(effusion.label, "Pleural effusion");
  EXPECT_EQ(effusion.positives + effusion.negatives, 400);
  ASSERT_TRUE(effusion.measures);
  EXPECT_GT(effusion.measures->auroc.area, 0.6);
  const FindingEvaluation& hernia = evaluation.models[0].findings[2];
  EXPECT_FALSE(hernia.measures);
  EXPECT_EQ(hernia.note, "The labels do not name this finding.");
}

TEST(Evaluate, ComparesModelsOnFilmsThatBothScored) {
  MadeUpFilms made = made_up_films(300);
  for (std::size_t f = 0; f < 3; ++f)
    for (std::size_t i = 0; i < 50; ++i) made.models[1].scores[f][i] = kNoScore;
  made.labels.labels[1][60] = kUnknownLabel;
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  ASSERT_EQ(evaluation.comparisons.size(), 2u);
  EXPECT_EQ(evaluation.comparisons[0].films, 250);
  EXPECT_EQ(evaluation.comparisons[1].films, 249);
  EXPECT_LT(evaluation.comparisons[1].difference.p, 0.001);
  EXPECT_EQ(evaluation.models[0].films, 300);
  EXPECT_EQ(evaluation.models[1].films, 250);
}

TEST(Evaluate, MarksTheGroupThatDiffersAndNoOther) {
  const MadeUpFilms made = made_up_films(600);
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  for (const ModelEvaluation& model : evaluation.models)
    for (const FindingEvaluation& finding : model.findings)
      for (const GroupEvaluation& group : finding.groups)
        EXPECT_EQ(group.differs, model.id == "one" && finding.id == "Effusion" && group.group == "site")
            << model.id << finding.id << group.group << group.value;
}

TEST(Evaluate, MarksRarelyWhereNothingDiffers) {
  int marked = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Labels labels;
    labels.findings = {"Mass"};
    labels.labels.resize(1);
    labels.groups = {{"site", {}}};
    ModelScores model{"one", "", "", {"Mass"}, {0.5}, {{}}};
    for (int i = 0; i < 240; ++i) {
      const bool present = random.uniform() < 0.5;
      labels.labels[0].push_back(present);
      labels.patients.push_back("");
      labels.has_row.push_back(true);
      labels.groups[0].values.push_back(std::string(1, static_cast<char>('A' + random.below(4))));
      model.scores[0].push_back(probability(random.normal() + present));
    }
    const Evaluation evaluation = evaluate({model}, labels).value();
    const std::vector<GroupEvaluation>& groups = evaluation.models[0].findings[0].groups;
    marked += std::any_of(groups.begin(), groups.end(), [](const GroupEvaluation& group) { return group.differs; });
  }
  EXPECT_LE(marked, 22) << "5 % of 200 sites are 10; four deviations more are 22";
}

TEST(Evaluate, FindingsTakeTheNameThatTheUserGives) {
  const MadeUpFilms made = made_up_films(100);
  const Evaluation evaluation = evaluate(made.models, made.labels, {.names = {{"Hernia", "Mass"}}}).value();
  EXPECT_EQ(evaluation.models[0].findings[2].label, "Mass");
  EXPECT_EQ(evaluate(made.models, made.labels, {.names = {{"Hernia", "Mas"}}}).error().code, ErrorCode::kInvalidRequest);
}

TEST(Evaluate, RefusesScoresThatDoNotFit) {
  MadeUpFilms made = made_up_films(10);
  made.models[0].scores[1][3] = 1.5;
  EXPECT_EQ(evaluate(made.models, made.labels).error().code, ErrorCode::kInvalidRequest);
  made.models[0].scores[1].pop_back();
  EXPECT_EQ(evaluate(made.models, made.labels).error().code, ErrorCode::kInvalidRequest);
}

TEST(Evaluate, ThreeFilmsAndNoFilm) {
  MadeUpFilms made = made_up_films(3);
  made.labels.labels[0] = {1, 0, 0};
  made.labels.labels[1] = {kUnknownLabel, kUnknownLabel, kUnknownLabel};
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  const FindingEvaluation& effusion = evaluation.models[0].findings[0];
  ASSERT_TRUE(effusion.measures);
  EXPECT_EQ(effusion.measures->auroc.method, AreaInterval::kScore);
  EXPECT_TRUE(effusion.measures->triage.called_refusal);
  EXPECT_EQ(evaluation.models[0].findings[1].note, "No film has a label and a score. Add films with labels.");
  const Json json = evaluation_json(evaluation, made.labels);
  EXPECT_TRUE(json["models"][0]["findings"][1]["auroc"].is_null());
  EXPECT_TRUE(json["models"][0]["findings"][1]["brier"].is_null());
}

TEST(EvaluationJson, HoldsWhatOthersRead) {
  const MadeUpFilms made = made_up_films(200);
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  const Json finding = evaluation_json(evaluation, made.labels)["models"][0]["findings"][0];
  const FindingEvaluation& expected = evaluation.models[0].findings[0];
  EXPECT_EQ(finding["id"], "Effusion");
  EXPECT_EQ(finding["positives"], expected.positives);
  EXPECT_EQ(finding["auroc"], expected.measures->auroc.area);
  EXPECT_EQ(finding["interval"][0], expected.measures->auroc.interval.low);
  EXPECT_EQ(finding["interval"][1], expected.measures->auroc.interval.high);
  EXPECT_EQ(finding["interval_method"], "delong");
  EXPECT_EQ(finding["average_precision"], expected.measures->average_precision);
  EXPECT_EQ(finding["sensitivity"]["part"], expected.confusion.true_positives);
  EXPECT_EQ(finding["thresholds"].size(), 4u) << "by sensitivity, specificity, Youden and cost";
}

TEST(ScoresCsv, ReadsBackAndRunsNoFormula) {
  MadeUpFilms made = made_up_films(4);
  made.images[0].path = "=cmd, \"x\";@SUM(1).png";
  made.models[0].scores[0][1] = made.models[0].scores[1][1] = made.models[0].scores[2][1] = kNoScore;
  const std::string csv = scores_csv({made.models[0]}, made.labels, made.images, {});
  const Table table = *Table::read(as_bytes(csv));
  EXPECT_EQ(table.rows(), 9) << "three findings of three films";
  EXPECT_EQ(table.cell(0, 0), "'=cmd, \"x\";'@SUM(1).png");
  EXPECT_EQ(std::stod(std::string(table.cell(0, table.find("score")))), made.models[0].scores[0][0]);
  EXPECT_EQ(table.cell(2, table.find("label")), "") << "Hernia has no label";
}

TEST(EvaluationReport, IsWholeAndEscapesWhatComesFromOutside) {
  MadeUpFilms made = made_up_films(200);
  made.labels.remarks = {"<script>alert(1)</script> & \"more\""};
  made.labels.groups[0].name = "<b>site";
  const std::string html =
      evaluation_report(evaluate(made.models, made.labels).value(), made.labels, {"A notice.", "2026-01-31", {}});
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"), std::string::npos);
  EXPECT_NE(html.find("differs beyond chance"), std::string::npos);
  EXPECT_NE(html.find("A notice."), std::string::npos);
  EXPECT_EQ(html.find("nan"), std::string::npos);
  std::size_t plots = 0;
  for (std::size_t at = html.find("<svg"); at != std::string::npos; at = html.find("<svg", at + 1)) ++plots;
  EXPECT_EQ(plots, 20u) << "five for each of two findings and two models";
}

TEST(EvaluationPlots, PrecisionBeginsAtNoRecall) {
  const MadeUpFilms made = made_up_films(200);
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  const std::vector<Plot> plots = evaluation_plots(evaluation.models[0].findings[0]);
  ASSERT_EQ(plots.size(), 5u);
  const auto& points = plots[1].series[1].points;
  ASSERT_GT(points.size(), 2u);
  EXPECT_EQ(points[0].first, 0);
  EXPECT_EQ(points[0].second, points[1].second) << "with the precision of the first point";
  EXPECT_GT(points[1].first, 0);
  EXPECT_EQ(points.back().first, 1);
}

TEST(PlotSvg, DrawsPointsWhereTheyBelong) {
  Plot plot{"<Title>", "x", "y"};
  plot.series = {{PlotSeries::Kind::kLine, "line", "#123456", {{0, 0}, {1, 1}, {2, 1}}}};
  const std::string svg = plot_svg(plot);
  // Left, right, top and bottom of the drawing are 46, 248, 26 and 208; x = 2 is drawn at the border.
  EXPECT_NE(svg.find("M46.0,208.0L248.0,26.0L248.0,26.0"), std::string::npos) << svg;
  EXPECT_NE(svg.find("&lt;Title&gt;"), std::string::npos);
}

TEST(PlotSvg, ThinsLongCurvesAndKeepsTheirEnds) {
  Plot plot{"long", "x", "y"};
  plot.series = {{PlotSeries::Kind::kLine, "", "#123456", {}}};
  for (int i = 0; i <= 100000; ++i) plot.series[0].points.emplace_back(i / 100000.0, i / 100000.0);
  const std::string svg = plot_svg(plot);
  EXPECT_LT(svg.size(), 20000u);
  EXPECT_NE(svg.find("L248.0,26.0"), std::string::npos);
}

TEST(Evaluate, EstimatesHowFrequentAFindingIsWhereTheModelsShareIsKnown) {
  MadeUpFilms made = made_up_films(400);
  made.models.resize(1);
  made.models[0].prevalences = {0.1, std::nullopt, 0.1};
  const Evaluation evaluation = evaluate(made.models, made.labels).value();
  const FindingEvaluation& effusion = evaluation.models[0].findings[0];
  ASSERT_TRUE(effusion.prevalence);
  std::vector<double> scores = made.models[0].scores[0];
  EXPECT_EQ(effusion.prevalence->estimated, estimate_prior_shift(scores, 0.1)->prevalence);
  EXPECT_LT(effusion.prevalence->interval.low, effusion.prevalence->estimated);
  EXPECT_FALSE(evaluation.models[0].findings[1].prevalence);
  EXPECT_FALSE(evaluation.models[0].findings[2].prevalence) << "no film has a label of it";
  const Json json = evaluation_json(evaluation, made.labels)["models"][0]["findings"];
  EXPECT_EQ(json[0]["prevalence_estimated"]["model"], 0.1);
  EXPECT_TRUE(json[1]["prevalence_estimated"].is_null());
  EXPECT_NE(prevalence_words(effusion).find(" by the scores alone, 0.100 where the model was evaluated."), std::string::npos);
  EXPECT_NE(prevalence_words(evaluation.models[0].findings[1]).find("brings no evaluation"), std::string::npos);
  made.models[0].prevalences = {0.1};
  EXPECT_EQ(evaluate(made.models, made.labels).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace chestlight
