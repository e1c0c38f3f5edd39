// Methods on a network whose right answer is known: its features are the means of the film's cells, so its score is the
// film's mean times the head's only weight, and every part of the film adds what it holds.
#include "explain/methods/methods.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "explain/checks/film_edits.h"
#include "support/procedure_driver.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

constexpr int kSide = 64, kStride = 16, kCells = kSide / kStride;
const std::vector<std::string> kLayers = {"block1", "block2", "features"};
constexpr float kWeight = 2, kBias = -0.5f, kThreshold = 0.25f;

Question question_about(const std::vector<float>& film) {
  Question question;
  question.width = question.height = kSide;
  question.film = film;
  question.covered = {0, 0, kSide, kSide};
  question.class_weights = {0, 1};
  question.head = question.head_weights = {kWeight};
  question.head_bias = kBias;
  question.threshold = question.zero = kThreshold;
  question.layers = kLayers;
  return question;
}

/// Film of zeros with a square of ones.
std::vector<float> square_film(int left, int top, int side) {
  std::vector<float> film(kSide * kSide);
  for (int y = top; y < top + side; ++y)
    for (int x = left; x < left + side; ++x) film[y * kSide + x] = 1;
  return film;
}

NetworkAnswer cell_means(const NetworkBatch& batch) {
  NetworkTensor features{batch.count, 1, kCells, kCells, {}}, logits{batch.count, 2, 1, 1, {}};
  for (int i = 0; i < batch.count; ++i) {
    std::vector<float> cells(kCells * kCells);
    float sum = 0;
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const float value = batch.films[(i * kSide + y) * kSide + x];
        cells[(y / kStride) * kCells + x / kStride] += value / (kStride * kStride);
        sum += value;
      }
    features.values.insert(features.values.end(), cells.begin(), cells.end());
    logits.values.insert(logits.values.end(), {100.0f, kBias + kWeight * sum / (kSide * kSide)});
  }
  return {{"features", features}, {"logits", logits}};
}

struct Explained {
  Question question;
  ExplanationMap map;
  int requests = 0;
};

Explained explain(const Method& method, const std::vector<float>& film) {
  Network network;
  const Question question = testing::drive(network, look_at(network, question_about(film)), cell_means).value;
  auto driven = testing::drive(network, method.map(network, question), cell_means);
  return {question, driven.value, driven.requests};
}

const Method& method_of(std::string_view id) { return *choose_method(id, "", kLayers).value().method; }

double mean_of(const Grid<float>& map) {
  double sum = 0;
  for (float value : map.values()) sum += value;
  return sum / static_cast<double>(map.values().size());
}

std::pair<int, int> largest_cell(const Grid<float>& map) {
  const auto& values = map.values();
  const auto at = std::max_element(values.begin(), values.end()) - values.begin();
  return {static_cast<int>(at) % map.width(), static_cast<int>(at) / map.width()};
}

TEST(Methods, TheTableIsWholeAndSaysHowOftenTheNetworkIsAsked) {
  std::set<std::string_view> ids;
  for (const Method& method : methods()) {
    SCOPED_TRACE(method.id);
    EXPECT_TRUE(ids.insert(method.id).second);
    EXPECT_FALSE(method.name.empty() || method.explanation.empty() || method.paper.empty() || method.unit.empty());
    EXPECT_EQ(method.has_layers, !method.default_layer.empty());
    if (method.needs_reverse) continue;
    EXPECT_EQ(explain(method, square_film(0, 0, 20)).requests, method.requests);
  }
}

TEST(Methods, AnUnknownMethodOrLayerIsAnsweredWithTheKnownOnes) {
  const auto unknown = choose_method("telepathy", "", kLayers);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().hint.find("evidence, fine-evidence, occlusion"), std::string::npos) << unknown.error().hint;
  const auto layered = choose_method("evidence", "block1", kLayers);
  ASSERT_FALSE(layered);
  EXPECT_NE(layered.error().message.find("has no layers"), std::string::npos);
  EXPECT_EQ(layer_choices(kLayers), (std::vector<std::string>{"block1", "block2", "features", "fused"}));
}

TEST(Methods, EvidenceMeasuredFromTheThresholdHasTheMeanOfScoreMinusThreshold) {
  const Explained explained = explain(method_of("evidence"), square_film(0, 16, 16));
  EXPECT_EQ(explained.map.values.width(), kCells);
  EXPECT_NEAR(mean_of(explained.map.values), explained.question.score - kThreshold, kFloatFormula);
  EXPECT_EQ(largest_cell(explained.map.values), (std::pair{0, 1}));
  EXPECT_NEAR(explained.map.values(0, 1), kBias + kWeight - kThreshold, kFloatFormula);
  EXPECT_NEAR(explained.map.measures[0].second, 0, kFloatFormula) << explained.map.measures[0].first;
}

// A square as small as a fine cell lies in one coarse cell of 16 pixels; the mean of all cells over it is a pyramid whose
// middle is the square itself, wherever in its coarse cell it lies.
TEST(Methods, FineEvidenceFindsAFineCellThatTheCoarseMapCannotPlace) {
  for (const auto& [x, y] : {std::pair{5, 6}, std::pair{7, 4}, std::pair{8, 8}}) {
    const Explained explained = explain(method_of("fine-evidence"), square_film(x * 4, y * 4, 4));
    ASSERT_EQ(explained.map.values.width(), kCells * 4);
    EXPECT_EQ(largest_cell(explained.map.values), (std::pair{x, y}));
    const float in_a_cell = kWeight * 4 * 4 / (16.0f * 16.0f), base = kBias - kThreshold;
    EXPECT_NEAR(explained.map.values(x, y), base + in_a_cell, kFloatFormula) << "every cell that covers it holds it";
    EXPECT_NEAR(explained.map.values(x + 2, y), base + in_a_cell / 2, kFloatFormula);
    EXPECT_NEAR(explained.map.values(x + 4, y), base, kFloatFormula);
    EXPECT_NEAR(explained.map.spread(x, y), 0, kFloatFormula) << "no shift changes what covers it";
    EXPECT_NEAR(explained.map.spread(x + 2, y), in_a_cell / 2, kFloatFormula) << "half of the shifts hold it";
  }
}

TEST(Methods, OcclusionIsPositiveWhereTheScoreFallsAndSmallElsewhere) {
  const std::vector<float> film = square_film(8 * kSide / 14, 3 * kSide / 14, 10);
  const Explained explained = explain(method_of("occlusion"), film);
  ASSERT_EQ(explained.map.values.width(), 14);
  const auto [x, y] = largest_cell(explained.map.values);
  EXPECT_NEAR(x, 9, 1);
  EXPECT_NEAR(y, 4, 1);
  // Ninety pixels or so of one become the film's mean: kWeight · (1 − mean) · pixels / area.
  EXPECT_GT(explained.map.values(x, y), 0.5f * kWeight * 100 / (kSide * kSide));
  EXPECT_LT(explained.map.values(0, 13), 0) << "zeros became the mean: the score rose";
}

TEST(Methods, RiseIsHighestOverTheSquareThatScoresAndTheSameEveryTime) {
  const std::vector<float> film = square_film(40, 36, 12);
  const Explained once = explain(method_of("rise"), film), again = explain(method_of("rise"), film);
  EXPECT_EQ(once.map.values.values(), again.map.values.values());
  const auto [x, y] = largest_cell(once.map.values);
  EXPECT_NEAR(x, 46, 8);
  EXPECT_NEAR(y, 42, 8);
}

TEST(FilmEdits, AShiftMovesTheContentAndRepeatsTheBorder) {
  Question question = question_about(std::vector<float>(kSide * kSide));
  for (int i = 0; i < kSide * kSide; ++i) question.film[i] = static_cast<float>(i);
  const auto moved = shifted(question, 3, -2);
  EXPECT_EQ(moved[10 * kSide + 20], question.film[12 * kSide + 17]);
  EXPECT_EQ(moved[10 * kSide + 1], question.film[12 * kSide]);
  EXPECT_EQ(moved[63 * kSide + 20], question.film[63 * kSide + 17]);
}

TEST(FilmEdits, BlurAndContrastKeepTheMean) {
  const Question question = question_about(square_film(24, 24, 16));
  for (const auto& film : {blurred_film(question), with_contrast(question, 0.8f), mean_film(question)}) {
    double sum = 0;
    for (float value : film) sum += value;
    EXPECT_NEAR(sum / (kSide * kSide), 16.0 * 16.0 / (kSide * kSide), 1e-3);
  }
  EXPECT_LT(blurred_film(question)[32 * kSide + 32], 0.9f);
  EXPECT_GT(blurred_film(question)[32 * kSide + 48], 0.02f);
}

}  // namespace
}  // namespace chestlight
