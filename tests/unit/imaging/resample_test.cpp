#include "imaging/resample.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/bytes.h"
#include "base/json.h"
#include "support/files.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

// As tests/golden/resample/make_resample.py makes it.
constexpr double kRange = 65521;
Grid<std::uint16_t> source(int width, int height) {
  Grid<std::uint16_t> pixels(width, height);
  for (std::uint64_t y = 0; y < std::uint64_t(height); ++y)
    for (std::uint64_t x = 0; x < std::uint64_t(width); ++x)
      pixels(int(x), int(y)) = std::uint16_t((x * 7919 + y * 104729 + x * y * 31) % 65521);
  return pixels;
}

Grid<float> as_floats(const Grid<std::uint16_t>& pixels) {
  return {pixels.width(), pixels.height(), std::vector<float>(pixels.values().begin(), pixels.values().end())};
}

Filter filter_named(const std::string& name) {
  if (name == "lanczos3") return Filter::kLanczos3;
  if (name == "triangle") return Filter::kTriangle;
  if (name == "area") return Filter::kArea;
  EXPECT_EQ(name, "gaussian");
  return Filter::kGaussian;
}

TEST(Resample, IsPillowsResize) {
  auto bytes = testing::read_file(CHESTLIGHT_GOLDEN "/resample/resample.json");
  auto golden = parse_json(as_text(bytes), "resample.json");
  ASSERT_TRUE(golden);
  ASSERT_GE((*golden)["cases"].size(), 40u);
  double worst = 0;
  for (const auto& row : (*golden)["cases"]) {
    SCOPED_TRACE(row.dump().substr(0, 120));
    auto pixels = source(row["width"].get<int>(), row["height"].get<int>());
    const auto& box = row["box"];
    const int width = row["target_width"].get<int>(), height = row["target_height"].get<int>();
    auto filter = filter_named(row["filter"].get<std::string>());
    Grid<float> got, from_floats;
    if (row["crop"].get<bool>()) {
      const int x = box[0].get<int>(), y = box[1].get<int>();
      const PixelRect crop{x, y, box[2].get<int>() - x, box[3].get<int>() - y};
      got = resample_crop(pixels.view(), crop, width, height, filter);
    } else {
      const Box edges{box[0].get<double>(), box[1].get<double>(), box[2].get<double>(), box[3].get<double>()};
      got = resample(pixels.view(), edges, width, height, filter);
      EXPECT_EQ(resample(as_floats(pixels).view(), edges, width, height, filter).values(), got.values());
    }
    ASSERT_EQ(got.width(), width);
    ASSERT_EQ(got.values().size(), row["values"].size());
    for (std::size_t i = 0; i < got.values().size(); ++i)
      worst = std::max(worst, std::abs(got.values()[i] - row["values"][i].get<double>()) / kRange);
    EXPECT_LT(worst, kPillowResample);
  }
  RecordProperty("worst_share_of_range", std::to_string(worst));
}

TEST(Resample, AreaOfWholeBlocksIsTheirMean) {
  Grid<std::uint16_t> pixels(4, 2, {1, 3, 10, 20, 5, 7, 30, 40});
  auto small = resample(pixels.view(), {0, 0, 4, 2}, 2, 1, Filter::kArea);
  EXPECT_EQ(small.values(), (std::vector<float>{4, 25}));
}

TEST(Resample, KeepsAConstantAndTheIdentity) {
  Grid<std::uint16_t> flat(31, 17, 40000);
  auto pixels = source(13, 11);
  for (auto filter : {Filter::kLanczos3, Filter::kTriangle, Filter::kArea, Filter::kGaussian}) {
    auto level = resample(flat.view(), {2.5, 1.5, 30, 16}, 7, 40, filter);
    for (float value : level.values()) EXPECT_NEAR(value / 40000, 1, kPillowResample);
    if (filter == Filter::kGaussian) continue;  // blurs by design
    auto same = resample(pixels.view(), {0, 0, 13, 11}, 13, 11, filter);
    for (std::size_t i = 0; i < same.values().size(); ++i)
      EXPECT_NEAR(same.values()[i], pixels.values()[i], kRange * kPillowResample);
  }
}

TEST(Resample, ACropIgnoresWhatLiesOutside) {
  Grid<std::uint16_t> pixels(30, 30, 65535);
  for (int y = 10; y < 20; ++y)
    for (int x = 5; x < 15; ++x) pixels(x, y) = 0;
  auto crop = resample_crop(pixels.view(), {5, 10, 10, 10}, 4, 4, Filter::kLanczos3);
  for (float value : crop.values()) EXPECT_EQ(value, 0);
  auto box = resample(pixels.view(), {5, 10, 15, 20}, 4, 4, Filter::kLanczos3);
  EXPECT_NE(box(0, 0), 0) << "a box is looked at through filters that reach over its edges";
}

TEST(Thumbnail, KeepsTheShapeAndNeverEnlarges) {
  struct Row {
    int width, height, side, expected_width, expected_height;
  };
  const Row rows[] = {{100, 50, 20, 20, 10}, {50, 100, 20, 10, 20}, {8, 6, 20, 8, 6},
                      {2000, 1, 10, 10, 1},  {1, 1, 1, 1, 1},       {33, 32, 16, 16, 16}};
  for (const auto& row : rows) {
    Film film;
    film.pixels = Grid<std::uint16_t>(row.width, row.height, 30);
    film.window = {25, 50};
    auto small = downsample_thumbnail(film, row.side);
    EXPECT_EQ(small.width(), row.expected_width) << row.width << " × " << row.height;
    EXPECT_EQ(small.height(), row.expected_height) << row.width << " × " << row.height;
    for (auto value : small.values()) EXPECT_EQ(value, 153) << "255 · 30 / 50";
  }
}

}  // namespace
}  // namespace chestlight
