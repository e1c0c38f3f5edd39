// The analysis as a job: one request, and what it does with numbers that make no map. Its results are pinned in
// protocol_test.cpp and, on real models, in tests/cli.
#include "engine/analysis.h"

#include <gtest/gtest.h>

#include "support/tiny_model.h"

namespace chestlight {
namespace {

Film grey_film(int side) {
  Film film;
  film.pixels = Grid<std::uint16_t>(side, side);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) film.pixels(x, y) = static_cast<std::uint16_t>((x * 7 + y * 3) % 200);
  film.full_scale = 255;
  film.high = 199;
  return film;
}

class AnalysisOfOneFilm : public ::testing::Test {
 protected:
  std::unique_ptr<AnalyseJob> job(int side, bool anyway = false) {
    const testing::TinyModel tiny = testing::tiny_model();
    model_ = std::make_shared<const Model>(Model::load(tiny.manifest_bytes(), tiny.weights).value());
    return std::make_unique<AnalyseJob>(model_, grey_film(side),
                                        AnalysisRequest{model_->manifest().operating_points[0], {}, anyway});
  }
  /// What a network would answer whose every feature is `value`.
  std::vector<InferenceTensor> outputs(float value) const {
    const Head& head = model_->head();
    const std::vector<float> features(static_cast<std::size_t>(head.features) * 4, value);
    return {{"logits", {1, head.classes}, std::vector<float>(static_cast<std::size_t>(head.classes))},
            {"features", {1, head.features, 2, 2}, features}};
  }
  std::shared_ptr<const Model> model_;
};

TEST_F(AnalysisOfOneFilm, AsksOnceAndIsFinished) {
  const auto analysis = job(128);
  ASSERT_TRUE(analysis->next());
  EXPECT_EQ(graph_name(analysis->next()->graph), "forward");
  EXPECT_EQ(analysis->next()->outputs, (std::vector<std::string>{"logits", "features"}));
  EXPECT_FALSE(analysis->finished());
  ASSERT_TRUE(analysis->accept(outputs(0)));
  EXPECT_TRUE(analysis->finished());
  EXPECT_FALSE(analysis->next());
  EXPECT_TRUE(analysis->analysis().analysed);
  EXPECT_EQ(analysis->analysis().findings.size(), 5u);
  EXPECT_EQ(analysis->accept(outputs(0)).error().code, ErrorCode::kInvalidRequest) << "it expects no more";
}

TEST_F(AnalysisOfOneFilm, ARefusedFilmAsksNothingUnlessItIsAskedAnyway) {
  const auto refused = job(20);
  EXPECT_FALSE(refused->next());
  ASSERT_TRUE(refused->finished());
  EXPECT_FALSE(refused->analysis().analysed);
  EXPECT_FALSE(refused->analysis().reasons.empty());
  EXPECT_TRUE(job(20, true)->next());
}

TEST_F(AnalysisOfOneFilm, WrongOutputsAreRefusedAndMayBeGivenAgain) {
  const auto analysis = job(128);
  auto one = outputs(0);
  one.pop_back();
  EXPECT_EQ(analysis->accept(one).error().code, ErrorCode::kInferenceFailed);
  EXPECT_FALSE(analysis->finished());
  EXPECT_TRUE(analysis->accept(outputs(0)));
}

TEST_F(AnalysisOfOneFilm, NumbersThatMakeNoMapAreAnErrorAndNoResult) {
  const auto analysis = job(128);
  const auto accepted = analysis->accept(outputs(3e38f));  // finite, but not their weighted sums
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().code, ErrorCode::kInferenceFailed);
  EXPECT_FALSE(analysis->finished());
  EXPECT_FALSE(analysis->next());
}

}  // namespace
}  // namespace chestlight
