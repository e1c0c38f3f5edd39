// The request `train-head`: a model whose head was learnt from labelled films, and what is refused.
#include "engine/head_training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/random.h"
#include "base/text.h"
#include "findings/zone.h"
#include "support/tiny_model.h"

namespace chestlight {
namespace {

constexpr int kFilms = 40;

/// Films whose first feature is high where they have the finding; two of each patient.
class HeadTraining : public ::testing::Test {
 protected:
  HeadTraining()
      : tiny_(testing::tiny_model()),
        model_(std::make_unique<Model>(Model::load(tiny_.manifest_bytes(), tiny_.weights).value())),
        columns_(model_->head().features) {
    Random random(7);
    args_ = {{"images", Json::array()}, {"id", "mine"}, {"name", "Mine"}, {"folds", 4}, {"date", "2026-01-02"}};
    table_ = "image,patient,Effusion,Shadow,Never\n";
    for (int film = 0; film < kFilms; ++film) {
      const bool has = film % 4 < 2;
      args_["images"].push_back({{"file", text(film, ".png")}});
      table_ += text(film, ".png,p", film / 2, ",", has ? 1 : 0, ",", film % 3 == 0 ? 1 : 0, ",0\n");
      for (int column = 0; column < columns_; ++column)
        features_.push_back(static_cast<float>(random.normal() + (column == 0 && has ? 6 : 0)));
    }
  }

  Result<EvaluationReply> request(const Json& args) const {
    std::vector<std::uint8_t> features(features_.size() * sizeof(float));
    std::memcpy(features.data(), features_.data(), features.size());
    return train_head_request(
        JsonReader(args, "", ErrorCode::kInvalidRequest),
        std::vector<std::vector<std::uint8_t>>{{table_.begin(), table_.end()}, features, tiny_.manifest_bytes()}, *model_);
  }

  Json with(const char* key, const Json& value) const {
    Json args = args_;
    args[key] = value;
    return args;
  }

  testing::TinyModel tiny_;
  std::unique_ptr<Model> model_;
  int columns_;
  Json args_;
  std::string table_;
  std::vector<float> features_;
};

TEST_F(HeadTraining, MakesAModelThatLoadsAndTellsTheFilmsApart) {
  const EvaluationReply reply = request(with("findings", {"Effusion"})).value();
  EXPECT_EQ(reply.value["films"], kFilms);
  EXPECT_EQ(reply.value["patients"], kFilms / 2);
  EXPECT_EQ(reply.value["findings"][0]["positives"], kFilms / 2);
  EXPECT_GT(reply.value["findings"][0]["auroc"], 0.98);

  const Result<Model> made = Model::load(reply.blobs[0], reply.blobs[1]);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->manifest().id, "mine");
  EXPECT_EQ(made->manifest().version, "trained here on 2026-01-02");
  EXPECT_EQ(made->head().classes, 1);
  const Label& label = made->manifest().labels[0];
  EXPECT_EQ(label.name, "Pleural effusion");
  ASSERT_TRUE(label.evaluation);
  EXPECT_EQ(label.evaluation->negatives, kFilms / 2);
  EXPECT_EQ(made->manifest().evaluation->films, kFilms);

  // The network's own sum over its features is the head that was fitted: it separates the films it was fitted on.
  const Head& head = made->head();
  for (int film = 0; film < kFilms; ++film) {
    double logit = head.bias[0];
    for (int column = 0; column < columns_; ++column)
      logit += head.weights[static_cast<std::size_t>(column)] * features_[static_cast<std::size_t>(film * columns_ + column)];
    EXPECT_EQ(logit > 0, film % 4 < 2) << film;
  }
  const std::vector<OperatingPoint>& points = made->manifest().operating_points;
  ASSERT_EQ(points.size(), 3u);
  EXPECT_LE(points[0].thresholds[0].value, points[1].thresholds[0].value);
  EXPECT_LE(points[1].thresholds[0].value, points[2].thresholds[0].value);
}

TEST_F(HeadTraining, AFindingThatCannotBeLearntIsLeftOutWithItsReason) {
  const EvaluationReply reply = request(args_).value();
  ASSERT_EQ(reply.value["findings"].size(), 3u);
  EXPECT_TRUE(reply.value["findings"][0]["refusal"].is_null());
  EXPECT_FALSE(reply.value["findings"][2]["refusal"].is_null());
  EXPECT_TRUE(reply.value["findings"][2]["auroc"].is_null());
  EXPECT_EQ(Model::load(reply.blobs[0], reply.blobs[1])->head().classes, 2);

  const auto none = request(with("findings", {"Never"}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(none.error().message.find("No finding can be learnt"), std::string::npos);
}

TEST_F(HeadTraining, NoiseEarnsNoPraise) {
  const EvaluationReply reply = request(with("findings", {"Shadow"})).value();
  EXPECT_LT(reply.value["findings"][0]["auroc"], 0.75);
  const Model made = Model::load(reply.blobs[0], reply.blobs[1]).value();
  const Label& label = made.manifest().labels[0];
  EXPECT_EQ(read_score({5}, label.calibration, label.trained, label.evaluation).zone, Zone::kNotAssessed);
}

TEST_F(HeadTraining, FilmsWithoutFeaturesAreLeftOut) {
  for (int column = 0; column < columns_; ++column)
    features_[static_cast<std::size_t>(column)] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(request(args_)->value["films"], kFilms - 1);
}

TEST_F(HeadTraining, WhatDoesNotFitIsRefused) {
  const auto message = [&](const Json& args) {
    const auto reply = request(args);
    return reply ? std::string("taken") : reply.error().message;
  };
  EXPECT_EQ(message(with("findings", {"Mass"})), "The table has no finding \"Mass\".");
  EXPECT_NE(message(with("folds", 1)).find("folds: expected 2 to 20"), std::string::npos);
  EXPECT_NE(message(with("id", "No such id")).find("id"), std::string::npos);
  features_.pop_back();
  EXPECT_NE(message(args_).find("features, found"), std::string::npos);
}

}  // namespace
}  // namespace chestlight
