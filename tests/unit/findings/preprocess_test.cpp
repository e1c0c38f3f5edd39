#include "findings/preprocess.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/json.h"
#include "support/files.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

Film film_of(Grid<std::uint16_t> pixels, std::uint16_t full_scale) {
  Film film;
  auto [low, high] = std::ranges::minmax(pixels.values());
  film.low = low;
  film.high = high;
  film.full_scale = full_scale;
  film.pixels = std::move(pixels);
  return film;
}

InputSpec spec_of(Fit fit, int width, int height, Filter filter = Filter::kArea) {
  return {width, height, 0, 1, fit, 1, filter, {0}, {1}};
}

// As tests/golden/preprocess/make_preprocess.py makes it.
Film synthetic_film(int width, int height, int bits) {
  Grid<std::uint16_t> pixels(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      int smooth = x * 3 + y * 5 + (x / 8 + y / 8) % 2 * 60;
      pixels(x, y) = static_cast<std::uint16_t>(bits == 8 ? smooth % 256 : 1000 + smooth * 37 % 30000);
    }
  return film_of(std::move(pixels), bits == 8 ? 255 : 65535);
}

template <class T>
std::vector<T> list(const Json& json) {
  return json.get<std::vector<T>>();
}

TEST(Preprocess, IsPillowAndNumPy) {
  auto bytes = testing::read_file(CHESTLIGHT_GOLDEN "/preprocess/preprocess.json");
  auto golden = parse_json(as_text(bytes), "preprocess.json");
  ASSERT_TRUE(golden);
  ASSERT_EQ((*golden)["cases"].size(), 10u);
  for (const auto& row : (*golden)["cases"]) {
    SCOPED_TRACE(row.dump().substr(0, 140));
    const auto fit = row["fit"].get<std::string>(), filter = row["filter"].get<std::string>();
    InputSpec spec;
    spec.width = row["input_width"].get<int>();
    spec.height = row["input_height"].get<int>();
    spec.detail = row["detail"].get<int>();
    spec.mean = list<float>(row["mean"]);
    spec.std_dev = list<float>(row["std_dev"]);
    spec.channels = static_cast<int>(spec.mean.size());
    spec.fit = fit == "stretch" ? Fit::kStretch : fit == "letterbox" ? Fit::kLetterbox : Fit::kCentreSquareCrop;
    spec.filter = filter == "area" ? Filter::kArea : filter == "triangle" ? Filter::kTriangle : Filter::kLanczos3;
    auto film = synthetic_film(row["width"].get<int>(), row["height"].get<int>(), row["bits"].get<int>());
    auto input = preprocess(film, spec);
    auto expected = list<double>(row["tensor"]);
    ASSERT_EQ(input.tensor.size(), expected.size());
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) worst = std::max(worst, std::abs(input.tensor[i] - expected[i]));
    EXPECT_LT(worst, kPillowInput);
  }
}

TEST(Preprocess, ValueRules) {
  auto check = [](std::vector<std::uint16_t> values, std::uint16_t full_scale, std::vector<float> expected) {
    const int width = static_cast<int>(values.size());
    auto film = film_of(Grid<std::uint16_t>(width, 1, std::move(values)), full_scale);
    auto input = preprocess(film, spec_of(Fit::kStretch, width, 1));
    for (int i = 0; i < width; ++i) EXPECT_FLOAT_EQ(input.tensor[i], expected[i]) << "of " << full_scale;
  };
  check({0, 51, 255}, 255, {0, 0.2f, 1});
  check({51, 51}, 255, {0.2f, 0.2f});  // 8 bits are never stretched
  check({1000, 2000, 3000}, 65535, {0, 0.5f, 1});
  check({777, 777}, 65535, {0, 0});      // a deep film of one value has no range
  check({65534, 65535}, 65535, {0, 1});  // a narrow range far from zero
}

TEST(Preprocess, OvershootIsClamped) {
  Grid<std::uint16_t> edge(64, 64, 0);
  for (int y = 0; y < 64; ++y)
    for (int x = 32; x < 64; ++x) edge(x, y) = 255;
  auto input = preprocess(film_of(std::move(edge), 255), spec_of(Fit::kStretch, 15, 15, Filter::kLanczos3));
  auto [low, high] = std::ranges::minmax(input.tensor);
  EXPECT_EQ(low, 0);
  EXPECT_EQ(high, 1);
}

TEST(Preprocess, LetterboxBorderIsBlackBeforeMeanAndStdDev) {
  auto spec = spec_of(Fit::kLetterbox, 10, 10);
  spec.channels = 3;
  spec.mean = {0.5f, 0.25f, 0};
  spec.std_dev = {0.25f, 0.5f, 1};
  auto input = preprocess(film_of(Grid<std::uint16_t>(20, 10, 255), 255), spec);
  EXPECT_EQ(input.geometry.placed.y, 2);
  EXPECT_EQ(input.geometry.placed.height, 5);
  auto at = [&](int c, int x, int y) { return input.tensor[(c * 10 + y) * 10 + x]; };
  EXPECT_EQ(at(0, 0, 0), -2);
  EXPECT_EQ(at(1, 0, 0), -0.5f);
  EXPECT_EQ(at(2, 9, 9), 0);
  EXPECT_EQ(at(0, 0, 2), 2);
  EXPECT_EQ(at(1, 9, 6), 1.5f);
  EXPECT_EQ(at(2, 5, 4), 1);
}

TEST(Geometry, CropsByHand) {
  struct Row {
    int width, height;
    PixelRect seen;
  };
  // torchxrayvision's XRayCenterCrop: start = size // 2 − crop // 2.
  const Row rows[] = {{1024, 1024, {0, 0, 1024, 1024}},   {1025, 1024, {0, 0, 1024, 1024}}, {1024, 1023, {1, 0, 1023, 1023}},
                      {2500, 2048, {226, 0, 2048, 2048}}, {3, 1000, {0, 499, 3, 3}},        {1, 1, {0, 0, 1, 1}}};
  for (const auto& row : rows) {
    auto seen = input_geometry(row.width, row.height, spec_of(Fit::kCentreSquareCrop, 128, 128)).seen;
    SCOPED_TRACE(row.width);
    EXPECT_EQ(seen.x, row.seen.x);
    EXPECT_EQ(seen.y, row.seen.y);
    EXPECT_EQ(seen.width, row.seen.width);
    EXPECT_EQ(seen.height, row.seen.height);
  }
}

const Fit kFits[] = {Fit::kCentreSquareCrop, Fit::kLetterbox, Fit::kStretch};
const int kSizes[][2] = {{1, 1}, {7, 5}, {1023, 1024}, {1024, 1023}, {999, 333}, {2, 4001}, {4001, 3}, {2500, 2048}};
const int kInputs[][2] = {{128, 128}, {224, 224}, {127, 63}, {50, 90}};

TEST(Geometry, StaysInsideAndMapsTheSeenRectangleOntoThePlacedOne) {
  for (auto fit : kFits)
    for (auto [width, height] : kSizes)
      for (auto [w, h] : kInputs) {
        SCOPED_TRACE(::testing::Message() << int(fit) << ": " << width << "×" << height << " to " << w << "×" << h);
        auto geometry = input_geometry(width, height, spec_of(fit, w, h));
        const auto &seen = geometry.seen, &placed = geometry.placed;
        EXPECT_GE(seen.x, 0);
        EXPECT_GE(seen.y, 0);
        EXPECT_GE(std::min(seen.width, seen.height), 1);
        EXPECT_LE(seen.x + seen.width, width);
        EXPECT_LE(seen.y + seen.height, height);
        EXPECT_GE(placed.x, 0);
        EXPECT_GE(placed.y, 0);
        EXPECT_GE(std::min(placed.width, placed.height), 1);
        EXPECT_LE(placed.x + placed.width, w);
        EXPECT_LE(placed.y + placed.height, h);

        auto first = geometry.source_to_model({double(seen.x), double(seen.y)});
        auto last = geometry.source_to_model({double(seen.x) + seen.width, double(seen.y) + seen.height});
        EXPECT_NEAR(first.x, placed.x, kGeometryPx);
        EXPECT_NEAR(first.y, placed.y, kGeometryPx);
        EXPECT_NEAR(last.x, placed.x + placed.width, kGeometryPx);
        EXPECT_NEAR(last.y, placed.y + placed.height, kGeometryPx);

        SourcePx p{0.3 * width, 0.8 * height};
        SourcePx back = geometry.source_to_model.inverse()(geometry.source_to_model(p));
        EXPECT_NEAR(back.x, p.x, kGeometryPx);
        EXPECT_NEAR(back.y, p.y, kGeometryPx);
      }
}

// A disc whose edge is one pixel soft; `depth` is the way from the edge inwards, in pixels.
std::uint16_t disc_value(double depth) {
  return static_cast<std::uint16_t>(std::lround(200 * std::clamp(depth + 0.5, 0.0, 1.0)));
}

// A bright disc off the centre must land where the map says: the map and the pixels come from one geometry.
TEST(Geometry, AnOffCentreDiscLandsWhereTheMapSays) {
  const int sizes[][2] = {{301, 257}, {257, 301}, {640, 201}, {150, 601}, {255, 255}};
  for (auto fit : kFits)
    for (auto filter : {Filter::kArea, Filter::kTriangle, Filter::kLanczos3, Filter::kGaussian})
      for (auto [width, height] : sizes)
        for (auto [w, h] : kInputs) {
          SCOPED_TRACE(::testing::Message() << int(fit) << " " << int(filter) << ": " << width << "×" << height << " to " << w
                                            << "×" << h);
          auto spec = spec_of(fit, w, h, filter);
          const auto seen = input_geometry(width, height, spec).seen;
          const double radius = 0.12 * std::min(seen.width, seen.height);
          const SourcePx centre{seen.x + 0.31 * seen.width, seen.y + 0.64 * seen.height};
          Grid<std::uint16_t> pixels(width, height);
          for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
              pixels(x, y) = disc_value(radius - std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y));

          auto input = preprocess(film_of(std::move(pixels), 255), spec);
          double sum = 0, x_sum = 0, y_sum = 0;
          for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x) {
              double value = input.tensor[y * w + x];
              sum += value;
              x_sum += value * (x + 0.5);
              y_sum += value * (y + 0.5);
            }
          const auto& map = input.geometry.source_to_model;
          auto expected = map(centre);
          // Pillow's box counts whole source pixels: it may be off by half of one.
          const double whole = filter == Filter::kArea ? 0.5 : 0;
          ASSERT_GT(sum, 0);
          EXPECT_NEAR(x_sum / sum, expected.x, kDiscCentrePx + whole * map.a);
          EXPECT_NEAR(y_sum / sum, expected.y, kDiscCentrePx + whole * map.e);
        }
}

}  // namespace
}  // namespace chestlight
