// The request `drift`: batches that are alike, batches that are not, films unlike the rest, and what is refused.
#include "engine/drift_request.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "base/random.h"
#include "base/text.h"

namespace chestlight {
namespace {

constexpr std::size_t kFeatures = 8;

/// Scores of two findings and eight features, drawn alike; `shift` moves the first finding and the first feature.
struct Batch {
  std::vector<std::string> files;
  std::vector<float> scores, features;

  Batch(std::size_t films, std::uint64_t seed, double shift = 0) {
    Random random(seed);
    for (std::size_t film = 0; film < films; ++film) {
      files.push_back(text(film, ".png"));
      for (std::size_t f = 0; f < 2; ++f)
        scores.push_back(static_cast<float>(0.5 + 0.1 * random.normal() + (f == 0 ? shift : 0)));
      for (std::size_t k = 0; k < kFeatures; ++k)
        features.push_back(static_cast<float>(random.normal() + (k == 0 ? 10 * shift : 0)));
    }
  }
};

std::vector<std::uint8_t> bytes_of_floats(const std::vector<float>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

Result<Json> compared(const Batch& reference, const Batch& batch) {
  const Json args = {{"findings", {"Effusion", "Mass"}}, {"reference", reference.files}, {"batch", batch.files}};
  return drift_request(
      JsonReader(args, "", ErrorCode::kInvalidRequest),
      std::vector<std::vector<std::uint8_t>>{bytes_of_floats(reference.scores), bytes_of_floats(batch.scores),
                                             bytes_of_floats(reference.features), bytes_of_floats(batch.features)});
}

TEST(DriftRequest, BatchesDrawnAlikeAreStable) {
  int alarms = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Json found = compared(Batch(200, seed), Batch(150, seed + 1000)).value();
    for (const Json& finding : found["findings"]) alarms += finding["verdict"] != "stable";
    EXPECT_LT(found["features"]["share_differing"], 0.5);
  }
  EXPECT_LE(alarms, 6);  // at most 5 % of 40 by their construction, so 2 are expected
}

TEST(DriftRequest, WhatShiftedIsNamed) {
  const Json found = compared(Batch(200, 1), Batch(150, 2, 0.15)).value();
  EXPECT_EQ(found["films"], (Json{{"reference", 200}, {"batch", 150}}));
  EXPECT_EQ(found["findings"][0]["verdict"], "shifted");
  EXPECT_EQ(found["findings"][1]["verdict"], "stable");
  EXPECT_NEAR(found["findings"][0]["batch_mean"].get<double>() - found["findings"][0]["reference_mean"].get<double>(), 0.15,
              0.03);
  EXPECT_GE(found["features"]["share_differing"], 1.0 / kFeatures);
}

TEST(DriftRequest, AFilmUnlikeTheRestIsNamedFirst) {
  Batch batch(60, 3);
  for (std::size_t k = 0; k < kFeatures; ++k) batch.features[17 * kFeatures + k] = 9;
  const Json found = compared(Batch(300, 4), batch).value();
  ASSERT_FALSE(found["unlike"].empty());
  EXPECT_EQ(found["unlike"][0]["file"], "17.png");
  EXPECT_EQ(found["unlike"][0]["share"], 0);
  EXPECT_LE(found["unlike"].size(), 6u);
}

TEST(DriftRequest, TooFewFilmsAndOddNumbersAreRefused) {
  const auto few = compared(Batch(100, 1), Batch(19, 2));
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(few.error().message, "A batch has 19 films that could be analysed.");
  Batch odd(30, 2);
  odd.scores[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(compared(Batch(100, 1), odd).error().message, "scores of the batch: a value is no finite number.");
  odd.scores.pop_back();
  EXPECT_FALSE(compared(Batch(100, 1), odd));
}

}  // namespace
}  // namespace chestlight
